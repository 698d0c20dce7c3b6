// Whether one rule, or branch of one, matches everything that another does. What can't be decided is not claimed.
import type { AffixMatcher, AnythingButMatcher, Bound, Leaf, Matcher, NumericMatcher, StringMatcher } from '../ast.ts';
import type { Branch } from '../branches.ts';
import { asksAbsence, leafHolds } from './leaves.ts';
import type { LintedRule } from './lintrule.ts';

/** A leaf and the text of the pattern it stands in. */
interface Written {
  leaf: Leaf;
  text: string;
}

type MatcherOf<K extends Matcher['kind']> = Extract<Matcher, { kind: K }>;

/** Whether a text satisfies a leaf; the engine is asked only where it isn't plain to see. */
function textHolds(value: string, wide: Written): boolean {
  const plain = wide.leaf.matchers.every(({ kind }) => ['string', 'number', 'literal'].includes(kind));
  const same = wide.leaf.matchers.some((matcher) => matcher.kind === 'string' && matcher.value === value);
  return same || (!plain && leafHolds(JSON.stringify(value), wide.leaf, wide.text));
}

/** Whether every value that `narrow` accepts is accepted by some matcher of `wide`. */
function implies(narrow: Matcher, wide: Written): boolean {
  const { matchers } = wide.leaf;
  switch (narrow.kind) {
    case 'string':
      return narrow.address === undefined ? textHolds(narrow.value, wide) : matchers.some((each) => impliesAddress(narrow, each));
    case 'number':
      return leafHolds(narrow.text, wide.leaf, wide.text);
    case 'literal':
      return leafHolds(String(narrow.value), wide.leaf, wide.text);
    case 'exists':
      return matchers.some((each) => each.kind === 'exists' && each.value === narrow.value);
    default:
      return matchers.some((each) => isPresence(each) || impliesAlike(narrow, each));
  }
}

const isPresence = (matcher: Matcher) => matcher.kind === 'exists' && matcher.value;

/** An IPv6 literal stands for all its spellings. */
const impliesAddress = ({ address }: StringMatcher, wide: Matcher): boolean =>
  isPresence(wide) ||
  (wide.kind === 'string' && wide.address === address) ||
  (wide.kind === 'cidr' && wide.low.length === address!.length && wide.low <= address! && address! <= wide.high);

/** Two matchers of one kind. */
function impliesAlike(narrow: Matcher, wide: Matcher): boolean {
  if (narrow.kind !== wide.kind) return false;
  switch (narrow.kind) {
    case 'prefix':
      return sameCase(narrow, wide as AffixMatcher) && narrow.value.startsWith((wide as AffixMatcher).value);
    case 'suffix':
      return sameCase(narrow, wide as AffixMatcher) && narrow.value.endsWith((wide as AffixMatcher).value);
    case 'equals-ignore-case':
    case 'wildcard':
      return narrow.value === (wide as MatcherOf<'wildcard'>).value;
    case 'numeric':
      return within(narrow, wide as MatcherOf<'numeric'>);
    case 'cidr':
      return withinBlock(narrow, wide as MatcherOf<'cidr'>);
    case 'anything-but':
      return excludesMore(narrow, wide as AnythingButMatcher);
    default:
      return false;
  }
}

const sameCase = (left: { ignoreCase: boolean }, right: { ignoreCase: boolean }) => !left.ignoreCase && !right.ignoreCase;

const withinBlock = (narrow: { low: string; high: string }, wide: { low: string; high: string }) =>
  narrow.low.length === wide.low.length && wide.low <= narrow.low && narrow.high <= wide.high;

function within(narrow: NumericMatcher, wide: NumericMatcher): boolean {
  return endWithin(narrow.low, wide.low, 1) && endWithin(narrow.high, wide.high, -1);
}

/** Whether an end of a range lies inside another one; `sign` 1 for lower ends, -1 for upper ones. */
function endWithin(inner: Bound | undefined, outer: Bound | undefined, sign: number): boolean {
  if (outer === undefined) return true;
  if (inner === undefined) return false;
  const gap = (inner.value - outer.value) * sign;
  return gap > 0 || (gap === 0 && (outer.inclusive || !inner.inclusive));
}

/** Whether `narrow` excludes all that `wide` excludes. */
function excludesMore({ but: narrow }: AnythingButMatcher, { but: wide }: AnythingButMatcher): boolean {
  if (narrow.kind !== wide.kind) return false;
  const excluded = new Set<string | number>(narrow.values);
  return wide.values.every((value) => excluded.has(value));
}

/**
 * Whether every event that `narrow` matches is matched by `wide`. Absence is judged in the array elements that the other fields have
 * chosen, so where `wide` asks for it both must look at the same fields.
 */
export function branchCovered(narrow: Branch, narrowText: string, wide: Branch, wideText: string): boolean {
  if (wide.size > narrow.size) return false;
  if (wide.size < narrow.size && [...wide.values()].some(asksAbsence)) return false;
  for (const [path, leaf] of wide) {
    const inner = narrow.get(path);
    if (inner === undefined) return false;
    if (narrowText.slice(inner.key.end, inner.end) === wideText.slice(leaf.key.end, leaf.end)) continue;
    if (!inner.matchers.every((matcher) => implies(matcher, { leaf, text: wideText }))) return false;
  }
  return true;
}

/** Branches beyond which a rule is not compared: the work grows with their product. */
export const MOST_BRANCHES = 50;

/** Whether one rule wholly covers another. Never says so where it isn't. */
export function covers(wide: LintedRule, narrow: LintedRule): boolean {
  if (wide.hasUnknowns || narrow.hasUnknowns || wide.branches.length > MOST_BRANCHES || narrow.branches.length > MOST_BRANCHES)
    return false;
  return narrow.branches.every((inner) =>
    wide.branches.some((outer) => branchCovered(inner, narrow.pattern.text, outer, wide.pattern.text)),
  );
}
