// One element of `Records`: its own bytes, and the few fields of it that are read.

import type { Window } from '../json/paddedbytes.ts';
import { escapesPassed, scanMembers, skipSpace, skipValue } from '../json/scan.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;

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
  /** The `ARN`s of the record's `resources`, in their order; anything else there is left out. */
  arns(): string[];
  /** A top-level value as its own JSON bytes, a view; undefined when absent. */
  raw(name: FieldName): Uint8Array | undefined;
}

/** The records of one window of a file. */
export interface Records extends Iterable<LogRecord> {
  /** Whether no more windows of the file come. */
  readonly last: boolean;
}

const encode = (text: string) => new TextEncoder().encode(text);

const FIELD_BYTES = FIELDS.map(encode);

/** Tells our fields apart by their length, first byte and last but two; a key that isn't ours is refused by comparing. */
const mark = (bytes: Uint8Array, start: number, end: number) => ((end - start) * 29 + bytes[start]! * 7 + bytes[end - 3]!) & 0xff;

const FIELD_BY_MARK = new Int8Array(256).fill(-1);
for (const [at, bytes] of FIELD_BYTES.entries()) FIELD_BY_MARK[mark(bytes, 0, bytes.length)] = at;

function equalAt(bytes: Uint8Array, at: number, wanted: Uint8Array): boolean {
  for (let i = 0; i < wanted.length; i++) if (bytes[at + i] !== wanted[i]) return false;
  return true;
}

/** Whether the key between these quotes is `name`, however it is spelt. */
export function isKey(bytes: Uint8Array, keyStart: number, keyEnd: number, name: Uint8Array): boolean {
  const plain = keyEnd - keyStart - 2 === name.length && equalAt(bytes, keyStart + 1, name);
  if (plain || !hasEscape(bytes, keyStart, keyEnd)) return plain;
  const key = decodedKey(bytes, keyStart, keyEnd);
  return key.length === name.length && equalAt(key, 0, name);
}

function hasEscape(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] === BACKSLASH) return true;
  return false;
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
export class RecordWindow implements Records {
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
    const after = this.window.bytes[at] === OPEN_BRACE ? this.addObject(at) : skipValue(this.window, at);
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
        if (field < 0 && hasEscape(bytes, keyStart, keyEnd)) field = fieldOfEscaped(bytes, keyStart, keyEnd);
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
    for (let i = 0; i < this.count; i++) yield new SpannedRecord(this.window, this.spans, STRIDE * i, this.firstIndex + i, lastTexts);
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
  private readonly window: Window;
  private readonly spans: Int32Array;
  private readonly base: number;
  private readonly lastTexts: LastText[];

  constructor(window: Window, spans: Int32Array, base: number, index: number, lastTexts: LastText[]) {
    this.window = window;
    this.lastTexts = lastTexts;
    this.spans = spans;
    this.base = base;
    this.index = index;
  }

  get isObject(): boolean {
    return this.window.bytes[this.spans[this.base]!] === OPEN_BRACE;
  }

  get bytes(): Uint8Array {
    return this.window.bytes.subarray(this.spans[this.base]!, this.spans[this.base + 1]!);
  }

  text(): string {
    return slice(this.window.bytes, 'utf8', this.spans[this.base]!, this.spans[this.base + 1]!);
  }

  field(name: FieldName): string | undefined {
    const at = this.base + FIELD_AT.get(name)!;
    const start = this.spans[at]!;
    if (start === 0 || this.window.bytes[start] !== QUOTE) return undefined;
    return this.lastTexts[at - this.base]!.of(this.window.bytes, start, this.spans[at + 1]!);
  }

  raw(name: FieldName): Uint8Array | undefined {
    const at = this.base + FIELD_AT.get(name)!;
    const start = this.spans[at]!;
    return start === 0 ? undefined : this.window.bytes.subarray(start, this.spans[at + 1]!);
  }

  arns(): string[] {
    const start = this.spans[this.base + FIELD_AT.get('resources')!]!;
    return start === 0 || this.window.bytes[start] !== OPEN_BRACKET ? [] : arnsIn(this.window, start);
  }
}

const ARN = encode('ARN');

/** The `ARN` of every object in the array that begins at `at`. */
function arnsIn(window: Window, at: number): string[] {
  const { bytes } = window;
  const arns: string[] = [];
  at = skipSpace(bytes, at + 1);
  while (bytes[at] !== CLOSE_BRACKET) {
    let start = 0;
    let end = 0;
    const member = (keyStart: number, keyEnd: number, valueStart: number, valueEnd: number) => {
      if (isKey(bytes, keyStart, keyEnd, ARN)) [start, end] = [valueStart, valueEnd];
    };
    at = bytes[at] === OPEN_BRACE ? scanMembers(window, at, member) : skipValue(window, at);
    if (bytes[start] === QUOTE && end - start > 2) arns.push(decode(bytes, start, end));
    at = skipSpace(bytes, at);
    if (bytes[at] === COMMA) at = skipSpace(bytes, at + 1);
  }
  return arns;
}

const decoders = { latin1: Buffer.prototype.latin1Slice, utf8: Buffer.prototype.utf8Slice };
/** Buffer's own slicing to text, on a plain view: `Buffer.from` for every record would cost as much as the text. */
const slice = (bytes: Uint8Array, encoding: 'latin1' | 'utf8', start: number, end: number): string =>
  decoders[encoding].call(bytes as Buffer, start, end);
