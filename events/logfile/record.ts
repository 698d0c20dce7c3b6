// One element of `Records`: its own bytes, and the few fields of it that are read.

import type { Window } from '../json/paddedbytes.ts';
import { escapesPassed, scanMembers, skipSpace, skipValue, type TakeMember } from '../json/scan.ts';
import { Callers, type KnownCaller } from './callers.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const DOT = 0x2e;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;

/** The top-level fields that entries, summaries, guards and patterns read; everything else stays bytes. */
const TOP_FIELDS = [
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
  'errorCode',
  'errorMessage',
  'readOnly',
  'userAgent',
  'sourceIPAddress',
  'responseElements',
  'additionalEventData',
  'vpcEndpointId',
] as const;

/** The fields of `userIdentity` that say who called. */
const LOCATED_IDENTITY_FIELDS = ['type', 'principalId', 'arn', 'accountId', 'accessKeyId', 'userName', 'invokedBy'] as const;

/** `eventName`, `userIdentity.type`. */
export type FieldName = (typeof TOP_FIELDS)[number] | `userIdentity.${(typeof LOCATED_IDENTITY_FIELDS)[number]}`;

const FIELDS: readonly FieldName[] = [...TOP_FIELDS, ...LOCATED_IDENTITY_FIELDS.map((name) => `userIdentity.${name}` as const)];

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
  /** A string value, decoded; undefined when absent or not a string. The last of duplicate keys counts, as in JSON.parse. */
  field(name: FieldName): string | undefined;
  /** The `ARN`s of the record's `resources`, in their order; anything else there is left out. */
  arns(): string[];
  /** A value as its own JSON bytes, a view; undefined when absent. */
  raw(name: FieldName): Uint8Array | undefined;
  /** The bytes that the record stands in, checked to be JSON, to be read by `spans`. */
  readonly around: Uint8Array;
  /** From `base + slotOf(name)` on: where the field's value begins in `around`, 0 when absent, then where it ends. Good as long as `bytes`. */
  readonly spans: Int32Array;
  readonly base: number;
  /** The same for every record. */
  slotOf(name: FieldName): number;
  /** False where `spans` may not tell all: a field that stands there twice, a key with an escape or a dot that may mean one, a list of identities. */
  readonly isPlain: boolean;
  /** Finds the fields of `userIdentity`, which have no spans before. @returns `isPlain`, of them too */
  splitIdentity(): boolean;
  /** Who called, the same for records whose `userIdentity` is the same byte for byte; undefined where that, or the record, isn't plain. */
  caller(): KnownCaller | undefined;
}

/** The records of one window of a file. */
export interface Records extends Iterable<LogRecord> {
  /** Whether no more windows of the file come. */
  readonly last: boolean;
}

const encode = (text: string) => new TextEncoder().encode(text);

/** Tells keys apart by their length, first byte and last but two; a key that isn't ours is refused by comparing. */
const mark = (bytes: Uint8Array, start: number, end: number) => ((end - start) * 31 + bytes[start]! * 3 + bytes[end - 3]!) & 0xff;

const namesAsBytes = (names: readonly string[]): Uint8Array[] => names.map(encode);

/** By mark the place of a name. Invariant: each has a mark of its own. */
function marksOfNames(names: readonly Uint8Array[]): Int8Array {
  const marks = new Int8Array(256).fill(-1);
  for (const [at, bytes] of names.entries()) marks[mark(bytes, 0, bytes.length)] = at;
  return marks;
}

const TOP_NAMES = namesAsBytes(TOP_FIELDS);
const TOP_MARKS = marksOfNames(TOP_NAMES);
const IDENTITY_NAMES = namesAsBytes(LOCATED_IDENTITY_FIELDS);
const IDENTITY = TOP_FIELDS.indexOf('userIdentity');

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

/** Whether a key that isn't ours may be a path to one, such as `userIdentity.type`, or spell one: of a record's own keys none has a dot or an escape. */
function mayMeanMore(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] === DOT || bytes[at] === BACKSLASH) return true;
  return false;
}

/** The place of a top-level key among our fields, or -1. */
function topField(bytes: Uint8Array, start: number, end: number): number {
  const at = end - start < 3 ? -1 : TOP_MARKS[mark(bytes, start, end)]!;
  if (at < 0) return -1;
  const name = TOP_NAMES[at]!;
  return name.length === end - start && equalAt(bytes, start, name) ? at : -1;
}

/** A key with its escapes resolved, as bytes: `"event\u0049D"` is `eventID`. */
function decodedKey(bytes: Uint8Array, keyStart: number, keyEnd: number): Uint8Array {
  return encode(JSON.parse(Buffer.from(bytes.subarray(keyStart, keyEnd)).toString('utf8')) as string);
}

/** Numbers kept for a record: its start and end, its state, then each field's value start and end (0 and 0 when absent). */
const STATE = 2;
const FIRST_FIELD = 3;
const STRIDE = FIRST_FIELD + 2 * FIELDS.length;

/** Bits of the state: it isn't plain; the fields of its `userIdentity` were looked for. */
const ODD = 1;
const SPLIT = 2;

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
    const state = STRIDE * this.count + STATE;
    const base = STRIDE * this.count + FIRST_FIELD;
    let escapes = escapesPassed;
    spans.fill(0, state, STRIDE * (this.count + 1));
    const take: TakeMember = (keyStart, keyEnd, valueStart, valueEnd) => {
      let field = topField(bytes, keyStart + 1, keyEnd - 1);
      if (field < 0) {
        if (escapes !== escapesPassed && hasEscape(bytes, keyStart, keyEnd)) field = topFieldOfEscaped(bytes, keyStart, keyEnd);
        if (field >= 0 || mayMeanMore(bytes, keyStart, keyEnd)) spans[state]! |= ODD;
      }
      escapes = escapesPassed;
      if (field < 0) return;
      const at = base + 2 * field;
      if (spans[at] !== 0 || (field === IDENTITY && bytes[valueStart] === OPEN_BRACKET)) spans[state]! |= ODD;
      spans[at] = valueStart;
      spans[at + 1] = valueEnd;
    };
    return scanMembers(this.window, at, take);
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

function topFieldOfEscaped(bytes: Uint8Array, keyStart: number, keyEnd: number): number {
  const key = decodedKey(bytes, keyStart, keyEnd);
  return topField(key, 0, key.length);
}

function identityField(bytes: Uint8Array, start: number, end: number): number {
  for (let at = 0; at < IDENTITY_NAMES.length; at++) {
    const name = IDENTITY_NAMES[at]!;
    if (name.length === end - start && equalAt(bytes, start, name)) return at;
  }
  return -1;
}

/** Notes where the fields of a `userIdentity` stand; `base` is where the record's numbers begin. */
function takingIdentity(bytes: Uint8Array, spans: Int32Array, base: number): TakeMember {
  const first = base + FIRST_OF_IDENTITY;
  return (keyStart, keyEnd, valueStart, valueEnd) => {
    const field = identityField(bytes, keyStart + 1, keyEnd - 1);
    const isOdd = field < 0 ? mayMeanMore(bytes, keyStart, keyEnd) : spans[first + 2 * field] !== 0;
    if (isOdd) spans[base + STATE]! |= ODD;
    if (field < 0) return;
    spans[first + 2 * field] = valueStart;
    spans[first + 2 * field + 1] = valueEnd;
  };
}

/** Finds the fields of a record's `userIdentity`. */
function splitIdentity(window: Window, spans: Int32Array, base: number): void {
  const start = spans[base + FIRST_FIELD + 2 * IDENTITY]!;
  spans[base + STATE]! |= SPLIT;
  if (start !== 0 && window.bytes[start] === OPEN_BRACE) scanMembers(window, start, takingIdentity(window.bytes, spans, base));
}

const FIRST_OF_IDENTITY = FIRST_FIELD + 2 * TOP_FIELDS.length;
const IDENTITY_SLOT = FIRST_FIELD + 2 * IDENTITY;
const FIELD_AT: ReadonlyMap<string, number> = new Map(FIELDS.map((name, at) => [name, FIRST_FIELD + 2 * at]));

/** Whether a top-level field is one that records know the place of. */
export const isFieldName = (name: string): name is FieldName => FIELD_AT.has(name);

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

/** One for all files: the same call from one hour to the next. */
const callers = new Callers();

class SpannedRecord implements LogRecord {
  readonly index: number;
  private readonly window: Window;
  readonly spans: Int32Array;
  readonly base: number;
  private readonly lastTexts: LastText[];
  private knownCaller: KnownCaller | undefined;

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

  get around(): Uint8Array {
    return this.window.bytes;
  }

  get isPlain(): boolean {
    return (this.spans[this.base + STATE]! & ODD) === 0;
  }

  splitIdentity(): boolean {
    if ((this.spans[this.base + STATE]! & SPLIT) === 0) splitIdentity(this.window, this.spans, this.base);
    return this.isPlain;
  }

  caller(): KnownCaller | undefined {
    if (!this.isPlain) return undefined;
    this.knownCaller ??= this.findCaller();
    return this.knownCaller.isPlain ? this.knownCaller : undefined;
  }

  private findCaller(): KnownCaller {
    const at = this.base + IDENTITY_SLOT;
    return callers.at(this.window.bytes, this.spans[at]!, this.spans[at + 1]!, this);
  }

  slotOf(name: FieldName): number {
    return FIELD_AT.get(name)!;
  }

  get bytes(): Uint8Array {
    return this.window.bytes.subarray(this.spans[this.base]!, this.spans[this.base + 1]!);
  }

  text(): string {
    return slice(this.window.bytes, 'utf8', this.spans[this.base]!, this.spans[this.base + 1]!);
  }

  field(name: FieldName): string | undefined {
    const at = this.spanOf(name);
    const start = this.spans[at]!;
    if (start === 0 || this.window.bytes[start] !== QUOTE) return undefined;
    return this.lastTexts[at - this.base]!.of(this.window.bytes, start, this.spans[at + 1]!);
  }

  raw(name: FieldName): Uint8Array | undefined {
    const at = this.spanOf(name);
    const start = this.spans[at]!;
    return start === 0 ? undefined : this.window.bytes.subarray(start, this.spans[at + 1]!);
  }

  private spanOf(name: FieldName): number {
    const slot = FIELD_AT.get(name)!;
    if (slot >= FIRST_OF_IDENTITY) this.splitIdentity();
    return this.base + slot;
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
