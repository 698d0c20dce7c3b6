// AWS Config's recorders: each colour, by region, and those that aren't ours.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import configRecorder from '../../checks/config-recorder.ts';
import { type Answers, asked, judged } from './account.ts';

const ALL = { allSupported: true, includeGlobalResourceTypes: true };
const recorder = (recordingGroup: object = ALL, more: object = {}) => ({ name: 'default', recordingGroup, ...more });
const facts = (recorders: object[], status: object = {}, channel: string | undefined = 'default') => ({
  ...{ recorders, channel, statuses: [{ name: 'default', recording: true, lastStatus: 'SUCCESS', ...status }] },
});

const cases: [string, object, string, string][] = [
  [
    'one that records everything is green',
    facts([recorder()]),
    'us-east-1',
    'ok: recorder `default` of us-east-1: it records all kinds of resources',
  ],
  ['none is red', facts([]), 'us-east-1', 'error: AWS Config has no recorder in us-east-1'],
  [
    'one that is stopped is red',
    facts([recorder()], { recording: false }),
    'us-east-1',
    'error: recorder `default` of us-east-1: it is stopped',
  ],
  [
    'one without delivery channel is red',
    { ...facts([recorder()]), channel: undefined },
    ...(['us-east-1', 'error: recorder `default` of us-east-1: there is no delivery channel'] as const),
  ],
  [
    'one that fails is yellow',
    facts([recorder()], { lastStatus: 'Failure', lastErrorCode: 'AccessDenied', lastErrorMessage: 'no' }),
    ...(['us-east-1', 'warning: recorder `default` of us-east-1: it failed the last time: AccessDenied: no'] as const),
  ],
  [
    'one that waits is green',
    facts([recorder()], { lastStatus: 'PENDING' }),
    'eu-west-1',
    'ok: recorder `default` of eu-west-1: it records all kinds of resources',
  ],
  [
    'some kinds alone are yellow',
    facts([recorder({ allSupported: false, resourceTypes: ['AWS::EC2::Instance'] })]),
    ...(['us-east-1', 'warning: recorder `default` of us-east-1: it does not record all kinds of resources'] as const),
  ],
  [
    'no global resources are yellow in the first region',
    facts([recorder({ allSupported: true })]),
    ...(['us-east-1', 'warning: recorder `default` of us-east-1: it does not record global resources, IAM’s'] as const),
  ],
  [
    'and green elsewhere',
    facts([recorder({ recordingStrategy: { useOnly: 'ALL_SUPPORTED_RESOURCE_TYPES' } })]),
    ...(['eu-west-1', 'ok: recorder `default` of eu-west-1: it records all kinds of resources'] as const),
  ],
];
for (const [name, given, region, expected] of cases)
  test(name, () => assert.deepEqual(judged(configRecorder, given, 0, { region }), [`${region} ${expected}`]));

const account = (recording: (region: string) => boolean, recorders: object[] = [recorder()]): Answers => ({
  DescribeConfigurationRecorders: JSON.stringify({ ConfigurationRecorders: recorders }),
  DescribeConfigurationRecorderStatus: ({ region }) =>
    JSON.stringify({ ConfigurationRecordersStatus: [{ name: 'default', recording: recording(region), lastStatus: 'SUCCESS' }] }),
  DescribeDeliveryChannels: JSON.stringify({ DeliveryChannels: [{ name: 'channel', s3BucketName: 'b' }] }),
});

test('recorders of one name in two regions are two', async () => {
  const { flaggedResources } = await asked(
    configRecorder,
    account((region) => region === 'us-east-1'),
    { regions: ['us-east-1', 'eu-west-1'] },
  );
  assert.deepEqual(
    flaggedResources.map(({ resourceId, region, status }) => [resourceId, region, status]),
    [
      ['us-east-1', 'us-east-1', 'ok'],
      ['eu-west-1', 'eu-west-1', 'error'],
    ],
  );
  assert.deepEqual(flaggedResources[1]!.metadata, [
    ...['Red', 'eu-west-1', 'default', 'No', 'SUCCESS', 'Yes', 'Yes', 'channel', 'recorder `default` of eu-west-1: it is stopped'],
  ]);
});

test('a recorder that a service keeps for itself is none of ours', async () => {
  const internal = recorder(ALL, { name: 'AWSConfigurationRecorderForX', recordingScope: 'INTERNAL', servicePrincipal: 'x.amazonaws.com' });
  const { flaggedResources } = await asked(
    configRecorder,
    account(() => true, [internal]),
  );
  assert.deepEqual(
    flaggedResources.map(({ reason }) => reason),
    ['AWS Config has no recorder in us-east-1'],
  );
});

test('a status that is refused is said, and is not red', async () => {
  const { DescribeConfigurationRecorderStatus: _, ...answers } = account(() => true);
  const { flaggedResources } = await asked(configRecorder, answers);
  assert.deepEqual(
    flaggedResources.map(({ status, reason }) => [status, reason]),
    [
      [
        'not_available',
        'recorder `default` of us-east-1: not asked: the role may not call config:DescribeConfigurationRecorderStatus in us-east-1',
      ],
    ],
  );
});
