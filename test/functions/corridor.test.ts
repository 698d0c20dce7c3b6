// The corridor as a deployment opens it: what its doors send to the services.
import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, test } from 'node:test';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SendMessageBatchCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { readHitMessage } from '../../aws/sqs/index.ts';
import { readDetections } from '../../events/detect/index.ts';
import { Ledger } from '../../events/ledger.ts';
import { processNotification } from '../../events/process.ts';
import { readConfiguration } from '../../functions/configuration.ts';
import { NothingDone } from '../../local/donefiles.ts';
import { QuarantineList } from '../../local/quarantine.ts';
import { doneFilesContract } from '../contracts/donefiles.ts';
import { quarantineContract } from '../contracts/quarantine.ts';
import { KEY, logFile } from '../fakes/records.ts';
import { bodyOf } from '../fakes/s3.ts';

process.env['POWERTOOLS_METRICS_NAMESPACE'] = 'Trailbus';
process.env['POWERTOOLS_DEV'] = 'false';
process.env['AWS_REGION'] = 'us-east-1';
const { openCorridor } = await import('../../functions/corridor.ts');
const { logger } = await import('../../functions/handler.ts');
const { LoggedQuarantine } = await import('../../functions/loggedquarantine.ts');
const { TimedDoneFiles } = await import('../../functions/timeddonefiles.ts');
logger.setLogLevel('SILENT');

const ROLE = 'arn:aws:iam::111122223333:role/trailbus';
const ENVIRONMENT = {
  BUS_NAME: 'trailbus-test',
  LOG_BUCKETS: 'trail-logs=222233334444',
  QUARANTINE_BUCKET: 'quarantine',
  PARKED_ENTRIES_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/111122223333/parked',
  DONE_TABLE: 'done',
  OWN_ROLE_ARN: ROLE,
};

const s3 = mockClient(S3Client);
const bus = mockClient(EventBridgeClient);
const queue = mockClient(SQSClient);
const table = mockClient(DynamoDBClient);

const own = {
  eventID: 'own',
  eventName: 'PutEvents',
  eventSource: 'events.amazonaws.com',
  userIdentity: { sessionContext: { sessionIssuer: { arn: ROLE } } },
};

beforeEach(() => {
  for (const mock of [s3, bus, queue, table]) mock.reset();
  const stored = logFile({ eventID: 'good' }, { eventID: 'refused' }, own);
  s3.on(GetObjectCommand).callsFake(() => ({ ContentLength: stored.length, Body: bodyOf(stored) }));
  s3.on(PutObjectCommand).resolves({});
  bus
    .on(PutEventsCommand)
    .resolves({ FailedEntryCount: 1, Entries: [{ EventId: '1' }, { ErrorCode: 'MalformedDetail', ErrorMessage: 'no' }] });
  queue.on(SendMessageCommand).resolves({});
  table.onAnyCommand().resolves({});
});

async function handle(payload: unknown, settings: Record<string, string> = {}, leftMs = 60_000): Promise<Ledger> {
  const context = { getRemainingTimeInMillis: () => leftMs } as Context;
  const { doors, policy } = await openCorridor(readConfiguration({ ...ENVIRONMENT, ...settings }));
  const ledger = new Ledger();
  await processNotification(payload, doors(ledger, context), policy(context));
  return ledger;
}

test('reads only of the account that owns the bucket, puts on the bus, parks what that refuses, marks the file done', async () => {
  const ledger = await handle({ s3Bucket: 'trail-logs', s3ObjectKey: [KEY] });
  const { Bucket, Key, ExpectedBucketOwner } = s3.commandCalls(GetObjectCommand)[0]!.args[0].input;
  assert.deepEqual([Bucket, Key, ExpectedBucketOwner], ['trail-logs', KEY, '222233334444']);
  const entries = bus.commandCalls(PutEventsCommand)[0]!.args[0].input.Entries!;
  assert.deepEqual(
    entries.map(({ EventBusName, Detail }) => [EventBusName, Detail]),
    [
      ['trailbus-test', '{"eventID":"good"}'],
      ['trailbus-test', '{"eventID":"refused"}'],
    ],
  );
  const parked = queue.commandCalls(SendMessageCommand)[0]!.args[0].input;
  assert.equal(parked.QueueUrl, ENVIRONMENT.PARKED_ENTRIES_QUEUE_URL);
  assert.match(parked.MessageBody!, /MalformedDetail[^\n]*refused/);
  assert.deepEqual([ledger.entriesAccepted, ledger.entriesParked, ledger.recordsSkipped.get('OWN_CALL'), ledger.balanced], [1, 1, 1, true]);
  assert.deepEqual(
    table.calls().map(({ args }) => [args[0].constructor.name, (args[0].input as { TableName: string }).TableName]),
    [
      ['PutItemCommand', 'done'],
      ['UpdateItemCommand', 'done'],
    ],
  );
});

test('notes in its table that a file came, once, where there is such a table', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.parse('2026-10-05T12:10:00Z') });
  await handle({ s3Bucket: 'trail-logs', s3ObjectKey: [KEY, KEY.replace('abcDEF', 'another')] }, { DELIVERY_TABLE: 'deliveries' });
  const noted = table.commandCalls(PutItemCommand).map(({ args: [{ input }] }) => input);
  assert.deepEqual(
    noted.filter(({ TableName }) => TableName === 'deliveries').map(({ Item }) => [Item?.['id']?.S, Item?.['value']?.S]),
    [['111122223333 us-east-1', JSON.stringify({ account: '111122223333', region: 'us-east-1', spans: [[497_556, 497_556]] })]],
  );
});

test('knows the alert function’s calls for its own too', async () => {
  const alert = `${ROLE}-alert`;
  const stored = logFile({ eventID: 'good' }, { ...own, userIdentity: { sessionContext: { sessionIssuer: { arn: alert } } } });
  s3.on(GetObjectCommand).callsFake(() => ({ ContentLength: stored.length, Body: bodyOf(stored) }));
  bus.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [{ EventId: '1' }] });
  const ledger = await handle({ s3Bucket: 'trail-logs', s3ObjectKey: [KEY] }, { ALERT_ROLE_ARN: alert, OWN_STORE_ARNS: 'arn:a,arn:b' });
  assert.deepEqual([ledger.entriesAccepted, ledger.recordsSkipped.get('OWN_CALL')], [1, 1]);
});

test('keeps a note of a bucket that is not allowed, in the own account’s quarantine, and reads nothing', async () => {
  const ledger = await handle({ s3Bucket: 'forged', s3ObjectKey: [KEY] });
  assert.equal(s3.commandCalls(GetObjectCommand).length, 0);
  const { Bucket, ExpectedBucketOwner } = s3.commandCalls(PutObjectCommand)[0]!.args[0].input;
  assert.deepEqual([Bucket, ExpectedBucketOwner], ['quarantine', '111122223333']);
  assert.equal(ledger.filesQuarantined.get('BUCKET_NOT_ALLOWED'), 1);
});

test('takes the limits from the environment', async () => {
  const inflated = await handle({ s3Bucket: 'trail-logs', s3ObjectKey: [KEY] }, { MAX_INFLATED_BYTES: '10' });
  assert.equal(inflated.filesQuarantined.get('TOO_LARGE'), 1);
  await handle({ s3Bucket: 'trail-logs', s3ObjectKey: [KEY] }, { MAX_CALL_BYTES: '100' });
  assert.equal(bus.commandCalls(PutEventsCommand).length, 2, 'a call for each entry');
});

test('leaves trying again to the delivery, which knows the time: a failed call is one try', async () => {
  await handle({ s3Bucket: 'trail-logs', s3ObjectKey: [KEY] });
  const client = bus.call(0).thisValue as EventBridgeClient;
  assert.equal(await client.config.maxAttempts(), 1);
});

test('begins no file when the time is nearly over', async () => {
  await assert.rejects(handle({ s3Bucket: 'trail-logs', s3ObjectKey: [KEY] }, {}, 4_000), /time ran out/);
  assert.equal(s3.calls().length, 0);
});

quarantineContract('LoggedQuarantine', async () => {
  const list = new QuarantineList();
  const quarantine = new LoggedQuarantine(list);
  return { quarantine, kept: async () => list.items.map(({ reason, ref: { bucket, key } }) => ({ reason, bucket, key })) };
});

test('says in the log what a reason means and what to do about it', async (context) => {
  const said = context.mock.method(logger, 'warn', () => undefined);
  await new LoggedQuarantine(new QuarantineList()).keepFile({ bucket: 'trail-logs', key: KEY }, 'EMPTY_FILE', 'the object has no bytes');
  const [message, line] = said.mock.calls[0]!.arguments;
  assert.equal(message, 'file quarantined');
  assert.deepEqual(line, {
    ...{ reason: 'EMPTY_FILE', why: 'the object has no bytes', means: 'has no bytes', next: 'find who copied it; copy it again' },
    ...{ bucket: 'trail-logs', key: KEY },
  });
});

doneFilesContract('TimedDoneFiles', async () => new TimedDoneFiles(new NothingDone(), new WeakMap()), { remembers: false });

test('asks the detections that it is shipped with, of records too that no rule lets on the bus, and sends what they say', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'trailbus-task-'));
  process.env['LAMBDA_TASK_ROOT'] = folder;
  t.after(() => delete process.env['LAMBDA_TASK_ROOT']);
  const detections = readDetections('id: found\npattern: { detail: { eventID: [good] } }\n', 'rules.yaml');
  writeFileSync(join(folder, 'detections.json'), JSON.stringify({ detections, lists: [], exclusions: [] }));
  queue.on(SendMessageBatchCommand).resolves({});
  const HIT_QUEUE_URL = 'https://sqs.us-east-1.amazonaws.com/111122223333/hits';
  const settings = { EMIT: 'matched', DETECTIONS: 'detections.json', HIT_QUEUE_URL };
  const ledger = await handle({ s3Bucket: 'trail-logs', s3ObjectKey: [KEY] }, settings);
  const { QueueUrl, Entries = [] } = queue.commandCalls(SendMessageBatchCommand)[0]!.args[0].input;
  assert.equal(QueueUrl, HIT_QUEUE_URL);
  const hits = Entries.flatMap(({ MessageBody = '' }) => readHitMessage(MessageBody));
  assert.deepEqual(
    hits.map(({ detection, event }) => [detection, event.eventID, event.bucket, event.key, event.index]),
    [['found', 'good', 'trail-logs', KEY, 0]],
  );
  assert.deepEqual([ledger.hitsSent, ledger.entriesAccepted, ledger.recordsSkipped.get('NOT_WANTED')], [1, 0, 2]);
  assert.equal(bus.calls().length, 0);
});
