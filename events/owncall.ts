// The loop guard: our own PutEvents and our own GetObject on the log bucket, recorded by CloudTrail as data events.
import type { LogRecord } from './logfile/logfile.ts';

const OWN_CALLS = new Map([
  ['PutEvents', 'events.amazonaws.com'],
  ['GetObject', 's3.amazonaws.com'],
]);

/**
 * Whether the record is one of these two calls, made by the role `roleArn` (GetObject: on one of `buckets`). Nothing else of our role is hidden.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/logging-using-cloudtrail.html
 */
export function isOwnCall(record: LogRecord, roleArn: string, buckets: ReadonlySet<string> | undefined): boolean {
  const eventName = record.field('eventName');
  if (eventName === undefined || OWN_CALLS.get(eventName) === undefined || OWN_CALLS.get(eventName) !== record.field('eventSource'))
    return false;
  if (stringAt(parse(record.raw('userIdentity')), 'sessionContext', 'sessionIssuer', 'arn') !== roleArn) return false;
  if (eventName === 'PutEvents') return true;
  const bucket = stringAt(parse(record.raw('requestParameters')), 'bucketName');
  return bucket !== undefined && (buckets?.has(bucket) ?? false);
}

const parse = (json: Uint8Array | undefined): unknown => (json === undefined ? undefined : JSON.parse(Buffer.from(json).toString('utf8')));

function stringAt(value: unknown, ...path: string[]): string | undefined {
  for (const key of path)
    value = typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
  return typeof value === 'string' ? value : undefined;
}
