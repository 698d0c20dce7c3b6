// `covered-rule`: a rule beside another one that matches all it does.
import { covers } from '../cover.ts';
import { EVENTBRIDGE_GUIDE, type LintedRule, type LintRule, wholePattern } from '../lintrule.ts';

export const coveredRule: LintRule = {
  id: 'covered-rule',
  severity: 'warning',
  title: 'another rule matches everything this one does',
  link: `${EVENTBRIDGE_GUIDE}/eb-patterns-best-practices.html`,
  example: {
    wrong: [
      { pattern: { detail: { eventName: ['CreateUser'] } } },
      { pattern: { detail: { eventName: [{ prefix: 'Create' }, 'DeleteUser'] } } },
    ],
    right: [
      { pattern: { detail: { eventName: ['UpdateUser'] } } },
      { pattern: { detail: { eventName: [{ prefix: 'Create' }, 'DeleteUser'] } } },
    ],
  },
  compare: (rules) =>
    rules.flatMap((rule, index) => {
      const by = coveringRule(rule, index, rules);
      if (by === undefined) return [];
      const message = `rule \`${by.name}\` matches everything that this one does`;
      return [{ rule, message, help: 'leave one of the two out', ...wholePattern(rule) }];
    }),
};

/** A rule that covers this one; of two that cover each other the earlier one stays. */
const coveringRule = (rule: LintedRule, index: number, rules: readonly LintedRule[]): LintedRule | undefined =>
  rules.find((other, otherIndex) => other !== rule && covers(other, rule) && (otherIndex < index || !covers(rule, other)));
