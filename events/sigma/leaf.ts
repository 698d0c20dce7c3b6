// What a field may be, as the list of matchers that an event pattern has for it.
import { listNameOf } from '../detect/index.ts';
import { ipAddressOf } from '../pattern/index.ts';
import type { FieldKind } from './fieldkinds.ts';
import type { FieldSet } from './fieldset.ts';
import { ANY_TEXT, type Glob, lettersIn, literalOf, ONE_CHARACTER, tidied } from './glob.ts';
import { type SigmaNote, turnedOver, Unsayable } from './notes.ts';
import { ALL_NUMBERS, isAllNumbers, NO_NUMBERS, type NumberRange, type NumberSet } from './numberset.ts';
import { isAllText, type TextTest } from './textset.ts';

interface SaidLeaf {
  matchers: unknown[];
  notes: SigmaNote[];
}

/**
 * The matchers for what a field may be.
 * @param spellings  how many spellings of a text that a wildcard stands in are tried
 * @throws Unsayable
 */
export function leafOf(set: FieldSet, field: string, kind: FieldKind, spellings: Spellings): SaidLeaf {
  const known = kind === 'text' ? withOthers(set, set.texts.isBut && (set.null || !isAllText(set.texts))) : set;
  const isAny = known.null && known.true && known.false && isAllText(known.texts) && isAllNumbers(known.numbers);
  const absent = known.absent ? [{ exists: false }] : [];
  if (isAny) return { matchers: [{ exists: true }, ...absent], notes: [] };
  const said = known.texts.isBut && !isAllText(known.texts) ? textBut(known, field, spellings) : valuesSaid(known, field, spellings);
  return { matchers: [...said.matchers, ...absent], notes: said.notes };
}

/** What never stands in a field of text may be said or not, whichever is shorter. */
const withOthers = (set: FieldSet, are: boolean): FieldSet => ({ ...set, true: are, false: are, numbers: are ? ALL_NUMBERS : NO_NUMBERS });

/** `all` there are while they are few, else the likely ones; or the one that is `written`. */
export type Spellings = 'all' | 'written';

function valuesSaid(set: FieldSet, field: string, spellings: Spellings): SaidLeaf {
  const numbersBut = set.null && set.true && set.false && isAllText(set.texts) ? pointsBeside(set.numbers) : undefined;
  if (numbersBut !== undefined) return { matchers: [{ 'anything-but': numbersBut }], notes: [] };
  const texts = isAllText(set.texts)
    ? [{ matchers: [{ prefix: '' }], notes: [] }]
    : set.texts.tests.map((test) => matchersOf(test, field, spellings));
  return {
    matchers: [
      ...distinctMatchers(texts.flatMap(({ matchers }) => matchers)),
      ...set.special,
      ...set.numbers.flatMap(numberMatchers),
      ...[true, false].filter((each) => set[`${each}` as 'true' | 'false']),
      ...(set.null ? [null] : []),
    ],
    notes: texts.flatMap(({ notes }) => notes),
  };
}

/** Each once. */
const distinctMatchers = (matchers: unknown[]): unknown[] =>
  matchers.filter((each, at) => matchers.findIndex((other) => JSON.stringify(other) === JSON.stringify(each)) === at);

/** The numbers left out, where only single ones are. */
function pointsBeside(set: NumberSet): number[] | undefined {
  const points = set.slice(1).map(({ low }) => low);
  const isBut = points.length > 0 && set[0]!.low === -Infinity && set.at(-1)!.high === Infinity;
  return isBut && set.slice(1).every((range, at) => set[at]!.high === range.low && !range.hasLow && !set[at]!.hasHigh) ? points : undefined;
}

/** Numbers of a pattern have two ends at most, and `<` and `>` at infinity are none. */
function numberMatchers({ low, hasLow, high, hasHigh }: NumberRange): unknown[] {
  if (low === high) return [low];
  const from = [hasLow ? '>=' : '>', low];
  const to = [hasHigh ? '<=' : '<', high];
  if (low === -Infinity && high === Infinity) return [{ numeric: ['<', 0] }, { numeric: ['>=', 0] }];
  return [{ numeric: [...(low === -Infinity ? [] : from), ...(high === Infinity ? [] : to)] }];
}

/** All texts but some. `anything-but` takes every value of another kind with it. */
function textBut(set: FieldSet, field: string, spellings: Spellings): SaidLeaf {
  if (set.special.length > 0 || !set.null || !set.true || !set.false || !isAllNumbers(set.numbers))
    throw new Unsayable(`\`${field}\`: a pattern can’t leave out texts and other values of one field at once`);
  const { tests } = set.texts;
  const said = wholeTexts(tests) ?? ends(tests) ?? anyWildcards(tests, field, spellings);
  for (const each of said.excluded) refuseListName(each, field);
  return { matchers: [{ 'anything-but': said.operand }], notes: said.notes };
}

interface Excluded {
  operand: unknown;
  excluded: string[];
  notes: SigmaNote[];
}

function wholeTexts(tests: readonly TextTest[]): Excluded | undefined {
  const texts = tests.map(({ glob }) => literalOf(glob));
  if (!texts.every((text) => text !== undefined)) return undefined;
  if (tests.every(({ isCased }) => isCased)) return { operand: texts, excluded: texts, notes: [] };
  if (tests.some(({ glob, isCased }) => isCased && lettersIn(glob) > 0)) return undefined;
  return { operand: { 'equals-ignore-case': texts }, excluded: texts, notes: [] };
}

function ends(tests: readonly TextTest[]): Excluded | undefined {
  if (!tests.every(({ isCased }) => isCased)) return undefined;
  for (const [name, at] of [
    ['prefix', 0],
    ['suffix', 1],
  ] as const) {
    const texts = tests.map(({ glob }) => (glob.length === 2 && glob[1 - at] === ANY_TEXT ? glob[at] : undefined));
    if (texts.every((text) => typeof text === 'string')) return { operand: { [name]: texts }, excluded: texts, notes: [] };
  }
  return undefined;
}

function anyWildcards(tests: readonly TextTest[], field: string, spellings: Spellings): Excluded {
  const said = tests.map((test) => wildcardsOf(test, field, spellings));
  const wildcards = [...new Set(said.flatMap((each) => each.wildcards))];
  const notes = turnedOver(said.flatMap((each) => each.notes));
  return { operand: { wildcard: wildcards }, excluded: wildcards, notes };
}

function matchersOf(test: TextTest, field: string, spellings: Spellings): SaidLeaf {
  const { glob, isCased } = test;
  const [first, second] = glob;
  const text = literalOf(glob);
  const end = glob.length === 2 ? (second === ANY_TEXT ? first : first === ANY_TEXT ? second : undefined) : undefined;
  for (const each of [text, end]) if (typeof each === 'string') refuseListName(each, field);
  if (text !== undefined) return { matchers: [wholeText(text, isCased)], notes: [] };
  if (typeof end === 'string')
    return { matchers: [{ [second === ANY_TEXT ? 'prefix' : 'suffix']: isCased ? end : { 'equals-ignore-case': end } }], notes: [] };
  const { wildcards, notes } = wildcardsOf(test, field, spellings);
  for (const each of wildcards) refuseListName(each, field);
  return { matchers: wildcards.map((wildcard) => ({ wildcard })), notes };
}

/** A text that is an IPv6 address would be compared as one. */
function wholeText(text: string, isCased: boolean): unknown {
  if (!isCased) return { 'equals-ignore-case': text };
  return ipAddressOf(text)?.length === 32 ? { wildcard: escaped(text) } : text;
}

function refuseListName(text: string, field: string): void {
  if (listNameOf(text) !== undefined) throw new Unsayable(`\`${field}\`: \`${text}\` would be read as the name of a list`);
}

const escaped = (text: string): string => text.replace(/[*\\]/g, '\\$&');
const wildcardText = (glob: Glob): string => glob.map((part) => (typeof part === 'string' ? escaped(part) : '*')).join('');

/** Letters whose every spelling is written out: three make eight wildcards. */
const MAX_LETTERS = 3;

/** A glob as wildcards: of texts without case in every spelling, or in those that are likely. */
function wildcardsOf({ glob, isCased }: TextTest, field: string, spellings: Spellings): { wildcards: string[]; notes: SigmaNote[] } {
  const starred = tidied(glob.map((part) => (part === ONE_CHARACTER ? ANY_TEXT : part)));
  const notes: SigmaNote[] = glob.includes(ONE_CHARACTER)
    ? [{ finds: 'more', words: `\`${field}\`: where one character must stand, any text may` }]
    : [];
  const written = wildcardText(starred);
  if (isCased) return { wildcards: [written], notes };
  if (lettersIn(starred) <= MAX_LETTERS && spellings === 'all') return { wildcards: everySpelling(written), notes };
  const likely = spellings === 'all' ? [...new Set([written, written.toLowerCase(), written.toUpperCase()])] : [written];
  const how = spellings === 'all' ? 'as it is written, in lower and in upper case' : 'only as it is written';
  notes.push({ finds: 'less', words: `\`${field}\`: a text inside another is looked for ${how}` });
  return { wildcards: likely, notes };
}

const everySpelling = (text: string): string[] =>
  [...text].reduce<string[]>(
    (all, each) => all.flatMap((begun) => [...new Set([each.toLowerCase(), each.toUpperCase()])].map((spelling) => begun + spelling)),
    [''],
  );

/** Whether numbers might match as text, which no wildcard looks at. */
export const mayMatchNumbers = (glob: Glob): boolean =>
  literalOf(glob) === undefined &&
  glob.some((part) => part !== ANY_TEXT) &&
  glob.every((part) => typeof part !== 'string' || /^[-+.\deE]*$/.test(part));
