// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of CloudFormation
// The pieces of the stack for many deployments, without osls: what refers to what, and what is there when.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfiguration } from '../../functions/configuration.ts';
import { type Assembled, assemble } from '../../serverless/assemble.ts';
import { functionId } from '../../serverless/lambda.ts';
import type { StackPiece } from '../../serverless/piece.ts';
import { deploymentOf, type GivenTexts } from './deployments.ts';

const KEY = 'arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555';
const TOPIC = 'arn:aws:sns:us-east-1:111122223333:trail-files';
const TRAIL = 'arn:aws:cloudtrail:us-east-1:222233334444:trail/main';

/** A rule with a target of each kind that needs something of the stack. */
const RULE = `pattern: { source: [a] }
targets:
  - arn:aws:sqs:us-east-1:111122223333:q
  - arn:aws:lambda:us-east-1:111122223333:function:f
  - arn:aws:states:us-east-1:111122223333:stateMachine:s
  - arn:aws:logs:us-east-1:111122223333:log-group:l
`;

const stackOf = (texts: GivenTexts, rules: readonly string[] = []) => assemble(deploymentOf(texts, rules));
const idsOf = ({ functions, resources }: Assembled) => [...Object.keys(functions).map(functionId), ...Object.keys(resources.Resources)];

const WAYS: GivenTexts[] = [
  ...['s3', 'sns', 'sqs', 'eventbridge'].flatMap((trigger) => [
    { trigger },
    { trigger, bucket: 'my-logs' },
    { trigger, bucket: 'my-logs', manageBucketNotifications: 'true' },
  ]),
  ...['sns', 'sqs'].map((trigger) => ({ trigger, bucket: 'my-logs', topicArn: TOPIC })),
];
const EXTRAS: GivenTexts[] = [
  {},
  { kmsKeyArn: KEY },
  { logKmsKeyArns: KEY, validateTrails: TRAIL },
  { tracing: 'on', archive: 'off', detections: 'off' },
  { kmsKeyArn: KEY, silentAfter: '0' },
  { tracing: 'on', kmsKeyArn: KEY, emit: 'matched' },
  { kmsKeyArn: KEY, validateTrails: TRAIL, tracing: 'on', moreBuckets: 'b-logs,c-logs=222233334444' },
];
const DEPLOYMENTS = WAYS.flatMap((way) => EXTRAS.map((extra) => ({ ...way, ...extra })));

/** The logical ids that a value of a template names, wherever they stand in it. */
function namedIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    if (name === 'Ref') return [inner as string];
    if (name === 'Fn::GetAtt') return [(inner as string[])[0]!];
    if (name === 'Fn::Sub') return [...(inner as string).matchAll(/\$\{(\w+)/g)].map((match) => match[1]!).filter((id) => id !== 'AWS');
    if (name === 'DependsOn') return [inner as string | string[]].flat();
    return namedIn(inner);
  });
}

test('every reference names something that the deployment has', () => {
  for (const texts of DEPLOYMENTS) {
    const stack = stackOf(texts, [RULE]);
    const known = new Set(idsOf(stack));
    const lost = namedIn(stack).filter((id) => !known.has(id) && !id.startsWith('AWS::'));
    assert.deepEqual(lost, [], JSON.stringify(texts));
  }
});

test('every deployment says where its notifications go, or that is known already', () => {
  for (const texts of DEPLOYMENTS) {
    const { Outputs } = stackOf(texts).resources;
    assert.equal('NotifyArn' in Outputs, texts.trigger !== 'eventbridge' && texts.topicArn === undefined, JSON.stringify(texts));
  }
});

/** Parameters, and the ids that they add to a stack that is otherwise the same. */
const parts: [string, GivenTexts, GivenTexts, string[]][] = [
  ['an archive, unless it is off', { archive: 'off' }, {}, ['Archive']],
  [
    'validation where a trail is known',
    { validate: 'off' },
    {},
    [
      ...['ValidateLambdaFunction', 'ValidateSchedule', 'ScheduleMayInvoke', 'ValidateTable', 'ValidateRole'],
      ...['InvalidFilesAlarm', 'ValidateErrorsAlarm', 'ValidationLagAlarm'],
    ],
  ],
  [
    'detections, unless they are off',
    { detections: 'off' },
    {},
    [
      ...['AlertLambdaFunction', 'HitQueue', 'FailedHitsQueue', 'FindingTable', 'AlertRole', 'HitsFromQueue', 'SendHits'],
      ...['FailedHitsAlarm', 'AlertErrorsAlarm', 'AlertThrottlesAlarm', 'OldestHitAlarm', 'DetectionFaultsAlarm'],
    ],
  ],
  [
    'watching for silence, unless it is 0 hours',
    { silentAfter: '0', detections: 'off' },
    { detections: 'off' },
    [
      ...['SilenceLambdaFunction', 'SilenceSchedule', 'SilenceMayBeInvoked', 'DeliveryTable', 'SilenceRole', 'NoteDeliveries'],
      'SilenceErrorsAlarm',
    ],
  ],
  ['traces', {}, { tracing: 'on' }, ['SendTraces', 'AlertSendsTraces']],
  [
    'keys for all functions, and a bus that parks',
    {},
    { kmsKeyArn: KEY },
    ['UseKeys', 'AlertUsesKeys', 'SilenceUsesKeys', 'ValidateUsesKeys', 'BusMayPark'],
  ],
  ['keys of logs alone', { validate: 'off' }, { validate: 'off', logKmsKeyArns: KEY }, ['UseKeys']],
  [
    "the existing bucket's notifications",
    { bucket: 'my-logs' },
    { bucket: 'my-logs', manageBucketNotifications: 'true' },
    ['BucketnotificationsLambdaFunction', 'BucketNotificationsRole', 'BucketNotifications'],
  ],
  ['a trail with its bucket', { bucket: 'my-logs', validateTrails: TRAIL }, {}, ['TrailBucket', 'TrailBucketPolicy', 'Trail']],
];
for (const [what, without, given, added] of parts)
  test(`adds ${what}`, () => {
    const before = new Set(idsOf(stackOf(without)));
    assert.deepEqual(
      idsOf(stackOf(given))
        .filter((id) => !before.has(id))
        .sort(),
      added.sort(),
    );
  });

test('tells the process function just what it reads, as it reads it', () => {
  const { functions } = stackOf({ bucket: 'my-logs', bucketOwner: '222233334444', doneDays: '7' });
  const made: Record<string, string> = {
    ParkedEntriesQueue: 'https://sqs.us-east-1.amazonaws.com/111122223333/parked',
    ProcessRole: 'arn:aws:iam::111122223333:role/process',
    AlertRole: 'arn:aws:iam::111122223333:role/alert',
    HitQueue: 'https://sqs.us-east-1.amazonaws.com/111122223333/hits',
  };
  const { environment } = functions['process']!;
  const told = Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      typeof value === 'object' ? (made[namedIn(value)[0]!] ?? 'made') : String(value),
    ]),
  );
  const configuration = readConfiguration(told);
  assert.deepEqual([...configuration.LOG_BUCKETS], [['my-logs', '222233334444']]);
  assert.equal(configuration.DONE_DAYS, 7);
  const forOthers = /^(POWERTOOLS_|TRACING$)/;
  const read = Object.keys(configuration).filter((name) => name in told);
  assert.deepEqual(
    read.sort(),
    Object.keys(told)
      .filter((name) => !forOthers.test(name))
      .sort(),
  );
});

test('tells the process function of rules and detections where it has some', () => {
  const told = (given: GivenTexts) => {
    const { RULES, DETECTIONS } = stackOf(given).functions['process']!.environment;
    return [RULES, DETECTIONS];
  };
  assert.deepEqual(told({}), [undefined, 'detections.json']);
  assert.deepEqual(told({ emit: 'matched', rules: 'r', detections: 'off' }), ['rules.json', undefined]);
  assert.deepEqual(told({ emit: 'matched' }), [undefined, 'detections.json']);
});

test('a teller counts as dead after its function is, and before its hits come again', () => {
  const { functions, resources } = stackOf({});
  const { timeout, environment } = functions['alert']!;
  const { VisibilityTimeout } = resources.Resources['HitQueue']!.Properties;
  assert.ok(timeout < Number(environment['CLAIM_SECONDS']));
  assert.ok(Number(environment['CLAIM_SECONDS']) + timeout < Number(VisibilityTimeout));
});

test('gives the process function the memory, time, concurrency and tracing that was asked for', () => {
  const settings = (given: GivenTexts) => {
    const { memorySize, timeout, reservedConcurrency, tracing, environment } = stackOf(given).functions['process']!;
    return [memorySize, timeout, reservedConcurrency, tracing, environment['TRACING']];
  };
  assert.deepEqual(settings({}), [1024, 300, undefined, undefined, 'off']);
  const given = { memory: '2048', timeout: '60', reservedConcurrency: '0', tracing: 'on' };
  assert.deepEqual(settings(given), [2048, 60, 0, 'Active', 'on']);
});

/** What keeps or carries data, of all that a stack can be made of. */
const KEEPS_DATA = /^AWS::(Events::EventBus|Events::Archive|SQS::Queue|SNS::Topic|DynamoDB::Table|S3::Bucket|CloudTrail::Trail)$/;

test('encrypts everything that keeps data with the key that is given', () => {
  for (const trigger of ['sns', 'sqs']) {
    const { Resources } = stackOf({ trigger, kmsKeyArn: KEY }, [RULE]).resources;
    const keeping = Object.entries(Resources).filter(([, { Type }]) => KEEPS_DATA.test(Type));
    assert.ok(keeping.length > 8, String(keeping.length));
    const open = keeping.filter(([, { Properties }]) => !JSON.stringify(Properties).includes(KEY));
    assert.deepEqual(
      open.map(([id]) => id),
      [],
    );
  }
});

test('lets the roles decrypt with every key that is named, and encrypt with the own one alone', () => {
  const { Resources } = stackOf({ kmsKeyArn: KEY, logKmsKeyArns: `${KEY}1, ${KEY}2` }).resources;
  for (const id of ['UseKeys', 'ValidateUsesKeys'])
    assert.deepEqual(Resources[id]!.Properties['PolicyDocument'], {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: 'kms:Decrypt', Resource: [`${KEY}1`, `${KEY}2`, KEY] },
        { Effect: 'Allow', Action: 'kms:GenerateDataKey', Resource: KEY },
      ],
    });
});

test("lets a trail write under the account's own id, and under the organization's that it is for", () => {
  const { Resources } = stackOf({ organizationId: 'o-abcdef1234' }).resources;
  const { Statement } = Resources['TrailBucketPolicy']!.Properties['PolicyDocument'] as unknown as {
    Statement: { Sid: string; Resource: unknown }[];
  };
  const logs = 'arn:${AWS::Partition}:s3:::trailbus-test-logs-${AWS::AccountId}-${AWS::Region}/AWSLogs';
  assert.deepEqual(
    Statement.find(({ Sid }) => Sid === 'TrailWrites')?.Resource,
    ['${AWS::AccountId}', 'o-abcdef1234'].map((id) => ({ 'Fn::Sub': `${logs}/${id}/*` })),
  );
});

test('tries an invocation without a queue twice again, then keeps its notification', () => {
  for (const trigger of ['s3', 'sns', 'eventbridge']) {
    const { Properties } = stackOf({ trigger }).resources.Resources['RetryInvocations']!;
    assert.equal(Properties['MaximumRetryAttempts'], 2, trigger);
    assert.deepEqual(namedIn(Properties['DestinationConfig']), ['FailedNotificationsQueue'], trigger);
  }
});

test('gives a failed message again after six times the timeout, or when told', () => {
  const visibility = (texts: GivenTexts) => stackOf(texts).resources.Resources['NotificationQueue']!.Properties['VisibilityTimeout'];
  assert.equal(visibility({ timeout: '20' }), 120);
  assert.equal(visibility({ timeout: '20', retryAfter: '2' }), 2);
});

test('refuses two pieces that make the same thing: one of them would be lost', () => {
  const piece: StackPiece = { outputs: () => ({ BusName: { Value: 'bus' } }) };
  assert.throws(() => assemble(deploymentOf({}), [piece, piece]), /two pieces of the stack make `BusName`/);
});

test('a piece that is no part of a deployment adds nothing', () => {
  const piece: StackPiece = { isPart: () => false, outputs: () => assert.fail('was asked') };
  assert.deepEqual(assemble(deploymentOf({}), [piece]), { functions: {}, resources: { Resources: {}, Outputs: {} } });
});

test('S3 tells of files that end as log files do and of no others, whatever the trigger', () => {
  for (const trigger of ['s3', 'sns', 'sqs']) {
    const { Resources } = stackOf({ trigger }).resources;
    const { NotificationConfiguration } = Resources['TrailBucket']!.Properties as { NotificationConfiguration: object };
    const [[listener] = []] = Object.values(NotificationConfiguration) as { Filter: object }[][];
    assert.deepEqual(listener?.Filter, { S3Key: { Rules: [{ Name: 'suffix', Value: '.json.gz' }] } }, trigger);
  }
  const pattern = JSON.stringify(stackOf({ trigger: 'eventbridge' }));
  assert.match(pattern, /"object":\{"key":\[\{"suffix":"\.json\.gz"\}\]\}/);
});
