// EventBridge's limits on patterns that its engine doesn't have: what is certainly refused, and estimates for what probably is.
import type { Leaf, Pattern } from './ast.ts';
import { leavesOf } from './ast.ts';
import { LazyDfa } from './lazydfa.ts';
import { Nfa } from './nfa.ts';

/** Characters in a pattern. Source: EventBridge quotas, "Event pattern size" (read 2026-11-22); adjustable up to `MAX_RAISED_LENGTH`. */
export const MAX_PATTERN_LENGTH = 2048;
export const MAX_RAISED_LENGTH = 4096;

/**
 * Wildcard complexity above which EventBridge says "Rule is too complex". It publishes no number: of patterns tried there 7 was taken and 11
 * refused. Source: User Guide, "Wildcard matching complexity" (read 2026-11-22), which asks for fewer wildcards and less repetition after them.
 */
export const MAX_WILDCARD_COMPLEXITY = 10;

export const TOO_COMPLEX =
  'Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character';

/** Complexity isn't counted further than this. */
const ENOUGH = 100;
/** States looked at in counting; beyond, what was found so far stands. */
const MOST_STATES = 500;

/**
 * How many beginnings of a field's wildcards one text can leave possible at the same time, which is what EventBridge seems to limit. For one wildcard the
 * number of Event Ruler's `evaluateComplexity` (2,952 of 3,000 random ones the same, the others one off); lists may differ by a little more.
 */
export function wildcardComplexity(leaf: Leaf): number {
  const nfa = new Nfa();
  for (const matcher of leaf.matchers) {
    if (matcher.kind === 'wildcard') nfa.add({ parts: matcher.parts, ignoreCase: false });
    else if (matcher.kind === 'anything-but' && matcher.but.kind === 'wildcard')
      for (const parts of matcher.but.parts) nfa.add({ parts, ignoreCase: false });
  }
  return mostPossible(new LazyDfa(nfa));
}

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

/** The longest run of stars followed by the same characters: 5 in `*:*:*:*:*:event-bus/*`, where the fifth goes on after them. */
export function repeatsAfterStars(parts: string[]): number {
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

/**
 * A leaf that EventBridge certainly refuses as too complex: the same characters follow more than four stars in a row. Only this is an error;
 * what `wildcardComplexity` finds beyond `MAX_WILDCARD_COMPLEXITY` is probably refused, and the engine itself takes it.
 */
export function tooComplex(pattern: Pattern): Leaf | undefined {
  for (const leaf of leavesOf(pattern.root)) if (wildcardsOf(leaf).some((parts) => repeatsAfterStars(parts) > MAX_REPEATS)) return leaf;
  return undefined;
}

function wildcardsOf(leaf: Leaf): string[][] {
  return leaf.matchers.flatMap((matcher) => {
    if (matcher.kind === 'wildcard') return [matcher.parts];
    return matcher.kind === 'anything-but' && matcher.but.kind === 'wildcard' ? matcher.but.parts : [];
  });
}
