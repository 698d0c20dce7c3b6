// The deployed corridor: a log file put into a bucket comes out of a rule's target, whatever the trigger; what can't come out is kept.
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { GetFunctionConfigurationCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  GetBucketNotificationConfigurationCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { CreateTopicCommand, PublishCommand } from '@aws-sdk/client-sns';
import { SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { quarantineKey } from '../../aws/quarantine.ts';
import { explainReason } from '../../events/reasons.ts';
import { s3Event } from '../fakes/notifications.ts';
import { strictPutEvents } from '../fakes/putevents.ts';
import { buildFunctions } from '../serverless/service.ts';
import { clients, drainQueue, ENDPOINT, eventually, STACK_ACCOUNT, takeMessages, whyNoLocalStack } from './environment.ts';
import { createDeploymentBucket, createQueue, deploy, destroy, type LogLine, logLines, RUN, type Stack } from './stack.ts';

const { lambda, s3, sns, sqs } = clients();

let serial = 0;
const newKey = () =>
  `AWSLogs/${STACK_ACCOUNT}/CloudTrail/us-east-1/2026/11/22/${STACK_ACCOUNT}_CloudTrail_us-east-1_20261122T0005Z_${RUN}${String(++serial).padStart(10, '0')}.json.gz`;

/** A record's own text, spelled so that parsing and printing it again would show. */
const record = (eventName: string, more = '') =>
  `{"eventVersion":"1.11", "eventSource":"ec2.amazonaws.com","eventName":"${eventName}","eventTime":"2026-11-22T00:00:00Z","eventID":"${RUN}-${++serial}","big":12345678901234567890${more}}`;

const fileOf = (...records: string[]) => gzipSync(`{"Records":[${records.join(',')}]}`);

async function putFile(bucket: string, body: Uint8Array, key = newKey()) {
  const { VersionId, ETag = '' } = await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
  return { bucket, key, versionId: VersionId, eTag: ETag.replaceAll('"', '') };
}

const s3EventText = ({ bucket, ...object }: { bucket: string; key: string; versionId?: string | undefined; eTag: string }) =>
  JSON.stringify(s3Event(object, { bucket }));

/** eventNames of the entries that came out of the rule, in alphabetical order. */
async function namesFrom(stack: Stack, count: number): Promise<string[]> {
  const messages = await takeMessages(sqs, stack.targetUrl, count);
  return messages.map(({ Body = '' }) => (JSON.parse(Body) as { detail: { eventName: string } }).detail.eventName).sort();
}

/** In order of time: lines of two environments of a function stand in two streams, and come one stream after the other. */
const summaries = async (stack: Stack) =>
  (await logLines(stack))
    .filter((line) => line['message'] === 'notifications handled')
    .sort((left, right) => String(left['timestamp']).localeCompare(String(right['timestamp'])));

/** Waits until the function's log has counted `reason` in `column`. */
const counted = (stack: Stack, column: string, reason: string) =>
  eventually(`${reason} among ${column} in the log of ${stack.name}`, async () =>
    (await summaries(stack)).some((line) => (line['reasons'] as Record<string, LogLine>)[column]?.[reason] !== undefined),
  );

/** Puts a file twice, for a cold and a warm function, and prints the time until its entry is in the rule's target. */
async function measure(t: TestContext, stack: Stack, put: () => Promise<unknown>): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < 2; round++) {
    const started = Date.now();
    await put();
    assert.equal((await takeMessages(sqs, stack.targetUrl, 1)).length, 1);
    times.push(Date.now() - started);
  }
  t.diagnostic(`${stack.name}: deployed in ${stack.seconds.toFixed(1)} s; object put to rule target ${times.join(' ms, then ')} ms`);
}

/** For the stack with `emit: matched`: a rule on the whole event, where account and region are the bus's, and one on the record alone. */
const RULES = `id: instances
pattern:
  source: [cloudtrail.ec2]
  account: ["${STACK_ACCOUNT}"]
  region: [us-east-1]
  detail: { eventName: [RunInstances, { wildcard: "*Terminate*" }] }
---
id: big
pattern: { detail: { eventName: [{ prefix: Describe }], big: [{ exists: true }] } }
`;

const CONSOLE_SIGN_IN = 'AWS Console Sign In via CloudTrail';

describe('the deployed corridor', { skip: await whyNoLocalStack() }, () => {
  const managedBucket = `trailbus-managed-${RUN}`;
  const topicBucket = `trailbus-topic-${RUN}`;
  const quietBucket = `trailbus-quiet-${RUN}`;
  let functions: string;
  let topicArn: string;
  let proxy: Server;
  let stacks: Record<'s3' | 'sns' | 'sqs' | 'eventbridge', Stack>;

  /** What a user may have already: a bucket someone else listens to, a bucket with a topic, a bucket nobody listens to. */
  async function createUsersThings(): Promise<void> {
    for (const Bucket of [managedBucket, topicBucket, quietBucket]) await s3.send(new CreateBucketCommand({ Bucket }));
    const other = await createQueue(`other-${RUN}`);
    const Filter = { Key: { FilterRules: [{ Name: 'prefix' as const, Value: 'other/' }] } };
    const theirs = { QueueConfigurations: [{ Id: 'theirs', QueueArn: other.arn, Events: ['s3:ObjectRemoved:*' as const], Filter }] };
    await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket: managedBucket, NotificationConfiguration: theirs }));
    topicArn = (await sns.send(new CreateTopicCommand({ Name: `trail-files-${RUN}` }))).TopicArn ?? '';
  }

  /** LocalStack's PutEvents takes anything; this function's calls go through one that refuses what AWS refuses. */
  async function putThroughStrictBus(stack: Stack): Promise<void> {
    const strict = await strictPutEvents(ENDPOINT, new Set([CONSOLE_SIGN_IN]));
    proxy = strict.server;
    const FunctionName = `${stack.name}-process`;
    const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    const Variables = { ...Environment?.Variables, AWS_ENDPOINT_URL_EVENTBRIDGE: strict.address };
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
    await eventually(
      `${FunctionName} updated`,
      async () => (await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }))).LastUpdateStatus === 'Successful',
    );
  }

  before(async () => {
    functions = await buildFunctions();
    await Promise.all([createUsersThings(), createDeploymentBucket()]);
    const rules = join(functions, 'some-rules.yml');
    writeFileSync(rules, RULES);
    const [s3Stack, snsStack, sqsStack, eventbridgeStack] = await Promise.all([
      deploy(functions, 's3', { bucket: managedBucket, manageBucketNotifications: 'true', emit: 'matched', rules }),
      deploy(functions, 'sns', { bucket: topicBucket, topicArn }),
      deploy(functions, 'sqs', { moreBuckets: quietBucket }),
      deploy(functions, 'eventbridge'),
    ]);
    stacks = { s3: s3Stack!, sns: snsStack!, sqs: sqsStack!, eventbridge: eventbridgeStack! };
    await putThroughStrictBus(stacks.sqs);
  });

  after(async () => {
    await Promise.all(Object.values(stacks ?? {}).map(destroy));
    proxy?.close();
    rmSync(functions, { recursive: true, force: true });
  });

  test('carries a file from a bucket that notifies the function', (t) =>
    measure(t, stacks.s3, () => putFile(stacks.s3.bucket, fileOf(record('RunInstances')))));

  test('carries a file that the trail’s own topic announces', (t) =>
    measure(t, stacks.sns, async () => {
      const { bucket, key } = await putFile(stacks.sns.bucket, fileOf(record('RunInstances')));
      await sns.send(new PublishCommand({ TopicArn: topicArn, Message: JSON.stringify({ s3Bucket: bucket, s3ObjectKey: [key] }) }));
    }));

  test('carries a file from a bucket that notifies the queue', (t) =>
    measure(t, stacks.sqs, () => putFile(stacks.sqs.bucket, fileOf(record('RunInstances')))));

  test('carries a file that S3 announces on the default bus', (t) =>
    measure(t, stacks.eventbridge, () => putFile(stacks.eventbridge.bucket, fileOf(record('RunInstances')))));

  test('puts every record once, with the envelope of the native feed', async () => {
    const records = Array.from({ length: 25 }, (_, at) => record(`Describe${String(at).padStart(2, '0')}`));
    await putFile(stacks.sqs.bucket, fileOf(...records));
    const entries = (await takeMessages(sqs, stacks.sqs.targetUrl, 25)).map(({ Body = '' }) => JSON.parse(Body) as Record<string, unknown>);
    assert.deepEqual(
      entries.map((entry) => (entry['detail'] as { eventName: string }).eventName).sort(),
      records.map((_, at) => `Describe${String(at).padStart(2, '0')}`),
    );
    const { source, 'detail-type': detailType, time } = entries[0]!;
    assert.deepEqual(
      { source, detailType, time },
      { source: 'cloudtrail.ec2', detailType: 'AWS API Call via CloudTrail', time: '2026-11-22T00:00:00Z' },
    );
  });

  test('with emit matched puts those records alone that a rule matches, and counts the others', async () => {
    const wanted = [record('TerminateInstances'), record('Describe')];
    const others = [
      record('StopInstances'),
      record('terminateinstances'),
      record('RunInstances').replace('ec2.', 'rds.'),
      '{"eventName":"Describe"}',
    ];
    await putFile(stacks.s3.bucket, fileOf(...others, ...wanted, record('RunInstances')));
    assert.deepEqual(await namesFrom(stacks.s3, 3), ['Describe', 'RunInstances', 'TerminateInstances']);
    assert.deepEqual(await drainQueue(sqs, stacks.s3.targetUrl, 1), []);
    await counted(stacks.s3, 'recordsSkipped', 'NOT_WANTED');
    const line = (await summaries(stacks.s3)).at(-1)!;
    const { words, next } = explainReason('NOT_WANTED');
    const notWanted = { count: 4, means: words, next };
    assert.deepEqual(
      ['RecordsRead', 'EntriesAccepted', 'RecordsSkipped', 'reasons'].map((name) => line[name]),
      [7, 3, 4, { recordsSkipped: { NOT_WANTED: notWanted }, recordsQuarantined: {}, filesSkipped: {}, filesQuarantined: {} }],
    );
  });

  test('gives the records once when their message comes twice', async () => {
    const file = await putFile(stacks.sqs.bucket, fileOf(record('CreateUser')));
    assert.deepEqual(await namesFrom(stacks.sqs, 1), ['CreateUser']);
    await sqs.send(new SendMessageCommand({ QueueUrl: stacks.sqs.outputs['NotificationQueueUrl'], MessageBody: s3EventText(file) }));
    await counted(stacks.sqs, 'filesSkipped', 'ALREADY_DONE');
    assert.deepEqual(await drainQueue(sqs, stacks.sqs.targetUrl), []);
  });

  test('keeps a broken file in quarantine, with its reason and its bytes', async () => {
    const broken = fileOf(record('RunInstances')).subarray(0, 60);
    const { key } = await putFile(stacks.eventbridge.bucket, broken);
    const Bucket = stacks.eventbridge.outputs['QuarantineBucketName'];
    const kept = await eventually(
      'the broken file in quarantine',
      async () => (await s3.send(new ListObjectsV2Command({ Bucket }))).Contents?.[0],
    );
    assert.equal(kept.Key, quarantineKey({ bucket: stacks.eventbridge.bucket, key }, 'GZIP_TRUNCATED'));
    const { Body, Metadata } = await s3.send(new GetObjectCommand({ Bucket, Key: kept.Key }));
    assert.deepEqual(Buffer.from(await Body!.transformToByteArray()), Buffer.from(broken));
    assert.deepEqual([Metadata?.['reason'], Metadata?.['original-bucket']], ['GZIP_TRUNCATED', stacks.eventbridge.bucket]);
  });

  test('parks the entry that the bus refuses, whole, and puts the others', async () => {
    const refused = record('ConsoleLogin', ',"eventType":"AwsConsoleSignIn"');
    await putFile(stacks.sqs.bucket, fileOf(record('RunInstances'), refused, record('StopInstances')));
    assert.deepEqual(await namesFrom(stacks.sqs, 2), ['RunInstances', 'StopInstances']);
    const [parked] = await takeMessages(sqs, stacks.sqs.outputs['ParkedEntriesQueueUrl']!, 1);
    const { reason, index, entry } = JSON.parse(parked?.Body ?? '') as { reason: string; index: number; entry: { Detail: string } };
    assert.match(reason, /NotAuthorizedForDetailTypeException/);
    assert.deepEqual([index, entry.Detail], [1, refused]);
  });

  test('does not publish its own PutEvents again', async () => {
    const arn = stacks.sqs.outputs['ProcessRoleArn'];
    const own = `{"eventSource":"events.amazonaws.com","eventName":"PutEvents","userIdentity":{"sessionContext":{"sessionIssuer":{"arn":"${arn}"}}}}`;
    await putFile(stacks.sqs.bucket, fileOf(own, record('RunInstances')));
    assert.deepEqual(await namesFrom(stacks.sqs, 1), ['RunInstances']);
    await counted(stacks.sqs, 'recordsSkipped', 'OWN_CALL');
  });

  test('parks the one bad message of ten, alone', async () => {
    const files = await Promise.all(Array.from({ length: 9 }, (_, at) => putFile(quietBucket, fileOf(record(`Good${at}`)))));
    const bodies = files.map(s3EventText).toSpliced(4, 0, '{"what":"is this"}');
    const Entries = bodies.map((MessageBody, at) => ({ Id: String(at), MessageBody }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl: stacks.sqs.outputs['NotificationQueueUrl'], Entries }));
    assert.deepEqual(
      await namesFrom(stacks.sqs, 9),
      files.map((_, at) => `Good${at}`),
    );
    const failed = await takeMessages(sqs, stacks.sqs.outputs['FailedNotificationsQueueUrl']!, 1);
    assert.deepEqual(
      failed.map(({ Body }) => Body),
      ['{"what":"is this"}'],
    );
    assert.deepEqual(await drainQueue(sqs, stacks.sqs.targetUrl, 1), []);
  });

  test('keeps a notification that fails on every try, without a queue in front', async () => {
    await sns.send(new PublishCommand({ TopicArn: topicArn, Message: '{"what":"is this"}' }));
    const [failed] = await takeMessages(sqs, stacks.sns.outputs['FailedNotificationsQueueUrl']!, 1);
    const { requestPayload } = JSON.parse(failed?.Body ?? '') as { requestPayload: { Records: { Sns: { Message: string } }[] } };
    assert.equal(requestPayload.Records[0]?.Sns.Message, '{"what":"is this"}');
  });

  test('reads files that are encrypted with KMS', async () => {
    const Key = newKey();
    await s3.send(
      new PutObjectCommand({ Bucket: stacks.eventbridge.bucket, Key, Body: fileOf(record('Encrypt')), ServerSideEncryption: 'aws:kms' }),
    );
    assert.deepEqual(await namesFrom(stacks.eventbridge, 1), ['Encrypt']);
    const { ServerSideEncryption } = await s3.send(new HeadObjectCommand({ Bucket: stacks.eventbridge.bucket, Key }));
    assert.equal(ServerSideEncryption, 'aws:kms');
  });

  test('adds its notification to a bucket’s and leaves those of others', async () => {
    const settings = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket: managedBucket }));
    assert.deepEqual(
      settings.QueueConfigurations?.map(({ Id }) => Id),
      ['theirs'],
    );
    assert.deepEqual(
      settings.LambdaFunctionConfigurations?.map(({ Id }) => Id),
      [stacks.s3.name],
    );
  });

  test('publishes metrics that add up', async () => {
    for (const stack of Object.values(stacks)) {
      const columns = (await logLines(stack)).filter((line) => '_aws' in line && 'RecordsRead' in line);
      const total = (name: string) => columns.reduce((sum, line) => sum + Number(line[name]), 0);
      assert.ok(total('RecordsRead') > 0);
      assert.equal(
        total('RecordsRead'),
        total('EntriesAccepted') + total('EntriesParked') + total('RecordsSkipped') + total('RecordsQuarantined'),
        stack.name,
      );
      assert.equal(total('EntriesParked'), stack === stacks.sqs ? 1 : 0);
      assert.equal(total('FilesQuarantined'), stack === stacks.eventbridge ? 1 : 0);
    }
  });

  test('takes its notification away with the stack, and leaves those of others', async () => {
    const { s3: stack, ...rest } = stacks;
    await destroy(stack);
    stacks = rest as typeof stacks;
    const settings = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket: managedBucket }));
    assert.deepEqual(
      settings.QueueConfigurations?.map(({ Id }) => Id),
      ['theirs'],
    );
    assert.deepEqual(settings.LambdaFunctionConfigurations ?? [], []);
  });
});
