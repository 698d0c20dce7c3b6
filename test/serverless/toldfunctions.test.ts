// What the alert, validate, silence and bucketnotifications functions are told, and what their roles let them do, is what they read and call.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { eventBridgePut, realWaits } from '../../aws/bus.ts';
import { DynamoDeliveryLog } from '../../aws/deliverylog.ts';
import { DynamoFindingState } from '../../aws/findingstate.ts';
import { EventBridgeFindings } from '../../aws/integrityfindings.ts';
import { DynamoWatchState } from '../../aws/watchstate.ts';
import type { IntegrityFinding } from '../../events/digest/index.ts';
import { setListener } from '../../functions/bucketlistener.ts';
import { assemble } from '../../serverless/assemble.ts';
import type { TemplateValue } from '../../serverless/cloudformation.ts';
import { deploymentOf, type GivenTexts } from './deployments.ts';

process.env['POWERTOOLS_METRICS_NAMESPACE'] = 'Trailbus';
process.env['POWERTOOLS_SERVICE_NAME'] = 'trailbus-test';
const { readEnvironment } = await import('../../functions/validate.ts');
const { readSilenceSettings } = await import('../../functions/silence.ts');

const TRAIL = 'arn:aws:cloudtrail:us-east-1:222233334444:trail/main';
const stackOf = (texts: GivenTexts) => assemble(deploymentOf(texts));

/** The actions that a role allows, on what. */
function allowedBy(texts: GivenTexts, role: string): Map<string, TemplateValue> {
  const [{ PolicyDocument }] = stackOf(texts).resources.Resources[role]!.Properties['Policies'] as unknown as [
    { PolicyDocument: { Statement: { Action: string | string[]; Resource: TemplateValue }[] } },
  ];
  return new Map(PolicyDocument.Statement.flatMap(({ Action, Resource }) => [Action].flat().map((action) => [action, Resource] as const)));
}

const commandsOf = (mock: { calls: () => { args: unknown[] }[] }) =>
  mock.calls().map(({ args }) => (args[0] as object).constructor.name.replace(/Command$/, ''));

/** Variables that every function has for its logs, metrics and traces. */
const FOR_OTHERS = /^(POWERTOOLS_|TRACING$)/;

test('tells the validate function just what it reads, as it reads it', () => {
  const { environment } = stackOf({ bucket: 'my-logs', validateTrails: TRAIL, validateHours: '48' }).functions['validate']!;
  const told = Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, typeof value === 'object' ? 'made' : String(value)]),
  );
  const read = readEnvironment({ ...told, AWS_REGION: 'us-east-1' });
  assert.deepEqual([read.CHECK_HOURS, read.TRAILS], [48, [{ arn: TRAIL }]]);
  assert.deepEqual(environment['STATE_TABLE'], { Ref: 'ValidateTable' });
  assert.deepEqual(environment['BUS_NAME'], { Ref: 'Bus' });
  const names = Object.keys(told).filter((name) => !FOR_OTHERS.test(name));
  assert.deepEqual(
    names.filter((name) => !(name in read)),
    [],
  );
});

test('tells every function under which name its logs and metrics are', () => {
  const { functions } = stackOf({ bucket: 'my-logs', manageBucketNotifications: 'true', validateTrails: TRAIL });
  assert.deepEqual(Object.keys(functions).sort(), ['alert', 'bucketnotifications', 'process', 'silence', 'validate']);
  for (const { environment } of Object.values(functions))
    assert.deepEqual([environment['POWERTOOLS_SERVICE_NAME'], environment['POWERTOOLS_METRICS_NAMESPACE']], ['trailbus-test', 'Trailbus']);
  assert.deepEqual(
    Object.keys(functions['bucketnotifications']!.environment).filter((name) => !FOR_OTHERS.test(name)),
    [],
  );
});

test('lets the validate function remember in its table, and put on its bus', async () => {
  const dynamo = mockClient(DynamoDBClient);
  dynamo.onAnyCommand().resolves({});
  const state = new DynamoWatchState(new DynamoDBClient({ region: 'us-east-1' }), 'table', () => 0);
  await state.setReached('place', 1);
  await state.reached('place');
  await state.setTold('finding');
  await state.wasTold('finding');
  const bus = mockClient(EventBridgeClient);
  bus.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [{ EventId: '1' }] });
  const put = eventBridgePut(new EventBridgeClient({ region: 'us-east-1' }), 'bus');
  await new EventBridgeFindings(put, realWaits).put({ resources: [], events: [] } as unknown as IntegrityFinding);
  const allowed = allowedBy({ validateTrails: TRAIL }, 'ValidateRole');
  const onTable = new Set(commandsOf(dynamo));
  assert.deepEqual([...onTable].sort(), ['GetItem', 'PutItem']);
  for (const command of onTable) assert.deepEqual(allowed.get(`dynamodb:${command}`), { 'Fn::GetAtt': ['ValidateTable', 'Arn'] }, command);
  for (const command of commandsOf(bus)) assert.deepEqual(allowed.get(`events:${command}`), { 'Fn::GetAtt': ['Bus', 'Arn'] });
});

test('lets the alert function remember in its table, put on its bus and take from its queue, and nothing else', async () => {
  const dynamo = mockClient(DynamoDBClient);
  dynamo.onAnyCommand().resolves({});
  const state = new DynamoFindingState(new DynamoDBClient({ region: 'us-east-1' }), 'table');
  await state.read(['key']);
  await state.write('key', {}, { expected: undefined, expiresAt: 1, now: 0 });
  const allowed = allowedBy({}, 'AlertRole');
  const onTable = commandsOf(dynamo).map((command) => `dynamodb:${command}`);
  const onQueue = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map((action) => `sqs:${action}`);
  const onLog = ['logs:CreateLogStream', 'logs:PutLogEvents'];
  assert.deepEqual([...allowed.keys()].sort(), [...onTable, ...onQueue, ...onLog, 'events:PutEvents'].sort());
  for (const [actions, resource] of [
    [onTable, 'FindingTable'],
    [onQueue, 'HitQueue'],
    [['events:PutEvents'], 'Bus'],
  ] as const)
    for (const action of actions) assert.deepEqual(allowed.get(action), { 'Fn::GetAtt': [resource, 'Arn'] }, action);
});

test('lets the process function send hits, to their queue alone, where there are detections', () => {
  const { Resources } = stackOf({}).resources;
  const { Statement } = Resources['SendHits']!.Properties['PolicyDocument'] as { Statement: object[] };
  assert.deepEqual(Statement, [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: { 'Fn::GetAtt': ['HitQueue', 'Arn'] } }]);
  assert.deepEqual(Resources['SendHits']!.Properties['RoleName'], { Ref: 'ProcessRole' });
});

test('tells the silence function just what it reads, as it reads it, and nothing where it is left out', () => {
  const { environment } = stackOf({ silentAfter: '12', detections: 'off' }).functions['silence']!;
  const told = Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, typeof value === 'object' ? 'made' : String(value)]),
  );
  const read = readSilenceSettings(told);
  assert.equal(read.SILENT_AFTER, 12);
  assert.deepEqual([environment['DELIVERY_TABLE'], environment['BUS_NAME']], [{ Ref: 'DeliveryTable' }, { Ref: 'Bus' }]);
  assert.deepEqual(
    Object.keys(told)
      .filter((name) => !FOR_OTHERS.test(name))
      .sort(),
    Object.keys(read).sort(),
  );
  const without = stackOf({ silentAfter: '0' }).functions;
  assert.deepEqual([without['silence'], without['process']!.environment['DELIVERY_TABLE']], [undefined, undefined]);
});

test('lets the silence function read and remember in its table and put on its bus, the process function note there, and nothing else', async () => {
  const dynamo = mockClient(DynamoDBClient);
  dynamo.onAnyCommand().resolves({});
  const log = new DynamoDeliveryLog(new DynamoDBClient({ region: 'us-east-1' }), 'table');
  const place = { account: '111122223333', region: 'eu-west-1' };
  await log.update(place, () => ({ ...place, spans: [[1, 1]] }));
  const noting = commandsOf(dynamo).map((command) => `dynamodb:${command}`);
  await log.places();
  const reading = commandsOf(dynamo).map((command) => `dynamodb:${command}`);
  const allowed = allowedBy({}, 'SilenceRole');
  const onLog = ['logs:CreateLogStream', 'logs:PutLogEvents'];
  assert.deepEqual([...allowed.keys()].sort(), [...reading, ...onLog, 'events:PutEvents'].sort());
  const table = { 'Fn::GetAtt': ['DeliveryTable', 'Arn'] };
  for (const action of reading) assert.deepEqual(allowed.get(action), table, action);
  assert.deepEqual(allowed.get('events:PutEvents'), { 'Fn::GetAtt': ['Bus', 'Arn'] });
  const { Properties } = stackOf({}).resources.Resources['NoteDeliveries']!;
  const { Statement } = Properties['PolicyDocument'] as { Statement: object[] };
  assert.deepEqual(Statement, [{ Effect: 'Allow', Action: noting, Resource: table }]);
  assert.deepEqual(Properties['RoleName'], { Ref: 'ProcessRole' });
});

/** Actions that are not called as their operations are. Source: Service Authorization Reference, Amazon S3. */
const ACTIONS: Record<string, string> = {
  GetBucketNotificationConfiguration: 's3:GetBucketNotification',
  PutBucketNotificationConfiguration: 's3:PutBucketNotification',
};

test("lets the bucketnotifications function change the log bucket's settings, and nothing else", async () => {
  const s3 = mockClient(S3Client);
  s3.onAnyCommand().resolves({});
  await setListener(new S3Client({ region: 'us-east-1' }), 'my-logs', 'ours', { kind: 'eventbus' });
  const allowed = allowedBy({ bucket: 'my-logs', manageBucketNotifications: 'true' }, 'BucketNotificationsRole');
  const wanted = commandsOf(s3).map((command) => ACTIONS[command]);
  assert.deepEqual(wanted.sort(), [...allowed.keys()].filter((action) => action.startsWith('s3:')).sort());
});
