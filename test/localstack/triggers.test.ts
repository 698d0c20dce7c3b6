// What starts a Lambda function on LocalStack does so with the process executor: S3, SNS, EventBridge, SQS and asynchronous invocation.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, type TestContext, test } from 'node:test';
import { PutEventsCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateEventSourceMappingCommand, InvokeCommand, PutFunctionEventInvokeConfigCommand } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutBucketNotificationConfigurationCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateTopicCommand, PublishCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueAttributesCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { clients, takeMessages, whyNoLocalStack } from './environment.ts';
import { createFunction } from './functions.ts';

const { eventBridge, lambda, s3, sns, sqs } = clients();

/** Sends what it was given to the queue in `OUT`; there is no SDK in the small functions of tests. */
const FORWARD = `export const handler = async (event) => {
  const query = new URLSearchParams({ Action: 'SendMessage', MessageBody: JSON.stringify(event) });
  const answer = await fetch(process.env.OUT + '?' + query, { method: 'POST' });
  if (!answer.ok) throw new Error(await answer.text());
};`;
const FAIL_BAD_ONES = `export const handler = async (event) => ({
  batchItemFailures: event.Records.filter((record) => record.body === 'bad').map((record) => ({ itemIdentifier: record.messageId })),
});`;

async function createQueue(attributes: Record<string, string> = {}) {
  const name = `test-${randomUUID()}`;
  const { QueueUrl: url = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }));
  return { url, arn: Attributes?.['QueueArn'] ?? '' };
}

async function createForwarder(t: TestContext) {
  const queue = await createQueue();
  const made = await createFunction(t, lambda, { 'index.mjs': FORWARD }, { variables: { OUT: queue.url } });
  const received = async () => JSON.parse((await takeMessages(sqs, queue.url, 1))[0]?.Body ?? 'null');
  return { ...made, received };
}

describe('LocalStack starts a function', { skip: await whyNoLocalStack(), concurrency: 3 }, () => {
  test('when an object is put into a bucket', async (t) => {
    const target = await createForwarder(t);
    const bucket = `test-${randomUUID()}`;
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    const notify = { LambdaFunctionConfigurations: [{ LambdaFunctionArn: target.arn, Events: ['s3:ObjectCreated:*' as const] }] };
    await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket: bucket, NotificationConfiguration: notify }));
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'a/b.json.gz', Body: 'x' }));
    const { s3: put } = (await target.received()).Records[0];
    assert.deepEqual([put.bucket.name, put.object.key], [bucket, 'a/b.json.gz']);
  });

  test('when a message is published to a topic', async (t) => {
    const target = await createForwarder(t);
    const { TopicArn: topic } = await sns.send(new CreateTopicCommand({ Name: `test-${randomUUID()}` }));
    await sns.send(new SubscribeCommand({ TopicArn: topic, Protocol: 'lambda', Endpoint: target.arn }));
    await sns.send(new PublishCommand({ TopicArn: topic, Message: 'hello' }));
    assert.equal((await target.received()).Records[0].Sns.Message, 'hello');
  });

  test('when a rule matches an event', async (t) => {
    const target = await createForwarder(t);
    const name = `test-${randomUUID()}`;
    await eventBridge.send(new PutRuleCommand({ Name: name, EventPattern: JSON.stringify({ source: [name] }) }));
    await eventBridge.send(new PutTargetsCommand({ Rule: name, Targets: [{ Id: 'f', Arn: target.arn }] }));
    await eventBridge.send(new PutEventsCommand({ Entries: [{ Source: name, DetailType: 'Test', Detail: '{"word":"hello"}' }] }));
    assert.deepEqual((await target.received()).detail, { word: 'hello' });
  });

  test('for messages of a queue, and sends only the ones it reports on to the dead-letter queue', async (t) => {
    const dead = await createQueue();
    const redrive = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: '1' });
    const queue = await createQueue({ VisibilityTimeout: '1', RedrivePolicy: redrive });
    const { name } = await createFunction(t, lambda, { 'index.mjs': FAIL_BAD_ONES });
    for (const word of ['good', 'bad', 'fine']) await sqs.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: word }));
    const mapping = { FunctionName: name, EventSourceArn: queue.arn, FunctionResponseTypes: ['ReportBatchItemFailures' as const] };
    await lambda.send(new CreateEventSourceMappingCommand(mapping));
    const kept = await takeMessages(sqs, dead.url, 1);
    assert.deepEqual(
      kept.map((message) => message.Body),
      ['bad'],
    );
  });

  test('asynchronously, and sends a failed invocation to its destination', async (t) => {
    const destination = await createQueue();
    const { name } = await createFunction(t, lambda, { 'index.mjs': `export const handler = async () => { throw new Error('never'); };` });
    const onFailure = { MaximumRetryAttempts: 0, DestinationConfig: { OnFailure: { Destination: destination.arn } } };
    await lambda.send(new PutFunctionEventInvokeConfigCommand({ FunctionName: name, ...onFailure }));
    await lambda.send(new InvokeCommand({ FunctionName: name, InvocationType: 'Event', Payload: '{"n":1}' }));
    const report = JSON.parse((await takeMessages(sqs, destination.url, 1))[0]?.Body ?? 'null');
    assert.equal(report.requestContext.condition, 'RetriesExhausted');
    assert.deepEqual([report.requestPayload, report.responsePayload.errorMessage], [{ n: 1 }, 'never']);
  });
});
