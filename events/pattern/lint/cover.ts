// Which rule, or arm of a rule, can only match what another one matches already. What can't be decided is not claimed.
import type {
  AffixMatcher,
  AnythingButMatcher,
  Bound,
  Fields,
  Leaf,
  Matcher,
  NumericMatcher,
  Or,
  PatternEntry,
  StringMatcher,
} from '../ast.ts';
import { type Branch, branchesOf } from '../branches.ts';
import { compile } from '../compile.ts';
import type { Check, Found, LintedRule } from './finding.ts';

/** A leaf and the text of the pattern it stands in. */
interface Written {
  leaf: Leaf;
  text: string;
}

type Kind<K extends Matcher['kind']> = Extract<Matcher, { kind: K }>;

const leafHolds = (json: string, { leaf, text }: Written): boolean =>
  compile([{ name: 'leaf', pattern: `{"x"${text.slice(leaf.key.end, leaf.end)}}` }]).matchText(`{"x":${json}}`).length > 0;

/** Whether a text satisfies a leaf; the engine is asked only where it isn't plain to see. */
function textHolds(value: string, wide: Written): boolean {
  const plain = wide.leaf.matchers.every(({ kind }) => ['string', 'number', 'literal'].includes(kind));
  const same = wide.leaf.matchers.some((matcher) => matcher.kind === 'string' && matcher.value === value);
  return same || (!plain && leafHolds(JSON.stringify(value), wide));
}

/** Whether every value that `narrow` accepts is accepted by some matcher of `wide`. */
function implies(narrow: Matcher, wide: Written): boolean {
  const { matchers } = wide.leaf;
  switch (narrow.kind) {
    case 'string':
      return narrow.address === undefined ? textHolds(narrow.value, wide) : matchers.some((each) => impliesAddress(narrow, each));
    case 'number':
      return leafHolds(narrow.text, wide);
    case 'literal':
      return leafHolds(String(narrow.value), wide);
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
      return narrow.value === (wide as Kind<'wildcard'>).value;
    case 'numeric':
      return within(narrow, wide as Kind<'numeric'>);
    case 'cidr':
      return withinBlock(narrow, wide as Kind<'cidr'>);
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

const asksAbsence = ({ matchers }: Leaf) => matchers.some((matcher) => matcher.kind === 'exists' && !matcher.value);

/**
 * Whether every event that `narrow` matches is matched by `wide`. Absence is judged in the array elements that the other fields have
 * chosen, so where `wide` asks for it both must look at the same fields.
 */
function branchCovered(narrow: Branch, narrowText: string, wide: Branch, wideText: string): boolean {
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
const MOST_BRANCHES = 50;

/** Whether one rule wholly covers another. Never says so where it isn't. */
export function covers(wide: LintedRule, narrow: LintedRule): boolean {
  if (wide.hasUnknowns || narrow.hasUnknowns || wide.branches.length > MOST_BRANCHES || narrow.branches.length > MOST_BRANCHES)
    return false;
  return narrow.branches.every((inner) =>
    wide.branches.some((outer) => branchCovered(inner, narrow.pattern.text, outer, wide.pattern.text)),
  );
}

/** Rules most of which can't cover each other: of those with a plain eventName, only rules that share one are compared. */
export function coveredRules(rules: LintedRule[]): { rule: LintedRule; by: LintedRule }[] {
  return rules.flatMap((rule, index) => {
    const by = rules.find((other, otherIndex) => other !== rule && covers(other, rule) && (otherIndex < index || !covers(rule, other)));
    return by === undefined ? [] : [{ rule, by }];
  });
}

function* orsOf(fields: Fields): Generator<Or> {
  for (const entry of fields.entries) {
    if (entry.kind === 'or') {
      yield entry;
      for (const arm of entry.arms) yield* orsOf(arm);
    } else if (entry.kind === 'nested') yield* orsOf(entry.fields);
  }
}

export const unreachableArms: Check = ({ pattern, branches }) => {
  if (branches.length > MOST_BRANCHES) return [];
  return [...orsOf(pattern.root)].flatMap((or) => [...replacedArms(or, branches), ...coveredArms(or, pattern.text)]);
};

/** Arms of which no leaf is left, for later fields of the same paths take their places. */
const replacedArms = (or: Or, branches: Branch[]): Found[] =>
  or.arms.flatMap((arm): Found[] => {
    const leaves = branchesOf(arm).flatMap((branch) => [...branch.values()]);
    if (leaves.some((leaf) => branches.some((branch) => branch.get(leaf.key.path) === leaf))) return [];
    const message = 'fields after this $or have the same paths and take the place of all of this arm';
    return [{ id: 'unreachable-arm', message, help: 'move the field that comes later into the arms', at: arm.at, end: arm.end }];
  });

/** Arms that another arm covers. */
function coveredArms({ arms }: Or, text: string): Found[] {
  const armBranches = arms.map((arm) => branchesOf(arm));
  const covered = (inner: number, outer: number) =>
    armBranches[inner]!.every((narrow) => armBranches[outer]!.some((wide) => branchCovered(narrow, text, wide, text)));
  return arms.flatMap(({ at, end }, index): Found[] => {
    const by = arms.findIndex((_, other) => other !== index && covered(index, other) && (other < index || !covered(other, index)));
    if (by < 0) return [];
    const message = `arm ${by + 1} of this $or matches everything that arm ${index + 1} does`;
    return [{ id: 'unreachable-arm', message, help: 'leave this arm out, or make the other one narrower', at, end }];
  });
}

export const repeatedKeys: Check = ({ pattern }) => repeatedIn(pattern.root);

function repeatedIn(fields: Fields): Found[] {
  const leaves = fields.entries.filter((entry): entry is Leaf => entry.kind === 'leaf');
  const found = leaves.flatMap(({ key }, index): Found[] => {
    const later = leaves.slice(index + 1).some((other) => other.key.path === key.path);
    if (!later) return [];
    const message = `\`${key.path}\` stands here twice: only the later one counts`;
    return [{ id: 'repeated-key', message, help: 'put all values into one list', at: key.at, end: key.end }];
  });
  return [...found, ...fields.entries.flatMap(repeatedBelow)];
}

function repeatedBelow(entry: PatternEntry): Found[] {
  if (entry.kind === 'nested') return repeatedIn(entry.fields);
  return entry.kind === 'or' ? entry.arms.flatMap(repeatedIn) : [];
}
