// The state of findings in DynamoDB: items with a time to live, keys asked again, values that fit.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BatchGetItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { DynamoFindingState } from '../../aws/findingstate.ts';
import { ReadError } from '../../events/errors.ts';
import { findingStateContract } from '../contracts/findingstate.ts';
import { fakeTable } from '../fakes/dynamodb.ts';

const NOW = 1_773_210_600;

findingStateContract('DynamoFindingState', async () => {
  const client = fakeTable();
  return [new DynamoFindingState(client, 'table'), new DynamoFindingState(client, 'table')];
});

test('an item has a time to live, and a small value stays readable', async () => {
  const items = new Map();
  await new DynamoFindingState(fakeTable(items), 'table').write(
    'key',
    { told: 1 },
    { expected: undefined, expiresAt: NOW + 0.5, now: NOW },
  );
  assert.deepEqual(items.get('key'), {
    ...{ id: { S: 'key' }, version: { N: '1' }, expiration: { N: String(NOW + 1) } },
    value: { S: '{"told":1}' },
  });
});

const itemOf = (key: string) => ({ id: { S: key }, version: { N: '1' }, value: { S: '{}' } });

/** A table that gets to the first key of each call only, and for ever to none from `stuck` on. */
function slowTable(stuck = Number.POSITIVE_INFINITY) {
  const client = new DynamoDBClient({ region: 'us-east-1' });
  let calls = 0;
  mockClient(client)
    .on(BatchGetItemCommand)
    .callsFake(({ RequestItems }) => {
      const [first, ...rest] = RequestItems['table'].Keys;
      if (++calls > stuck) return { Responses: {}, UnprocessedKeys: RequestItems };
      const left = rest.length > 0 ? { table: { Keys: rest, ConsistentRead: true } } : {};
      return { Responses: { table: [itemOf(first.id.S)] }, UnprocessedKeys: left };
    });
  return client;
}

const slept = (pauses: number[]) => ({ sleep: async (waitMs: number) => void pauses.push(waitMs), random: () => 1 });

test('keys that the table did not get to are asked again, each time after a longer pause', async () => {
  const pauses: number[] = [];
  const found = await new DynamoFindingState(slowTable(), 'table', slept(pauses)).read(['a', 'b', 'c']);
  assert.deepEqual([...found.keys()], ['a', 'b', 'c']);
  assert.deepEqual(pauses, [100, 200]);
});

test('a table that never gets to a key makes the read fail, to be tried again', async () => {
  const state = new DynamoFindingState(slowTable(1), 'table', slept([]));
  await assert.rejects(
    state.read(['a', 'b']),
    (error) => error instanceof ReadError && error.retryable && /1 of 2 keys/.test(error.message),
  );
});

test('a value that would not fit in an item is refused before it is sent', async () => {
  const noise = Array.from({ length: 40_000 }, (_, at) => Math.sin(at));
  const state = new DynamoFindingState(fakeTable(), 'table');
  await assert.rejects(state.write('key', noise, { expected: undefined, expiresAt: NOW, now: NOW }), /`key` is too large/);
});

test('another error of the table rises as it is', async () => {
  const client = fakeTable();
  const fault = new Error('throttled');
  client.send = () => Promise.reject(fault);
  const state = new DynamoFindingState(client, 'table');
  await assert.rejects(state.write('key', {}, { expected: undefined, expiresAt: NOW, now: NOW }), (error) => error === fault);
});
