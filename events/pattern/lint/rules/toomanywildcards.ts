// `too-many-wildcards`: wildcards beyond the limit that docs/patterns.md speaks of.
import { isTooComplex, MAX_WILDCARD_COMPLEXITY, wildcardComplexity } from '../../limits.ts';
import { EVENTBRIDGE_GUIDE, type LintRule } from '../lintrule.ts';

export const tooManyWildcards: LintRule = {
  id: 'too-many-wildcards',
  severity: 'warning',
  title: 'wildcards so complex that EventBridge probably refuses the rule',
  link: `${EVENTBRIDGE_GUIDE}/eb-create-pattern-operators.html`,
  example: {
    wrong: { detail: { userAgent: [{ wildcard: '*/dir/*/dir/*/dir/*/dir/*' }] } },
    right: { detail: { userAgent: [{ wildcard: '*/dir/*/dir/*/dir/*' }] } },
  },
  check: ({ leaves }) =>
    leaves.filter(isTooComplex).map((leaf) => ({
      message: `the wildcards of \`${leaf.key.path}\` have a complexity of ${wildcardComplexity(leaf)}: EventBridge probably refuses more than ${MAX_WILDCARD_COMPLEXITY} as "Rule is too complex"`,
      help: 'use prefix or suffix where a star stands at one end, or split the rule',
      at: leaf.at,
      end: leaf.end,
    })),
};
