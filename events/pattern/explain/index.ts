// Why a pattern matches an event or doesn't: every leaf with what it wanted and what was there.
import { type Leaf, leavesOf, type Matcher, type Pattern } from '../ast.ts';
import { type Branch, branchesOf } from '../branches.ts';
import { compile, type NamedPattern } from '../compile.ts';
import { EventError, placeAt, type TextPlace } from '../error.ts';
import { parsePattern } from '../parse.ts';
import { type Reason, rank, reasonFor } from './reasons.ts';
import { type ValueAt, viewOf } from './view.ts';
import { wantedText } from './wanted.ts';

export { REASON_KINDS, type Reason, type ReasonKind } from './reasons.ts';

export interface LeafResult extends TextPlace {
  path: string;
  /** Whether some value there satisfies some matcher, other leaves aside. */
  holds: boolean;
  wanted: string;
  /** What the event has at the path; empty when nothing. `at` names array elements. */
  got: ValueAt[];
  /** Why it doesn't hold. */
  reason?: Reason;
  /** Whether a later leaf of the same path takes its place, so that it counts for nothing. */
  replaced: boolean;
  /** Whether the pattern could match without it: it stands in an arm of `$or`. */
  optional: boolean;
}

export interface Explanation {
  /** The engine's verdict. */
  matches: boolean;
  /** The true reason in one line. */
  summary: string;
  /** Why it doesn't match; of a match, what should be known about it. */
  reasons: Reason[];
  /** In the order of the pattern. */
  leaves: LeafResult[];
}

/**
 * Explains a verdict. Every verdict in it, of the whole, of a leaf, of a pair of leaves, is the engine's.
 *
 * @param pattern  JSON text or object
 * @param event    an event of the bus, JSON text or object
 * @throws PatternError, EventError
 */
export function explain(pattern: string | object, event: string | object): Explanation {
  const parsed = parsePattern(pattern);
  const text = typeof event === 'string' ? event : JSON.stringify(event);
  const leaves = [...leavesOf(parsed.root)];
  const branches = branchesOf(parsed.root);
  const held = verdicts(
    [{ name: 'all', pattern: parsed.text }, ...leaves.map((leaf, index) => leafRule(parsed, leaf, String(index)))],
    text,
  );
  const holding = new Set(leaves.filter((_, index) => held.has(String(index))));
  const view = viewOf(parsedEvent(text));
  const results = leaves.map((leaf) => ({ leaf, ...resultOf(parsed, leaf, holding.has(leaf), view, branches) }));
  const matches = held.has('all');
  const reasons = matches ? remarks(parsed, leaves, text) : failures(parsed, branches, holding, results, text);
  return { matches, summary: summaryOf(matches, reasons), reasons, leaves: results.map(({ leaf: _, ...result }) => result) };
}

function parsedEvent(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new EventError((error as Error).message);
  }
}

const verdicts = (rules: NamedPattern[], event: string): Set<string> => new Set(compile(rules).matchText(event));

const listText = ({ text }: Pattern, leaf: Leaf) => text.slice(leaf.key.end, leaf.end).replace(/^\s*:\s*/, '');

/** A rule of some leaves alone; a dotted key is the same as nesting. */
const leavesRule = (pattern: Pattern, leaves: Iterable<Leaf>, name: string): NamedPattern => ({
  name,
  pattern: `{${[...leaves].map((leaf) => `${JSON.stringify(leaf.key.path)}:${listText(pattern, leaf)}`).join(',')}}`,
});

const leafRule = (pattern: Pattern, leaf: Leaf, name: string): NamedPattern => leavesRule(pattern, [leaf], name);

function resultOf(pattern: Pattern, leaf: Leaf, holds: boolean, view: ReturnType<typeof viewOf>, branches: Branch[]): LeafResult {
  const inBranches = branches.filter((branch) => branch.get(leaf.key.path) === leaf).length;
  return {
    path: leaf.key.path,
    ...placeAt(pattern.text, leaf.key.at),
    holds,
    wanted: wantedText(leaf),
    got: view.leaves.get(leaf.key.path) ?? [],
    ...(holds ? {} : { reason: reasonFor(leaf, view) }),
    replaced: inBranches === 0,
    optional: inBranches > 0 && inBranches < branches.length,
  };
}

/** What keeps the branch that comes nearest from matching, the most telling first. */
function failures(
  pattern: Pattern,
  branches: Branch[],
  holding: Set<Leaf>,
  results: (LeafResult & { leaf: Leaf })[],
  event: string,
): Reason[] {
  const failing = (branch: Branch) => [...branch.values()].filter((leaf) => !holding.has(leaf));
  const best = branches.reduce((least, branch) => (failing(branch).length < failing(least).length ? branch : least));
  const failed = new Set(failing(best));
  if (failed.size === 0) return [otherElement(pattern, best, results, event)];
  return results
    .flatMap(({ leaf, reason }) => (failed.has(leaf) && reason !== undefined ? [reason] : []))
    .sort((left, right) => rank(left) - rank(right));
}

/** Every leaf holds, but not together: values lie in different elements of one array. Names the first two that can't be had together. */
function otherElement(pattern: Pattern, branch: Branch, results: LeafResult[], event: string): Reason {
  const leaves = [...branch.values()];
  const pairs = leaves.flatMap((left, index) => leaves.slice(index + 1).map((right) => [left, right] as const));
  const together = verdicts(
    pairs.map((both, index) => leavesRule(pattern, both, String(index))),
    event,
  );
  const apart = pairs.find((_, index) => !together.has(String(index)));
  const among = apart ?? leaves;
  const named = among.map(({ key }) => `\`${key.path}\` ${placesOf(results.find(({ path }) => path === key.path))}`).join(' and ');
  return {
    kind: 'other-element',
    text: `the values stand in different elements of an array: ${named} must hold in one and the same element`,
  };
}

const placesOf = (result: LeafResult | undefined): string => {
  const places = (result?.got ?? []).slice(0, 4).map(({ value, at }) => `${JSON.stringify(value)} at ${at}`);
  return places.length === 0 ? '' : `(${places.join(', ')})`;
};

/** What is odd about a match: a list in which one matcher is enough, where all were meant. */
function remarks(pattern: Pattern, leaves: Leaf[], event: string): Reason[] {
  return leaves.flatMap((leaf) => {
    const buts = leaf.matchers.filter(({ kind }) => kind === 'anything-but');
    if (buts.length < 2) return [];
    const held = verdicts(
      buts.map((matcher, index) => ({ name: String(index), pattern: matcherPattern(pattern, leaf, matcher) })),
      event,
    );
    const text =
      `one matcher of a list is enough, so ${buts.length} anything-but in \`${leaf.key.path}\` let ${held.size === buts.length ? 'nearly every' : 'this'} value through: ` +
      'write one anything-but with a list of values';
    return [{ kind: 'value' as const, text }];
  });
}

const matcherPattern = ({ text }: Pattern, { key }: Leaf, { at, end }: Matcher) => `{${JSON.stringify(key.path)}:[${text.slice(at, end)}]}`;

function summaryOf(matches: boolean, [first]: Reason[]): string {
  if (matches) return first === undefined ? 'matches' : `matches, but ${first.text}`;
  return `no match: ${first?.text ?? 'the event is not what the pattern wants'}`;
}
