// `too-many-targets`: more targets than a rule may have.
import { EVENTBRIDGE_GUIDE, type LintRule, wholePattern } from '../lintrule.ts';

/** Source: EventBridge quotas, "Targets per rule" (read 2026-11-22). */
const MOST_TARGETS = 5;

const EXAMPLE = { source: ['cloudtrail.iam'] };

export const tooManyTargets: LintRule = {
  id: 'too-many-targets',
  severity: 'error',
  title: 'more targets than a rule may have',
  link: `${EVENTBRIDGE_GUIDE}/eb-quota.html`,
  example: { wrong: [{ pattern: EXAMPLE, targets: MOST_TARGETS + 1 }], right: [{ pattern: EXAMPLE, targets: MOST_TARGETS }] },
  check: (rule) => {
    const { targets = 0 } = rule;
    if (targets <= MOST_TARGETS) return [];
    const help = 'make a second rule with the same pattern, or send to one SNS topic';
    return [{ message: `${targets} targets, and a rule may have ${MOST_TARGETS}`, help, ...wholePattern(rule) }];
  },
};
