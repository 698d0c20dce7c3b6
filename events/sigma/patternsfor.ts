// Expressions as event patterns: branches that hold alternatively, put together again where they differ in one field.
import { isTooComplex, leavesOf, PatternError, parsePattern } from '../pattern/index.ts';
import type { FieldAsked, NormalExpression } from './expression.ts';
import { fieldKind, mayShareList } from './fieldkinds.ts';
import { type FieldSet, isEverything, isImpossible, otherValues, valuesInBoth } from './fieldset.ts';
import { leafOf, type Spellings } from './leaf.ts';
import { type SigmaNote, turnedOver, Unsayable } from './notes.ts';

export interface SaidPatterns {
  /** Any of these; none where nothing can match. */
  patterns: object[];
  notes: SigmaNote[];
}

/** Most alternatives of one rule. The engine takes 10,000 of a pattern; nobody reads as many. */
const MAX_ALTERNATIVES = 1_000;

/** What is asked of one field in one alternative. */
interface FieldWanted {
  set: FieldSet;
  notes: SigmaNote[];
}
type Alternative = ReadonlyMap<string, FieldWanted>;
type Leaves = ReadonlyMap<string, unknown[]>;

/**
 * Says an expression as patterns.
 * @throws Unsayable
 */
export function patternsFor(expression: NormalExpression): SaidPatterns {
  const notes: SigmaNote[] = [];
  const alternatives = alternativesOf(expression, notes);
  for (const alternative of alternatives)
    notes.push(...[...alternative.values()].flatMap((wanted) => wanted.notes), ...sharingNotes(alternative));
  const said = patternsOfAlternatives(alternatives, 'all');
  const simpler = said.patterns.some(isHard) ? patternsOfAlternatives(alternatives, 'written') : said;
  return { patterns: simpler.patterns, notes: [...notes, ...simpler.notes] };
}

/** Whether EventBridge probably refuses its wildcards. */
function isHard(pattern: object): boolean {
  if (!JSON.stringify(pattern).includes('"wildcard"')) return false;
  try {
    return [...leavesOf(parsePattern(pattern).root)].some(isTooComplex);
  } catch (error) {
    if (error instanceof PatternError) return true;
    throw error;
  }
}

function patternsOfAlternatives(alternatives: readonly Alternative[], spellings: Spellings): SaidPatterns {
  const notes: SigmaNote[] = [];
  const leaves = alternatives.map(
    (alternative): Leaves =>
      new Map(
        [...alternative].map(([field, { set }]) => {
          const leaf = leafOf(set, field, fieldKind(field), spellings);
          notes.push(...leaf.notes);
          return [field, leaf.matchers];
        }),
      ),
  );
  return { patterns: joinedPatterns(merged(leaves)), notes };
}

function alternativesOf(expression: NormalExpression, notes: SigmaNote[]): Alternative[] {
  switch (expression.kind) {
    case 'is':
    case 'not':
      return alternativeOf(expression.asked, expression.kind === 'not');
    case 'or':
      return someOf(expression.of, notes);
    case 'and':
      return allOf(expression.of.map((each) => alternativesOf(each, notes)));
    case 'unsayable':
      throw new Unsayable(expression.why);
    default:
      throw new Unsayable('two fields can be compared only where that must hold for the whole rule');
  }
}

function alternativeOf(asked: FieldAsked, isNegated: boolean): Alternative[] {
  const kind = fieldKind(asked.field);
  const set = isNegated ? otherValues(asked.set) : asked.set;
  if (set === undefined) throw new Unsayable(`\`${asked.field}\`: a pattern can’t say that an address lies outside blocks`);
  if (isImpossible(set, kind)) return [];
  if (isEverything(set, kind)) return [new Map()];
  const notes = isNegated ? [...turnedOver(asked.notes), ...listNotes(asked.field)] : asked.notes;
  return [new Map([[asked.field, { set, notes }]])];
}

const listNotes = (field: string): SigmaNote[] =>
  fieldKind(field) === 'any' ? [{ finds: 'more', words: `where \`${field}\` is a list, one value that is not meant is enough` }] : [];

/** Those that can be said, unless none can. */
function someOf(of: readonly NormalExpression[], notes: SigmaNote[]): Alternative[] {
  const reasons: string[] = [];
  const all = of.flatMap((each) => {
    try {
      return [alternativesOf(each, notes)];
    } catch (error) {
      if (!(error instanceof Unsayable) || error instanceof TooMany) throw error;
      reasons.push(error.message);
      return [];
    }
  });
  if (all.length === 0) throw new Unsayable(reasons.join('; '));
  notes.push(...reasons.map((words): SigmaNote => ({ finds: 'less', words: `an alternative is left out: ${words}`, isLoss: true })));
  return bounded(distinct(all.flat()));
}

function allOf(parts: readonly Alternative[][]): Alternative[] {
  return parts.reduce<Alternative[]>(
    (begun, more) => {
      if (begun.length * more.length > 100 * MAX_ALTERNATIVES) throw tooMany();
      return bounded(distinct(begun.flatMap((one) => more.flatMap((other) => bothOf(one, other)))));
    },
    [new Map()],
  );
}

function bounded(alternatives: Alternative[]): Alternative[] {
  if (alternatives.length > MAX_ALTERNATIVES) throw tooMany();
  return alternatives;
}

/** Then none of them is left out: it would be most of the rule. */
class TooMany extends Unsayable {}

const tooMany = () => new TooMany(`it has more than ${MAX_ALTERNATIVES} alternatives once its conditions are multiplied out`);

const distinct = (alternatives: Alternative[]): Alternative[] => [
  ...new Map(alternatives.map((alternative) => [keyOf(alternative), alternative])).values(),
];
const keyOf = (alternative: Alternative): string =>
  JSON.stringify([...alternative].map(([field, { set }]) => [field, set, set.numbers.map(({ low, high }) => `${low} ${high}`)]));

function bothOf(one: Alternative, other: Alternative): Alternative[] {
  const both = new Map(one);
  for (const [field, wanted] of other) {
    const before = both.get(field);
    const set = before === undefined ? wanted.set : valuesInBoth(before.set, wanted.set);
    if (set === undefined) throw new Unsayable(`\`${field}\`: a pattern can’t ask two such things of one field`);
    if (isImpossible(set, fieldKind(field))) return [];
    both.set(field, before === undefined ? wanted : { set, notes: [...before.notes, ...wanted.notes, ...oneValueNotes(field)] });
  }
  return [both];
}

const oneValueNotes = (field: string): SigmaNote[] =>
  fieldKind(field) === 'any'
    ? [{ finds: 'less', words: `where \`${field}\` is a list, one of its values must fulfil all that is asked of it` }]
    : [];

/** Fields below one list are looked for in one and the same element. */
function sharingNotes(alternative: Alternative): SigmaNote[] {
  const fields = [...alternative.keys()];
  return fields.flatMap((one, at) =>
    fields
      .slice(at + 1)
      .filter((other) => mayShareList(one, other))
      .map(
        (other): SigmaNote => ({ finds: 'less', words: `\`${one}\` and \`${other}\` must hold in one element where they lie in a list` }),
      ),
  );
}

/** Two alternatives that differ in one field are one, with both lists. */
function merged(all: readonly Leaves[]): Leaves[] {
  const left = [...all];
  for (let at = 0; at < left.length; at++) {
    for (let other = at + 1; other < left.length; other++) {
      const both = mergedPair(left[at]!, left[other]!);
      if (both === undefined) continue;
      left[at] = both;
      left.splice(other, 1);
      other = at;
    }
  }
  return left;
}

function mergedPair(one: Leaves, other: Leaves): Leaves | undefined {
  if (one.size !== other.size || ![...one.keys()].every((field) => other.has(field))) return undefined;
  const differing = [...one].filter(([field, matchers]) => JSON.stringify(matchers) !== JSON.stringify(other.get(field)));
  if (differing.length > 1) return undefined;
  const [field] = differing[0] ?? [];
  if (field === undefined) return one;
  const known = new Set(one.get(field)!.map((each) => JSON.stringify(each)));
  return new Map(one).set(field, [...one.get(field)!, ...other.get(field)!.filter((each) => !known.has(JSON.stringify(each)))]);
}

/** One pattern with `$or` where the alternatives share fields, else a list of patterns. */
function joinedPatterns(all: readonly Leaves[]): object[] {
  const [first = new Map<string, unknown[]>(), ...more] = all;
  const common = [...first].filter(([field, matchers]) =>
    more.every((each) => JSON.stringify(each.get(field)) === JSON.stringify(matchers)),
  );
  const names = new Set(common.map(([field]) => field));
  const arms = all.map((leaves) => [...leaves].filter(([field]) => !names.has(field)));
  if (all.length > 0 && arms.some((arm) => arm.length === 0)) return [patternOf(common)];
  if (common.length > 0 && arms.length > 1) {
    const detail = { ...nested(common), $or: arms.map(nested) };
    if (isTaken({ detail })) return [{ detail }];
  }
  return all.map((leaves) => patternOf([...leaves]));
}

/** EventBridge takes no field called `prefix` and the like inside `$or`. */
function isTaken(pattern: object): boolean {
  try {
    parsePattern(pattern);
    return true;
  } catch (error) {
    if (error instanceof PatternError) return false;
    throw error;
  }
}

/** What every event has, or has not: a pattern must ask for something. */
const EVERYTHING: [string, unknown[]][] = [['eventName', [{ exists: true }, { exists: false }]]];

const patternOf = (leaves: readonly [string, unknown[]][]): object => ({ detail: nested(leaves.length === 0 ? EVERYTHING : leaves) });

/** Dotted fields as objects in objects; a field that lies below another one keeps its dots. */
function nested(leaves: readonly [string, unknown[]][]): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const [field, matchers] of leaves) {
    let [place, steps] = [root, field.split('.')];
    while (steps.length > 1) {
      const inner = Object.hasOwn(place, steps[0]!) ? place[steps[0]!] : undefined;
      if (Array.isArray(inner)) break;
      const next = (inner ?? {}) as Record<string, unknown>;
      if (inner === undefined) define(place, steps[0]!, next);
      [place, steps] = [next, steps.slice(1)];
    }
    const name = steps.join('.');
    if (Object.hasOwn(place, name)) define(root, field, matchers);
    else define(place, name, matchers);
  }
  return root;
}

const define = (place: Record<string, unknown>, name: string, value: unknown) =>
  Object.defineProperty(place, name, { value, enumerable: true, configurable: true, writable: true });
