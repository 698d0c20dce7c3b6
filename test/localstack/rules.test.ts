// Users' rules with targets, deployed: a record that one matches is with its target. And `trailbus deliver`, which asks a deployed stack.
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { trailbusProcess } from '../command.ts';
import { KEY, logFile } from '../fakes/records.ts';
import { buildFunctions } from '../serverless/service.ts';
import { clients, drainQueue, ENDPOINT, STACK_REGION, takeMessages, whyNoLocalStack } from './environment.ts';
import { createDeploymentBucket, createQueue, deploy, destroy, RUN, type Stack } from './stack.ts';

const { eventBridge, s3, sqs } = clients();

/** The command, as CI has it: everything it needs to know of the account is said. */
const deliver = (...args: string[]) =>
  trailbusProcess(['deliver', ...args, '--endpoint-url', ENDPOINT, '--region', STACK_REGION], '', {
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });

describe('a deployed stack with a rule that has a target', { skip: await whyNoLocalStack() }, () => {
  let functions: string;
  let stack: Stack;
  let queue: { url: string; arn: string };

  before(async () => {
    functions = await buildFunctions();
    await createDeploymentBucket();
    queue = await createQueue(`rule-target-${RUN}`);
    const rules = join(functions, 'rules.yml');
    writeFileSync(
      rules,
      `id: trail.stopped\ntitle: A trail was stopped\npattern: { detail: { eventName: [StopLogging] } }\ntargets: ["${queue.arn}"]\n---\nid: user.created\npattern: { detail: { eventName: [CreateUser] } }\n`,
    );
    stack = await deploy(functions, 's3', { rules, emit: 'matched', validate: 'off', detections: 'on' });
  });

  after(async () => {
    if (stack !== undefined) await destroy(stack);
    rmSync(functions, { recursive: true, force: true });
  });

  test('the rule stands on the stack’s bus, with the stack’s own queue for what fails', async () => {
    const { Targets } = await eventBridge.send(new ListTargetsByRuleCommand({ Rule: 'trail.stopped', EventBusName: stack.name }));
    assert.deepEqual([Targets?.length, Targets?.[0]?.Arn], [1, queue.arn]);
    assert.ok(stack.outputs['FailedEventsQueueUrl']?.endsWith(Targets![0]!.DeadLetterConfig!.Arn!.split(':').at(-1)!));
    assert.match(stack.outputs['TargetPolicies'] ?? '', new RegExp(`"sqs:SendMessage","Resource":"${queue.arn}"`));
  });

  test('the target gets the records that the rule matches; one without lets them on the bus alone', async () => {
    const record = (eventName: string) => ({ eventID: eventName, eventSource: 'cloudtrail.amazonaws.com', eventName });
    const Body = logFile(...['StopLogging', 'CreateUser', 'DescribeTrails'].map(record));
    await s3.send(new PutObjectCommand({ Bucket: stack.bucket, Key: KEY, Body }));
    const eventNames = (messages: { Body?: string | undefined }[]) =>
      messages.map(({ Body: text = '' }) => (JSON.parse(text) as { detail: { eventName: string } }).detail.eventName).sort();
    assert.deepEqual(eventNames(await takeMessages(sqs, stack.targetUrl, 2)), ['CreateUser', 'StopLogging']);
    assert.deepEqual(eventNames(await takeMessages(sqs, queue.url, 1)), ['StopLogging']);
    assert.deepEqual(await drainQueue(sqs, queue.url, 1), []);
  });

  test('deliver puts a detection’s own test into the stack, and ends well when its finding was told', (t) => {
    const { code, stdout, stderr } = deliver('--from-test', 'cloudtrail.logging-stopped', '--stack', stack.name, '--json');
    assert.equal(code, 0, stderr);
    const { type, rule, severity, state, count, bucket, key, seconds } = JSON.parse(stdout) as Record<string, unknown>;
    assert.deepEqual(
      [type, rule, severity, state, count, bucket],
      ['finding', 'cloudtrail.logging-stopped', 'high', 'open', 1, stack.bucket],
    );
    assert.ok(stderr.startsWith(`delivered 1 record: s3://${stack.bucket}/${key}\n`), stderr);
    t.diagnostic(`found after ${seconds} s`);
  });

  test('deliver finds every time it is called, and says so to people', () => {
    const record = JSON.stringify({
      eventSource: 'cloudtrail.amazonaws.com',
      eventName: 'DeleteTrail',
      eventID: 'the same',
      eventType: 'AwsApiCall',
    });
    for (const _ of [1, 2]) {
      const { code, stdout, stderr } = deliver(record, '--expect', 'cloudtrail.trail-deleted', '--stack', stack.name);
      assert.equal(code, 0, stderr);
      assert.match(
        stdout,
        /^found after [\d.]+ s: \w+ cloudtrail\.trail-deleted \(open, 1 event\) in 000000000000 us-east-1, detection-\w+\n$/,
      );
    }
  });

  test('deliver ends with 1 where nothing is found in time, and with 2 where there is no such stack', () => {
    const none = deliver(
      '{"eventName": "DescribeTrails"}',
      '--expect',
      'cloudtrail.trail-deleted',
      '--stack',
      stack.name,
      '--timeout',
      '3s',
    );
    assert.equal(none.code, 1, none.stderr);
    assert.match(none.stdout, /^no finding of cloudtrail\.trail-deleted in 3(\.\d)? s\n$/);
    assert.match(none.stderr, /is it on, and have its lists values\?/);
    const lost = deliver('{"eventName": "DescribeTrails"}', '--expect', 'cloudtrail.trail-deleted', '--stack', 'nobody');
    assert.deepEqual([lost.code, lost.stdout], [2, '']);
    assert.match(lost.stderr, /no stack is called `nobody` here/);
  });
});
