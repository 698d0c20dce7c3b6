// Entries as JSON lines, written as bytes: the record is escaped straight from the file's bytes into the output.
import { isUtf8 } from 'node:buffer';
import { closeSync, openSync, writeSync } from 'node:fs';
import type { Entry } from '../events/entry.ts';
import { TrailbusError } from '../events/errors.ts';

const BUFFER_BYTES = 1024 * 1024;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LINE_END = Buffer.from('"}\n');
/** The controls that a record may hold between its tokens, and their escapes; inside a string none can stand raw. */
const CONTROLS: Record<number, number> = { 9: 0x74, 10: 0x6e, 13: 0x72 };

/** Writes each entry as `{"Source","DetailType","Time","Resources","Detail"}`, `Detail` being the record's exact text as a JSON string. */
export class EntryWriter {
  private readonly fd: number;
  private buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  private length = 0;
  /** Whether the reader of our output has gone away: nothing more is wanted. */
  closed = false;

  /** @param path  a file to write anew, or `-` for standard output */
  constructor(path: string) {
    this.fd = path === '-' ? 1 : openForWriting(path);
  }

  write(entry: Entry): void {
    const { bytes } = entry.record;
    const front = frontOf(entry);
    // Invalid UTF-8 becomes three bytes for one, an escape two for one.
    this.reserve(3 * (front.length + bytes.length) + LINE_END.length);
    this.length += this.buffer.write(front, this.length);
    this.length = writeEscaped(this.buffer, this.length, bytes);
    this.buffer.set(LINE_END, this.length);
    this.length += LINE_END.length;
  }

  /** Writes out what is buffered and closes the file. */
  end(): void {
    this.drain();
    if (this.fd !== 1) closeSync(this.fd);
  }

  private reserve(needed: number): void {
    if (this.length + needed <= this.buffer.length) return;
    this.drain();
    if (needed > this.buffer.length) this.buffer = Buffer.allocUnsafe(needed);
  }

  private drain(): void {
    if (!this.closed) this.closed = !writeAll(this.fd, this.buffer.subarray(0, this.length));
    this.length = 0;
  }
}

function openForWriting(path: string): number {
  try {
    return openSync(path, 'w');
  } catch (cause) {
    throw new TrailbusError(`can’t write to \`${path}\`: ${(cause as Error).message}`, {
      cause,
      help: 'name a file in a folder that exists, or - for standard output',
    });
  }
}

/** The line up to the record. Source, detail-type and time are of plain characters by construction. */
function frontOf({ source, detailType, time, resources }: Entry): string {
  const arns = resources.length === 0 ? '[]' : JSON.stringify(resources);
  return `{"Source":"${source}","DetailType":"${detailType}",${time === undefined ? '' : `"Time":"${time}",`}"Resources":${arns},"Detail":"`;
}

/**
 * Writes checked JSON bytes as the inside of a JSON string. @returns where the next byte goes
 * Invariant: `target` has room for three bytes for each.
 */
function writeEscaped(target: Buffer, at: number, bytes: Uint8Array): number {
  const start = at;
  let seen = 0;
  for (let i = 0; i < bytes.length; i++) {
    let byte = bytes[i]!;
    seen |= byte;
    if (byte === QUOTE || byte === BACKSLASH || byte < 0x20) {
      target[at++] = BACKSLASH;
      if (byte < 0x20) byte = CONTROLS[byte]!;
    }
    target[at++] = byte;
  }
  if (seen < 0x80 || isUtf8(bytes)) return at;
  return start + target.write(JSON.stringify(Buffer.from(bytes).toString('utf8')).slice(1, -1), start);
}

/** Writes all of it, waiting while a pipe is full. @returns false when the reader has gone away */
function writeAll(fd: number, bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === 'EPIPE') return false;
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
  return true;
}
