// Checked JSON bytes as the inside of a JSON string: the same bytes by WebAssembly, eight at a time, and without it.
import { isUtf8 } from 'node:buffer';
import { bytesBefore, specialBytes } from '../events/json/fourbytes.ts';
import { ESCAPE_MODULE } from './escapewasm.ts';

const BACKSLASH = 0x5c;

/** What stands after the backslash for a byte that needs one, 0 for a byte that stands for itself. Of the controls, checked JSON holds only these three. */
const ESCAPE = new Uint8Array(256);
for (const [character, letter] of Object.entries({ '\t': 't', '\n': 'n', '\r': 'r', '"': '"', '\\': '\\' }))
  ESCAPE[character.charCodeAt(0)] = letter.charCodeAt(0);

/** Bytes that escaping one byte can come to: invalid UTF-8 becomes three. */
export const MOST_BYTES_FOR_ONE = 3;
/** Bytes after the last one written that may be overwritten. */
export const OVERRUN = 16;

/** A buffer that records are escaped into. */
export interface EscapeBuffer {
  readonly bytes: Buffer;
  /**
   * Escapes checked JSON bytes, written from `at` on. @returns where the next byte goes
   * Invariant: there is room for `MOST_BYTES_FOR_ONE` times as many, and `OVERRUN`.
   */
  write(record: Uint8Array, at: number): number;
}

/** A buffer of any size, whose bytes are escaped four at a time. */
export function plainEscapeBuffer(size: number): EscapeBuffer {
  const bytes = Buffer.allocUnsafe(size);
  return { bytes, write: wordWriter(bytes) };
}

/** Escapes records into a buffer four bytes at a time. */
function wordWriter(bytes: Buffer): EscapeBuffer['write'] {
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  /** Records come many from one file. */
  let fileWords: DataView = new DataView(new ArrayBuffer(0));
  return (record, at) => {
    if (fileWords.buffer !== record.buffer) fileWords = new DataView(record.buffer);
    return escapeWords({ bytes, words }, at, record, fileWords);
  };
}

interface WordBuffer {
  bytes: Buffer;
  /** The same bytes, to be read and written four at a time. */
  words: DataView;
}

function escapeWords({ bytes: target, words: targetWords }: WordBuffer, start: number, record: Uint8Array, words: DataView): number {
  const { byteOffset: offset, length } = record;
  let seen = 0;
  let at = start;
  let i = 0;
  // Up to the first byte of four that needs an escape.
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
    target[at - 1] = ESCAPE[record[i - 1]!]!;
  }
  for (; i < length; i++) {
    const letter = ESCAPE[record[i]!]!;
    if (letter !== 0) target[at++] = BACKSLASH;
    target[at++] = letter === 0 ? record[i]! : letter;
    seen |= record[i]!;
  }
  return (seen & 0x80808080) === 0 || isUtf8(record) ? at : writeRepaired(target, start, record);
}

/** Bytes that are no UTF-8 become the replacement character, as everywhere. */
function writeRepaired(target: Buffer, start: number, record: Uint8Array): number {
  const text = Buffer.from(record.buffer, record.byteOffset, record.length).toString('utf8');
  return start + target.write(JSON.stringify(text).slice(1, -1), start);
}

/** Longest record that goes through the module; longer ones are rare. */
const MAX_RECORD = 256 * 1024;
const EIGHT = 8;
const PAGE = 64 * 1024;
/** Memory of the module: for each set of bytes which goes where, a record, then the buffer. */
const SPREAD_AT = 0;
const RECORD_AT = SPREAD_AT + 256 * 16;
const BUFFER_AT = RECORD_AT + MAX_RECORD + EIGHT;

/** Of the JavaScript API of WebAssembly what is used here. */
interface Wasm {
  validate(code: Uint8Array): boolean;
  Memory: new (size: { initial: number }) => { buffer: ArrayBuffer };
  Module: new (code: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: object };
}
const { WebAssembly: wasm } = globalThis as unknown as { WebAssembly: Wasm };

interface EscapeModule {
  escape(from: number, end: number, to: number, spread: number): number;
  beyondAscii(): number;
  controls(): number;
}

/** A buffer whose bytes are escaped by WebAssembly, where this processor can: several times faster. */
export function escapeBuffer(size: number): EscapeBuffer {
  const code = Buffer.from(ESCAPE_MODULE, 'base64');
  if (!wasm.validate(code)) return plainEscapeBuffer(size);
  const memory = new wasm.Memory({ initial: Math.ceil((BUFFER_AT + size) / PAGE) });
  const { exports } = new wasm.Instance(new wasm.Module(code), { escape: { memory } });
  const all = Buffer.from(memory.buffer);
  fillSpread(all);
  const bytes = all.subarray(BUFFER_AT, BUFFER_AT + size);
  const inModule = { all, bytes, byWords: wordWriter(bytes) };
  return { bytes, write: (record, at) => escapeEights(exports as EscapeModule, inModule, record, at) };
}

interface ModuleMemory {
  all: Buffer;
  /** The part of it that is written to. */
  bytes: Buffer;
  byWords: EscapeBuffer['write'];
}

function escapeEights(module: EscapeModule, { all, bytes, byWords }: ModuleMemory, record: Uint8Array, start: number): number {
  const { length } = record;
  if (length > MAX_RECORD) return byWords(record, start);
  all.set(record, RECORD_AT);
  // The last eight are filled up with blanks, which stand for themselves.
  all.fill(' ', RECORD_AT + length, RECORD_AT + length + EIGHT);
  const blanks = (EIGHT - (length % EIGHT)) % EIGHT;
  const at = module.escape(RECORD_AT, RECORD_AT + length, BUFFER_AT + start, SPREAD_AT) - BUFFER_AT - blanks;
  if (module.controls() !== 0) return byWords(record, start);
  return module.beyondAscii() === 0 || isUtf8(record) ? at : writeRepaired(bytes, start, record);
}

/** For each set of bytes in eight that need a backslash: which byte stands where then, the eighth being the backslash. */
function fillSpread(memory: Buffer): void {
  for (let marks = 0; marks < 256; marks++) {
    let at = SPREAD_AT + marks * 16;
    for (let byte = 0; byte < EIGHT; byte++) {
      if (marks & (1 << byte)) memory[at++] = EIGHT;
      memory[at++] = byte;
    }
  }
}
