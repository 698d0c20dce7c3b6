// The marks of done files in DynamoDB: who may take a file over, and how long it is remembered.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DynamoDBClient, PutItemCommand, type PutItemCommandInput } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { DynamoDoneFiles } from '../../aws/donefiles.ts';
import { TrailbusError } from '../../events/errors.ts';
import { doneFilesContract } from '../contracts/donefiles.ts';
import { fakeTable } from '../fakes/dynamodb.ts';
import { REF } from '../fakes/records.ts';

const MINUTE = 60_000;
const open = (client: DynamoDBClient, timeLeftMs = MINUTE) => new DynamoDoneFiles(client, 'done', { timeLeftMs: () => timeLeftMs });

const items: Map<string, NonNullable<PutItemCommandInput['Item']>> = new Map();
doneFilesContract('DynamoDoneFiles', async () => open(fakeTable(items)), { remembers: true });

test('takes over a file whose worker was killed, once that one’s time is over', async () => {
  const table = new Map<string, NonNullable<PutItemCommandInput['Item']>>();
  const killed = open(fakeTable(table), -1000);
  // A killed invocation neither finishes its work nor takes its mark away.
  void killed.once(REF, () => new Promise<never>(() => {}));
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal([...table.values()][0]?.['status']?.S, 'INPROGRESS');
  assert.equal(await open(fakeTable(table)).once(REF, async () => 'done'), 'done');
});

test('remembers a file for 30 days unless told otherwise', async () => {
  const table = new Map<string, NonNullable<PutItemCommandInput['Item']>>();
  const days = () => Math.round((Number([...table.values()].at(-1)?.['expiration']?.N) - Date.now() / 1000) / 86_400);
  await open(fakeTable(table)).once(REF, async () => 'done');
  assert.equal(days(), 30);
  table.clear();
  await new DynamoDoneFiles(fakeTable(table), 'done', { timeLeftMs: () => MINUTE, days: 3 }).once(REF, async () => 'done');
  assert.equal(days(), 3);
});

test('keeps nothing of the file but its mark', async () => {
  const table = new Map<string, NonNullable<PutItemCommandInput['Item']>>();
  await open(fakeTable(table)).once(REF, async () => ({ secret: 'text of a record' }));
  assert.doesNotMatch(JSON.stringify([...table.values()]), /secret|text of a record/);
});

test('says that the table can’t be used, and does no work', async () => {
  const client = new DynamoDBClient({ region: 'us-east-1' });
  mockClient(client).on(PutItemCommand).rejects(new Error('not authorized to perform: dynamodb:PutItem'));
  await assert.rejects(
    open(client).once(REF, () => assert.fail('worked')),
    (error) => error instanceof TrailbusError && /dynamodb:PutItem/.test(error.message) && !!error.help,
  );
});
