// The silence function: findings on the bus, what is remembered of them, metrics, failures.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DynamoDBClient,
  GetItemCommand,
  ProvisionedThroughputExceededException,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { Context } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { DynamoDeliveryLog } from '../../aws/deliverylog.ts';
import { findingTeller } from '../../aws/findingteller.ts';
import { afterDelivery, type SeenPlace, type ToldSilence } from '../../events/deliveries.ts';
import type { WireEntry } from '../../events/entry.ts';
import type { Finding } from '../../events/finding.ts';
import { fakeTable } from '../fakes/dynamodb.ts';
import { WrittenLog } from '../fakes/writtenlog.ts';

process.env['POWERTOOLS_METRICS_NAMESPACE'] = 'Trailbus';
process.env['AWS_REGION'] = 'us-east-1';
const { logger, metrics } = await import('../../functions/handler.ts');
const { main, readSilenceSettings, silenceHandler } = await import('../../functions/silence.ts');

const written = new WrittenLog(logger, metrics);

const contextWith = (leftMs: () => number) =>
  ({
    ...{ getRemainingTimeInMillis: leftMs, functionName: 'trailbus-silence', awsRequestId: 'r', invokedFunctionArn: 'arn' },
  }) as unknown as Context;

const HOUR_MS = 3_600_000;
const START = Date.parse('2026-03-11T00:00:00Z') / HOUR_MS;

/** A table and a bus that outlive invocations. */
class SilenceCloud {
  readonly entries: WireEntry[] = [];
  refusal: { code: string } | undefined;
  readonly items = new Map();
  readonly client = fakeTable(this.items);
  readonly log = new DynamoDeliveryLog(this.client, 'table');

  /** Notes that a place delivered every hour between two hours. */
  async delivered(region: string, from: number, to: number, account = '111122223333'): Promise<void> {
    for (let hour = START + from; hour < START + to; hour++)
      await this.log.update({ account, region }, (seen) => afterDelivery(seen, { account, region, hour }));
  }

  get told(): [state: string, severity: string, region: string | undefined, id: string][] {
    return this.entries.map(({ Detail }) => {
      const { state, severity, region, id } = JSON.parse(Detail) as Finding;
      return [state, severity, region, id];
    });
  }

  /** Milliseconds: the time is up with the first call that is taken. */
  get leftAfterTelling(): number {
    return this.entries.length > 0 ? 10_000 : 300_000;
  }

  async look(hour: number, leftMs = () => 300_000) {
    const put = async (entries: WireEntry[]) => {
      const { refusal } = this;
      if (refusal !== undefined) return entries.map(() => refusal);
      this.entries.push(...entries);
      return entries.map(() => ({}));
    };
    const waits = { sleep: async () => undefined, random: () => 0 };
    const listening = { log: this.log, rule: { atLeastHours: 6 }, teller: () => findingTeller(put, waits) };
    const environment = silenceHandler(
      () => listening,
      () => (START + hour) * HOUR_MS,
    );
    written.clear();
    return environment({}, contextWith(leftMs));
  }
}

const metricOf = (name: string): unknown => written.metric(name);

test('where all deliver nothing is told, and what is seen is published', async () => {
  const cloud = new SilenceCloud();
  await cloud.delivered('eu-west-1', 0, 72);
  await cloud.look(75);
  assert.deepEqual([cloud.entries, ...['PlacesSeen', 'PlacesSilent', 'SilencesTold'].map(metricOf)], [[], 1, 0, 0]);
});

test('a place that stopped is told once over all looks, raised when its account is silent, and closed when it delivers again', async () => {
  const cloud = new SilenceCloud();
  await cloud.delivered('eu-west-1', 0, 72);
  await cloud.delivered('eu-west-2', 0, 80);
  for (const hour of [79, 80, 80.5]) await cloud.look(hour);
  const [[, , , id] = []] = cloud.told;
  assert.deepEqual(cloud.told, [['open', 'medium', 'eu-west-1', id]]);
  assert.deepEqual(['PlacesSeen', 'PlacesSilent', 'SilencesTold'].map(metricOf), [2, 1, 0]);
  await cloud.look(87);
  await cloud.delivered('eu-west-1', 88, 90);
  await cloud.look(90);
  await cloud.look(90.5);
  const other = cloud.told.find(([, , region]) => region === 'eu-west-2')?.[3];
  assert.deepEqual(cloud.told, [
    ['open', 'medium', 'eu-west-1', id],
    ['updated', 'high', 'eu-west-1', id],
    ['open', 'high', 'eu-west-2', other],
    ['closed', 'high', 'eu-west-1', id],
  ]);
  const { Source, DetailType } = cloud.entries[0]!;
  assert.deepEqual([Source, DetailType], ['trailbus', 'Trailbus Finding']);
});

test('what the bus refuses fails the invocation and is told at the next look', async () => {
  const cloud = new SilenceCloud();
  await cloud.delivered('eu-west-1', 0, 72);
  cloud.refusal = { code: 'NotAuthorizedForSourceException' };
  await assert.rejects(cloud.look(80), /the bus refused a finding/);
  cloud.refusal = undefined;
  await cloud.look(80.5);
  assert.equal(cloud.entries.length, 1);
});

test('a function that can’t remember what it told tells it again, by the same id', async () => {
  const cloud = new SilenceCloud();
  await cloud.delivered('eu-west-1', 0, 72);
  const throttled = new ProvisionedThroughputExceededException({ message: 'slow down', $metadata: {} });
  const items = [...cloud.items.values()];
  const table = mockClient(cloud.client);
  table.on(ScanCommand).resolves({ Items: items });
  table.on(GetItemCommand).resolves({ Item: items[0] });
  table.on(PutItemCommand).rejectsOnce(throttled).resolves({});
  await assert.rejects(cloud.look(80), ProvisionedThroughputExceededException);
  await cloud.look(80.5);
  assert.equal(cloud.told.length, 2);
  assert.deepEqual(cloud.told[1], cloud.told[0]);
});

const lonely = (account: number, told?: ToldSilence): SeenPlace => ({
  ...{ account: String(100_000_000_000 + account), region: 'eu-west-1', spans: [[START, START + 79]] },
  ...(told && { told }),
});

test('many ends are told as long as there is time, and the rest at the next look', async () => {
  const cloud = new SilenceCloud();
  for (let account = 0; account < 120; account++) {
    const seen = lonely(account, { since: START + 72, severity: 'high' });
    await cloud.log.update(seen, () => seen);
  }
  const tally = await cloud.look(80, () => cloud.leftAfterTelling);
  assert.equal((tally as { told: number }).told, 50);
  await cloud.look(80.5);
  assert.deepEqual([cloud.told.length, new Set(cloud.told.map(([, , , id]) => id)).size], [120, 120]);
});

test('places that fell silent together are told as one; those there was no time to remember are told again, as part of it', async () => {
  const cloud = new SilenceCloud();
  for (let account = 0; account < 120; account++) {
    const seen = lonely(account);
    await cloud.log.update(seen, () => seen);
  }
  await cloud.look(90, () => cloud.leftAfterTelling);
  const remembered = (await cloud.log.places()).filter(({ told }) => told !== undefined);
  assert.deepEqual([cloud.told.length, metricOf('SilencesTold'), remembered.length], [1, 1, 50]);
  await cloud.look(90.5);
  await cloud.look(91);
  const id = cloud.told[0]![3];
  assert.deepEqual(cloud.told, [
    ['open', 'high', undefined, id],
    ['updated', 'high', undefined, id],
  ]);
  const regions = cloud.entries.map(({ Detail }) => (JSON.parse(Detail) as Finding).detail?.['regions']);
  assert.deepEqual(regions, [120, 120]);
});

test('the function as it is deployed reads the whole table and puts on its bus', async () => {
  const table = mockClient(DynamoDBClient);
  const bus = mockClient(EventBridgeClient);
  const seen = { account: '111122223333', region: 'eu-west-1', spans: [[START, START + 71]] };
  table.onAnyCommand().resolves({});
  table.on(ScanCommand).resolves({ Items: [{ id: { S: '111122223333 eu-west-1' }, value: { S: JSON.stringify(seen) } }] });
  bus.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [{ EventId: '1' }] });
  Object.assign(process.env, { BUS_NAME: 'bus', DELIVERY_TABLE: 'table', SILENT_AFTER: '6' });
  await main(
    {},
    contextWith(() => 300_000),
  );
  const { Entries = [] } = bus.commandCalls(PutEventsCommand)[0]!.args[0].input;
  assert.deepEqual(
    Entries.map(({ EventBusName, Detail = '' }) => [EventBusName, (JSON.parse(Detail) as Finding).rule]),
    [['bus', 'delivery.silent']],
  );
});

test('a wrong environment is told whole', () =>
  assert.throws(() => readSilenceSettings({ SILENT_AFTER: '0' }), /BUS_NAME: .*; DELIVERY_TABLE: .*; SILENT_AFTER: /));
