// Our notification among others in a bucket's settings.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GetBucketNotificationConfigurationCommand, PutBucketNotificationConfigurationCommand } from '@aws-sdk/client-s3';
import { type ListenerToSet, setListener, withListener, withoutListener } from '../../functions/bucketlistener.ts';
import { fakeBuckets } from '../fakes/s3.ts';

const theirs = {
  EventBridgeConfiguration: {},
  LambdaFunctionConfigurations: [
    { Id: 'theirs', LambdaFunctionArn: 'arn:aws:lambda:us-east-1:111122223333:function:theirs', Events: ['s3:ObjectCreated:*' as const] },
  ],
  TopicConfigurations: [{ TopicArn: 'arn:aws:sns:us-east-1:111122223333:theirs', Events: ['s3:ObjectRemoved:*' as const] }],
  QueueConfigurations: [],
};
const listeners: [string, ListenerToSet, 'LambdaFunctionConfigurations' | 'TopicConfigurations' | 'QueueConfigurations', number][] = [
  ['a function', { kind: 'function', arn: 'arn:aws:lambda:us-east-1:111122223333:function:ours' }, 'LambdaFunctionConfigurations', 2],
  ['a topic', { kind: 'topic', arn: 'arn:aws:sns:us-east-1:111122223333:ours' }, 'TopicConfigurations', 2],
  ['a queue', { kind: 'queue', arn: 'arn:aws:sqs:us-east-1:111122223333:ours' }, 'QueueConfigurations', 1],
];
for (const [name, listener, column, count] of listeners)
  test(`adds ${name} beside what others set, once however often, and takes it away again`, () => {
    const added = withListener(withListener(theirs, 'ours', listener), 'ours', listener);
    assert.equal(added[column]?.length, count);
    assert.deepEqual(added[column]?.at(-1)?.Filter, { Key: { FilterRules: [{ Name: 'suffix', Value: '.json.gz' }] } });
    assert.deepEqual(withoutListener(added, 'ours'), theirs);
  });

test('switches the event bus on, and leaves it on when it goes', () => {
  const { EventBridgeConfiguration, ...off } = theirs;
  const added = withListener(off, 'ours', { kind: 'eventbus' });
  assert.deepEqual(added.EventBridgeConfiguration, {});
  assert.deepEqual(withoutListener(added, 'ours').EventBridgeConfiguration, {});
  assert.equal(withoutListener(off, 'ours').EventBridgeConfiguration, undefined);
});

test('reads a bucket’s settings before it writes them, both as the owner’s', async () => {
  const { client, mock } = fakeBuckets();
  mock.on(GetBucketNotificationConfigurationCommand).resolves(theirs);
  mock.on(PutBucketNotificationConfigurationCommand).resolves({});
  await setListener(client, 'trail-logs', 'ours', listeners[2]![1], '111122223333');
  const [read, written] = mock.calls().map((call) => call.args[0].input as { ExpectedBucketOwner: string });
  assert.deepEqual([read?.ExpectedBucketOwner, written?.ExpectedBucketOwner], ['111122223333', '111122223333']);
});
