// Any trigger's payload to the objects it announces.
import type { ObjectRef } from './objectkey.ts';
import type { FileQuarantine, FileSkip } from './reasons.ts';

/** What one part of a notification means. Every part of a payload gives exactly one, or one per key; a payload without parts gives one too. */
export type Announcement =
  | { kind: 'object'; ref: ObjectRef }
  /** Nothing to do. */
  | { kind: 'skip'; reason: FileSkip; messageId?: string }
  /** Will never be readable. */
  | { kind: 'quarantine'; reason: FileQuarantine; why: string; ref: ObjectRef }
  /** No shape we know: the trigger is wrong, or a new kind of message. It must not be acknowledged. */
  | { kind: 'unknown'; why: string; messageId?: string };

type Json = Record<string, unknown>;

/** SNS in SQS in an event is three; a few more does no harm, without end would. */
const MAX_NESTING = 6;

/**
 * Decodes every shape a log file's arrival comes in: S3 event (any 2.x), S3 event in SNS, in SQS, SNS in SQS (raw or enveloped), EventBridge "Object Created",
 * and CloudTrail's own new-log message `{"s3Bucket","s3ObjectKey":[…]}` through any of them; a single SQS message as well.
 * Never throws; never follows a link in a message.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/configure-sns-notifications-for-cloudtrail.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
export function decodeNotification(payload: unknown): Announcement[] {
  const announcements = decode(payload, undefined, 0);
  return announcements.length > 0 ? announcements : [skip('NOTHING_ANNOUNCED', undefined)];
}

function decode(payload: unknown, messageId: string | undefined, nesting: number): Announcement[] {
  if (nesting > MAX_NESTING) return [unknown('messages nested too deep', messageId)];
  if (typeof payload === 'string') return decodeText(payload, messageId, nesting);
  if (!isObject(payload)) return [unknown('not an object', messageId)];
  for (const [fits, read] of SHAPES) if (fits(payload)) return read(payload, messageId, nesting);
  return [unknown(`no known shape, keys: ${Object.keys(payload).slice(0, 8).join(', ')}`, messageId)];
}

function decodeText(text: string, messageId: string | undefined, nesting: number): Announcement[] {
  // CloudTrail publishes this bare text when a topic is set on a trail.
  if (text.trim() === 'CloudTrail validation message.') return [skip('VALIDATION_MESSAGE', messageId)];
  try {
    return decode(JSON.parse(text), messageId, nesting + 1);
  } catch {
    return [unknown('text that is not JSON', messageId)];
  }
}

type Read = (payload: Json, messageId: string | undefined, nesting: number) => Announcement[];

/** Shapes by their own properties; the first that fits reads. */
const SHAPES: [(payload: Json) => boolean, Read][] = [
  [
    (p) => Array.isArray(get(p, 'Records')),
    (p, id, nesting) => (get(p, 'Records') as unknown[]).flatMap((record) => decode(record, id, nesting + 1)),
  ],
  [
    (p) => typeof get(p, 'body') === 'string' && typeof get(p, 'messageId') === 'string',
    (p, _, nesting) => decode(get(p, 'body'), get(p, 'messageId') as string, nesting + 1),
  ],
  [(p) => isObject(get(p, 'Sns')), (p, id, nesting) => decode(get(p, 'Sns'), id, nesting + 1)],
  [(p) => isObject(get(p, 's3')), decodeS3Record],
  [(p) => get(p, 'Event') === 's3:TestEvent', (_, id) => [skip('TEST_EVENT', id)]],
  [(p) => /^(Unsubscribe|Subscription)Confirmation$/.test(String(get(p, 'Type'))), (_, id) => [skip('SUBSCRIPTION_CONFIRMATION', id)]],
  [(p) => typeof get(p, 'Message') === 'string', (p, id, nesting) => decode(get(p, 'Message'), id, nesting + 1)],
  [(p) => typeof get(p, 's3Bucket') === 'string', decodeNewLogMessage],
  [(p) => get(p, 'source') === 'aws.s3' && isObject(get(p, 'detail')), decodeEventBridgeEvent],
];

function decodeS3Record(record: Json, messageId: string | undefined): Announcement[] {
  const version = String(get(record, 'eventVersion'));
  if (!version.startsWith('2.')) return [unknown(`S3 event version ${version}`, messageId)];
  if (!/^(s3:)?ObjectCreated:/.test(String(get(record, 'eventName')))) return [skip('NOT_OBJECT_CREATED', messageId)];
  const bucket = getIn(record, 's3', 'bucket', 'name');
  const key = getIn(record, 's3', 'object', 'key');
  if (typeof bucket !== 'string' || typeof key !== 'string') return [unknown('an S3 event without bucket or key', messageId)];
  const object = getIn(record, 's3', 'object') as Json;
  const ref = toRef({
    bucket,
    key,
    versionId: get(object, 'versionId'),
    eTag: get(object, 'eTag'),
    sizeBytes: get(object, 'size'),
    messageId,
  });
  try {
    return [{ kind: 'object', ref: { ...ref, key: decodeKey(key) } }];
  } catch {
    return [{ kind: 'quarantine', reason: 'BAD_KEY_ENCODING', why: 'the key in the S3 event is not form-encoded', ref }];
  }
}

/** S3 event notifications form-encode keys: `red flower.json.gz` arrives as `red+flower.json.gz`. EventBridge and CloudTrail don't. */
const decodeKey = (key: string) => decodeURIComponent(key.replaceAll('+', ' '));

function decodeNewLogMessage(message: Json, messageId: string | undefined): Announcement[] {
  const keys = get(message, 's3ObjectKey');
  const list = typeof keys === 'string' ? [keys] : keys;
  if (!Array.isArray(list)) return [unknown('a new-log message without s3ObjectKey', messageId)];
  return list.map((key) =>
    typeof key === 'string'
      ? { kind: 'object', ref: toRef({ bucket: get(message, 's3Bucket') as string, key, messageId }) }
      : unknown('an s3ObjectKey that is not text', messageId),
  );
}

function decodeEventBridgeEvent(event: Json, messageId: string | undefined): Announcement[] {
  if (get(event, 'detail-type') !== 'Object Created') return [skip('NOT_OBJECT_CREATED', messageId)];
  const bucket = getIn(event, 'detail', 'bucket', 'name');
  const object = getIn(event, 'detail', 'object');
  if (typeof bucket !== 'string' || !isObject(object) || typeof get(object, 'key') !== 'string')
    return [unknown('an Object Created event without bucket or key', messageId)];
  const key = get(object, 'key') as string;
  return [
    {
      kind: 'object',
      ref: toRef({
        bucket,
        key,
        versionId: get(object, 'version-id'),
        eTag: get(object, 'etag'),
        sizeBytes: get(object, 'size'),
        messageId,
      }),
    },
  ];
}

function toRef(parts: {
  bucket: string;
  key: string;
  versionId?: unknown;
  eTag?: unknown;
  sizeBytes?: unknown;
  messageId: string | undefined;
}): ObjectRef {
  const ref: ObjectRef = { bucket: parts.bucket, key: parts.key };
  if (typeof parts.versionId === 'string' && parts.versionId !== '') ref.versionId = parts.versionId;
  if (typeof parts.eTag === 'string' && parts.eTag !== '') ref.eTag = parts.eTag;
  if (typeof parts.sizeBytes === 'number') ref.sizeBytes = parts.sizeBytes;
  if (parts.messageId !== undefined) ref.messageId = parts.messageId;
  return ref;
}

const withMessage = (messageId: string | undefined) => (messageId === undefined ? {} : { messageId });
const skip = (reason: FileSkip, messageId: string | undefined): Announcement => ({ kind: 'skip', reason, ...withMessage(messageId) });
const unknown = (why: string, messageId: string | undefined): Announcement => ({ kind: 'unknown', why, ...withMessage(messageId) });

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
/** A message's own property only: `__proto__` and `constructor` in a message are data. */
const get = (object: Json, key: string): unknown => (Object.hasOwn(object, key) ? object[key] : undefined);
const getIn = (object: Json, ...path: string[]): unknown =>
  path.reduce<unknown>((value, key) => (isObject(value) ? get(value, key) : undefined), object);
