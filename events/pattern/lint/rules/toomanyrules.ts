// `too-many-rules`: more rules than a bus may have.
import { MAX_RULES_OF_BUS } from '../../limits.ts';
import { EVENTBRIDGE_GUIDE, type LintRule, wholePattern } from '../lintrule.ts';

const rules = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ pattern: { source: ['cloudtrail.ec2'], detail: { eventID: [`${index + 1}`] } } }));

export const tooManyRules: LintRule = {
  id: 'too-many-rules',
  severity: 'warning',
  title: 'more rules than a bus may have',
  link: `${EVENTBRIDGE_GUIDE}/eb-quota.html`,
  example: { wrong: rules(MAX_RULES_OF_BUS + 1), right: rules(MAX_RULES_OF_BUS) },
  compare: (linted) => {
    const rule = linted[MAX_RULES_OF_BUS];
    if (rule === undefined) return [];
    const message = `${linted.length} rules, and a bus may have ${MAX_RULES_OF_BUS}`;
    return [{ rule, message, help: 'ask for a higher quota, or join rules', ...wholePattern(rule) }];
  },
};
