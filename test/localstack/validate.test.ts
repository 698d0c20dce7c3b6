// The deployed check of log file integrity: a tampered file becomes one finding on the bus, intact trails stay silent.
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { CreateTrailCommand } from '@aws-sdk/client-cloudtrail';
import { DescribeRuleCommand, ListRuleNamesByTargetCommand } from '@aws-sdk/client-eventbridge';
import { GetFunctionConfigurationCommand, InvokeCommand } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { WatchTally } from '../../events/digest/watch.ts';
import { type ChainTrail, signingKey, World } from '../cli/validatelogs/world.ts';
import { buildFunctions } from '../serverless/service.ts';
import { clients, drainQueue, PUBLIC_KEYS_FILE, STACK_ACCOUNT, STACK_REGION, takeMessages, whyNoLocalStack } from './environment.ts';
import { createDeploymentBucket, deploy, destroy, RUN, ruleToQueue, type Stack } from './stack.ts';

const { cloudTrail, eventBridge, lambda, s3, sqs } = clients();

const HOUR_MS = 3_600_000;
const NOW = Date.now();
const at = (ms: number) => new Date(ms).toISOString();
/** The last hour that has a digest: it came at the full hour. */
const LAST_FULL_HOUR = Math.floor(NOW / HOUR_MS) * HOUR_MS;
/** Log files of each hour, the newest last. */
const HOURS = [2, 1, 0, 2, 1];

describe('the deployed check', { skip: await whyNoLocalStack() }, () => {
  const world = new World();
  const key = signingKey(RUN, at(NOW - 30 * 24 * HOUR_MS), at(NOW + 30 * 24 * HOUR_MS));
  const own: ChainTrail = {
    name: `trailbus-sqs-${RUN}`,
    homeRegion: STACK_REGION,
    owner: STACK_ACCOUNT,
    bucket: `trailbus-sqs-${RUN}-logs-${STACK_ACCOUNT}-${STACK_REGION}`,
  };
  const theirs: ChainTrail = {
    name: `main-${RUN}`,
    homeRegion: STACK_REGION,
    owner: STACK_ACCOUNT,
    bucket: `main-logs-${RUN}`,
    prefix: 'team',
  };
  let functions: string;
  let stack: Stack;
  let findingsUrl: string;

  const upload = async (bucket: string, name: string) => {
    const { bytes, metadata } = world.get(bucket, name);
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: name, Body: bytes, Metadata: metadata }));
  };

  /** Two trails' logs and digests of the last hours, and the keys they are signed with. */
  async function deliver(): Promise<void> {
    for (const trail of [own, theirs]) {
      const from = new Date(LAST_FULL_HOUR - HOURS.length * HOUR_MS);
      world.addChain({ trail, account: STACK_ACCOUNT, region: STACK_REGION, from, hours: HOURS, key });
      await Promise.all(world.keysOf(trail.bucket, /./).map((name) => upload(trail.bucket, name)));
    }
    const { fingerprint: Fingerprint, value: Value, validFrom: ValidityStartTime, validUntil: ValidityEndTime } = key;
    writeFileSync(PUBLIC_KEYS_FILE, JSON.stringify({ PublicKeyList: [{ Fingerprint, Value, ValidityStartTime, ValidityEndTime }] }));
  }

  async function check(): Promise<WatchTally> {
    const { Payload, FunctionError } = await lambda.send(new InvokeCommand({ FunctionName: `${stack.name}-validate`, Payload: '{}' }));
    const answer = Buffer.from(Payload ?? []).toString();
    assert.equal(FunctionError, undefined, answer);
    return JSON.parse(answer) as WatchTally;
  }

  before(async () => {
    functions = await buildFunctions();
    await Promise.all([createDeploymentBucket(), s3.send(new CreateBucketCommand({ Bucket: theirs.bucket }))]);
    const settings = { Name: theirs.name, S3BucketName: theirs.bucket, S3KeyPrefix: theirs.prefix, EnableLogFileValidation: true };
    const { TrailARN = '' } = await cloudTrail.send(new CreateTrailCommand(settings));
    stack = await deploy(functions, 'sqs', { moreBuckets: theirs.bucket, validateTrails: TrailARN });
    findingsUrl = await ruleToQueue(stack.name, 'findings', { source: ['trailbus'], 'detail-type': ['Trailbus Finding'] });
    await deliver();
  });

  after(async () => {
    if (stack) await destroy(stack);
    rmSync(PUBLIC_KEYS_FILE, { force: true });
    rmSync(functions, { recursive: true, force: true });
  });

  test('is run every hour', async () => {
    const { FunctionArn } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: `${stack.name}-validate` }));
    const { RuleNames = [] } = await eventBridge.send(new ListRuleNamesByTargetCommand({ TargetArn: FunctionArn }));
    const { ScheduleExpression, State } = await eventBridge.send(new DescribeRuleCommand({ Name: RuleNames[0] }));
    assert.deepEqual([RuleNames.length, ScheduleExpression, State], [1, 'rate(1 hour)', 'ENABLED']);
  });

  test('proves the trail of the stack and the one that was named, and stays silent', async () => {
    const { digestsProven, filesProven, filesInvalid, findingsTold, trailsFailed, lagMs } = await check();
    assert.deepEqual([digestsProven, filesProven, filesInvalid, findingsTold, trailsFailed], [10, 12, 0, 0, 0]);
    assert.ok(lagMs! < 2 * HOUR_MS, `a lag of ${lagMs} ms`);
    assert.deepEqual(await drainQueue(sqs, findingsUrl, 1), []);
  });

  test('puts a tampered file on the bus, once', async () => {
    const [tampered = ''] = world.keysOf(own.bucket, /\/CloudTrail\//).slice(-2);
    world.put(own.bucket, tampered, gzipSync('{"Records":[]}'));
    await upload(own.bucket, tampered);
    const first = await check();
    assert.deepEqual([first.filesProven, first.filesInvalid, first.findingsTold], [11, 1, 1]);
    const [message, ...others] = await takeMessages(sqs, findingsUrl, 1);
    assert.deepEqual(others, []);
    const {
      source,
      'detail-type': detailType,
      resources,
      detail,
    } = JSON.parse(message?.Body ?? '') as Record<string, Record<string, unknown>>;
    const arn = `arn:aws:cloudtrail:${STACK_REGION}:${STACK_ACCOUNT}:trail/${own.name}`;
    assert.deepEqual({ source, detailType, resources }, { source: 'trailbus', detailType: 'Trailbus Finding', resources: [arn] });
    const { kind, rule, severity } = detail!;
    const { trail, file, reason } = detail!['detail'] as Record<string, string>;
    assert.deepEqual(
      { kind, rule, severity, trail, file, reason },
      {
        kind: 'integrity',
        rule: 'integrity.log-file',
        severity: 'high',
        trail: arn,
        file: `s3://${own.bucket}/${tampered}`,
        reason: 'the content is not what the digest says: the file was changed, or cut short',
      },
    );

    const second = await check();
    assert.deepEqual([second.filesInvalid, second.findingsTold], [1, 0]);
    assert.deepEqual(await drainQueue(sqs, findingsUrl, 1), []);
  });
});
