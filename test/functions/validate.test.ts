// The validate function: findings on the bus, metrics, failures.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { PutItemCommandInput } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { Context } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { eventBridgePut } from '../../aws/bus.ts';
import { EventBridgeFindings } from '../../aws/integrityfindings.ts';
import { DynamoWatchState } from '../../aws/watchstate.ts';
import type { IntegrityFinding } from '../../events/digest/index.ts';
import type { WatchTally } from '../../events/digest/watch.ts';
import { BUCKET, logKey, MAIN, wholeWorld } from '../cli/validatelogs/cases.ts';
import { startEndpoint } from '../cli/validatelogs/endpoint.ts';
import { environment } from '../cli/validatelogs/record.ts';
import { signingKey, trailArn, World } from '../cli/validatelogs/world.ts';
import { WorldBuckets, WorldKeys, worldTrails } from '../cli/validatelogs/worlddoors.ts';
import { fakeTable } from '../fakes/dynamodb.ts';
import { WrittenLog } from '../fakes/writtenlog.ts';

process.env['POWERTOOLS_METRICS_NAMESPACE'] = 'Trailbus';
const { logger, metrics } = await import('../../functions/handler.ts');
const { main, readEnvironment, validateHandler } = await import('../../functions/validate.ts');

const written = new WrittenLog(logger, metrics);

const NOW = new Date('2026-03-11T06:30:00Z');
const CONTEXT = {
  getRemainingTimeInMillis: () => 300_000,
  functionName: 'trailbus-validate',
  awsRequestId: 'r',
  invokedFunctionArn: 'arn',
} as unknown as Context;

type Item = NonNullable<PutItemCommandInput['Item']>;

/** A table and a bus that outlive invocations. */
function cloud(world: World) {
  const [items, events] = [new Map<string, Item>(), [] as Record<string, unknown>[]];
  const eventBridge = new EventBridgeClient({ region: 'us-east-1' });
  const refusals: string[] = [];
  mockClient(eventBridge)
    .on(PutEventsCommand)
    .callsFake(({ Entries }: { Entries: Record<string, unknown>[] }) => {
      const ErrorCode = refusals.shift();
      if (ErrorCode !== undefined) return { FailedEntryCount: 1, Entries: [{ ErrorCode, ErrorMessage: 'no' }] };
      events.push(...Entries);
      return { FailedEntryCount: 0, Entries: [{ EventId: '1' }] };
    });
  const doors = {
    ...{ buckets: new WorldBuckets(world), trails: worldTrails(world), keysIn: () => new WorldKeys(world) },
    state: new DynamoWatchState(fakeTable(items), 'table', () => NOW.getTime()),
  };
  const bus = new EventBridgeFindings(eventBridgePut(eventBridge, 'bus'), { sleep: async () => undefined, random: () => 0 });
  const main = validateHandler(
    () => ({ trails: [{ arn: trailArn(MAIN), bucket: BUCKET }], doors, busIn: () => bus, hours: 24, concurrency: 8 }),
    () => NOW,
  );
  const invoke = async () => {
    written.clear();
    return (await main({}, CONTEXT)) as WatchTally;
  };
  return { invoke, items, events, refusals };
}

const metricOf = (name: string): unknown => written.metric(name);

test('an intact trail puts no event and publishes what was proven', async () => {
  const { invoke, events } = cloud(wholeWorld());
  await invoke();
  assert.deepEqual(events, []);
  assert.deepEqual(['DigestsProven', 'FilesProven', 'FilesInvalid', 'ValidationLag'].map(metricOf), [19, 21, 0, 8.5 * 3_600]);
});

test('a tampered file is an event on the bus, once over all invocations', async () => {
  const world = wholeWorld();
  const key = logKey(world, '11T03');
  world.delete(BUCKET, key);
  const { invoke, events, items } = cloud(world);
  await invoke();
  await invoke();
  assert.equal(metricOf('FilesInvalid'), 1);
  assert.equal(events.length, 1);
  const { Source, DetailType, EventBusName, Detail } = events[0] as Record<string, string>;
  assert.deepEqual({ Source, DetailType, EventBusName }, { Source: 'trailbus', DetailType: 'Trailbus Finding', EventBusName: 'bus' });
  const { severity, id, detail } = JSON.parse(Detail!) as IntegrityFinding;
  const { file, reason } = detail;
  assert.deepEqual(
    { severity, file, reason },
    { severity: 'high', file: `s3://${BUCKET}/${key}`, reason: 'the file is missing: it was deleted, or renamed' },
  );
  assert.equal(items.get(`told ${id}`)!['expiration']!.N, String(NOW.getTime() / 1_000 + 400 * 86_400));
});

test('an event the bus refuses fails the invocation and is put again', async () => {
  const world = wholeWorld();
  world.delete(BUCKET, logKey(world, '11T03'));
  const { invoke, events, refusals } = cloud(world);
  refusals.push('ThrottlingException', 'AccessDeniedException');
  await assert.rejects(invoke(), /1 of 1 trails could not be checked/);
  assert.match(written.text, /the bus refused a finding: AccessDeniedException: no/);
  await invoke();
  assert.equal(events.length, 1);
});

test('the function as it is deployed, over the services it calls: a tampered file reaches the bus', async () => {
  const world = new World();
  const from = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000 - 4 * 3_600_000);
  world.addTrail(MAIN);
  const key = signingKey('live', new Date(from.getTime() - 86_400_000).toISOString(), new Date(from.getTime() + 864_000_000).toISOString());
  world.addKey(key);
  world.addChain({ trail: MAIN, account: MAIN.owner, region: 'us-east-1', from, hours: [1, 2, 1], key });
  const [tampered] = world.keysOf(BUCKET, /CloudTrail\/us-east-1/) as [string];
  world.put(BUCKET, tampered, gzipSync('{"Records":[]}'));
  const [items, entries] = [new Map<string, unknown>(), [] as { Detail: string }[]];
  world.operations.set('GetItem', (_, { Key }: { Key: { id: { S: string } } }) => ({ Item: items.get(Key.id.S) }));
  world.operations.set('PutItem', (_, { Item }: { Item: { id: { S: string } } }) => {
    items.set(Item.id.S, Item);
    return {};
  });
  world.operations.set('PutEvents', (_, { Entries }: { Entries: { Detail: string }[] }) => {
    entries.push(...Entries);
    return { FailedEntryCount: 0, Entries: [{ EventId: '1' }] };
  });
  const endpoint = await startEndpoint(world);
  const settings = { TRAILS: JSON.stringify([{ arn: trailArn(MAIN) }]), BUS_NAME: 'bus', STATE_TABLE: 'table', AWS_REGION: 'us-east-1' };
  Object.assign(process.env, environment(endpoint), settings);
  try {
    written.clear();
    const tally = (await main({}, CONTEXT)) as WatchTally;
    assert.deepEqual(
      { ...tally, lagMs: 0 },
      { digestsProven: 3, filesProven: 3, filesInvalid: 1, findingsTold: 1, trailsFailed: 0, isCutShort: false, lagMs: 0 },
    );
    assert.deepEqual(
      entries.map(({ Detail }) => (JSON.parse(Detail) as IntegrityFinding).detail.file),
      [`s3://${BUCKET}/${tampered}`],
    );
    assert.equal(items.size, 2);
  } finally {
    await endpoint.close();
  }
});

test('a wrong environment is told whole', () => {
  assert.throws(
    () => readEnvironment({ TRAILS: '[{"arn":"x"}]', AWS_REGION: 'us-east-1' }),
    /TRAILS\.0\.arn: must be the ARN of a trail; BUS_NAME: .*; STATE_TABLE: /,
  );
  assert.throws(() => readEnvironment({ TRAILS: '{' }), /TRAILS: is not JSON/);
});
