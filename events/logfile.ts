// Log file bytes to records, each as its own original bytes.
import { isUtf8 } from 'node:buffer';
import { LogFileError } from './errors.ts';
import { inflateChunks, inflateWhole } from './inflate.ts';
import { escapesPassed, NEED_MORE, SyntaxFault, scanMembers, skipColon, skipSpace, skipString, skipValue } from './scan.ts';
import { SPARE_BYTES, toWindow, type Window } from './window.ts';

/** The top-level fields that entries, summaries and guards read; everything else stays bytes. */
const FIELDS = [
  'eventID',
  'eventName',
  'eventSource',
  'eventTime',
  'eventType',
  'eventCategory',
  'eventVersion',
  'awsRegion',
  'recipientAccountId',
  'accountId',
  'resources',
  'userIdentity',
  'requestParameters',
] as const;

export type FieldName = (typeof FIELDS)[number];

/** One element of `Records`, not parsed. */
export interface LogRecord {
  /** Position in `Records`, from 0. */
  readonly index: number;
  /** False for an element that is not an object: there is nothing to emit. */
  readonly isObject: boolean;
  /** The record's own bytes, a view. Of a file too large to hold whole, it is good until the next window is asked for. */
  readonly bytes: Uint8Array;
  /** The record's text; invalid UTF-8 becomes U+FFFD. */
  text(): string;
  /** A top-level string value, decoded; undefined when absent or not a string. The last of duplicate keys counts, as in JSON.parse. */
  field(name: FieldName): string | undefined;
  /** A top-level value as its own JSON bytes, a view; undefined when absent. */
  raw(name: FieldName): Uint8Array | undefined;
}

/** The records of one window of a file. */
export interface Records extends Iterable<LogRecord> {
  /** Whether no more windows of the file come. */
  readonly last: boolean;
}

export interface LogFileLimits {
  /** A file that inflates to more is refused as TOO_LARGE. Default 1 GiB. */
  maxInflatedBytes?: number;
  /** Files that inflate to no more are held whole, larger ones streamed twice. Default 64 MiB; for tests. */
  wholeLimitBytes?: number;
}

const GIB = 1024 ** 3;
/** A single value larger than this can't be a record: the file is refused as TOO_LARGE. */
const MAX_VALUE_BYTES = 64 * 1024 * 1024;
const STREAM_WINDOW_BYTES = 8 * 1024 * 1024;

/**
 * The records of a log file, in file order, a window at a time. The whole file is checked before the first window comes:
 * a damaged file gives no records at all.
 *
 * @param stored  the object as stored: gzip (or plain JSON) of `{"Records":[…]}`
 * @throws LogFileError EMPTY_FILE, GZIP_TRUNCATED, GZIP_CORRUPT, GZIP_TRAILING_DATA, INVALID_JSON, INVALID_UTF8, ROOT_NOT_OBJECT, RECORDS_MISSING,
 *   RECORDS_NOT_ARRAY, DUPLICATE_RECORDS_KEY, TOO_LARGE
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html
 */
export async function* readRecords(stored: Uint8Array, limits: LogFileLimits = {}): AsyncGenerator<Records> {
  const whole = recordsOfWhole(stored, limits);
  if (whole !== undefined) yield whole;
  else {
    const maxInflatedBytes = limits.maxInflatedBytes ?? GIB;
    for await (const _ of windows(stored, maxInflatedBytes)); // First pass: is all of it sound?
    yield* windows(stored, maxInflatedBytes);
  }
}

/** The records of a file small enough to hold whole, all at once; undefined for a larger one. Throws as `readRecords`. */
export function recordsOfWhole(stored: Uint8Array, limits: LogFileLimits = {}): Records | undefined {
  if (stored.length === 0) throw new LogFileError('EMPTY_FILE', 'the object has no bytes');
  const maxInflatedBytes = limits.maxInflatedBytes ?? GIB;
  const window = inflateWhole(stored, Math.min(limits.wholeLimitBytes ?? Number.POSITIVE_INFINITY, maxInflatedBytes));
  if (window === undefined) return undefined;
  const reader = new RootReader();
  const records = reader.read(window, true);
  reader.finish();
  return records;
}

async function* windows(stored: Uint8Array, maxInflatedBytes: number): AsyncGenerator<RecordWindow> {
  const reader = new RootReader();
  const pending = new PendingBytes();
  for await (const chunk of inflateChunks(stored, maxInflatedBytes)) {
    pending.add(chunk);
    if (pending.length < STREAM_WINDOW_BYTES + reader.stuckAt) continue;
    const records = reader.read(pending.window(), false);
    yield records;
    pending.drop(reader.consumed);
  }
  yield reader.read(pending.window(), true);
  reader.finish();
}

/** Inflated bytes that no window has used up yet. */
class PendingBytes {
  private bytes = new Uint8Array(2 * STREAM_WINDOW_BYTES);
  length = 0;

  add(chunk: Uint8Array): void {
    const needed = this.length + chunk.length + SPARE_BYTES;
    if (needed > this.bytes.length) this.grow(needed);
    this.bytes.set(chunk, this.length);
    this.length += chunk.length;
  }

  window(): Window {
    return toWindow(this.bytes, this.length);
  }

  drop(count: number): void {
    this.bytes.copyWithin(0, count, this.length);
    this.length -= count;
  }

  private grow(needed: number): void {
    const wider = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    wider.set(this.bytes.subarray(0, this.length));
    this.bytes = wider;
  }
}

const encode = (text: string) => new TextEncoder().encode(text);
const RECORDS = encode('Records');

const FIELD_BYTES = FIELDS.map(encode);

/** Tells our fields apart by their length, first byte and last but two; a key that isn't ours is refused by comparing. */
const mark = (bytes: Uint8Array, start: number, end: number) => ((end - start) * 29 + bytes[start]! * 7 + bytes[end - 3]!) & 0xff;

const FIELD_BY_MARK = new Int8Array(256).fill(-1);
for (const [at, bytes] of FIELD_BYTES.entries()) FIELD_BY_MARK[mark(bytes, 0, bytes.length)] = at;

function equalAt(bytes: Uint8Array, at: number, wanted: Uint8Array): boolean {
  for (let i = 0; i < wanted.length; i++) if (bytes[at + i] !== wanted[i]) return false;
  return true;
}

function fieldOf(bytes: Uint8Array, start: number, end: number): number {
  const field = end - start < 3 ? -1 : FIELD_BY_MARK[mark(bytes, start, end)]!;
  if (field < 0) return -1;
  const name = FIELD_BYTES[field]!;
  return name.length === end - start && equalAt(bytes, start, name) ? field : -1;
}

/** A key with its escapes resolved, as bytes: `"event\u0049D"` is `eventID`. */
function decodedKey(bytes: Uint8Array, keyStart: number, keyEnd: number): Uint8Array {
  return encode(JSON.parse(Buffer.from(bytes.subarray(keyStart, keyEnd)).toString('utf8')) as string);
}

/** Numbers kept for a record: its start and end, then each field's value start and end (0 and 0 when absent). */
const STRIDE = 2 + 2 * FIELDS.length;

/** The records found in one window, as offsets into its bytes. */
class RecordWindow implements Records {
  readonly last: boolean;
  private readonly window: Window;
  private readonly firstIndex: number;
  private spans = new Int32Array(STRIDE * 64);
  private count = 0;

  constructor(window: Window, firstIndex: number, last: boolean) {
    this.last = last;
    this.window = window;
    this.firstIndex = firstIndex;
  }

  get nextIndex(): number {
    return this.firstIndex + this.count;
  }

  /** Reads the element that begins at `at`. @returns the offset after it, or NEED_MORE */
  add(at: number): number {
    if (STRIDE * (this.count + 1) > this.spans.length) this.grow();
    const after = this.window.bytes[at] === 0x7b ? this.addObject(at) : skipValue(this.window, at);
    if (after < 0) return after;
    this.spans[STRIDE * this.count] = at;
    this.spans[STRIDE * this.count + 1] = after;
    this.count++;
    return after;
  }

  private addObject(at: number): number {
    const { spans } = this;
    const { bytes } = this.window;
    const base = STRIDE * this.count + 2;
    let escapes = escapesPassed;
    spans.fill(0, base, base + STRIDE - 2);
    return scanMembers(this.window, at, (keyStart, keyEnd, valueStart, valueEnd) => {
      let field = fieldOf(bytes, keyStart + 1, keyEnd - 1);
      if (escapes !== escapesPassed) {
        escapes = escapesPassed;
        if (field < 0 && bytes.subarray(keyStart, keyEnd).includes(0x5c)) field = fieldOfEscaped(bytes, keyStart, keyEnd);
      }
      if (field < 0) return;
      spans[base + 2 * field] = valueStart;
      spans[base + 2 * field + 1] = valueEnd;
    });
  }

  private grow(): void {
    const wider = new Int32Array(this.spans.length * 2);
    wider.set(this.spans);
    this.spans = wider;
  }

  *[Symbol.iterator](): Iterator<LogRecord> {
    const lastTexts = Array.from({ length: STRIDE }, () => new LastText());
    for (let i = 0; i < this.count; i++) yield new SpannedRecord(this.window.bytes, this.spans, STRIDE * i, this.firstIndex + i, lastTexts);
  }
}

function fieldOfEscaped(bytes: Uint8Array, keyStart: number, keyEnd: number): number {
  const key = decodedKey(bytes, keyStart, keyEnd);
  return fieldOf(key, 0, key.length);
}

const FIELD_AT = new Map<FieldName, number>(FIELDS.map((name, at) => [name, 2 + 2 * at]));
/** A backslash or a byte above ASCII: the text needs decoding. */
const NEEDS_DECODING = /[\\\u0080-\u00ff]/;

/** The text of a field's value, remembered: in one file the region, the account and often the service stay the same from record to record. */
class LastText {
  private start = 0;
  private end = 0;
  private text = '';

  of(window: Uint8Array, start: number, end: number): string {
    if (end - start === this.end - this.start && this.isSame(window, start, end)) return this.text;
    this.text = decode(window, start, end);
    this.start = start;
    this.end = end;
    return this.text;
  }

  /** Values differ most often near their end. */
  private isSame(window: Uint8Array, start: number, end: number): boolean {
    let last = this.end;
    while (end > start) if (window[--end] !== window[--last]) return false;
    return true;
  }
}

function decode(window: Uint8Array, start: number, end: number): string {
  const text = slice(window, 'latin1', start + 1, end - 1);
  return NEEDS_DECODING.test(text) ? (JSON.parse(slice(window, 'utf8', start, end)) as string) : text;
}

class SpannedRecord implements LogRecord {
  readonly index: number;
  private readonly window: Uint8Array;
  private readonly spans: Int32Array;
  private readonly base: number;
  private readonly lastTexts: LastText[];

  constructor(window: Uint8Array, spans: Int32Array, base: number, index: number, lastTexts: LastText[]) {
    this.window = window;
    this.lastTexts = lastTexts;
    this.spans = spans;
    this.base = base;
    this.index = index;
  }

  get isObject(): boolean {
    return this.window[this.spans[this.base]!] === 0x7b;
  }

  get bytes(): Uint8Array {
    return this.window.subarray(this.spans[this.base]!, this.spans[this.base + 1]!);
  }

  text(): string {
    return slice(this.window, 'utf8', this.spans[this.base]!, this.spans[this.base + 1]!);
  }

  field(name: FieldName): string | undefined {
    const at = this.base + FIELD_AT.get(name)!;
    const start = this.spans[at]!;
    if (this.window[start] !== 0x22 || start === 0) return undefined;
    return this.lastTexts[at - this.base]!.of(this.window, start, this.spans[at + 1]!);
  }

  raw(name: FieldName): Uint8Array | undefined {
    const at = this.base + FIELD_AT.get(name)!;
    const start = this.spans[at]!;
    return start === 0 ? undefined : this.window.subarray(start, this.spans[at + 1]!);
  }
}

const decoders = { latin1: Buffer.prototype.latin1Slice, utf8: Buffer.prototype.utf8Slice };
/** Buffer's own slicing to text, on a plain view: `Buffer.from` for every record would cost as much as the text. */
const slice = (bytes: Uint8Array, encoding: 'latin1' | 'utf8', start: number, end: number): string =>
  decoders[encoding].call(bytes as Buffer, start, end);

/** Reads the root object, window after window; each step is one key, value or element and starts again when the window ends inside it. */
class RootReader {
  consumed = 0;
  /** Bytes of an unfinished element: the next window must be longer. */
  stuckAt = 0;
  private offset = 0;
  private step: Step = this.start;
  private records!: RecordWindow;
  private nextIndex = 0;
  private recordsKeys = 0;
  private trouble: LogFileError | undefined;
  private done = false;

  /** Reads as much of the window as is whole. `last` says that no more bytes come. */
  read(window: Window, last: boolean): RecordWindow {
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
        const next: number = this.step(window, at);
        if (next < 0) return at;
        at = next;
        if (this.done && at >= window.end) return at;
      }
    } catch (error) {
      if (!(error instanceof SyntaxFault)) throw error;
      throw new LogFileError('INVALID_JSON', `${error.message} at byte ${this.offset + error.at}`, { cause: error });
    }
  }

  private start(window: Window, at: number): number {
    const { bytes, end } = window;
    if (end < 3) return NEED_MORE;
    if (isUtf16(bytes)) throw new LogFileError('INVALID_UTF8', 'the text is UTF-16, not UTF-8');
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) at = 3;
    at = skipSpace(bytes, at);
    if (at >= end) return NEED_MORE;
    if (bytes[at] === 0x7b) {
      this.step = this.firstKey;
      return at + 1;
    }
    this.trouble = new LogFileError('ROOT_NOT_OBJECT', 'the root is not an object');
    this.step = this.trailer;
    return skipValue(window, at);
  }

  private firstKey(window: Window, at: number): number {
    const { bytes } = window;
    at = skipSpace(bytes, at);
    if (bytes[at] === 0x7d) return this.close(at);
    return this.key(window, at);
  }

  private key(window: Window, at: number): number {
    const { bytes, end } = window;
    at = skipSpace(bytes, at);
    if (at < end && bytes[at] !== 0x22) throw new SyntaxFault('wanted a key in quotes', at);
    const keyEnd = at < end ? skipString(window, at) : NEED_MORE;
    if (keyEnd < 0) return keyEnd;
    const value = skipColon(window, keyEnd);
    if (value < 0 || value >= end) return NEED_MORE;
    this.step = this.value;
    if (!isRecordsKey(bytes, at, keyEnd)) return value;
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
    const { bytes, end } = window;
    at = skipSpace(bytes, at);
    if (at >= end) return NEED_MORE;
    if (bytes[at] === 0x5d) {
      this.step = this.afterValue;
      return at + 1;
    }
    return this.element(window, at);
  }

  private element(window: Window, at: number): number {
    const { bytes, end } = window;
    at = skipSpace(bytes, at);
    if (at >= end) return NEED_MORE;
    const after = this.records.add(at);
    if (after >= 0) this.step = this.afterElement;
    return after;
  }

  private afterElement(window: Window, at: number): number {
    const { bytes, end } = window;
    at = skipSpace(bytes, at);
    if (at >= end) return NEED_MORE;
    if (bytes[at] !== 0x2c && bytes[at] !== 0x5d) throw new SyntaxFault('wanted `,` or `]`', at);
    this.step = bytes[at] === 0x2c ? this.element : this.afterValue;
    return at + 1;
  }

  private afterValue(window: Window, at: number): number {
    const { bytes, end } = window;
    at = skipSpace(bytes, at);
    if (at >= end) return NEED_MORE;
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

  private trailer(window: Window, at: number): number {
    const { bytes, end } = window;
    this.done = true;
    at = skipSpace(bytes, at);
    if (at < end) throw new SyntaxFault('wanted nothing after the root value', at);
    return end;
  }
}

type Step = (window: Window, at: number) => number;

const isUtf16 = (bytes: Uint8Array) =>
  (bytes[0] === 0xfe && bytes[1] === 0xff) ||
  (bytes[0] === 0xff && bytes[1] === 0xfe) ||
  (bytes[0] === 0 && bytes[1] === 0x7b) ||
  (bytes[0] === 0x7b && bytes[1] === 0);

function isRecordsKey(bytes: Uint8Array, keyStart: number, keyEnd: number): boolean {
  const plain = keyEnd - keyStart - 2 === RECORDS.length && equalAt(bytes, keyStart + 1, RECORDS);
  if (plain || !bytes.subarray(keyStart, keyEnd).includes(0x5c)) return plain;
  const key = decodedKey(bytes, keyStart, keyEnd);
  return key.length === RECORDS.length && equalAt(key, 0, RECORDS);
}

/** Whether the record's bytes are valid UTF-8: if not, its text has U+FFFD where the bytes are broken. */
export const isSoundText = (record: LogRecord): boolean => isUtf8(record.bytes);
