// The deployed detections: a log file put into a bucket comes out as findings, each once, whatever comes twice, is killed or is throttled on the way.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { GetFunctionConfigurationCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { SendMessageCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { Finding } from '../../events/finding.ts';
import { s3Event } from '../fakes/notifications.ts';
import { buildFunctions } from '../serverless/service.ts';
import { clients, drainQueue, ENDPOINT, eventually, STACK_ACCOUNT, STACK_REGION, takeMessages, whyNoLocalStack } from './environment.ts';
import { Gate } from './gate.ts';
import { createDeploymentBucket, deploy, destroy, logLines, RUN, ruleToQueue, type Stack } from './stack.ts';

const { lambda, s3, sqs } = clients();

/** Seconds that the alert function has, its claims, and until its hits come again: short, so that the test sees the second try. */
const TIMEOUT = 3;
const CLAIM = 4;
const HIDDEN = 6;
/** Tries before hits lie among the failed. */
const TRIES = 3;

/** What somebody else might send. */
const FOREIGN = '{"what":"is this"}';

let serial = 0;
const newKey = () =>
  `AWSLogs/${STACK_ACCOUNT}/CloudTrail/${STACK_REGION}/2026/11/28/${STACK_ACCOUNT}_CloudTrail_${STACK_REGION}_20261128T0005Z_${RUN}${String(++serial).padStart(10, '0')}.json.gz`;

const NOW = new Date(Date.now() - 60_000).toISOString().replace(/\.\d+Z$/, 'Z');

const recordOf = (change: object) => ({
  ...{ eventVersion: '1.11', eventTime: NOW, awsRegion: STACK_REGION, sourceIPAddress: '203.0.113.77', eventID: `${RUN}-${++serial}` },
  userIdentity: { type: 'IAMUser', arn: `arn:aws:iam::${STACK_ACCOUNT}:user/martin`, accountId: STACK_ACCOUNT, userName: 'martin' },
  ...{ readOnly: false, eventType: 'AwsApiCall', recipientAccountId: STACK_ACCOUNT },
  ...change,
});

const stopped = (name: string) =>
  recordOf({ eventSource: 'cloudtrail.amazonaws.com', eventName: 'StopLogging', requestParameters: { name } });

const failedSignIn = () =>
  recordOf({
    ...{ eventSource: 'signin.amazonaws.com', eventName: 'ConsoleLogin', eventType: 'AwsConsoleSignIn' },
    ...{ errorMessage: 'Failed authentication', requestParameters: null, responseElements: { ConsoleLogin: 'Failure' } },
  });

async function putRecords(bucket: string, ...records: object[]) {
  const key = newKey();
  const Body = gzipSync(JSON.stringify({ Records: records }));
  const { VersionId, ETag = '' } = await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body }));
  return { bucket, key, versionId: VersionId, eTag: ETag.replaceAll('"', '') };
}

describe('the deployed detections', { skip: await whyNoLocalStack() }, () => {
  let functions: string;
  let stack: Stack;
  let gate: Gate;
  /** Queue that a rule on the bus fills with every finding. */
  let findingsUrl: string;

  const findingsIn = (bodies: { Body?: string | undefined }[]) =>
    bodies.map(({ Body = '' }) => (JSON.parse(Body) as { detail: Finding }).detail);
  const takeFindings = async (count: number) => findingsIn(await takeMessages(sqs, findingsUrl, count));
  /** None for a while. */
  const noMoreFindings = async () => assert.deepEqual(findingsIn(await drainQueue(sqs, findingsUrl, 1.5)), []);

  /** The alert function's calls go through the gate, and it has little time. */
  async function hurryAlert(): Promise<void> {
    const FunctionName = `${stack.name}-alert`;
    const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    const addresses = { AWS_ENDPOINT_URL_EVENTBRIDGE: gate.address, AWS_ENDPOINT_URL_DYNAMODB: gate.address };
    const Variables = { ...Environment?.Variables, ...addresses, CLAIM_SECONDS: String(CLAIM) };
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: TIMEOUT, Environment: { Variables } }));
    await eventually(
      `${FunctionName} updated`,
      async () => (await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }))).LastUpdateStatus === 'Successful',
    );
    const failed = `arn:aws:sqs:${STACK_REGION}:${STACK_ACCOUNT}:${stack.outputs['FailedHitsQueueUrl']!.split('/').at(-1)}`;
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: failed, maxReceiveCount: TRIES });
    await sqs.send(
      new SetQueueAttributesCommand({
        QueueUrl: stack.outputs['HitQueueUrl'],
        Attributes: { VisibilityTimeout: String(HIDDEN), RedrivePolicy },
      }),
    );
  }

  before(async () => {
    functions = await buildFunctions();
    await createDeploymentBucket();
    gate = await Gate.open(ENDPOINT);
    // No rule at all: what is found is found without anything on the bus.
    stack = await deploy(functions, 'sqs', { detections: 'on', emit: 'matched', validate: 'off' });
    findingsUrl = await ruleToQueue(stack.name, 'findings', { source: ['trailbus'] });
    await hurryAlert();
  });

  after(async () => {
    if (stack !== undefined) await destroy(stack);
    gate?.close();
    rmSync(functions, { recursive: true, force: true });
  });

  test('a record that no rule matches becomes a finding that names its file', async (t) => {
    const times: number[] = [];
    for (let round = 0; round < 2; round++) {
      const started = Date.now();
      const { bucket, key } = await putRecords(stack.bucket, recordOf({ eventName: 'DescribeTrails' }), stopped(`trail ${round}`));
      const [finding] = await takeFindings(1);
      times.push(Date.now() - started);
      const { kind, rule, state, severity, title, who, count, events } = finding!;
      assert.deepEqual(
        { kind, rule, state, severity, title, who, count },
        {
          ...{ kind: 'detection', rule: 'cloudtrail.logging-stopped', state: 'open', severity: 'high' },
          ...{ title: `martin stopped the trail trail ${round}`, who: 'martin', count: 1 },
        },
      );
      assert.deepEqual([events[0]?.bucket, events[0]?.key, events[0]?.index], [bucket, key, 1]);
    }
    assert.deepEqual(await drainQueue(sqs, stack.targetUrl, 0.5), []);
    // For the last test: what is to fail three times may do so meanwhile.
    await sqs.send(new SendMessageCommand({ QueueUrl: stack.outputs['HitQueueUrl'], MessageBody: FOREIGN }));
    t.diagnostic(`${stack.name}: deployed in ${stack.seconds.toFixed(1)} s; object put to finding ${times.join(' ms, then ')} ms`);
  });

  test('a threshold is found once, over several files at the same time, and not again when they come again', async () => {
    const signIns = Array.from({ length: 6 }, failedSignIn);
    const files = await Promise.all(signIns.map((signIn) => putRecords(stack.bucket, signIn)));
    const [finding] = await takeFindings(1);
    assert.deepEqual([finding?.rule, finding?.state], ['console.failures', 'open']);
    assert.ok(finding!.count >= 3 && finding!.count <= 6, String(finding!.count));
    // Announced again, and delivered again under other names.
    for (const { bucket, ...object } of files.slice(0, 2)) {
      const MessageBody = JSON.stringify(s3Event(object, { bucket }));
      await sqs.send(new SendMessageCommand({ QueueUrl: stack.outputs['NotificationQueueUrl'], MessageBody }));
    }
    await Promise.all(signIns.map((signIn) => putRecords(stack.bucket, signIn)));
    await eventually('twelve sign-ins taken', async () => (await total('HitsTaken')) >= 14);
    await noMoreFindings();
  });

  /** Of a number that the alert function publishes. */
  const total = async (metric: string) =>
    (await logLines(stack, 'alert')).filter((line) => '_aws' in line).reduce((sum, line) => sum + Number(line[metric] ?? 0), 0);

  test('an alert function that is killed while it tells, and a table that throttles, lose nothing', async (t) => {
    const started = Date.now();
    gate.next('PutEvents', 'hang');
    await putRecords(stack.bucket, stopped('killed'));
    await eventually('the call that hangs', async () => gate.spoiled === 1);
    gate.next('BatchGetItem', 'throttle', 5);
    await putRecords(stack.bucket, stopped('throttled'));
    await eventually('throttled calls', async () => gate.spoiled >= 3);
    const findings = await takeFindings(2);
    assert.deepEqual(findings.map(({ title, state }) => `${title}: ${state}`).sort(), [
      'martin stopped the trail killed: open',
      'martin stopped the trail throttled: open',
    ]);
    t.diagnostic(`killed and throttled: found after ${Date.now() - started} ms`);
    await noMoreFindings();
  });

  test('a message that is none of ours ends among the failed ones, and holds nothing up', async () => {
    const failed = await takeMessages(sqs, stack.outputs['FailedHitsQueueUrl']!, 1);
    assert.deepEqual(
      failed.map(({ Body }) => Body),
      [FOREIGN],
    );
  });
});
