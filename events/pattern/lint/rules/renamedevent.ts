// `renamed-event`: API names that CloudTrail never writes.
import { writtenAs } from '../known.ts';
import { isBeside } from '../leaves.ts';
import type { LintRule } from '../lintrule.ts';
import { holdersOf, perEventName } from '../namedevents.ts';

export const renamedEvent: LintRule = {
  id: 'renamed-event',
  severity: 'error',
  title: 'CloudTrail writes this API call under another eventName',
  link: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html',
  example: {
    wrong: { detail: { eventSource: ['s3.amazonaws.com'], eventName: ['PutBucketLifecycleConfiguration'] } },
    right: { detail: { eventSource: ['s3.amazonaws.com'], eventName: ['PutBucketLifecycle'] } },
  },
  check: perEventName((named) => {
    const { matcher } = named;
    if (matcher.kind !== 'string') return [];
    const name = matcher.value;
    const written = holdersOf(name, named).map((service) => writtenAs(service, name));
    if (written.length === 0 || written.includes(undefined)) return [];
    const finding = { message: `CloudTrail never writes \`${name}\``, help: `write \`${written[0]}\``, at: matcher.at, end: matcher.end };
    return [isBeside(written[0]!, named.leaf) ? { ...finding, severity: 'note' } : finding];
  }),
};
