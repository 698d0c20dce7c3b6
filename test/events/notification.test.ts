import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Announcement, decodeNotification } from '../../events/notification.ts';

const KEY =
  'AWSLogs/111122223333/CloudTrail/us-east-1/2026/10/05/111122223333_CloudTrail_us-east-1_20261005T1200Z_abcDEF0123456789.json.gz';
const s3Record = (change: object = {}, object: object = {}) => ({
  eventVersion: '2.1',
  eventSource: 'aws:s3',
  eventName: 'ObjectCreated:Put',
  s3: { bucket: { name: 'trail-logs' }, object: { key: KEY, size: 120, eTag: 'e1', versionId: 'v1', ...object } },
  ...change,
});
const s3Event = { Records: [s3Record()] };
const sns = (message: unknown, type = 'Notification') => ({
  Type: type,
  TopicArn: 'arn:aws:sns:us-east-1:111122223333:trail',
  Message: text(message),
});
const snsEvent = (message: unknown) => ({ Records: [{ EventSource: 'aws:sns', EventVersion: '1.0', Sns: sns(message) }] });
const sqs = (...bodies: unknown[]) => ({
  Records: bodies.map((body, i) => ({ messageId: `m${i + 1}`, eventSource: 'aws:sqs', body: text(body) })),
});
const newLog = { s3Bucket: 'trail-logs', s3ObjectKey: [KEY] };
const objectCreated = (change: object = {}) => ({
  version: '0',
  source: 'aws.s3',
  'detail-type': 'Object Created',
  detail: { bucket: { name: 'trail-logs' }, object: { key: KEY, size: 120, etag: 'e1', 'version-id': 'v1' } },
  ...change,
});
const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

const full = { bucket: 'trail-logs', key: KEY, versionId: 'v1', eTag: 'e1', sizeBytes: 120 };
const bare = { bucket: 'trail-logs', key: KEY };
const object = (ref: object): Announcement => ({ kind: 'object', ref: ref as typeof bare });

const cases: [string, unknown, Announcement[]][] = [
  ['an S3 event', s3Event, [object(full)]],
  ['an S3 event in SNS', snsEvent(s3Event), [object(full)]],
  ['an S3 event in SQS', sqs(s3Event), [object({ ...full, messageId: 'm1' })]],
  ['an S3 event in SNS in SQS, enveloped', sqs(sns(s3Event)), [object({ ...full, messageId: 'm1' })]],
  ['a new-log message in SNS', snsEvent(newLog), [object(bare)]],
  ['a new-log message in SNS in SQS', sqs(sns(newLog)), [object({ ...bare, messageId: 'm1' })]],
  ['a new-log message in SQS, raw delivery', sqs(newLog), [object({ ...bare, messageId: 'm1' })]],
  ['EventBridge "Object Created"', objectCreated(), [object(full)]],
  ['EventBridge "Object Created" in SQS', sqs(objectCreated()), [object({ ...full, messageId: 'm1' })]],
  ['a single SQS message', sqs(newLog).Records[0], [object({ ...bare, messageId: 'm1' })]],
  [
    'several keys in one new-log message',
    { s3Bucket: 'b', s3ObjectKey: ['k1', 'k2'] },
    [object({ bucket: 'b', key: 'k1' }), object({ bucket: 'b', key: 'k2' })],
  ],
  [
    'several messages, each with its own id',
    sqs(newLog, newLog),
    [object({ ...bare, messageId: 'm1' }), object({ ...bare, messageId: 'm2' })],
  ],
  ['S3 event versions 2.1 to 2.6', { Records: [s3Record({ eventVersion: '2.6' })] }, [object(full)]],
  [
    'a form-encoded key: + is a blank, %2B a plus',
    { Records: [s3Record({}, { key: 'my+logs/a%2Bb%C3%A9.json.gz' })] },
    [object({ ...full, key: 'my logs/a+bé.json.gz' })],
  ],
  [
    'an EventBridge key as it is',
    objectCreated({ detail: { bucket: { name: 'b' }, object: { key: 'a+b%20c' } } }),
    [object({ bucket: 'b', key: 'a+b%20c' })],
  ],
  ['a new-log key as it is', { s3Bucket: 'b', s3ObjectKey: ['a+b%zz'] }, [object({ bucket: 'b', key: 'a+b%zz' })]],
  ['a key with //, .. and blanks literally', { s3Bucket: 'b', s3ObjectKey: ['a//../ b'] }, [object({ bucket: 'b', key: 'a//../ b' })]],
  ['s3:TestEvent as nothing to do', { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'b' }, [{ kind: 'skip', reason: 'TEST_EVENT' }]],
  ['s3:TestEvent in SNS in SQS', sqs(sns({ Event: 's3:TestEvent' })), [{ kind: 'skip', reason: 'TEST_EVENT', messageId: 'm1' }]],
  ['the bare validation message', snsEvent('CloudTrail validation message.'), [{ kind: 'skip', reason: 'VALIDATION_MESSAGE' }]],
  [
    'a subscription confirmation, its link untouched',
    sqs(sns('You have chosen…', 'SubscriptionConfirmation')),
    [{ kind: 'skip', reason: 'SUBSCRIPTION_CONFIRMATION', messageId: 'm1' }],
  ],
  ['no records at all', { Records: [] }, [{ kind: 'skip', reason: 'NOTHING_ANNOUNCED' }]],
  ['a new-log message without keys', { s3Bucket: 'b', s3ObjectKey: [] }, [{ kind: 'skip', reason: 'NOTHING_ANNOUNCED' }]],
  ['an object removed', { Records: [s3Record({ eventName: 'ObjectRemoved:Delete' })] }, [{ kind: 'skip', reason: 'NOT_OBJECT_CREATED' }]],
  ['an object tagged', { Records: [s3Record({ eventName: 'ObjectTagging:Put' })] }, [{ kind: 'skip', reason: 'NOT_OBJECT_CREATED' }]],
  [
    'another S3 event from EventBridge',
    objectCreated({ 'detail-type': 'Object Deleted' }),
    [{ kind: 'skip', reason: 'NOT_OBJECT_CREATED' }],
  ],
];
for (const [name, given, expected] of cases) test(`decodes ${name}`, () => assert.deepEqual(decodeNotification(given), expected));

test('a key that is not form-encoded is quarantined without a read', () => {
  const [announcement] = decodeNotification({ Records: [s3Record({}, { key: 'bad%zzkey' })] });
  assert.equal(announcement?.kind, 'quarantine');
  assert.equal(announcement?.kind === 'quarantine' && announcement.reason, 'BAD_KEY_ENCODING');
});

const unknowns: [string, unknown][] = [
  ['null', null],
  ['a number', 7],
  ['text', 'hello'],
  ['an object of no known shape', { hello: 'world' }],
  ['an S3 event of version 3', { Records: [s3Record({ eventVersion: '3.0' })] }],
  ['an S3 event without a key', { Records: [s3Record({ s3: { bucket: { name: 'b' }, object: {} } })] }],
  ['a new-log message without keys', { s3Bucket: 'b' }],
  ['a key that is not text', { s3Bucket: 'b', s3ObjectKey: [5] }],
  ['own properties only', JSON.parse('{"__proto__":{"s3Bucket":"b","s3ObjectKey":["k"]}}')],
  ['messages in messages without end', Array.from({ length: 20 }).reduce<unknown>((inner) => sns(inner), newLog)],
];
for (const [name, given] of unknowns)
  test(`does not take ${name} for a notification`, () =>
    assert.deepEqual(
      decodeNotification(given).map(({ kind }) => kind),
      ['unknown'],
    ));

test('one unreadable message in a batch does not hide the others', () => {
  const kinds = decodeNotification(sqs(newLog, 'rubbish', newLog)).map((announcement) => announcement.kind);
  assert.deepEqual(kinds, ['object', 'unknown', 'object']);
});
