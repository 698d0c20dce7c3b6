// Pattern text to parsed form, refusing what EventBridge refuses, in the same order and the same words.
import { blockOf, ipAddressOf } from './address.ts';
import type { AnythingButMatcher, Fields, Key, Leaf, Matcher, NumericMatcher, Or, Pattern, PatternEntry, Span } from './ast.ts';
import { PatternError, placeAt } from './error.ts';
import { helpFor } from './help.ts';
import { JsonTextError, JsonTokens, type TokenKind } from './jsontokens.ts';
import { certainlyRefused, TOO_COMPLEX } from './limits.ts';
import { comparableNumber } from './number.ts';
import { wildcardParts } from './wildcard.ts';

/** Field names that can't be used inside `$or`. Source: Event Ruler README, "And/Or relationship among fields" (read 2026-11-22). */
const RESERVED_IN_OR: ReadonlySet<string> = new Set([
  ...['exactly', 'equals-ignore-case', 'prefix', 'suffix', 'anything-but', 'exists', 'wildcard', 'numeric', 'cidr'],
  ...['=', '<', '<=', '>', '>=', 'regex', 'not-wildcard', 'not-equals-ignore-case'],
  ...[
    'date-after',
    'date-on-or-after',
    'date-before',
    'date-on-or-before',
    'in-date-range',
    'ip-address-in-range',
    'ip-address-not-in-range',
  ],
]);

/** Reads the pattern text, keeping the dotted path for errors. */
class Parser {
  readonly tokens: JsonTokens;
  path = '';

  constructor(text: string) {
    this.tokens = new JsonTokens(text);
  }

  next(): TokenKind {
    return this.tokens.next();
  }

  /** Refuses the pattern at the token just read. */
  refuse(reason: string): never {
    throw new RefusedAt(reason, this.tokens.at);
  }

  /** Runs something that throws `RangeError` with EventBridge's words. */
  attempt<T>(make: () => T): T {
    try {
      return make();
    } catch (error) {
      if (error instanceof RangeError) this.refuse(error.message);
      throw error;
    }
  }
}

class RefusedAt extends Error {
  readonly at: number;
  constructor(reason: string, at: number) {
    super(reason);
    this.at = at;
  }
}

/**
 * Reads one event pattern.
 *
 * @param pattern  raw JSON text, or an object that `JSON.stringify` turns into it (repeated keys and number spellings only exist in text)
 * @param source   name of the rule or file, for the error
 * @throws PatternError for everything EventBridge refuses, and for text that isn't JSON
 */
export function parsePattern(pattern: string | object, source?: string): Pattern {
  const text = typeof pattern === 'string' ? pattern : textOf(pattern, source);
  const parser = new Parser(text);
  try {
    if (/^[ \t\n\r]*$/.test(text) || parser.next() !== '{') parser.refuse('Filter is not an object');
    const root = parseFields(parser, '', false);
    parser.next();
    const complex = certainlyRefused({ text, root });
    if (complex !== undefined) refuseAt(parser, complex);
    return { text, root };
  } catch (error) {
    if (!(error instanceof RefusedAt || error instanceof JsonTextError)) throw error;
    throw errorAt(parser, error, source);
  }
}

function refuseAt(parser: Parser, leaf: Leaf): never {
  parser.path = leaf.key.path;
  throw new RefusedAt(TOO_COMPLEX, leaf.at);
}

function errorAt(parser: Parser, error: RefusedAt | JsonTextError, source: string | undefined): PatternError {
  const place = { ...placeAt(parser.tokens.text, error.at), ...(parser.path === '' ? {} : { path: parser.path }) };
  const help = error instanceof JsonTextError ? 'the pattern must be JSON text' : helpFor(error.message);
  return new PatternError(error.message, {
    ...place,
    ...(source === undefined ? {} : { source }),
    ...(help === undefined ? {} : { help }),
  });
}

function textOf(pattern: object, source: string | undefined): string {
  try {
    return JSON.stringify(pattern) ?? 'null';
  } catch (cause) {
    const place = { line: 1, column: 1, help: 'give an object that JSON.stringify can write, or the JSON text', cause };
    throw new PatternError('Filter is not an object', source === undefined ? place : { ...place, source });
  }
}

/** Joined as Event Ruler does: an empty path takes no dot. */
const joined = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

function parseFields(parser: Parser, path: string, inOr: boolean): Fields {
  const at = parser.tokens.at;
  const entries: PatternEntry[] = [];
  while (parser.next() !== '}') entries.push(parseEntry(parser, path, inOr));
  if (entries.length === 0) parser.refuse('Empty objects are not allowed');
  parser.path = path;
  return { kind: 'fields', path, entries, at, end: parser.tokens.end };
}

function parseEntry(parser: Parser, path: string, inOr: boolean): PatternEntry {
  const { value: name, at, end } = parser.tokens;
  if (name === '$or') return parseOr(parser, { name, path, at, end });
  const key: Key = { name, path: joined(path, name), at, end };
  parser.path = key.path;
  if (inOr && RESERVED_IN_OR.has(name)) parser.refuse(`${name} is Ruler reserved fieldName which cannot be used inside $or.`);
  const opened = parser.next();
  if (opened === '{') return { kind: 'nested', key, fields: parseFields(parser, key.path, inOr) };
  if (opened !== '[') parser.refuse(`"${name}" must be an object or an array`);
  return parseLeaf(parser, key);
}

function parseOr(parser: Parser, key: Key): Or {
  parser.path = joined(key.path, '$or');
  if (parser.next() !== '[') parser.refuse('It must be an Array followed with $or.');
  const arms: Fields[] = [];
  while (parser.next() !== ']') {
    if (parser.tokens.kind !== '{') parser.refuse('Only JSON object is allowed in array of $or relationship.');
    arms.push(parseFields(parser, key.path, true));
  }
  parser.path = joined(key.path, '$or');
  if (arms.length < 2) parser.refuse('There must have at least 2 Objects in $or relationship.');
  return { kind: 'or', key, arms, at: key.at, end: parser.tokens.end };
}

function parseLeaf(parser: Parser, key: Key): Leaf {
  const matchers: Matcher[] = [];
  while (parser.next() !== ']') matchers.push(parseMatcher(parser));
  if (matchers.length === 0) parser.refuse('Empty arrays are not allowed');
  return { kind: 'leaf', key, matchers, at: key.at, end: parser.tokens.end };
}

type Unplaced<T> = T extends unknown ? Omit<T, keyof Span> : never;
type Operator = (parser: Parser) => Unplaced<Matcher>;

function parseMatcher(parser: Parser): Matcher {
  const at = parser.tokens.at;
  const matcher = parser.tokens.kind === '{' ? parseExpression(parser) : exactMatcher(parser);
  return { ...matcher, at, end: parser.tokens.end } as Matcher;
}

function exactMatcher(parser: Parser): Unplaced<Matcher> {
  const { kind, value } = parser.tokens;
  if (kind === 'string') return stringMatcher(value);
  if (kind === 'number') return { kind: 'number', text: value, value: comparableNumber(value) };
  if (kind === 'null') return { kind: 'literal', value: null };
  if (kind === 'true' || kind === 'false') return { kind: 'literal', value: kind === 'true' };
  return parser.refuse('Match value must be String, number, true, false, or null');
}

function stringMatcher(value: string): Unplaced<Matcher> {
  const address = ipAddressOf(value);
  return address?.length === 32 ? { kind: 'string', value, address } : { kind: 'string', value };
}

/** What may stand as the key of `{ … }` in a list. Each reads its value and its closing brace. */
const OPERATORS: Record<string, Operator | undefined> = {
  __proto__: null as never,
  prefix: (parser) => parseAffix(parser, 'prefix'),
  suffix: (parser) => parseAffix(parser, 'suffix'),
  'equals-ignore-case': (parser) => onlyKey(parser, { kind: 'equals-ignore-case', value: stringFor(parser, 'equals-ignore-case') }),
  wildcard: parseWildcard,
  'anything-but': parseAnythingBut,
  numeric: parseNumeric,
  exists: parseExists,
  cidr: parseCidr,
};

function parseExpression(parser: Parser): Unplaced<Matcher> {
  if (parser.next() !== 'key') parser.refuse('Match expression name not found');
  const operator = OPERATORS[parser.tokens.value];
  if (operator === undefined) parser.refuse(`Unrecognized match type ${parser.tokens.value}`);
  return operator(parser);
}

/** The string after an operator. */
function stringFor(parser: Parser, operator: string): string {
  if (parser.next() !== 'string') parser.refuse(`${operator} match pattern must be a string`);
  return parser.tokens.value;
}

/** The closing brace after an operator and its value. */
function onlyKey<T>(parser: Parser, matcher: T): T {
  if (parser.next() !== '}') parser.refuse('Only one key allowed in match expression');
  return matcher;
}

function parseAffix(parser: Parser, kind: 'prefix' | 'suffix'): Unplaced<Matcher> {
  const given = parser.next();
  if (given === '{') return parseAffixIgnoringCase(parser, kind);
  if (given !== 'string') parser.refuse(`${kind} match pattern must be a string`);
  return onlyKey(parser, { kind, value: parser.tokens.value, ignoreCase: false });
}

function parseAffixIgnoringCase(parser: Parser, kind: 'prefix' | 'suffix'): Unplaced<Matcher> {
  const capital = kind === 'prefix' ? 'Prefix' : 'Suffix';
  if (parser.next() !== 'key') parser.refuse(`${capital} expression name not found`);
  if (parser.tokens.value !== 'equals-ignore-case') parser.refuse(`Unsupported ${kind} pattern: ${parser.tokens.value}`);
  const value = stringFor(parser, 'equals-ignore-case');
  return onlyKey(parser, onlyKey(parser, { kind, value, ignoreCase: true }));
}

function parseWildcard(parser: Parser): Unplaced<Matcher> {
  const value = stringFor(parser, 'wildcard');
  const parts = parser.attempt(() => wildcardParts(value));
  return onlyKey(parser, { kind: 'wildcard', value, parts });
}

function parseExists(parser: Parser): Unplaced<Matcher> {
  const given = parser.next();
  if (given !== 'true' && given !== 'false') parser.refuse('exists match pattern must be either true or false.');
  return onlyKey(parser, { kind: 'exists', value: given === 'true' });
}

function parseCidr(parser: Parser): Unplaced<Matcher> {
  // EventBridge says "prefix" here too.
  const value = stringFor(parser, 'prefix');
  const range = parser.attempt(() => blockOf(value));
  return onlyKey(parser, { kind: 'cidr', value, ...range });
}

function parseNumeric(parser: Parser): Unplaced<Matcher> {
  if (parser.next() !== '[') parser.refuse('Value of numeric must be an array.');
  const range = parseRange(parser);
  if (parser.next() !== '}') parser.refuse('Too many elements in numeric expression');
  return range;
}

const SINGLE_ENDED = ['=', '<', '<='];

function parseRange(parser: Parser): NumericMatcher {
  if (parser.next() !== 'string') parser.refuse(`Invalid member in numeric match: ${parser.tokens.value}`);
  const operator = parser.tokens.value;
  parser.next();
  if (![...SINGLE_ENDED, '>', '>='].includes(operator)) parser.refuse(`Unrecognized numeric range operator: ${operator}`);
  if (parser.tokens.kind !== 'number') parser.refuse(`Value of ${operator === '=' ? 'equals' : operator} must be numeric`);
  const text = parser.tokens.value;
  const after = parser.next();
  if (SINGLE_ENDED.includes(operator) && after !== ']') parser.refuse('Too many elements in numeric expression');
  return after === ']' ? singleRange(parser, operator, text) : parseUpperEnd(parser, operator, text);
}

function singleRange(parser: Parser, operator: string, text: string): NumericMatcher {
  const value = comparable(parser, text);
  const bound = { value, inclusive: operator.endsWith('=') };
  const atLeast = operator === '=' || operator.startsWith('>');
  const atMost = operator === '=' || operator.startsWith('<');
  return { kind: 'numeric', low: atLeast ? bound : undefined, high: atMost ? bound : undefined };
}

function parseUpperEnd(parser: Parser, lowOperator: string, lowText: string): NumericMatcher {
  if (parser.tokens.kind !== 'string') parser.refuse(`Bad value in numeric range: ${parser.tokens.value}`);
  const operator = parser.tokens.value;
  if (operator !== '<' && operator !== '<=') parser.refuse(`Bad numeric range operator: ${operator}`);
  if (parser.next() !== 'number') parser.refuse(`Value of ${operator} must be numeric`);
  const text = parser.tokens.value;
  if (parser.next() !== ']') parser.refuse('Too many terms in numeric range expression');
  const low = { value: comparable(parser, lowText), inclusive: lowOperator === '>=' };
  const high = { value: comparable(parser, text), inclusive: operator === '<=' };
  if (low.value >= high.value) parser.refuse('Bottom must be less than top');
  return { kind: 'numeric', low, high };
}

function comparable(parser: Parser, text: string): number {
  return comparableNumber(text) ?? parser.refuse(`Cannot compare number : ${text}`);
}

type But = AnythingButMatcher['but'];
const BUT_OPERATORS = ['prefix', 'suffix', 'equals-ignore-case', 'wildcard'] as const;
type ButOperator = (typeof BUT_OPERATORS)[number];

function parseAnythingBut(parser: Parser): Unplaced<Matcher> {
  const operator = parser.next() === '{' ? parseButOperator(parser) : undefined;
  if (!['[', 'string', 'number'].includes(parser.tokens.kind))
    parser.refuse('Value of anything-but must be an array or single string/number value.');
  const but = operator === undefined ? parseButValues(parser) : parseButTexts(parser, operator);
  if (parser.next() !== '}') parser.refuse('Too many elements in numeric expression');
  if (operator !== undefined && parser.next() !== '}') parser.refuse('Too many elements in numeric expression');
  return { kind: 'anything-but', but };
}

/** The operator inside `anything-but`, leaving the parser at the operator's value. */
function parseButOperator(parser: Parser): ButOperator {
  if (parser.next() !== 'key') parser.refuse('Anything-But expression name not found');
  const operator = BUT_OPERATORS.find((each) => each === parser.tokens.value);
  if (operator === undefined) parser.refuse(`Unsupported anything-but pattern: ${parser.tokens.value}`);
  parser.next();
  return operator;
}

/** One value or a list: `take` is called with the parser at each value. */
function eachValue(parser: Parser, take: () => void): void {
  if (parser.tokens.kind !== '[') take();
  else while (parser.next() !== ']') take();
}

function parseButValues(parser: Parser): But {
  const strings: string[] = [];
  const numbers: number[] = [];
  eachValue(parser, () => {
    if (parser.tokens.kind === 'string') strings.push(parser.tokens.value);
    else if (parser.tokens.kind === 'number') numbers.push(comparable(parser, parser.tokens.value));
    else parser.refuse('Inside anything but list, start|null|boolean is not supported.');
  });
  if (strings.length > 0 === numbers.length > 0)
    parser.refuse('Inside anything but list, either all values are number or string, mixed type is not supported');
  return numbers.length > 0 ? { kind: 'number', values: numbers } : { kind: 'string', values: strings };
}

const NOT_A_STRING: Record<ButOperator, string> = {
  prefix: 'prefix/suffix match pattern must be a string',
  suffix: 'prefix/suffix match pattern must be a string',
  'equals-ignore-case': 'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.',
  wildcard: 'wildcard match pattern must be a string',
};

function parseButTexts(parser: Parser, kind: ButOperator): But {
  const values: string[] = [];
  eachValue(parser, () => {
    if (parser.tokens.kind !== 'string') parser.refuse(NOT_A_STRING[kind]);
    const affix = kind === 'prefix' || kind === 'suffix';
    if (affix && parser.tokens.value === '') parser.refuse('Null prefix/suffix not allowed');
    values.push(parser.tokens.value);
  });
  if (kind !== 'wildcard') return { kind, values };
  return { kind, values, parts: values.map((value) => parser.attempt(() => wildcardParts(value))) };
}
