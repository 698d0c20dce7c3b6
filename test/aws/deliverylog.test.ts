// Which places deliver, as DynamoDB has it: items, conditions, and who was faster.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConditionalCheckFailedException, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { DynamoDeliveryLog } from '../../aws/deliverylog.ts';
import { afterDelivery } from '../../events/deliveries.ts';
import { DeliveryError } from '../../events/errors.ts';
import { deliveryLogContract } from '../contracts/deliverylog.ts';
import { fakeTable } from '../fakes/dynamodb.ts';

const HOUR_MS = 3_600_000;
const PLACE = { account: '111122223333', region: 'eu-west-1' };
const HOUR = Date.parse('2026-03-11T06:00:00Z') / HOUR_MS;
const noted = (hour: number) => (seen: Parameters<typeof afterDelivery>[0]) => afterDelivery(seen, { ...PLACE, hour });

deliveryLogContract('DynamoDeliveryLog', async () => {
  const client = fakeTable();
  return [new DynamoDeliveryLog(client, 'table'), new DynamoDeliveryLog(client, 'table')];
});

test('a place is one item, forgotten 90 days after its last file', async () => {
  const items = new Map();
  const log = new DynamoDeliveryLog(fakeTable(items), 'table');
  await log.update(PLACE, noted(HOUR));
  await log.update(PLACE, noted(HOUR + 1));
  const expiration = Date.parse('2026-06-09T07:00:00Z') / 1_000;
  const value = JSON.stringify({ ...PLACE, spans: [[HOUR, HOUR + 1]] });
  const id = '111122223333 eu-west-1';
  assert.deepEqual([...items], [[id, { id: { S: id }, version: { N: '2' }, expiration: { N: String(expiration) }, value: { S: value } }]]);
});

test('an hour that is known is read and not written', async () => {
  const client = new DynamoDBClient({ region: 'us-east-1' });
  const mock = mockClient(client);
  mock.on(GetItemCommand).resolves({ Item: { version: { N: '7' }, value: { S: JSON.stringify({ ...PLACE, spans: [[HOUR, HOUR]] }) } } });
  await new DynamoDeliveryLog(client, 'table').update(PLACE, noted(HOUR));
  assert.deepEqual([mock.commandCalls(GetItemCommand).length, mock.commandCalls(PutItemCommand).length], [1, 0]);
});

test('gives up where others are faster on each of five tries', async () => {
  const client = new DynamoDBClient({ region: 'us-east-1' });
  const mock = mockClient(client);
  mock.on(GetItemCommand).resolves({});
  mock.on(PutItemCommand).rejects(new ConditionalCheckFailedException({ message: 'The conditional request failed', $metadata: {} }));
  await assert.rejects(new DynamoDeliveryLog(client, 'table').update(PLACE, noted(HOUR)), DeliveryError);
  assert.equal(mock.commandCalls(PutItemCommand).length, 5);
});

test('any other fault rises as it is', async () => {
  const client = new DynamoDBClient({ region: 'us-east-1' });
  const mock = mockClient(client);
  mock.on(GetItemCommand).resolves({});
  const denied = new Error('AccessDeniedException');
  mock.on(PutItemCommand).rejects(denied);
  await assert.rejects(new DynamoDeliveryLog(client, 'table').update(PLACE, noted(HOUR)), (error) => error === denied);
});
