// The loop guard: our own calls, recorded by CloudTrail as data events, which would come back as records for ever.
import type { LogRecord } from './logfile/logfile.ts';

/** Whose calls, and on what, are ours. */
export interface OwnCalls {
  /** ARNs of the roles that the functions run under. */
  roleArns: ReadonlySet<string>;
  /** ARNs of the tables and queues that they write. */
  storeArns?: ReadonlySet<string>;
}

/** What a call has to be about to be ours; PutEvents names no bus in its record. */
type On = 'anything' | 'log bucket' | 'store';

const on = (what: On, eventSource: string, ...names: string[]): [string, { eventSource: string; what: On }][] =>
  names.map((name) => [name, { eventSource, what }]);

/**
 * Source: where each service's guide speaks of data events (read 2026-11-28).
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/logging-using-cloudtrail.html
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/logging-using-cloudtrail.html
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/logging-using-cloudtrail.html
 */
const OWN_CALLS = new Map([
  ...on('anything', 'events.amazonaws.com', 'PutEvents'),
  ...on('log bucket', 's3.amazonaws.com', 'GetObject'),
  ...on('store', 'dynamodb.amazonaws.com', 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'BatchGetItem'),
  ...on('store', 'sqs.amazonaws.com', 'SendMessage', 'SendMessageBatch', 'ReceiveMessage', 'DeleteMessage', 'DeleteMessageBatch'),
]);

/** Whether the record is one of these calls, made by one of our roles, on one of `buckets` or our stores. Nothing else of our roles is hidden. */
export function isOwnCall(record: LogRecord, { roleArns, storeArns }: OwnCalls, buckets: ReadonlySet<string> | undefined): boolean {
  const call = OWN_CALLS.get(record.field('eventName') ?? '');
  if (call === undefined || call.eventSource !== record.field('eventSource')) return false;
  const role = textBelow(parse(record.raw('userIdentity')), 'sessionContext', 'sessionIssuer', 'arn');
  if (role === undefined || !roleArns.has(role)) return false;
  if (call.what === 'anything') return true;
  if (call.what === 'store') return isOnStores(record.arns(), storeArns);
  const bucket = textBelow(parse(record.raw('requestParameters')), 'bucketName');
  return bucket !== undefined && (buckets?.has(bucket) ?? false);
}

/** Whether every resource that a record names is one of ours. */
const isOnStores = (arns: readonly string[], storeArns: ReadonlySet<string> = new Set()): boolean =>
  arns.length > 0 && arns.every((arn) => storeArns.has(arn));

const parse = (json: Uint8Array | undefined): unknown => (json === undefined ? undefined : JSON.parse(Buffer.from(json).toString('utf8')));

function textBelow(value: unknown, ...path: string[]): string | undefined {
  for (const key of path)
    value = typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
  return typeof value === 'string' ? value : undefined;
}
