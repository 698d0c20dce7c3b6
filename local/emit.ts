// Entries as JSON lines, written as bytes: the record is escaped straight from the file's bytes into the output.
import { closeSync, fstatSync, openSync, writeSync } from 'node:fs';
import { type Entry, wireFront } from '../events/entry.ts';
import { TrailbusError } from '../events/errors.ts';
import { type EscapeBuffer, escapeBuffer, MOST_BYTES_FOR_ONE, OVERRUN, plainEscapeBuffer } from './escape.ts';

const BUFFER_BYTES = 1024 * 1024;
const LINE_END = Buffer.from('"}\n');

/** Writes each entry as `{"Source","DetailType","Time","Resources","Detail"}`, `Detail` being the record's exact text as a JSON string. */
export class EntryWriter {
  private readonly fd: number;
  private readonly path: string;
  private buffer: EscapeBuffer = escapeBuffer(BUFFER_BYTES);
  private length = 0;
  /** Whether the reader of our output has gone away: nothing more is wanted. */
  closed = false;

  /** @param path  a file to write anew, or `-` for standard output */
  constructor(path: string) {
    this.path = path;
    this.fd = path === '-' ? standardOutput() : openForWriting(path);
  }

  write(entry: Entry): void {
    const { bytes } = entry.record;
    const front = wireFront(entry);
    this.reserve(MOST_BYTES_FOR_ONE * (front.length + bytes.length) + LINE_END.length + OVERRUN);
    this.length += this.buffer.bytes.write(front, this.length);
    this.length = this.buffer.write(bytes, this.length);
    this.buffer.bytes.set(LINE_END, this.length);
    this.length += LINE_END.length;
  }

  /** Writes out what is buffered. @throws TrailbusError when it can't be written */
  flush(): void {
    if (!this.closed) this.closed = !writeAll(this.fd, this.buffer.bytes.subarray(0, this.length), this.path);
    this.length = 0;
  }

  /** Writes out what is buffered and closes the file. */
  end(): void {
    this.flush();
    if (this.fd !== 1) closeSync(this.fd);
  }

  private reserve(needed: number): void {
    if (this.length + needed <= this.buffer.bytes.length) return;
    this.flush();
    if (needed > this.buffer.bytes.length) this.buffer = plainEscapeBuffer(needed);
  }
}

/**
 * Standard output to write to by hand. Node sets a pipe to non-blocking as soon as anyone asks whether it is a terminal; opened anew, it blocks while it is full.
 */
function standardOutput(): number {
  try {
    return fstatSync(1).isFIFO() ? openSync('/dev/stdout', 'w') : 1;
  } catch {
    return 1;
  }
}

function openForWriting(path: string): number {
  try {
    return openSync(path, 'w');
  } catch (cause) {
    throw cannotWrite(path, cause, 'name a file in a folder that exists, or - for standard output');
  }
}

const cannotWrite = (path: string, cause: unknown, help: string) =>
  new TrailbusError(`can’t write to ${path === '-' ? 'standard output' : `\`${path}\``}: ${(cause as Error).message}`, { cause, help });

/** Writes all of it, waiting while a pipe is full. @returns false when the reader has gone away */
function writeAll(fd: number, bytes: Uint8Array, path: string): boolean {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === 'EPIPE') return false;
      if (code !== 'EAGAIN') throw cannotWrite(path, error, 'make room there, or name another file');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
  return true;
}
