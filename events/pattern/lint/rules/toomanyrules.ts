// `too-many-rules`: more rules than a bus may have.
import { EVENTBRIDGE_GUIDE, type LintRule, wholePattern } from '../lintrule.ts';

/** Source: EventBridge quotas, "Rules" per bus (read 2026-11-22); adjustable. */
const MOST_RULES = 300;

const rules = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ pattern: { source: ['cloudtrail.ec2'], detail: { eventID: [`${index + 1}`] } } }));

export const tooManyRules: LintRule = {
  id: 'too-many-rules',
  severity: 'warning',
  title: 'more rules than a bus may have',
  link: `${EVENTBRIDGE_GUIDE}/eb-quota.html`,
  example: { wrong: rules(MOST_RULES + 1), right: rules(MOST_RULES) },
  compare: (linted) => {
    const rule = linted[MOST_RULES];
    if (rule === undefined) return [];
    const message = `${linted.length} rules, and a bus may have ${MOST_RULES}`;
    return [{ rule, message, help: 'ask for a higher quota, or join rules', ...wholePattern(rule) }];
  },
};
