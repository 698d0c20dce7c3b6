// One strict pass over JSON bytes: where a value ends, and where a record's top-level values stand. Nothing is built.

import { bytesBefore, specialBytes } from './fourbytes.ts';
import type { Window } from './paddedbytes.ts';

/** The window ended before the value did: bring more bytes, or the text is cut. */
export const NEED_MORE = -1;

/** A byte that JSON (RFC 8259) doesn't allow where it stands. `at` is an offset into the window. */
export class SyntaxFault extends Error {
  readonly at: number;

  constructor(what: string, at: number) {
    super(what);
    this.at = at;
  }
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

const table = (bytes: Iterable<number>) => {
  const marks = new Uint8Array(256);
  for (const byte of bytes) marks[byte] = 1;
  return marks;
};
const ascii = (text: string) => [...text].map((character) => character.charCodeAt(0));

const SPACE = table(ascii(' \t\r\n'));
const DIGIT = table(ascii('0123456789'));
const HEX = table(ascii('0123456789abcdefABCDEF'));
const SIMPLE_ESCAPE = table(ascii('"\\/bfnrt'));

/* A scan that stops at the window's end answers NEED_MORE; the zeros there stop every loop. */

/** The first byte at or after `at` that is no white space. */
export const skipSpace = (bytes: Uint8Array, at: number): number => (bytes[at]! > 0x20 ? at : skipBlanks(bytes, at));

function skipBlanks(bytes: Uint8Array, at: number): number {
  while (SPACE[bytes[at]!] === 1) at++;
  return at;
}

function fault({ bytes, end }: Window, at: number, wanted: string): number {
  if (at >= end) return NEED_MORE;
  throw new SyntaxFault(`wanted ${wanted}, found ${show(bytes[at]!)}`, at);
}

const show = (byte: number) =>
  byte > 0x20 && byte < 0x7f ? `\`${String.fromCharCode(byte)}\`` : `byte 0x${byte.toString(16).padStart(2, '0')}`;

/** From the opening quote to just after the closing one. */
export function skipString(window: Window, at: number): number {
  const { bytes, words } = window;
  at++;
  for (;;) {
    let marks = specialBytes(words.getInt32(at, true));
    while (marks === 0) {
      at += 4;
      marks = specialBytes(words.getInt32(at, true));
    }
    at += bytesBefore(marks);
    const byte = bytes[at];
    if (byte === QUOTE) return at + 1;
    if (byte !== BACKSLASH) return fault(window, at, 'a string to go on');
    at = skipEscape(window, at);
    if (at < 0) return at;
  }
}

/** How many escapes were passed since the start: a caller that compares two readings knows whether a span between them holds any. */
export let escapesPassed = 0;

function skipEscape(window: Window, at: number): number {
  const { bytes } = window;
  escapesPassed++;
  if (SIMPLE_ESCAPE[bytes[at + 1]!] === 1) return at + 2;
  if (bytes[at + 1] !== 0x75) return fault(window, at + 1, 'an escape');
  for (let digit = at + 2; digit < at + 6; digit++) if (HEX[bytes[digit]!] !== 1) return fault(window, digit, 'four hexadecimal digits');
  return at + 6;
}

function skipDigits(window: Window, at: number): number {
  const { bytes } = window;
  if (DIGIT[bytes[at]!] !== 1) return fault(window, at, 'a digit');
  while (DIGIT[bytes[at]!] === 1) at++;
  return at;
}

function skipNumber(window: Window, at: number): number {
  const { bytes } = window;
  if (bytes[at] === 0x2d) at++;
  if (bytes[at] === 0x30) at++;
  else at = skipDigits(window, at);
  if (at >= 0 && bytes[at] === 0x2e) at = skipDigits(window, at + 1);
  if (at >= 0 && (bytes[at]! | 0x20) === 0x65) {
    const sign = bytes[at + 1];
    at = skipDigits(window, sign === 0x2b || sign === 0x2d ? at + 2 : at + 1);
  }
  // A number has no closing mark: at the end of the window it may go on.
  return at >= window.end ? NEED_MORE : at;
}

const LITERALS = new Map(['true', 'false', 'null'].map((word) => [word.charCodeAt(0), ascii(word)]));

function skipLiteral(window: Window, at: number): number {
  const { bytes } = window;
  const word = LITERALS.get(bytes[at]!);
  if (word === undefined) return fault(window, at, 'a value');
  for (let i = 1; i < word.length; i++) if (bytes[at + i] !== word[i]) return fault(window, at + i, 'true, false or null');
  return at + word.length;
}

function skipScalar(window: Window, at: number): number {
  const { bytes } = window;
  const byte = bytes[at]!;
  if (byte === QUOTE) return skipString(window, at);
  return DIGIT[byte] === 1 || byte === 0x2d ? skipNumber(window, at) : skipLiteral(window, at);
}

/** From a key's opening quote to the first byte of its value. */
function skipKey(window: Window, at: number): number {
  const { bytes } = window;
  if (bytes[at] !== QUOTE) return fault(window, at, 'a key in quotes');
  at = skipString(window, at);
  return at < 0 ? at : skipColon(window, at);
}

/** From after a key to the first byte of its value. */
export function skipColon(window: Window, at: number): number {
  const { bytes } = window;
  at = skipSpace(bytes, at);
  return bytes[at] === COLON ? skipSpace(bytes, at + 1) : fault(window, at, '`:`');
}

/** Which containers are open, innermost last: their closing bytes. Grows with the depth; never recursion, so depth can't hurt. */
let open = new Uint8Array(1024);

function push(depth: number, closing: number): void {
  if (depth === open.length) {
    const wider = new Uint8Array(open.length * 2);
    wider.set(open);
    open = wider;
  }
  open[depth] = closing;
}

/**
 * From the first byte of a value to just after it, checking all of it against RFC 8259.
 * @returns the offset after the value, or NEED_MORE
 * @throws SyntaxFault
 */
export function skipValue(window: Window, at: number): number {
  const { bytes } = window;
  const first = bytes[at];
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET) return skipScalar(window, at);
  let depth = 0;
  for (;;) {
    // Here a value begins.
    const byte = bytes[at];
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      push(depth++, byte + 2);
      at = skipSpace(bytes, at + 1);
      if (bytes[at] !== byte + 2) {
        if (byte === OPEN_BRACE) at = skipKey(window, at);
        if (at < 0) return at;
        continue;
      }
    } else {
      at = skipScalar(window, at);
      if (at < 0) return at;
      at = skipSpace(bytes, at);
    }
    // Here a value has ended: close what closes, then go on to the next value.
    while (bytes[at] === open[depth - 1]) {
      at++;
      if (--depth === 0) return at;
      at = skipSpace(bytes, at);
    }
    if (bytes[at] !== COMMA) return fault(window, at, open[depth - 1] === CLOSE_BRACE ? '`,` or `}`' : '`,` or `]`');
    at = skipSpace(bytes, at + 1);
    if (open[depth - 1] === CLOSE_BRACE) at = skipKey(window, at);
    if (at < 0) return at;
  }
}

/** Takes a member of an object: its key's quotes (`keyStart` at the opening one, `keyEnd` after the closing one) and its value's span. */
export type TakeMember = (keyStart: number, keyEnd: number, valueStart: number, valueEnd: number) => void;

/**
 * Walks an object's own members, from `{` to just after `}`.
 * @returns the offset after the object, or NEED_MORE
 * @throws SyntaxFault
 */
export function scanMembers(window: Window, at: number, member: TakeMember): number {
  const { bytes } = window;
  at = skipSpace(bytes, at + 1);
  if (bytes[at] === CLOSE_BRACE) return at + 1;
  for (;;) {
    const keyStart = at;
    if (bytes[at] !== QUOTE) return fault(window, at, 'a key in quotes');
    const keyEnd = skipString(window, at);
    if (keyEnd < 0) return keyEnd;
    const valueStart = skipColon(window, keyEnd);
    if (valueStart < 0) return valueStart;
    const valueEnd = skipValue(window, valueStart);
    if (valueEnd < 0) return valueEnd;
    member(keyStart, keyEnd, valueStart, valueEnd);
    at = skipSpace(bytes, valueEnd);
    if (bytes[at] === CLOSE_BRACE) return at + 1;
    if (bytes[at] !== COMMA) return fault(window, at, '`,` or `}`');
    at = skipSpace(bytes, at + 1);
  }
}
