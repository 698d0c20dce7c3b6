// Reads an event from its bytes, once, and looks only at what rules use: other values are stepped over without being decoded.
import { EventError } from './error.ts';
import { type EventValues, TOP } from './eventvalues.ts';
import type { Field, FieldMatcher } from './field.ts';
import { DEAD, UNKNOWN } from './lazydfa.ts';
import { utf8 } from './nfa.ts';
import type { PathNode } from './paths.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const DOT = 0x2e;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;

/** Quotes behind the event: they end any string, key, word or skipping, even after a backslash as last byte. */
const PADDING = 4;

/** Objects nested this deep are refused, but only where rules look: what is stepped over may be as deep as it likes. */
const MAX_DEPTH = 2000;

/** A table of bytes: 1 for these. */
const tableOf = (bytes: number[]): Uint8Array => Uint8Array.from({ length: 256 }, (_, byte) => Number(bytes.includes(byte)));

/** What a number or word ends at. */
const ENDS_WORD = tableOf([COMMA, CLOSE_OBJECT, CLOSE_ARRAY, 0x20, 0x09, 0x0a, 0x0d, QUOTE]);
/** What matters in stepping over an object or array. */
const BRACKET = tableOf([QUOTE, OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY]);

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * Scans events into `EventValues`. Invariant: quotes follow the event from `#bytes[#end]` on, so loops end without looking at lengths; whoever reads a
 * byte at or behind `#end` refuses the event.
 */
export class EventScanner {
  private bytes: Uint8Array = new Uint8Array(PADDING);
  /** Its own, into which events are copied. */
  private copy = this.bytes;
  private end = 0;
  /** The event itself where it was given as a string of ASCII, in which bytes and characters have the same places. */
  private text: string | undefined;
  private readonly values: EventValues;
  /** The outcome of the value just read, see `FieldMatcher`. */
  private outcome = 0;

  constructor(values: EventValues) {
    this.values = values;
  }

  /** Reads a whole event whose paths begin at `root`. */
  scan(event: string | Uint8Array, root: PathNode): void {
    if (typeof event === 'string') this.takeText(event);
    else this.takeBytes(event);
    const at = this.skipSpace(0);
    if (this.bytes[at] !== OPEN_OBJECT) throw new EventError('an event must be a JSON object');
    this.finish(this.object(at + 1, root, TOP, 0));
  }

  /** Reads one JSON value that stands at `node`, such as a record that will be an entry's `detail`. */
  scanValue(value: Uint8Array, node: PathNode): void {
    this.takeBytes(value);
    this.finish(this.value(this.skipSpace(0), node, TOP, 0));
  }

  /**
   * Reads one value where it stands in a longer text, from `from` up to `end`, without copying it. Invariant: it was checked to be JSON, so no
   * loop passes its end. @returns false when arrays lie in it: its values can't be judged without the rest of the event
   */
  scanPart(bytes: Uint8Array, from: number, end: number, node: PathNode): boolean {
    this.bytes = bytes;
    this.text = undefined;
    this.end = end;
    try {
      this.value(from, node, TOP, 1);
    } finally {
      this.bytes = this.copy;
    }
    return this.values.arrayCount === 0;
  }

  private finish(at: number): void {
    if (this.skipSpace(at) !== this.end) throw this.damaged(at);
  }

  private takeText(text: string): void {
    this.reserve(text.length * 3);
    const { written } = encoder.encodeInto(text, this.bytes);
    this.text = written === text.length ? text : undefined;
    this.close(written);
  }

  private takeBytes(bytes: Uint8Array): void {
    this.text = undefined;
    this.reserve(bytes.length);
    this.bytes.set(bytes);
    this.close(bytes.length);
  }

  private reserve(length: number): void {
    if (length + PADDING > this.copy.length) this.copy = new Uint8Array((length + PADDING) * 2);
    this.bytes = this.copy;
  }

  private close(end: number): void {
    this.end = end;
    for (let at = end; at < end + PADDING; at++) this.bytes[at] = QUOTE;
  }

  private damaged(at: number): EventError {
    return new EventError(at >= this.end ? 'the text ends too early' : `not JSON at byte ${at + 1}`);
  }

  private skipSpace(at: number): number {
    const bytes = this.bytes;
    let next = at;
    for (let byte = bytes[next]!; byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09; byte = bytes[next]!) next++;
    return next;
  }

  /** Reads the inside of an object from behind its brace; gives the place behind its end. */
  private object(from: number, node: PathNode, context: number, depth: number): number {
    if (depth > MAX_DEPTH) throw new EventError('it is nested too deep');
    const bytes = this.bytes;
    let at = bytes[from]! > 0x20 ? from : this.skipSpace(from);
    if (bytes[at] === CLOSE_OBJECT) return at + 1;
    for (;;) {
      if (bytes[at] !== QUOTE) throw this.damaged(at);
      const keyStart = at + 1;
      at = this.nextQuote(keyStart);
      if (bytes[at - 1] === BACKSLASH) at = this.endOfString(keyStart);
      const child = node.firstBytes[bytes[keyStart]!] === 0 ? undefined : this.childAt(keyStart, at, node);
      at++;
      if (bytes[at] !== COLON) at = this.expect(COLON, at);
      at++;
      if (bytes[at]! <= 0x20) at = this.skipSpace(at);
      at = child === undefined ? this.skipValue(at) : this.value(at, child, context, depth);
      if (bytes[at]! <= 0x20) at = this.skipSpace(at);
      if (bytes[at] === COMMA) at++;
      else if (bytes[at] === CLOSE_OBJECT) return at + 1;
      else throw this.damaged(at);
      if (bytes[at]! <= 0x20) at = this.skipSpace(at);
    }
  }

  private expect(byte: number, from: number): number {
    const at = this.skipSpace(from);
    if (this.bytes[at] !== byte || at >= this.end) throw this.damaged(at);
    return at;
  }

  /** The closing quote of the string whose inside begins at `from`, or is read up to there. */
  private endOfString(from: number): number {
    const bytes = this.bytes;
    let at = this.nextQuote(from);
    while (bytes[at - 1] === BACKSLASH && this.isEscaped(from, at)) at = this.nextQuote(at + 1);
    if (at >= this.end) throw this.damaged(at);
    return at;
  }

  /** The first quote from `from` on, escaped or not. Four bytes a turn take two thirds of the time of one byte a turn. */
  private nextQuote(from: number): number {
    const bytes = this.bytes;
    for (let at = from; ; at += 4) {
      if (bytes[at] === QUOTE) return at;
      if (bytes[at + 1] === QUOTE) return at + 1;
      if (bytes[at + 2] === QUOTE) return at + 2;
      if (bytes[at + 3] === QUOTE) return at + 3;
    }
  }

  /** The first quote or bracket from `from` on. */
  private nextBracket(from: number): number {
    const bytes = this.bytes;
    for (let at = from; ; at += 4) {
      if (BRACKET[bytes[at]!] !== 0) return at;
      if (BRACKET[bytes[at + 1]!] !== 0) return at + 1;
      if (BRACKET[bytes[at + 2]!] !== 0) return at + 2;
      if (BRACKET[bytes[at + 3]!] !== 0) return at + 3;
    }
  }

  /** Whether an odd number of backslashes stands before `at`. */
  private isEscaped(from: number, at: number): boolean {
    let before = at;
    while (before > from && this.bytes[before - 1] === BACKSLASH) before--;
    return (at - before) % 2 === 1;
  }

  /** The node a key leads to; keys with an escape or a dot in them are looked at as text. */
  private childAt(from: number, to: number, node: PathNode): PathNode | undefined {
    const child = node.findBytes(this.bytes, from, to);
    if (child !== undefined) return child;
    for (let at = from; at < to; at++) {
      const byte = this.bytes[at]!;
      if (byte === DOT || byte === BACKSLASH) return node.find(this.keyText(from, to));
    }
    return undefined;
  }

  private keyText(from: number, to: number): string {
    const text = decoder.decode(this.bytes.subarray(from, to));
    return text.includes('\\') ? this.unescaped(text) : text;
  }

  private unescaped(text: string): string {
    try {
      return JSON.parse(`"${text}"`) as string;
    } catch {
      throw new EventError('a string has a wrong escape');
    }
  }

  /** Reads a value at a used path; gives the place behind it. */
  private value(at: number, node: PathNode, context: number, depth: number): number {
    const byte = this.bytes[at];
    if (byte === OPEN_OBJECT) return node.children.size > 0 ? this.object(at + 1, node, context, depth + 1) : this.skipValue(at);
    if (byte === OPEN_ARRAY) return this.array(at, node, context, depth);
    if (node.field === undefined) return this.skipValue(at);
    const end = byte === QUOTE ? this.string(at + 1, node.field) : this.word(at, node.field);
    this.values.add(node.field, this.outcome, context);
    return end;
  }

  /**
   * Reads an array, given its bracket. Objects and arrays in it open a context, other values belong to the context around the array. Arrays in
   * it stand at the same path, at whatever depth: they are read in the same loop, the ones around them waiting in `around`.
   */
  private array(from: number, node: PathNode, outside: number, depth: number): number {
    let at = this.skipSpace(from + 1);
    if (this.bytes[at] === CLOSE_ARRAY) return at + 1;
    const values = this.values;
    const around: number[] = [];
    let context = outside;
    let array = values.arrayCount++;
    for (;;) {
      const byte = this.bytes[at]!;
      if (byte === OPEN_ARRAY) {
        around.push(context, array);
        context = values.openElement(array, context);
        array = values.arrayCount++;
        at = this.skipSpace(at + 1);
        if (this.bytes[at] !== CLOSE_ARRAY) continue;
      } else {
        const opens = byte === OPEN_OBJECT && node.children.size > 0;
        at = this.skipSpace(this.value(at, node, opens ? values.openElement(array, context) : context, depth));
      }
      while (this.bytes[at] === CLOSE_ARRAY) {
        if (around.length === 0) return at + 1;
        array = around.pop()!;
        context = around.pop()!;
        at = this.skipSpace(at + 1);
      }
      if (this.bytes[at] !== COMMA) throw this.damaged(at);
      at = this.skipSpace(at + 1);
    }
  }

  /** Reads a string from behind its quote, running the field's lazy DFA over its bytes. */
  private string(from: number, field: Field): number {
    const bytes = this.bytes;
    const matcher = field.matcher;
    const lazyDfa = matcher.lazyDfa;
    const classes = lazyDfa.rawClasses;
    let table = lazyDfa.table;
    let state = lazyDfa.start;
    let at = from;
    for (;;) {
      const next = table[state + classes[bytes[at]!]!]!;
      if (next > DEAD) {
        state = next;
        at++;
      } else if (next === UNKNOWN) {
        state = lazyDfa.advance(state, classes[bytes[at]!]!);
        table = lazyDfa.table;
        at++;
        if (state === DEAD) break;
      } else {
        if (next === DEAD) state = DEAD;
        break;
      }
    }
    return this.endString(from, at, state, field);
  }

  /** The end of a string whose lazy DFA stopped at `at`: at its quote, at an escape, or because no predicate can hold any more. */
  private endString(from: number, stopped: number, state: number, field: Field): number {
    const matcher = field.matcher;
    let at = stopped;
    if (this.bytes[at] !== QUOTE) {
      if (state !== DEAD) return this.escapedString(from, field);
      if (matcher.hasAddresses) return this.addressOnly(from, at, field);
      at = this.endOfString(at);
    }
    if (at >= this.end) throw this.damaged(at);
    this.outcome = matcher.ofState(state);
    if (matcher.hasAddresses) this.outcome = this.withAddress(field, from, at);
    return at + 1;
  }

  /** The rest of a string that no text predicate holds for, but that may be an address. */
  private addressOnly(from: number, at: number, field: Field): number {
    const end = this.endOfString(at);
    if (this.bytes.subarray(at, end).includes(BACKSLASH)) return this.escapedString(from, field);
    this.outcome = field.matcher.ofState(DEAD);
    this.outcome = this.withAddress(field, from, end);
    return end + 1;
  }

  /** A string with escapes: undone first, for they may stand for any byte. */
  private escapedString(from: number, field: Field): number {
    const end = this.endOfString(from);
    const text = this.unescaped(decoder.decode(this.bytes.subarray(from, end)));
    this.outcome = outcomeOfText(field, text);
    return end + 1;
  }

  private withAddress(field: Field, from: number, to: number): number {
    const bytes = this.bytes;
    const first = bytes[from]!;
    if (first > 0x66 || to - from > MAX_ADDRESS || to === from) return this.outcome;
    const number = v4Number(bytes, from, to);
    if (number >= 0) return field.matcher.withV4(this.outcome, number);
    return hasColon(bytes, from, to) ? field.matcher.withAddress(this.outcome, this.asciiAt(from, to)) : this.outcome;
  }

  /** A piece of the event that should be ASCII as text. */
  private asciiAt(from: number, to: number): string {
    return this.text === undefined ? latin1(this.bytes, from, to) : this.text.slice(from, to);
  }

  /** Reads a number, `true`, `false` or `null`. */
  private word(from: number, field: Field): number {
    const bytes = this.bytes;
    let at = from;
    while (ENDS_WORD[bytes[at]!] === 0) at++;
    if (at > this.end || at === from) throw this.damaged(at);
    this.outcome = this.outcomeOfWord(from, at, field);
    return at;
  }

  private outcomeOfWord(from: number, to: number, field: Field): number {
    const matcher = field.matcher;
    if (this.bytes[from]! > 0x39) return this.outcomeOfLiteral(from, to, matcher);
    if (!matcher.hasNumbers) return matcher.anyNumber;
    const small = smallNumber(this.bytes, from, to);
    if (!Number.isNaN(small)) return matcher.ofNumber(small);
    const outcome = matcher.ofNumberText(this.asciiAt(from, to));
    return outcome ?? this.refuse(from);
  }

  private refuse(at: number): never {
    throw this.damaged(at);
  }

  private outcomeOfLiteral(from: number, to: number, matcher: FieldMatcher): number {
    const first = this.bytes[from];
    if (first === 0x74 && to - from === 4) return matcher.ofTrue;
    if (first === 0x66 && to - from === 5) return matcher.ofFalse;
    if (first === 0x6e && to - from === 4) return matcher.ofNull;
    throw this.damaged(from);
  }

  /** Steps over a value no rule looks at; gives the place behind it. */
  private skipValue(from: number): number {
    const bytes = this.bytes;
    const byte = bytes[from]!;
    let at = from + 1;
    if (byte === QUOTE) return this.endOfString(at) + 1;
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) return this.skipNested(at);
    at = from;
    while (ENDS_WORD[bytes[at]!] === 0) at++;
    if (at > this.end || at === from) throw this.damaged(at);
    return at;
  }

  /** Steps over the rest of an object or array from behind its opening bracket, counting brackets outside strings. */
  private skipNested(from: number): number {
    const bytes = this.bytes;
    let at = from;
    for (let open = 1; open > 0; at++) {
      at = this.nextBracket(at);
      const byte = bytes[at]!;
      if (byte === QUOTE) at = this.endOfString(at + 1);
      else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) open++;
      else open--;
      if (at >= this.end) throw this.damaged(at);
    }
    return at;
  }
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let at = from; at < to; at++) text += String.fromCharCode(bytes[at]!);
  return text;
}

/** Powers of ten a double holds exactly. */
const POWERS = Array.from({ length: 16 }, (_, power) => 10 ** power);

/**
 * The value of a plain decimal of at most 15 digits, which a double always holds; NaN for anything else. Dividing two exact numbers gives the
 * nearest double, so this is the value `Number` would give.
 */
function smallNumber(bytes: Uint8Array, from: number, to: number): number {
  const negative = bytes[from] === 0x2d;
  let at = negative ? from + 1 : from;
  if (to - at > 16 || to === at) return Number.NaN;
  if (bytes[at] === 0x30 && at + 1 < to && bytes[at + 1] !== DOT) return Number.NaN;
  let value = 0;
  let dot = -1;
  const first = at;
  for (; at < to; at++) {
    const digit = bytes[at]! - 0x30;
    if (digit >= 0 && digit <= 9) value = value * 10 + digit;
    else if (bytes[at] === DOT && dot < 0 && at > first && at + 1 < to) dot = at;
    else return Number.NaN;
  }
  if (to - first - (dot < 0 ? 0 : 1) > 15) return Number.NaN;
  if (dot >= 0) value /= POWERS[to - dot - 1]!;
  return negative ? 0 - value : value;
}

/** Longest text of an address. */
const MAX_ADDRESS = 45;

const hasColon = (bytes: Uint8Array, from: number, to: number): boolean => {
  for (let at = from; at < to; at++) if (bytes[at] === COLON) return true;
  return false;
};

/** An IPv4 address in decimal as a number, or -1. */
function v4Number(bytes: Uint8Array, from: number, to: number): number {
  let address = 0;
  let part = 0;
  let digits = 0;
  let dots = 0;
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!;
    if (byte >= 0x30 && byte <= 0x39) {
      part = part * 10 + byte - 0x30;
      digits++;
      if (part > 255) return -1;
    } else if (byte === DOT && digits > 0) {
      address = address * 256 + part;
      part = 0;
      digits = 0;
      dots++;
    } else return -1;
  }
  return dots === 3 && digits > 0 ? address * 256 + part : -1;
}

/** The outcome of a string given as a text. */
export function outcomeOfText(field: Field, text: string): number {
  const matcher = field.matcher;
  const outcome = matcher.ofState(stateAfter(field, text));
  return matcher.hasAddresses ? matcher.withAddress(outcome, text) : outcome;
}

/** The state the field's lazy DFA is in after a text: unit by unit while it is ASCII, else by its UTF-8. */
function stateAfter(field: Field, text: string): number {
  const lazyDfa = field.matcher.lazyDfa;
  let state = lazyDfa.start;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit > 0x7f) return stateAfterBytes(field, state, text.slice(index));
    const next = lazyDfa.table[state + lazyDfa.classes[unit]!]!;
    state = next >= 0 ? next : lazyDfa.advance(state, lazyDfa.classes[unit]!);
    if (state === DEAD) return state;
  }
  return state;
}

function stateAfterBytes(field: Field, from: number, text: string): number {
  const lazyDfa = field.matcher.lazyDfa;
  let state = from;
  for (const byte of utf8(text)) {
    const next = lazyDfa.table[state + lazyDfa.classes[byte]!]!;
    state = next >= 0 ? next : lazyDfa.advance(state, lazyDfa.classes[byte]!);
  }
  return state;
}
