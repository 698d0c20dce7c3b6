// `pattern-too-long`: more characters than EventBridge takes.
import { MAX_PATTERN_LENGTH, MAX_RAISED_LENGTH, patternLength } from '../../limits.ts';
import { EVENTBRIDGE_GUIDE, type LintRule, wholePattern } from '../lintrule.ts';

const eventIds = (count: number) => ({ detail: { eventID: Array.from({ length: count }, (_, index) => `event-${1000 + index}`) } });

export const patternTooLong: LintRule = {
  id: 'pattern-too-long',
  severity: 'error',
  title: 'the pattern is longer than EventBridge takes',
  link: `${EVENTBRIDGE_GUIDE}/eb-quota.html`,
  example: { wrong: eventIds(160), right: eventIds(150) },
  check: (rule) => {
    const length = patternLength(rule.pattern.text);
    if (length <= MAX_PATTERN_LENGTH) return [];
    const most = length > MAX_RAISED_LENGTH ? MAX_RAISED_LENGTH : MAX_PATTERN_LENGTH;
    const message = `the pattern has ${length} characters${rule.hasUnknowns ? ' or so' : ''}, and EventBridge takes ${most}`;
    const help = length > MAX_RAISED_LENGTH ? 'split it into several rules' : `split it, or ask for the quota of ${MAX_RAISED_LENGTH}`;
    return [{ severity: length > MAX_RAISED_LENGTH ? 'error' : 'warning', message, help, ...wholePattern(rule) }];
  },
};
