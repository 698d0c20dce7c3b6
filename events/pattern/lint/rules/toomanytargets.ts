// `too-many-targets`: more targets than a rule may have.
import { MAX_TARGETS_OF_RULE } from '../../limits.ts';
import { EVENTBRIDGE_GUIDE, type LintRule, wholePattern } from '../lintrule.ts';

const EXAMPLE = { source: ['cloudtrail.iam'] };

export const tooManyTargets: LintRule = {
  id: 'too-many-targets',
  severity: 'error',
  title: 'more targets than a rule may have',
  link: `${EVENTBRIDGE_GUIDE}/eb-quota.html`,
  example: { wrong: [{ pattern: EXAMPLE, targets: MAX_TARGETS_OF_RULE + 1 }], right: [{ pattern: EXAMPLE, targets: MAX_TARGETS_OF_RULE }] },
  check: (rule) => {
    const { targets = 0 } = rule;
    if (targets <= MAX_TARGETS_OF_RULE) return [];
    const help = 'make a second rule with the same pattern, or send to one SNS topic';
    return [{ message: `${targets} targets, and a rule may have ${MAX_TARGETS_OF_RULE}`, help, ...wholePattern(rule) }];
  },
};
