// The stack of serverless.yml on LocalStack: deployed for one trigger, with a queue behind a rule on its bus.
import { randomBytes } from 'node:crypto';
import { DeleteStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { CreateQueueCommand, GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { Service } from '../serverless/service.ts';
import { callService, clients, eventually, STACK_ACCOUNT, STACK_REGION, VARIABLES } from './environment.ts';

const { cloudFormation, eventBridge, s3, sqs } = clients();
const DEPLOYMENTS = 'trailbus-deployments';

/** Each run has stages of its own, so a LocalStack that goes on running can be tested again. */
export const RUN = randomBytes(3).toString('hex');

export interface Stack {
  name: string;
  /** The bucket that the function's trigger listens to. */
  bucket: string;
  outputs: Record<string, string>;
  /** Queue that a rule on the bus fills with every entry. */
  targetUrl: string;
  seconds: number;
}

export async function createQueue(name: string): Promise<{ url: string; arn: string }> {
  const { QueueUrl: url = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }));
  return { url, arn: Attributes?.['QueueArn'] ?? '' };
}

export async function createDeploymentBucket(): Promise<void> {
  await s3.send(new CreateBucketCommand({ Bucket: DEPLOYMENTS }));
}

async function outputsOf(name: string): Promise<Record<string, string>> {
  const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: name }));
  return Object.fromEntries((Stacks?.[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey ?? '', OutputValue ?? '']));
}

/** A rule on the bus that sends what its pattern matches to a queue; gives the queue's URL. */
export async function ruleToQueue(busName: string, rule: string, pattern: object): Promise<string> {
  const queue = await createQueue(`${busName}-${rule}`);
  await eventBridge.send(new PutRuleCommand({ Name: rule, EventBusName: busName, EventPattern: JSON.stringify(pattern) }));
  await eventBridge.send(new PutTargetsCommand({ Rule: rule, EventBusName: busName, Targets: [{ Id: 'queue', Arn: queue.arn }] }));
  return queue.url;
}

/** Deploys `trailbus-TRIGGER-RUN` with `serverless deploy`; failures come again quickly, so that tests see where they end. Detections and the watch for silence are off unless asked for. */
export async function deploy(functions: string, trigger: string, parameters: Record<string, string> = {}): Promise<Stack> {
  const started = Date.now();
  const stage = `${trigger}-${RUN}`;
  const service = new Service(functions);
  const quick = { timeout: '20', retryAfter: '2', maxReceives: '2', deploymentBucket: DEPLOYMENTS, detections: 'off', silentAfter: '0' };
  // serverless asks CloudFormation for progress every 5 seconds, which here is most of the time a deployment takes.
  const environment = { ...VARIABLES, SLS_AWS_MONITORING_FREQUENCY: '250' };
  await service.run('deploy', stage, { trigger, ...quick, ...parameters }, environment).finally(() => service.remove());
  const name = `trailbus-${stage}`;
  const outputs = await outputsOf(name);
  const bucket = parameters['bucket'] ?? `${name}-logs-${STACK_ACCOUNT}-${STACK_REGION}`;
  return {
    name,
    bucket,
    outputs,
    targetUrl: await ruleToQueue(name, 'everything', { source: [{ prefix: 'cloudtrail.' }] }),
    seconds: (Date.now() - started) / 1000,
  };
}

/** Deletes the stack and waits until it is gone. */
export async function destroy(stack: Pick<Stack, 'name'>): Promise<void> {
  await cloudFormation.send(new DeleteStackCommand({ StackName: stack.name }));
  await eventually(`the end of ${stack.name}`, async () => {
    const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: stack.name })).catch(() => ({ Stacks: [] }));
    return Stacks?.[0] === undefined || Stacks[0].StackStatus === 'DELETE_COMPLETE';
  });
}

export type LogLine = Record<string, unknown>;

/** The JSON lines that a function logged, read from CloudWatch Logs. */
export async function logLines(stack: Stack, name: 'process' | 'alert' = 'process'): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  let nextToken: string | undefined;
  do {
    const { text } = await callService({
      service: 'logs',
      headers: { 'x-amz-target': 'Logs_20140328.FilterLogEvents', 'content-type': 'application/x-amz-json-1.1' },
      body: JSON.stringify({ logGroupName: `/aws/lambda/${stack.name}-${name}`, ...(nextToken ? { nextToken } : {}) }),
    });
    const page = JSON.parse(text) as { events?: { message: string }[]; nextToken?: string };
    for (const { message } of page.events ?? []) if (message.startsWith('{')) lines.push(JSON.parse(message) as LogLine);
    nextToken = page.nextToken;
  } while (nextToken);
  return lines;
}
