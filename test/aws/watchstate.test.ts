// What the scheduled check remembers in DynamoDB, and for how long.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DynamoWatchState } from '../../aws/watchstate.ts';
import { watchStateContract } from '../contracts/watchstate.ts';
import { fakeTable } from '../fakes/dynamodb.ts';

const NOW = Date.parse('2026-03-11T06:30:00Z');

watchStateContract('DynamoWatchState', async () => {
  const client = fakeTable();
  return [new DynamoWatchState(client, 'table', () => NOW), new DynamoWatchState(client, 'table', () => NOW)];
});

test('a told finding is kept for 400 days, how far a place was checked for ever', async () => {
  const items = new Map();
  const state = new DynamoWatchState(fakeTable(items), 'table', () => NOW);
  await state.setTold('integrity-1');
  await state.setReached('arn', NOW);
  assert.deepEqual(items.get('told integrity-1'), { id: { S: 'told integrity-1' }, expiration: { N: String(NOW / 1_000 + 400 * 86_400) } });
  assert.deepEqual(items.get('reached arn'), { id: { S: 'reached arn' }, millis: { N: String(NOW) } });
});
