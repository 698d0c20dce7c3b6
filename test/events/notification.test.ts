// Every shape of notification, and what it announces.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Announcement, decodeNotification } from '../../events/notification.ts';
import {
  ANNOUNCED,
  newLog,
  objectCreated,
  s3Event,
  s3TestEvent,
  snsEnvelope,
  snsEvent,
  sqsEvent,
  subscriptionConfirmation,
} from '../fakes/notifications.ts';

const KEY = ANNOUNCED.key;
const bare = { bucket: ANNOUNCED.bucket, key: KEY };
const object = (ref: object): Announcement => ({ kind: 'object', ref: ref as typeof bare });

const cases: [string, unknown, Announcement[]][] = [
  ['an S3 event', s3Event(), [object(ANNOUNCED)]],
  ['an S3 event in SNS', snsEvent(s3Event()), [object(ANNOUNCED)]],
  ['an S3 event in SQS', sqsEvent(s3Event()), [object({ ...ANNOUNCED, messageId: 'm1' })]],
  ['an S3 event in SNS in SQS, enveloped', sqsEvent(snsEnvelope(s3Event())), [object({ ...ANNOUNCED, messageId: 'm1' })]],
  ['a new-log message in SNS', snsEvent(newLog()), [object(bare)]],
  ['a new-log message in SNS in SQS', sqsEvent(snsEnvelope(newLog())), [object({ ...bare, messageId: 'm1' })]],
  ['a new-log message in SQS, raw delivery', sqsEvent(newLog()), [object({ ...bare, messageId: 'm1' })]],
  ['EventBridge "Object Created"', objectCreated(), [object(ANNOUNCED)]],
  ['EventBridge "Object Created" in SQS', sqsEvent(objectCreated()), [object({ ...ANNOUNCED, messageId: 'm1' })]],
  ['a single SQS message', sqsEvent(newLog()).Records[0], [object({ ...bare, messageId: 'm1' })]],
  [
    'several keys in one new-log message',
    newLog({ s3Bucket: 'b', s3ObjectKey: ['k1', 'k2'] }),
    [object({ bucket: 'b', key: 'k1' }), object({ bucket: 'b', key: 'k2' })],
  ],
  [
    'several messages, each with its own id',
    sqsEvent(newLog(), newLog()),
    [object({ ...bare, messageId: 'm1' }), object({ ...bare, messageId: 'm2' })],
  ],
  ['S3 event versions 2.1 to 2.6', s3Event({}, { eventVersion: '2.6' }), [object(ANNOUNCED)]],
  [
    'a form-encoded key: + is a blank, %2B a plus',
    s3Event({ key: 'my+logs/a%2Bb%C3%A9.json.gz' }),
    [object({ ...ANNOUNCED, key: 'my logs/a+bé.json.gz' })],
  ],
  [
    'an EventBridge key as it is',
    objectCreated({ detail: { bucket: { name: 'b' }, object: { key: 'a+b%20c' } } }),
    [object({ bucket: 'b', key: 'a+b%20c' })],
  ],
  ['a new-log key as it is', { s3Bucket: 'b', s3ObjectKey: ['a+b%zz'] }, [object({ bucket: 'b', key: 'a+b%zz' })]],
  ['a key with //, .. and blanks literally', { s3Bucket: 'b', s3ObjectKey: ['a//../ b'] }, [object({ bucket: 'b', key: 'a//../ b' })]],
  ['s3:TestEvent as nothing to do', s3TestEvent(), [{ kind: 'skip', reason: 'TEST_EVENT' }]],
  ['s3:TestEvent in SNS in SQS', sqsEvent(snsEnvelope(s3TestEvent())), [{ kind: 'skip', reason: 'TEST_EVENT', messageId: 'm1' }]],
  ['the bare validation message', snsEvent('CloudTrail validation message.'), [{ kind: 'skip', reason: 'VALIDATION_MESSAGE' }]],
  [
    'a subscription confirmation, its link untouched',
    sqsEvent(subscriptionConfirmation()),
    [{ kind: 'skip', reason: 'SUBSCRIPTION_CONFIRMATION', messageId: 'm1' }],
  ],
  ['no records at all', { Records: [] }, [{ kind: 'skip', reason: 'NOTHING_ANNOUNCED' }]],
  ['a new-log message without keys', { s3Bucket: 'b', s3ObjectKey: [] }, [{ kind: 'skip', reason: 'NOTHING_ANNOUNCED' }]],
  ['an object removed', s3Event({}, { eventName: 'ObjectRemoved:Delete' }), [{ kind: 'skip', reason: 'NOT_OBJECT_CREATED' }]],
  ['an object tagged', s3Event({}, { eventName: 'ObjectTagging:Put' }), [{ kind: 'skip', reason: 'NOT_OBJECT_CREATED' }]],
  [
    'another S3 event from EventBridge',
    objectCreated({ 'detail-type': 'Object Deleted' }),
    [{ kind: 'skip', reason: 'NOT_OBJECT_CREATED' }],
  ],
];
for (const [name, given, expected] of cases) test(`decodes ${name}`, () => assert.deepEqual(decodeNotification(given), expected));

test('a key that is not form-encoded is quarantined without a read', () => {
  const [announcement] = decodeNotification(s3Event({ key: 'bad%zzkey' }));
  assert.equal(announcement?.kind, 'quarantine');
  assert.equal(announcement?.kind === 'quarantine' && announcement.reason, 'BAD_KEY_ENCODING');
});

const unknowns: [string, unknown][] = [
  ['null', null],
  ['a number', 7],
  ['text', 'hello'],
  ['an object of no known shape', { hello: 'world' }],
  ['an S3 event of version 3', s3Event({}, { eventVersion: '3.0' })],
  ['an S3 event without a key', s3Event({ key: undefined })],
  ['a new-log message without keys', { s3Bucket: 'b' }],
  ['a key that is not text', { s3Bucket: 'b', s3ObjectKey: [5] }],
  ['own properties only', JSON.parse('{"__proto__":{"s3Bucket":"b","s3ObjectKey":["k"]}}')],
  ['messages in messages without end', Array.from({ length: 20 }).reduce<unknown>((inner) => snsEnvelope(inner), newLog())],
];
for (const [name, given] of unknowns)
  test(`does not take ${name} for a notification`, () =>
    assert.deepEqual(
      decodeNotification(given).map(({ kind }) => kind),
      ['unknown'],
    ));

test('one unreadable message in a batch does not hide the others', () => {
  const kinds = decodeNotification(sqsEvent(newLog(), 'rubbish', newLog())).map((announcement) => announcement.kind);
  assert.deepEqual(kinds, ['object', 'unknown', 'object']);
});
