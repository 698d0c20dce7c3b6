// The root of a log file, `{"Records":[…]}`, read window after window and checked to its last byte.
import { LogFileError } from '../errors.ts';
import { MAX_VALUE_BYTES } from '../filelimits.ts';
import type { Window } from '../json/paddedbytes.ts';
import { NEED_MORE, SyntaxFault, skipColon, skipSpace, skipString, skipValue } from '../json/scan.ts';
import { isKey, RecordWindow } from './record.ts';

const RECORDS = new TextEncoder().encode('Records');

/** Reads the root object, window after window; each step is one key, value or element and starts again when the window ends inside it. */
export class RootReader {
  consumed = 0;
  /** Bytes of an unfinished element: the next window must be longer. */
  stuckAt = 0;
  private offset = 0;
  private step: RootStep = this.start;
  private records!: RecordWindow;
  private nextIndex = 0;
  private recordsKeys = 0;
  private trouble: LogFileError | undefined;
  private done = false;
  private last = false;

  /** Reads as much of the window as is whole. `last` says that no more bytes come. */
  read(window: Window, last: boolean): RecordWindow {
    this.last = last;
    this.records = new RecordWindow(window, this.nextIndex, last);
    this.consumed = this.walk(window);
    this.nextIndex = this.records.nextIndex;
    this.offset += this.consumed;
    this.stuckAt = window.end - this.consumed;
    if (last && !this.done)
      throw new LogFileError('INVALID_JSON', `the text ends inside a value, after byte ${this.offset + this.stuckAt}`);
    if (this.stuckAt > MAX_VALUE_BYTES)
      throw new LogFileError('TOO_LARGE', `a value at byte ${this.offset} is larger than ${MAX_VALUE_BYTES} bytes`);
    return this.records;
  }

  /** Call after the last window. @throws LogFileError when the root was JSON but no log file */
  finish(): void {
    if (this.trouble !== undefined) throw this.trouble;
    if (this.recordsKeys === 0) throw new LogFileError('RECORDS_MISSING', 'the root object has no `Records`');
    if (this.recordsKeys > 1) throw new LogFileError('DUPLICATE_RECORDS_KEY', 'the root object has more than one `Records`');
  }

  private walk(window: Window): number {
    let at = 0;
    try {
      for (;;) {
        at = skipSpace(window.bytes, at);
        if (at >= window.end) return at;
        const next: number = this.step(window, at);
        if (next < 0) return at;
        at = next;
      }
    } catch (error) {
      if (!(error instanceof SyntaxFault)) throw error;
      throw new LogFileError('INVALID_JSON', `${error.message} at byte ${this.offset + error.at}`, { cause: error });
    }
  }

  private start(window: Window, at: number): number {
    const { bytes, end } = window;
    if (end < 3 && !this.last) return NEED_MORE;
    if (end > 1 && isUtf16(bytes)) throw new LogFileError('INVALID_UTF8', 'the text is UTF-16, not UTF-8');
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) at = skipSpace(bytes, 3);
    if (at >= end) return NEED_MORE;
    if (bytes[at] === 0x7b) {
      this.step = this.firstKey;
      return at + 1;
    }
    this.trouble = new LogFileError('ROOT_NOT_OBJECT', 'the root is not an object');
    const after = skipValue(window, at);
    return after < 0 ? after : this.close(after - 1);
  }

  private firstKey(window: Window, at: number): number {
    const { bytes } = window;
    if (bytes[at] === 0x7d) return this.close(at);
    return this.key(window, at);
  }

  private key(window: Window, at: number): number {
    const { bytes, end } = window;
    if (bytes[at] !== 0x22) throw new SyntaxFault('wanted a key in quotes', at);
    const keyEnd = skipString(window, at);
    if (keyEnd < 0) return keyEnd;
    const value = skipColon(window, keyEnd);
    if (value < 0 || value >= end) return NEED_MORE;
    this.step = this.value;
    if (!isKey(bytes, at, keyEnd, RECORDS)) return value;
    this.recordsKeys++;
    if (bytes[value] === 0x5b) {
      this.step = this.firstElement;
      return value + 1;
    }
    this.trouble ??= new LogFileError('RECORDS_NOT_ARRAY', '`Records` is not an array');
    return value;
  }

  private value(window: Window, at: number): number {
    const after = skipValue(window, at);
    if (after >= 0) this.step = this.afterValue;
    return after;
  }

  private firstElement(window: Window, at: number): number {
    const { bytes } = window;
    if (bytes[at] === 0x5d) {
      this.step = this.afterValue;
      return at + 1;
    }
    return this.element(window, at);
  }

  private element(_window: Window, at: number): number {
    const after = this.records.add(at);
    if (after >= 0) this.step = this.afterElement;
    return after;
  }

  private afterElement(window: Window, at: number): number {
    const { bytes } = window;
    if (bytes[at] !== 0x2c && bytes[at] !== 0x5d) throw new SyntaxFault('wanted `,` or `]`', at);
    this.step = bytes[at] === 0x2c ? this.element : this.afterValue;
    return at + 1;
  }

  private afterValue(window: Window, at: number): number {
    const { bytes } = window;
    if (bytes[at] === 0x7d) return this.close(at);
    if (bytes[at] !== 0x2c) throw new SyntaxFault('wanted `,` or `}`', at);
    this.step = this.key;
    return at + 1;
  }

  private close(at: number): number {
    this.step = this.trailer;
    this.done = true;
    return at + 1;
  }

  private trailer(_window: Window, at: number): number {
    throw new SyntaxFault('wanted nothing after the root value', at);
  }
}

type RootStep = (window: Window, at: number) => number;

/** A byte order mark, or `{` with a zero beside it; the zeros after a window of one byte count for nothing. */
const isUtf16 = (bytes: Uint8Array) =>
  (bytes[0] === 0xfe && bytes[1] === 0xff) ||
  (bytes[0] === 0xff && bytes[1] === 0xfe) ||
  (bytes[0] === 0 && bytes[1] === 0x7b) ||
  (bytes[0] === 0x7b && bytes[1] === 0);
