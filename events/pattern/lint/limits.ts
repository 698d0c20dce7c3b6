// Limits of EventBridge.
import type { Leaf, Matcher } from '../ast.ts';
import type { Check, Found } from './finding.ts';

/** Characters of a pattern: what every account has, and what may be asked for. Source: EventBridge quotas (read 2026-11-22). */
const DEFAULT_LENGTH = 2048;
const LARGEST_LENGTH = 4096;
/** Stars on one field: 7 were accepted and 11 refused by EventBridge as "Rule is too complex" (tried 2026-11); where between is not known. */
const SAFE_STARS = 7;
const REFUSED_STARS = 11;
/** Targets of a rule, and rules on a bus. Source: EventBridge quotas (read 2026-11-22). */
const MOST_TARGETS = 5;
export const MOST_RULES = 300;

/** Length as EventBridge stores it: without the spaces between the parts. */
function compactLength(text: string): number {
  return text.replace(/"(?:[^"\\]|\\.)*"|\s+/g, (part) => (part.startsWith('"') ? part : '')).length;
}

export const tooLong: Check = ({ pattern, hasUnknowns }) => {
  const length = compactLength(pattern.text);
  if (length <= DEFAULT_LENGTH) return [];
  const { at } = pattern.root;
  const message = `the pattern has ${length} characters${hasUnknowns ? ' or so' : ''}, and EventBridge takes ${length > LARGEST_LENGTH ? LARGEST_LENGTH : DEFAULT_LENGTH}`;
  const help = length > LARGEST_LENGTH ? 'split it into several rules' : `split it, or ask for the quota of ${LARGEST_LENGTH}`;
  return [{ id: 'pattern-too-long', severity: length > LARGEST_LENGTH ? 'error' : 'warning', message, help, at, end: at + 1 }];
};

const starsOf = (matcher: Matcher): number => {
  if (matcher.kind === 'wildcard') return matcher.parts.length - 1;
  if (matcher.kind !== 'anything-but' || matcher.but.kind !== 'wildcard') return 0;
  return matcher.but.parts.reduce((sum, parts) => sum + parts.length - 1, 0);
};

export const tooManyWildcards: Check = ({ leaves }) => {
  const byPath = new Map<string, { stars: number; leaf: Leaf }>();
  for (const leaf of leaves) {
    const stars = leaf.matchers.reduce((sum, matcher) => sum + starsOf(matcher), 0);
    byPath.set(leaf.key.path, { stars: stars + (byPath.get(leaf.key.path)?.stars ?? 0), leaf });
  }
  return [...byPath].flatMap(([path, { stars, leaf }]): Found[] => {
    if (stars <= SAFE_STARS) return [];
    const message = `${stars} stars on \`${path}\`: EventBridge ${stars >= REFUSED_STARS ? 'refuses' : 'may refuse'} it as "Rule is too complex"`;
    const help = 'use prefix or suffix where a star stands at one end, or split the rule';
    return [
      { id: 'too-many-wildcards', severity: stars >= REFUSED_STARS ? 'error' : 'warning', message, help, at: leaf.at, end: leaf.end },
    ];
  });
};

export const tooManyTargets: Check = ({ targets = 0, pattern: { root } }) =>
  targets <= MOST_TARGETS
    ? []
    : [
        {
          id: 'too-many-targets',
          message: `${targets} targets, and a rule may have ${MOST_TARGETS}`,
          help: 'make a second rule with the same pattern, or send to one SNS topic',
          at: root.at,
          end: root.at + 1,
        },
      ];
