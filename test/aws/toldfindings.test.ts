// What `trailbus deliver` reads of a deployed stack: its outputs, and the log of its alert function.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { mockClient } from 'aws-sdk-client-mock';
import { deployedStack } from '../../aws/deployedstack.ts';
import { loggedFindings } from '../../aws/toldfindings.ts';
import { ReadError, UsageError } from '../../events/errors.ts';
import { FINDING_LINES, type Finding, findingFacts } from '../../events/finding.ts';

const logs = mockClient(CloudWatchLogsClient);
const stacks = mockClient(CloudFormationClient);
const region = { region: 'us-east-1' };
beforeEach(() => {
  logs.reset();
  stacks.reset();
});

const finding: Finding = {
  ...{ id: 'detection-1', kind: 'detection', rule: 'r', state: 'open', severity: 'high', title: 'SECRET', who: 'SECRET' },
  ...{ resources: ['SECRET'], count: 3, tags: [], account: '111122223333' },
  events: ['k1', 'k1', 'k2'].map((key, index) => ({ time: 't', bucket: 'b', key, index })),
};
const lineOf = (message: string, facts: object = { finding: findingFacts(finding) }) => ({
  message: JSON.stringify({ message, ...facts }),
});

test('gives the findings that the log tells of, on all its pages, those on trial marked', async () => {
  logs
    .on(FilterLogEventsCommand)
    .resolvesOnce({ events: [{ message: 'START RequestId' }, { message: '{"broken' }, lineOf(FINDING_LINES.told)], nextToken: 'more' })
    .resolvesOnce({ events: [lineOf('hits handled', {}), lineOf(FINDING_LINES.told, {}), lineOf(FINDING_LINES.onTrial)] });
  const found = await loggedFindings(new CloudWatchLogsClient(region), 'group', new Date(5_000));
  assert.deepEqual(
    found.map(({ rule, keys, wasTold }) => [rule, keys, wasTold]),
    [
      ['r', ['k1', 'k2'], true],
      ['r', ['k1', 'k2'], false],
    ],
  );
  const [first, second] = logs.commandCalls(FilterLogEventsCommand).map(({ args }) => args[0].input);
  assert.deepEqual([first!.logGroupName, first!.startTime, second!.nextToken], ['group', 5_000, 'more']);
});

test('the log says nothing of a finding that callers wrote', () => assert.doesNotMatch(JSON.stringify(findingFacts(finding)), /SECRET/));

for (const [name, help] of [
  ['ResourceNotFoundException', /detections=on/],
  ['AccessDeniedException', /logs:FilterLogEvents/],
] as const)
  test(`says what to do about ${name}`, async () => {
    logs.on(FilterLogEventsCommand).rejects(Object.assign(new Error('no'), { name }));
    await assert.rejects(
      loggedFindings(new CloudWatchLogsClient(region), 'group', new Date(0)),
      (error) => error instanceof ReadError && help.test(error.help ?? ''),
    );
  });

const outputs = (values: Record<string, string>) =>
  stacks.on(DescribeStacksCommand).resolves({
    Stacks: [
      {
        ...{ StackName: 's', CreationTime: new Date(0), StackStatus: 'CREATE_COMPLETE' },
        Outputs: Object.entries(values).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
      },
    ],
  });
const ask = () => deployedStack(new CloudFormationClient(region), 's');
const BusArn = 'arn:aws:events:eu-west-1:111122223333:event-bus/s';

test('a stack says which bucket it reads, its account and its region', async () => {
  outputs({ BusArn, LogBucketName: 'logs' });
  assert.deepEqual(await ask(), { name: 's', bucket: 'logs', account: '111122223333', region: 'eu-west-1' });
  outputs({ BusArn });
  assert.equal((await ask()).bucket, undefined);
});

test('a stack that is none of ours, or not there, is wrong use', async () => {
  outputs({});
  await assert.rejects(ask(), (error) => error instanceof UsageError && /no stack of Trailbus/.test(error.message));
  stacks.on(DescribeStacksCommand).rejects(Object.assign(new Error('Stack with id s does not exist'), { name: 'ValidationError' }));
  await assert.rejects(ask(), (error) => error instanceof UsageError && /no stack is called `s`/.test(error.message));
  stacks.on(DescribeStacksCommand).rejects(Object.assign(new Error('no'), { name: 'AccessDenied' }));
  await assert.rejects(ask(), (error) => error instanceof ReadError && /cloudformation:DescribeStacks/.test(error.help ?? ''));
});
