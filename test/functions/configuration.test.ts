// The process function's environment, read once, with every fault named.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TrailbusError } from '../../events/errors.ts';
import { readConfiguration } from '../../functions/configuration.ts';

const ENVIRONMENT = {
  BUS_NAME: 'trailbus',
  LOG_BUCKETS: 'my-logs, their-logs=111122223333',
  QUARANTINE_BUCKET: 'quarantine',
  PARKED_ENTRIES_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/111122223333/parked',
  DONE_TABLE: 'done',
  OWN_ROLE_ARN: 'arn:aws:iam::111122223333:role/trailbus',
};

test('reads the environment: buckets with their owners, numbers as numbers', () => {
  const configuration = readConfiguration({ ...ENVIRONMENT, DONE_DAYS: '7' });
  assert.deepEqual(
    [...configuration.LOG_BUCKETS],
    [
      ['my-logs', undefined],
      ['their-logs', '111122223333'],
    ],
  );
  assert.deepEqual([configuration.DONE_DAYS, configuration.MAX_CALL_BYTES], [7, undefined]);
});

test('emits all records unless told to ask rules', () => {
  assert.equal(readConfiguration(ENVIRONMENT).EMIT, 'all');
  const { EMIT, RULES } = readConfiguration({ ...ENVIRONMENT, EMIT: 'matched', RULES: 'rules.json' });
  assert.deepEqual([EMIT, RULES], ['matched', 'rules.json']);
});

const faults: [string, Record<string, string | undefined>, RegExp][] = [
  ['what is not set', { BUS_NAME: undefined, DONE_TABLE: undefined }, /BUS_NAME is not set; DONE_TABLE is not set/],
  ['what is empty', { BUS_NAME: '' }, /BUS_NAME: must not be empty/],
  ['a bucket that is none', { LOG_BUCKETS: 'my-logs,s3://x' }, /LOG_BUCKETS: `s3:\/\/x` is neither BUCKET nor BUCKET=ACCOUNT/],
  ['a number that is none', { MAX_CALL_BYTES: 'many' }, /MAX_CALL_BYTES/],
  ['an emit that is none', { EMIT: 'some' }, /EMIT: must be all or matched/],
  ['matched without rules or detections', { EMIT: 'matched' }, /RULES is not set/],
  ['detections without a queue', { DETECTIONS: 'detections.json' }, /HIT_QUEUE_URL is not set/],
  ['an alert role that is none', { ALERT_ROLE_ARN: 'alert' }, /ALERT_ROLE_ARN: must be the ARN of an IAM role/],
  ['a role that is none', { OWN_ROLE_ARN: 'trailbus' }, /OWN_ROLE_ARN: must be the ARN of an IAM role/],
];
for (const [name, change, message] of faults)
  test(`names ${name}, and says where to set it`, () =>
    assert.throws(
      () => readConfiguration({ ...ENVIRONMENT, ...change }),
      (error) => error instanceof TrailbusError && message.test(error.message) && /serverless\/pieces\/process\.ts/.test(error.help ?? ''),
    ));
