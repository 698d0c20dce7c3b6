// `native-source`: a source of the native feed, which this bus never says.
import { isSourceOf, sourceOn } from '../../../cloudtrail.ts';
import { isAboutOthers } from '../about.ts';
import { leavesAt, namedValues } from '../leaves.ts';
import type { LintRule, RawFinding } from '../lintrule.ts';

export const nativeSource: LintRule = {
  id: 'native-source',
  severity: 'error',
  title: '`source` begins with `aws.`, which this bus never says',
  link: 'https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html',
  example: { wrong: { source: ['aws.iam'] }, right: { source: ['cloudtrail.iam'] } },
  check: (rule) =>
    leavesAt(rule.leaves, 'source').flatMap((leaf) => {
      const native = namedValues(leaf).filter(({ value }) => isSourceOf('native', value));
      const never = native.length === leaf.matchers.length;
      return native.map(({ value, at, end }) => ({ ...wordsFor(value, never, isAboutOthers(rule.leaves)), at, end }));
    }),
};

/** `never`: nothing else in the list could hold; `others`: the rule is about events that this bus doesn't have at all. */
function wordsFor(source: string, never: boolean, others: boolean): Pick<RawFinding, 'severity' | 'message' | 'help'> {
  if (others)
    return {
      severity: 'warning',
      message: `\`${source}\` events of this detail-type don't come from CloudTrail: they stay on the default bus`,
      help: 'leave this rule on the default bus',
    };
  return {
    severity: never ? 'error' : 'warning',
    message: `this bus never says \`${source}\`: PutEvents refuses a source that begins with \`aws.\``,
    help: `write \`${sourceOn('trailbus', source)}\`, or run \`trailbus rules port\``,
  };
}
