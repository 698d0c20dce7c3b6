// A running LocalStack for tests: starts it where none answers, gives SDK clients for it, and waits for what happens in it.
import { spawnSync } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

export const REPOSITORY = join(import.meta.dirname, '../..');
export const PORT = process.env['LOCALSTACK_PORT'] ?? '4566';
export const ENDPOINT = `http://127.0.0.1:${PORT}`;
export const STACK_REGION = 'us-east-1';
export const STACK_ACCOUNT = '000000000000';

const CACHE = process.env['TRAILBUS_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'trailbus');
/** The folder localstack/start keeps this LocalStack's log and files in. */
export const STATE = join(CACHE, `localstack-state-${PORT}`);
/** What CloudTrail's `ListPublicKeys` answers from, in that answer's shape with `Value` in base64; read at every call. */
export const PUBLIC_KEYS_FILE = join(STATE, 'shared/public-keys.json');

/** What every program that talks to LocalStack needs: the commands under test and `serverless` take it as environment. */
export const VARIABLES = {
  AWS_ENDPOINT_URL: ENDPOINT,
  AWS_REGION: STACK_REGION,
  AWS_DEFAULT_REGION: STACK_REGION,
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
};

/** Exit code of localstack/start where a machine has neither a fitting Python nor a Docker engine. */
const NOTHING_TO_RUN_IT_WITH = 3;

export interface LocalStackStart {
  /** Why there is no LocalStack on this machine, as one plain line; `undefined` when it answers. */
  unavailable?: string;
  /** Whether this call started it, so that whoever called stops it. */
  startedHere: boolean;
}

/** Whether LocalStack answers at `ENDPOINT`. */
export async function answers(): Promise<boolean> {
  const health = await fetch(`${ENDPOINT}/_localstack/health`, { signal: AbortSignal.timeout(2000) }).catch(() => undefined);
  return health?.ok ?? false;
}

/**
 * Sees to it that LocalStack answers: a running one is used, else one is started, and installed on the first use.
 *
 * @throws Error when it can't be installed or doesn't come up; a machine without Python and Docker is no error but `unavailable`
 */
export async function startLocalStack(): Promise<LocalStackStart> {
  if (await answers()) return { startedHere: false };
  const start = spawnSync(join(REPOSITORY, 'localstack/start'), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  if (start.status === 0) return { startedHere: true };
  const complaint = start.stderr?.trim() ?? String(start.error);
  if (start.status === NOTHING_TO_RUN_IT_WITH) return { startedHere: false, unavailable: complaint };
  throw new Error(`localstack/start failed: ${complaint}`, { cause: start.error });
}

/** Stops the LocalStack that `startLocalStack` began. */
export function stopLocalStack(): void {
  spawnSync(join(REPOSITORY, 'localstack/stop'), { stdio: 'inherit' });
}

/**
 * For `describe(name, { skip: await whyNoLocalStack() }, …)`: `false` with LocalStack up, else the reason.
 * A file run alone leaves LocalStack running for the next run; the test runner stops what it started.
 */
export async function whyNoLocalStack(): Promise<string | false> {
  return (await startLocalStack()).unavailable ?? false;
}

const CONNECTION = { endpoint: ENDPOINT, region: STACK_REGION, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };

/** One client a service, made anew at each call. */
export function clients() {
  return {
    cloudFormation: new CloudFormationClient(CONNECTION),
    cloudTrail: new CloudTrailClient(CONNECTION),
    cloudWatch: new CloudWatchClient(CONNECTION),
    dynamoDb: new DynamoDBClient(CONNECTION),
    eventBridge: new EventBridgeClient(CONNECTION),
    lambda: new LambdaClient(CONNECTION),
    organizations: new OrganizationsClient(CONNECTION),
    s3: new S3Client({ ...CONNECTION, forcePathStyle: true }),
    sns: new SNSClient(CONNECTION),
    sqs: new SQSClient(CONNECTION),
  };
}

export interface ServiceCall {
  /** The service's name in a signature: `rds`, `guardduty`, `logs`. */
  service: string;
  path?: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** Calls a service that has no SDK client among our dependencies; LocalStack reads the service from the signature and doesn't check it. */
export async function callService(call: ServiceCall): Promise<{ status: number; text: string }> {
  const scope = `test/20260101/${STACK_REGION}/${call.service}/aws4_request`;
  const response = await fetch(ENDPOINT + (call.path ?? '/'), {
    method: call.method ?? 'POST',
    headers: { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`, ...call.headers },
    ...(call.body === undefined ? {} : { body: call.body }),
  });
  return { status: response.status, text: await response.text() };
}

/**
 * Asks again and again until `probe` gives something, and gives that.
 *
 * @param what  what is waited for, for the message of the error
 * @throws Error after `seconds`
 */
export async function eventually<T>(what: string, probe: () => Promise<T | undefined | false>, seconds = 60): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  while (Date.now() < deadline) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    await sleep(100);
  }
  throw new Error(`waited ${seconds} s for ${what}`);
}

/** Takes messages out of a queue until at least `count` came, and gives them. */
export async function takeMessages(sqs: SQSClient, queueUrl: string, count: number, seconds = 60): Promise<Message[]> {
  const taken: Message[] = [];
  await eventually(
    `${count} messages in ${queueUrl}`,
    async () => {
      taken.push(...(await takeBatch(sqs, queueUrl)));
      return taken.length >= count;
    },
    seconds,
  );
  return taken;
}

/** Takes messages out of a queue until none has come for `quietSeconds`. */
export async function drainQueue(sqs: SQSClient, queueUrl: string, quietSeconds = 2): Promise<Message[]> {
  const taken: Message[] = [];
  for (let quietSince = Date.now(); Date.now() - quietSince < quietSeconds * 1000; ) {
    const batch = await takeBatch(sqs, queueUrl);
    if (batch.length > 0) quietSince = Date.now();
    taken.push(...batch);
  }
  return taken;
}

async function takeBatch(sqs: SQSClient, queueUrl: string): Promise<Message[]> {
  const options = { MaxNumberOfMessages: 10, WaitTimeSeconds: 1, MessageAttributeNames: ['All'] };
  const { Messages: messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl, ...options }));
  if (messages.length === 0) return [];
  const entries = messages.map((message, index) => ({ Id: String(index), ReceiptHandle: message.ReceiptHandle }));
  await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries }));
  return messages;
}

export type Trigger = 's3' | 'sns' | 'sqs' | 'eventbridge';

/**
 * Deploys the repository's stack as `trailbus-STAGE` with localstack/deploy; the functions are built unless `TRAILBUS_BUILT` is 1.
 *
 * @param parameters  those of serverless.yml by name, besides `trigger`
 * @throws Error with what the deployment printed
 */
export function deployStack(trigger: Trigger, stage: string, parameters: Record<string, string | number> = {}): void {
  const options = Object.entries(parameters).flatMap(([name, value]) => ['--param', `${name}=${value}`]);
  const deployed = spawnSync(join(REPOSITORY, 'localstack/deploy'), [trigger, stage, ...options], { encoding: 'utf8' });
  if (deployed.status !== 0) throw new Error(`localstack/deploy ${trigger} ${stage} failed:\n${deployed.stdout}${deployed.stderr}`);
}
