// `invalid-pattern`: what the engine, and so EventBridge, refuses.
import { offsetAt } from '../../error.ts';
import { EVENTBRIDGE_GUIDE, type LintRule } from '../lintrule.ts';

export const invalidPattern: LintRule = {
  id: 'invalid-pattern',
  severity: 'error',
  title: 'EventBridge refuses the pattern',
  link: `${EVENTBRIDGE_GUIDE}/eb-event-patterns.html`,
  example: { wrong: { source: 'cloudtrail.iam' }, right: { source: ['cloudtrail.iam'] } },
  refused: (refusal, text) => {
    const at = offsetAt(text, refusal);
    const message = refusal.reason.split('\n')[0]!;
    return [{ message, ...(refusal.help === undefined ? {} : { help: refusal.help }), at, end: at + 1 }];
  },
};
