// EventBridge's limits on patterns, which its engine doesn't have.
import type { Leaf, Pattern } from './ast.ts';
import { leavesOf } from './ast.ts';
import { LazyDfa } from './lazydfa.ts';
import { Nfa } from './nfa.ts';

/** Characters in a pattern. Source: EventBridge quotas, "Event pattern size" (read 2026-11-22); adjustable up to `MAX_RAISED_LENGTH`. */
export const MAX_PATTERN_LENGTH = 2048;
export const MAX_RAISED_LENGTH = 4096;

/** Length as EventBridge stores a pattern: without the spaces between its parts. */
export const patternLength = (text: string): number =>
  text.replace(/"(?:[^"\\]|\\.)*"|\s+/g, (part) => (part.startsWith('"') ? part : '')).length;

/** Rules on a bus, adjustable, and targets of a rule. Source: EventBridge quotas (read 2026-11-22). */
export const MAX_RULES_OF_BUS = 300;
export const MAX_TARGETS_OF_RULE = 5;

/**
 * The one limit for wildcards: EventBridge probably refuses a list whose `wildcardComplexity` is higher. It publishes no number; of patterns tried
 * there 7 was taken and 11 refused. Source: User Guide, "Wildcard matching complexity" (read 2026-11-22), which asks for fewer wildcards and less
 * repetition after them.
 */
export const MAX_WILDCARD_COMPLEXITY = 10;

export const TOO_COMPLEX =
  'Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character';

/** Complexity isn't counted further than this. */
const ENOUGH = 100;
/** States looked at in counting; beyond, what was found so far stands. */
const MOST_STATES = 500;

/**
 * How many beginnings of a list's wildcards one text can leave possible at the same time, which is what EventBridge seems to limit. For one wildcard the
 * number of Event Ruler's `evaluateComplexity` (2,952 of 3,000 random ones the same, the others one off); lists may differ by a little more.
 */
export function wildcardComplexity(leaf: Leaf): number {
  const nfa = new Nfa();
  for (const parts of wildcardsOf(leaf)) nfa.add({ parts, ignoreCase: false });
  return mostPossible(new LazyDfa(nfa));
}

/** Whether EventBridge probably refuses a list for its wildcards. */
export const isTooComplex = (leaf: Leaf): boolean => wildcardComplexity(leaf) > MAX_WILDCARD_COMPLEXITY;

/** The largest number of nodes possible at once after at least one byte, over all texts. */
function mostPossible(lazyDfa: LazyDfa): number {
  const seen = new Set<number>();
  const open = [lazyDfa.start];
  let most = 0;
  for (let state = open.pop(); state !== undefined && seen.size < MOST_STATES && most < ENOUGH; state = open.pop()) {
    for (let byteClass = 0; byteClass < lazyDfa.note; byteClass++) {
      const next = lazyDfa.advance(state, byteClass);
      if (seen.has(next)) continue;
      seen.add(next);
      most = Math.max(most, lazyDfa.possible(next));
      open.push(next);
    }
  }
  return most;
}

/** How many stars in a row may be followed by the same characters. */
const MAX_REPEATS = 4;

/**
 * A list that is too complex, in the form that EventBridge was seen to refuse: the same characters follow more than four stars in a row. `compile`
 * refuses only these. Event Ruler, whose verdicts on random patterns the engine keeps, has no limit and takes lists of more than twice the complexity.
 */
export const certainlyRefused = (pattern: Pattern): Leaf | undefined =>
  [...leavesOf(pattern.root)].find(
    (leaf) => wildcardsOf(leaf).some((parts) => repeatsAfterStars(parts) > MAX_REPEATS) && isTooComplex(leaf),
  );

/** The longest run of stars followed by the same characters: 5 in `*:*:*:*:*:event-bus/*`, where the fifth goes on after them. */
function repeatsAfterStars(parts: string[]): number {
  let longest = 0;
  let run = 0;
  for (let index = 1; index < parts.length; index++) {
    const part = parts[index]!;
    const before = parts[index - 1]!;
    const goesOn = index > 1 && before !== '' && part.startsWith(before);
    run = part === '' ? 0 : goesOn ? run + 1 : 1;
    longest = Math.max(longest, run);
    if (part !== before && goesOn) run = 1;
  }
  return longest;
}

/** The wildcards of a list, each as its literal pieces. */
const wildcardsOf = ({ matchers }: Leaf): string[][] =>
  matchers.flatMap((matcher) => {
    if (matcher.kind === 'wildcard') return [matcher.parts];
    return matcher.kind === 'anything-but' && matcher.but.kind === 'wildcard' ? matcher.but.parts : [];
  });
