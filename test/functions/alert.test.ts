// The alert function: messages of hits in, findings on the bus out, and what comes again when something fails.
import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  BatchGetItemCommand,
  DynamoDBClient,
  ProvisionedThroughputExceededException,
  PutItemCommand,
  type PutItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { Context, SQSBatchResponse } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { DynamoFindingState } from '../../aws/findingstate.ts';
import { findingTeller } from '../../aws/findingteller.ts';
import { hitMessages } from '../../aws/sqs/index.ts';
import type { FindingState } from '../../events/detect/doors.ts';
import { FindingMaker, type Hit, readDetections } from '../../events/detect/index.ts';
import type { WireEntry } from '../../events/entry.ts';
import type { Finding } from '../../events/finding.ts';
import { MemoryFindingState } from '../../local/findingstate.ts';
import { fakeTable } from '../fakes/dynamodb.ts';
import { hitOfRecord } from '../fakes/hits.ts';
import { WrittenLog } from '../fakes/writtenlog.ts';

process.env['POWERTOOLS_METRICS_NAMESPACE'] = 'Trailbus';
process.env['AWS_REGION'] = 'us-east-1';
const { logger, metrics } = await import('../../functions/handler.ts');
const { alertHandler, main } = await import('../../functions/alert.ts');

const written = new WrittenLog(logger, metrics);
const singleMetric = metrics.singleMetric.bind(metrics);
metrics.singleMetric = () => Object.assign(singleMetric(), { console: written.console });

const CONTEXT = {
  ...{ getRemainingTimeInMillis: () => 30_000, functionName: 'trailbus-alert', awsRequestId: 'r', invokedFunctionArn: 'arn' },
} as unknown as Context;

const DETECTIONS = readDetections(
  `id: iam.user-created
title: "{who} made a user"
severity: high
runbook: look
pattern: { detail: { eventName: [CreateUser] } }
---
id: failures
title: failures
pattern: { detail: { eventName: [ConsoleLogin] } }
window: { threshold: 3, within: 5m, by: account }
---
id: trial
title: trial
dryRun: true
pattern: { detail: { eventName: [StopLogging] } }
`,
  'rules.yaml',
);

const failure = (index: number): Hit => hitOfRecord(index, { detection: 'failures', marks: [{ window: 'main', key: ['111122223333'] }] });

/** A bus and a state that outlive invocations; `answers` are what the bus says next, in turn. */
class AlertCloud {
  readonly entries: WireEntry[] = [];
  answers: (Error | { code: string })[] = [];
  readonly state: FindingState;
  clock = 1_800_000_000;

  constructor(state: FindingState = new MemoryFindingState()) {
    this.state = state;
  }

  readonly put = async (entries: WireEntry[]) => {
    const answer = this.answers.shift();
    if (answer instanceof Error) throw answer;
    if (answer !== undefined) return entries.map(() => answer);
    this.entries.push(...entries);
    return entries.map(() => ({}));
  };

  get told(): Finding[] {
    return this.entries.map(({ Detail }) => JSON.parse(Detail) as Finding);
  }

  /** One environment of the function. */
  environment() {
    const maker = new FindingMaker(DETECTIONS, this.state, { now: () => this.clock, claimSeconds: 60, pause: async () => undefined });
    const waits = { sleep: async () => undefined, random: () => 0 };
    const known = new Set(DETECTIONS.map(({ id }) => id));
    return alertHandler(() => ({ known, maker, teller: () => findingTeller(this.put, waits) }));
  }
}

/** Has an environment take messages; gives those that have to come again, and what was logged and measured. */
async function deliver(environment: ReturnType<AlertCloud['environment']>, bodies: string[], context = CONTEXT, delivery = 1) {
  const Records = bodies.map((body, at) => ({
    messageId: `m${at}`,
    body,
    eventSource: 'aws:sqs',
    attributes: { ApproximateReceiveCount: String(delivery) },
    messageAttributes: {},
  }));
  written.clear();
  const answer = (await environment({ Records }, context)) as unknown as SQSBatchResponse;
  const { lines } = written;
  return {
    again: answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier),
    lines,
    measured: lines.find((line) => '_aws' in line && 'HitsTaken' in line) ?? {},
  };
}

const messageOf = (...hits: Hit[]) => hitMessages(hits)[0]!;

test('hits become findings on the bus, once, however often their messages come', async () => {
  const cloud = new AlertCloud();
  const environment = cloud.environment();
  const message = messageOf(hitOfRecord(1), failure(2));
  assert.deepEqual((await deliver(environment, [message])).again, []);
  const [{ Source, DetailType, Resources, Time } = {} as WireEntry] = cloud.entries;
  assert.deepEqual([Source, DetailType, Resources, Time], ['trailbus', 'Trailbus Finding', [], undefined]);
  const [finding] = cloud.told;
  assert.deepEqual(
    [finding?.kind, finding?.rule, finding?.state, finding?.title, finding?.count, finding?.events.length],
    ['detection', 'iam.user-created', 'open', 'alice made user 1', 1, 1],
  );
  assert.deepEqual((await deliver(environment, [message, message])).again, []);
  assert.deepEqual((await deliver(cloud.environment(), [message])).again, []);
  assert.equal(cloud.entries.length, 1);
});

test('a threshold is told once though its events come in many messages to several functions at the same time', async () => {
  const cloud = new AlertCloud();
  const environments = [1, 2, 3, 4].map(() => cloud.environment());
  const bodies = Array.from({ length: 8 }, (_, at) => messageOf(failure(at)));
  let left = bodies;
  for (let turn = 0; turn < 10 && left.length > 0; turn++, cloud.clock += 61) {
    const parts = environments.map((_, at) => left.filter((__, index) => index % environments.length === at));
    const answers = await Promise.all(environments.map((environment, at) => deliver(environment, parts[at]!)));
    left = answers.flatMap(({ again }, at) => again.map((id) => parts[at]![Number(id.slice(1))]!));
  }
  assert.deepEqual(left, []);
  assert.deepEqual(
    cloud.told.map(({ rule, state }) => `${rule} ${state}`),
    ['failures open'],
  );
});

const foreign = ['no JSON', '{"Records":[]}', messageOf(hitOfRecord(1)).replace('"index":1', '"index":"__proto__"')];
test('a message that is none of ours comes again alone, until it lies among the failed; the others are taken', async () => {
  const cloud = new AlertCloud();
  const { again, lines, measured } = await deliver(cloud.environment(), [foreign[0]!, messageOf(hitOfRecord(1)), foreign[1]!, foreign[2]!]);
  assert.deepEqual([again, cloud.entries.length, measured['MessagesToRetry']], [['m0', 'm2', 'm3'], 1, 3]);
  assert.equal(lines.filter((line) => line['message'] === 'message not done').length, 3);
});

test('what the bus does not take comes again, and is told then', async () => {
  for (const answer of [{ code: 'NotAuthorizedForSourceException' }, new Error('no bus')]) {
    const cloud = new AlertCloud();
    const environment = cloud.environment();
    cloud.answers = [answer];
    const message = messageOf(hitOfRecord(1));
    assert.deepEqual((await deliver(environment, [message])).again, ['m0']);
    assert.deepEqual((await deliver(environment, [message])).again, []);
    assert.deepEqual(
      cloud.told.map(({ state }) => state),
      ['open'],
    );
  }
});

test('a passing refusal of the bus is tried again at once', async () => {
  const cloud = new AlertCloud();
  cloud.answers = [{ code: 'ThrottlingException' }, { code: 'InternalFailure' }];
  assert.deepEqual((await deliver(cloud.environment(), [messageOf(hitOfRecord(1))])).again, []);
  assert.equal(cloud.entries.length, 1);
});

test('where messages fail together each is tried alone, and one alone comes again', async () => {
  const cloud = new AlertCloud();
  const { write } = cloud.state;
  cloud.state.write = async (key, value, how) => {
    if (JSON.stringify(value).includes('poison')) throw new Error('ValidationException');
    return write.call(cloud.state, key, value, how);
  };
  const poison = { ...hitOfRecord(2), title: 'poison', event: { ...hitOfRecord(2).event, time: '2026-10-06T12:00:00Z' } };
  const { again } = await deliver(cloud.environment(), [messageOf(hitOfRecord(1)), messageOf(poison), messageOf(hitOfRecord(3))]);
  assert.deepEqual(again, ['m1']);
  assert.deepEqual(cloud.told.map(({ title }) => title).sort(), ['alice made user 1', 'alice made user 3']);
});

test('with the time nearly over messages are not tried alone but come again', async () => {
  const cloud = new AlertCloud();
  cloud.answers = [new Error('no bus')];
  const late = { ...CONTEXT, getRemainingTimeInMillis: () => 2_000 };
  const { again } = await deliver(cloud.environment(), [messageOf(hitOfRecord(1)), messageOf(hitOfRecord(2))], late);
  assert.deepEqual([again, cloud.entries.length], [['m0', 'm1'], 0]);
});

test('a function that is killed while it tells leaves its findings to the next, once its claim has run out', async () => {
  const cloud = new AlertCloud();
  const message = messageOf(hitOfRecord(1), failure(2), failure(3), failure(4));
  // It never hears from the bus.
  const killed = new FindingMaker(DETECTIONS, cloud.state, { now: () => cloud.clock, claimSeconds: 60 });
  void killed.take([hitOfRecord(1), failure(2), failure(3), failure(4)], () => new Promise(() => undefined));
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual((await deliver(cloud.environment(), [message])).again, ['m0']);
  assert.deepEqual(cloud.told, []);
  cloud.clock += 61;
  assert.deepEqual((await deliver(cloud.environment(), [message])).again, []);
  assert.deepEqual(cloud.told.map(({ rule }) => rule).sort(), ['failures', 'iam.user-created']);
});

test('a table that throttles loses nothing: the messages come again', async () => {
  const items = new Map<string, NonNullable<PutItemCommandInput['Item']>>();
  const client = fakeTable(items);
  const send = client.send.bind(client) as (command: unknown) => Promise<unknown>;
  let throttled = 4;
  client.send = (async (command: unknown) => {
    if (throttled-- > 0) throw new ProvisionedThroughputExceededException({ message: 'slow down', $metadata: {} });
    return send(command);
  }) as typeof client.send;
  const cloud = new AlertCloud(new DynamoFindingState(client, 'findings'));
  const bodies = [messageOf(failure(1), failure(2)), messageOf(failure(3))];
  let turns = 0;
  for (let left = bodies; left.length > 0 && turns < 10; turns++) {
    const { again } = await deliver(cloud.environment(), left);
    left = again.map((id) => left[Number(id.slice(1))]!);
  }
  assert.ok(turns > 1 && turns < 10, String(turns));
  assert.deepEqual(
    cloud.told.map(({ rule, count }) => [rule, count]),
    [['failures', 3]],
  );
});

test('counts what it takes and tells, by severity too, and logs nothing that callers wrote', async () => {
  const cloud = new AlertCloud();
  const hits = [
    hitOfRecord(1, { title: 'SECRET', who: 'SECRET', severity: 'critical' }),
    hitOfRecord(2, { detection: 'gone' }),
    hitOfRecord(3, { detection: 'trial', dryRun: true, title: 'SECRET' }),
  ];
  const { measured, lines } = await deliver(cloud.environment(), [messageOf(...hits)], CONTEXT, 3);
  const names = ['HitsTaken', 'HitsUnknown', 'HitsLate', 'FindingsTold', 'FindingsOnTrial', 'MessagesToRetry'];
  assert.deepEqual(
    names.map((name) => measured[name]),
    [3, 1, 0, 1, 1, 0],
  );
  assert.deepEqual(
    lines.filter((line) => 'severity' in line).map((line) => [line['severity'], line['FindingsTold']]),
    [['critical', 1]],
  );
  assert.doesNotMatch(JSON.stringify(lines), /SECRET/);
  const told = lines.find((line) => line['message'] === 'finding told')?.['finding'] as Finding;
  assert.deepEqual([told.rule, told.severity, told.state], ['iam.user-created', 'critical', 'open']);
});

test('hits of a detection that is not known yet come again for a while: a deployment may have changed the process function first', async () => {
  const cloud = new AlertCloud();
  const message = messageOf(hitOfRecord(1), hitOfRecord(2, { detection: 'new' }));
  const environment = cloud.environment();
  const againIn = async (delivery: number) => (await deliver(environment, [message], CONTEXT, delivery)).again;
  assert.deepEqual([await againIn(1), await againIn(2), await againIn(3)], [['m0'], ['m0'], []]);
  assert.equal(cloud.told.length, 1);
});

test('a hit that comes after its window was forgotten is counted as late', async () => {
  const cloud = new AlertCloud();
  cloud.clock = Date.parse('2026-11-28T00:00:00Z') / 1_000;
  const { measured } = await deliver(cloud.environment(), [messageOf(failure(1))]);
  assert.equal(measured['HitsLate'], 1);
});

test('an invocation by anything but a queue is refused', async () => {
  const environment = new AlertCloud().environment();
  await assert.rejects(environment({ hello: 'there' }, CONTEXT) as Promise<unknown>, /not a batch of messages/);
});

test('as it is deployed, it reads its settings and its detections, and asks table and bus', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'trailbus-alert-'));
  const inForce = { detections: DETECTIONS, lists: [], exclusions: [] };
  writeFileSync(join(folder, 'detections.json'), JSON.stringify(inForce));
  const [table, bus] = [mockClient(DynamoDBClient), mockClient(EventBridgeClient)];
  t.after(() => [table, bus].map((mock) => mock.restore()));
  table.on(BatchGetItemCommand).resolves({ Responses: {} }).on(PutItemCommand).resolves({});
  bus.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [{ EventId: '1' }] });
  const settings = { LAMBDA_TASK_ROOT: folder, BUS_NAME: 'bus', STATE_TABLE: 'table', DETECTIONS: 'detections.json' };
  Object.assign(process.env, settings);
  const environment = main as unknown as ReturnType<AlertCloud['environment']>;
  await assert.rejects(deliver(environment, [messageOf(hitOfRecord(1))]), /CLAIM_SECONDS: .*NaN/);
  process.env['CLAIM_SECONDS'] = '90';
  assert.deepEqual((await deliver(environment, [messageOf(hitOfRecord(1))])).again, []);
  const [{ EventBusName, Source } = {}] = bus.commandCalls(PutEventsCommand)[0]!.args[0].input.Entries ?? [];
  assert.deepEqual([EventBusName, Source], ['bus', 'trailbus']);
  assert.equal(table.commandCalls(PutItemCommand)[0]!.args[0].input.TableName, 'table');
});
