// Entries as JSON lines, written as bytes: the record is escaped straight from the file's bytes into the output.
import { isUtf8 } from 'node:buffer';
import { closeSync, fstatSync, openSync, writeSync } from 'node:fs';
import { type Entry, wireFront } from '../events/entry.ts';
import { TrailbusError } from '../events/errors.ts';
import { bytesBefore, specialBytes } from '../events/json/fourbytes.ts';

const BUFFER_BYTES = 1024 * 1024;
const BACKSLASH = 0x5c;
const LINE_END = Buffer.from('"}\n');

/** Writes each entry as `{"Source","DetailType","Time","Resources","Detail"}`, `Detail` being the record's exact text as a JSON string. */
export class EntryWriter {
  private readonly fd: number;
  private readonly path: string;
  private buffer = withWords(Buffer.allocUnsafe(BUFFER_BYTES));
  private length = 0;
  /** The file's bytes that the last record stood in, four at a time: records come many from one file. */
  private fileWords: DataView = new DataView(new ArrayBuffer(0));
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
    // Invalid UTF-8 becomes three bytes for one, an escape two for one.
    this.reserve(3 * (front.length + bytes.length) + LINE_END.length);
    if (this.fileWords.buffer !== bytes.buffer) this.fileWords = new DataView(bytes.buffer);
    this.length += this.buffer.bytes.write(front, this.length);
    this.length = writeEscaped(this.buffer, this.length, bytes, this.fileWords);
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
    if (needed > this.buffer.bytes.length) this.buffer = withWords(Buffer.allocUnsafe(needed));
  }
}

interface Words<Bytes extends Uint8Array> {
  bytes: Bytes;
  /** The same bytes, to be read and written four at a time. */
  words: DataView;
}

const withWords = <Bytes extends Uint8Array>(bytes: Bytes): Words<Bytes> => ({
  bytes,
  words: new DataView(bytes.buffer, bytes.byteOffset, bytes.length),
});

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

/** What stands after the backslash for a byte that needs one, 0 for a byte that stands for itself. Of the controls, checked JSON holds only these three. */
const ESCAPE = new Uint8Array(256);
for (const [character, letter] of Object.entries({ '\t': 't', '\n': 'n', '\r': 'r', '"': '"', '\\': '\\' }))
  ESCAPE[character.charCodeAt(0)] = letter.charCodeAt(0);

/**
 * Writes checked JSON bytes as the inside of a JSON string. @returns where the next byte goes
 * Invariant: `target` has room for three bytes for each.
 */
function writeEscaped({ bytes: target, words: targetWords }: Words<Buffer>, start: number, bytes: Uint8Array, words: DataView): number {
  const { byteOffset: offset, length } = bytes;
  let seen = 0;
  let at = start;
  let i = 0;
  // Four bytes at a time, up to the first that needs an escape: this loop and gunzip are where a run's time goes.
  while (i <= length - 4) {
    const word = words.getInt32(offset + i, true);
    targetWords.setInt32(at, word, true);
    seen |= word;
    const marks = specialBytes(word);
    if (marks === 0) {
      at += 4;
      i += 4;
      continue;
    }
    const plain = bytesBefore(marks);
    i += plain + 1;
    at += plain + 2;
    target[at - 2] = BACKSLASH;
    target[at - 1] = ESCAPE[bytes[i - 1]!]!;
  }
  for (; i < length; i++) {
    const letter = ESCAPE[bytes[i]!]!;
    if (letter !== 0) target[at++] = BACKSLASH;
    target[at++] = letter === 0 ? bytes[i]! : letter;
    seen |= bytes[i]!;
  }
  if ((seen & 0x80808080) === 0 || isUtf8(bytes)) return at;
  return start + target.write(JSON.stringify(Buffer.from(bytes).toString('utf8')).slice(1, -1), start);
}

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
