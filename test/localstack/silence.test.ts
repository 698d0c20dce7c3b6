// The deployed watch for silence: a place that delivered and stops becomes one finding on the bus, which is closed when it delivers again.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { DescribeRuleCommand, ListRuleNamesByTargetCommand } from '@aws-sdk/client-eventbridge';
import { GetFunctionConfigurationCommand, InvokeCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { DynamoDeliveryLog } from '../../aws/deliverylog.ts';
import { afterDelivery, lastHour } from '../../events/deliveries.ts';
import type { Finding } from '../../events/finding.ts';
import { buildFunctions } from '../serverless/service.ts';
import { clients, drainQueue, ENDPOINT, eventually, STACK_ACCOUNT, takeMessages, whyNoLocalStack } from './environment.ts';
import { Gate } from './gate.ts';
import { createDeploymentBucket, deploy, destroy, RUN, ruleToQueue, type Stack } from './stack.ts';

const { dynamoDb, eventBridge, lambda, s3, sqs } = clients();

const HOUR_MS = 3_600_000;
const NOW_HOUR = Math.floor(Date.now() / HOUR_MS);
/** The hour of the last file before the silence. */
const LAST_HOUR = NOW_HOUR - 9;
const secondOf = (hour: number) => new Date(hour * HOUR_MS).toISOString().replace('.000Z', 'Z');

/** Goes silent and comes back. */
const QUIET = 'eu-west-1';
/** Delivers all the time. */
const LIVELY = 'us-east-1';
/** Delivers for the first time, so that its silence tells nothing. */
const NEW = 'ap-south-1';

let serial = 0;
/** @param kind  `CloudTrail` for a log file, `CloudTrail-Digest` for a digest */
function keyOf(region: string, hour: number, kind: 'CloudTrail' | 'CloudTrail-Digest'): string {
  const time = secondOf(hour).replaceAll(/[-:]/g, '');
  const [day] = secondOf(hour).split('T');
  const name = `${STACK_ACCOUNT}_${kind}_${region}_${time}_${RUN}${String(++serial).padStart(10, '0')}.json.gz`;
  return `AWSLogs/${STACK_ACCOUNT}/${kind}/${region}/${day!.replaceAll('-', '/')}/${name}`;
}

interface LookedAt {
  places: number;
  silent: number;
  told: number;
}

describe('the deployed watch for silence', { skip: await whyNoLocalStack() }, () => {
  let functions: string;
  let stack: Stack;
  let gate: Gate;
  let log: DynamoDeliveryLog;
  /** Queue that a rule on the bus fills with every finding. */
  let findingsUrl: string;

  const functionName = () => `${stack.name}-silence`;

  /**
   * Notes that files of each hour came, up to `to`. The corridor notes no file that is older than two days, so that three days of history can't be
   * had from files in one moment.
   */
  async function delivered(region: string, to: number): Promise<void> {
    const place = { account: STACK_ACCOUNT, region };
    for (let hour = NOW_HOUR - 72; hour <= to; hour++) await log.update(place, (seen) => afterDelivery(seen, { ...place, hour }));
  }

  /** A file comes, and the process function has noted it. */
  async function deliver(region: string, hour: number, kind: 'CloudTrail' | 'CloudTrail-Digest' = 'CloudTrail'): Promise<void> {
    const key = keyOf(region, hour, kind);
    await s3.send(new PutObjectCommand({ Bucket: stack.bucket, Key: key, Body: gzipSync('{"Records":[]}') }));
    await eventually(`${key} noted`, async () =>
      (await log.places()).some((seen) => seen.region === region && lastHour(seen) === hour && seen.account === STACK_ACCOUNT),
    );
  }

  const invoke = async () => {
    const { Payload, FunctionError } = await lambda.send(new InvokeCommand({ FunctionName: functionName(), Payload: '{}' }));
    return { error: FunctionError, answer: JSON.parse(Buffer.from(Payload ?? []).toString()) as LookedAt & { errorType?: string } };
  };
  async function look(): Promise<LookedAt> {
    const { error, answer } = await invoke();
    assert.equal(error, undefined, JSON.stringify(answer));
    return answer;
  }

  const findingsIn = (bodies: { Body?: string | undefined }[]) =>
    bodies.map(({ Body = '' }) => (JSON.parse(Body) as { detail: Finding }).detail);
  const takeFindings = async (count: number) => findingsIn(await takeMessages(sqs, findingsUrl, count));
  const noMoreFindings = async () => assert.deepEqual(findingsIn(await drainQueue(sqs, findingsUrl, 1)), []);

  /** The silence function's calls of the table go through the gate, and are tried once. */
  async function throughGate(): Promise<void> {
    const FunctionName = functionName();
    const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    const Variables = { ...Environment?.Variables, AWS_ENDPOINT_URL_DYNAMODB: gate.address, AWS_MAX_ATTEMPTS: '1' };
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
    await eventually(
      `${FunctionName} updated`,
      async () => (await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }))).LastUpdateStatus === 'Successful',
    );
  }

  before(async () => {
    functions = await buildFunctions();
    await createDeploymentBucket();
    gate = await Gate.open(ENDPOINT);
    stack = await deploy(functions, 'sqs', { silentAfter: '6', validate: 'off' });
    log = new DynamoDeliveryLog(dynamoDb, stack.outputs['DeliveryTableName']!);
    findingsUrl = await ruleToQueue(stack.name, 'findings', { source: ['trailbus'], 'detail-type': ['Trailbus Finding'] });
    await throughGate();
    await delivered(QUIET, LAST_HOUR - 1);
    await delivered(LIVELY, NOW_HOUR);
  });

  after(async () => {
    if (stack !== undefined) await destroy(stack);
    gate?.close();
    rmSync(functions, { recursive: true, force: true });
  });

  test('is run every half hour', async () => {
    const { FunctionArn } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: functionName() }));
    const { RuleNames = [] } = await eventBridge.send(new ListRuleNamesByTargetCommand({ TargetArn: FunctionArn }));
    const { ScheduleExpression, State } = await eventBridge.send(new DescribeRuleCommand({ Name: RuleNames[0] }));
    assert.deepEqual([RuleNames.length, ScheduleExpression, State], [1, 'rate(30 minutes)', 'ENABLED']);
  });

  let opened: Finding;

  test('a place that stopped is told once, from the hour after its last file, and no other is', async (t) => {
    await Promise.all([deliver(QUIET, LAST_HOUR), deliver(NEW, LAST_HOUR)]);
    assert.deepEqual(await look(), { places: 3, silent: 1, told: 1 });
    const [finding, ...others] = await takeFindings(1);
    opened = finding!;
    const { kind, rule, state, severity, account, region, detail } = opened;
    assert.deepEqual(
      { kind, rule, state, severity, account, region, detail },
      {
        ...{ kind: 'delivery', rule: 'delivery.silent', state: 'open', severity: 'medium', account: STACK_ACCOUNT, region: QUIET },
        detail: { since: secondOf(LAST_HOUR + 1), usualHours: 1 },
      },
    );
    assert.deepEqual([others, await look()], [[], { places: 3, silent: 1, told: 0 }]);
    await noMoreFindings();
    t.diagnostic(`${stack.name}: deployed in ${stack.seconds.toFixed(1)} s`);
  });

  test('a function that can’t remember what it told tells it again, by the same id', async () => {
    await deliver(QUIET, NOW_HOUR, 'CloudTrail-Digest');
    gate.next('PutItem', 'throttle');
    const { error, answer } = await invoke();
    assert.deepEqual([error, answer.errorType, gate.spoiled], ['Unhandled', 'ProvisionedThroughputExceededException', 1]);
    assert.deepEqual(await look(), { places: 3, silent: 0, told: 1 });
    const closed = await takeFindings(2);
    const end = { since: secondOf(LAST_HOUR + 1), until: secondOf(NOW_HOUR) };
    assert.deepEqual(
      closed.map(({ id, state, region, detail }) => ({ id, state, region, detail })),
      [1, 2].map(() => ({ id: opened.id, state: 'closed', region: QUIET, detail: end })),
    );
  });

  test('what is over and told stays so', async () => {
    assert.deepEqual(await look(), { places: 3, silent: 0, told: 0 });
    await noMoreFindings();
  });
});
