// Users' rules with targets, deployed: a record that one matches is with its target.
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { KEY, logFile } from '../fakes/records.ts';
import { buildFunctions } from '../serverless/service.ts';
import { clients, drainQueue, skipReason, takeMessages } from './environment.ts';
import { createDeploymentBucket, createQueue, deploy, destroy, RUN, type Stack } from './stack.ts';

const { eventBridge, s3, sqs } = clients();

describe('a rule with a target', { skip: await skipReason() }, () => {
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
    stack = await deploy(functions, 's3', { rules, emit: 'matched', validate: 'off' });
  });

  after(async () => {
    if (stack !== undefined) await destroy(stack);
    rmSync(functions, { recursive: true, force: true });
  });

  test('stands on the stack’s bus, with the stack’s own queue for what fails', async () => {
    const { Targets } = await eventBridge.send(new ListTargetsByRuleCommand({ Rule: 'trail.stopped', EventBusName: stack.name }));
    assert.deepEqual([Targets?.length, Targets?.[0]?.Arn], [1, queue.arn]);
    assert.ok(stack.outputs['FailedEventsQueueUrl']?.endsWith(Targets![0]!.DeadLetterConfig!.Arn!.split(':').at(-1)!));
    assert.match(stack.outputs['TargetPolicies'] ?? '', new RegExp(`"sqs:SendMessage","Resource":"${queue.arn}"`));
  });

  test('gets the records that it matches; one without lets them on the bus alone', async () => {
    const record = (eventName: string) => ({ eventID: eventName, eventSource: 'cloudtrail.amazonaws.com', eventName });
    const Body = logFile(...['StopLogging', 'CreateUser', 'DescribeTrails'].map(record));
    await s3.send(new PutObjectCommand({ Bucket: stack.bucket, Key: KEY, Body }));
    const eventNames = (messages: { Body?: string | undefined }[]) =>
      messages.map(({ Body: text = '' }) => (JSON.parse(text) as { detail: { eventName: string } }).detail.eventName).sort();
    assert.deepEqual(eventNames(await takeMessages(sqs, stack.targetUrl, 2)), ['CreateUser', 'StopLogging']);
    assert.deepEqual(eventNames(await takeMessages(sqs, queue.url, 1)), ['StopLogging']);
    assert.deepEqual(await drainQueue(sqs, queue.url, 1), []);
  });
});
