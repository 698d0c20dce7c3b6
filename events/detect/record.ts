// Values in a record, by dotted path: parsed only as far as they are asked for.
import { type FieldName, isFieldName, type LogRecord } from '../logfile/logfile.ts';

export type RecordFields = Record<string, unknown>;

export const isFields = (value: unknown): value is RecordFields => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A record of a log file: of most questions one field is the subject, and the rest stays bytes. */
export class LazyRecord {
  private readonly record: LogRecord;
  private parsed: Map<string, unknown> | undefined;
  private all: unknown;

  constructor(record: LogRecord) {
    this.record = record;
  }

  /** What `work` makes of `userIdentity`, once for all records that have the same, where it can be known. See `KnownCaller.once`. */
  ofCaller<T>(what: string | object, work: () => T): T {
    const caller = this.record.caller();
    return caller === undefined ? work() : caller.once(what, work);
  }

  /** The record as `parseKeepingDigits` gives it. */
  get whole(): unknown {
    this.all ??= parseKeepingDigits(this.record.text());
    return this.all;
  }

  /** Whether a field's place in the bytes is known, so that it can be had alone. */
  knows(path: string): path is FieldName {
    return isFieldName(path) && (path.startsWith('userIdentity.') ? this.record.splitIdentity() : this.record.isPlain);
  }

  /** The text of a field that is known; undefined when it is absent or no text. */
  text(name: FieldName): string | undefined {
    return this.record.field(name);
  }

  isAbsent(name: FieldName): boolean {
    return this.record.spans[this.record.base + this.record.slotOf(name)] === 0;
  }

  /** The value of a field that is known and there. */
  value(name: FieldName): unknown {
    const text = this.record.field(name);
    if (text !== undefined) return text;
    return name === 'userIdentity' ? this.ofCaller(name, () => this.parse(name)) : this.parse(name);
  }

  private parse(name: FieldName): unknown {
    this.parsed ??= new Map();
    if (!this.parsed.has(name)) this.parsed.set(name, parseKeepingDigits(decoder.decode(this.record.raw(name))));
    return this.parsed.get(name);
  }

  /** Whether a word may stand inside a field that is known, as a key or a text: false is certain. */
  mayHold(name: FieldName, word: string): boolean {
    const bytes = this.record.raw(name);
    if (bytes === undefined) return false;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    return text.includes(word) || text.includes(0x5c);
  }
}

const decoder = new TextDecoder();

/** May be more digits than a double holds: fifteen it always does. In a text it may be found in vain. */
const LONG_NUMBER = /(^|[[:,\s])-?\d[\d.]{15,}/;
const TEXT_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;

/** JSON as `JSON.parse` gives it, but for numbers of more digits than it would keep: they come as the text that stands there. */
export function parseKeepingDigits(json: string): unknown {
  if (!LONG_NUMBER.test(json)) return JSON.parse(json);
  const kept = json.replace(TEXT_OR_NUMBER, (token) => (token.startsWith('"') || isHeld(token) ? token : `"${token}"`));
  return JSON.parse(kept);
}

const isHeld = (number: string): boolean => number.replace(/\D/g, '').length <= 15 || String(Number(number)) === number;

/**
 * All values at a path, arrays gone from it: of `items.cidrIp` that of every item. As in event patterns a key may hold dots itself
 * (`SecurityGroupRule.CidrIpv4`). Own properties only.
 */
export function valuesAt(value: unknown, path: string): unknown[] {
  if (value instanceof LazyRecord) return inRecord(value, path);
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, path));
  if (path === '') return [value];
  if (!isFields(value)) return [];
  return beginningsOf(path).flatMap(([key, rest]) => (Object.hasOwn(value, key) ? valuesAt(value[key], rest) : []));
}

/** Of a plain record no key has dots, so the first step names the member. */
function inRecord(record: LazyRecord, path: string): unknown[] {
  if (record.knows(path)) return record.isAbsent(path) ? [] : valuesAt(record.value(path), '');
  const [[key, rest] = ['', '']] = beginningsOf(path);
  if (!record.knows(key)) return valuesAt(record.whole, path);
  return record.isAbsent(key) ? [] : valuesAt(record.value(key), rest);
}

/** All texts, numbers and booleans at a path, as texts. */
export function allTextsAt(record: unknown, path: string): string[] {
  const work = () => valuesAt(record, path).filter(isScalar).map(String);
  if (record instanceof LazyRecord && path.startsWith('userIdentity.')) return record.ofCaller(`all ${path}`, work);
  const text = plainText(record, path);
  return text === undefined ? work() : [text];
}

/** The first text, number or boolean at a path, as text. */
export function textAt(record: unknown, path: string): string | undefined {
  if (!(record instanceof LazyRecord)) return firstText(record, path);
  if (path.startsWith('userIdentity.')) return record.ofCaller(path, () => textOf(record, path));
  return textOf(record, path);
}

/** The text of a field that is known and has one, of which there is no second. */
export const plainText = (record: unknown, path: string): string | undefined =>
  record instanceof LazyRecord && record.knows(path) ? record.text(path) : undefined;

function textOf(record: LazyRecord, path: string): string | undefined {
  if (!record.knows(path)) return firstText(record, path);
  return record.text(path) ?? (record.isAbsent(path) ? undefined : firstText(record, path));
}

function firstText(record: unknown, path: string): string | undefined {
  const value = valuesAt(record, path).find(isScalar);
  return value === undefined ? undefined : String(value);
}

export const isScalar = (value: unknown): value is string | number | boolean =>
  value !== null && value !== undefined && typeof value !== 'object';

const BEGINNINGS = new Map<string, [key: string, rest: string][]>();

/** `a.b` as the key `a` with `b` after it, and as the key `a.b` with nothing. Paths come from detections: there are few. */
function beginningsOf(path: string): [key: string, rest: string][] {
  const known = BEGINNINGS.get(path);
  if (known !== undefined) return known;
  const steps = path.split('.');
  const beginnings = steps.map((_, at): [string, string] => [steps.slice(0, at + 1).join('.'), steps.slice(at + 1).join('.')]);
  BEGINNINGS.set(path, beginnings);
  return beginnings;
}
