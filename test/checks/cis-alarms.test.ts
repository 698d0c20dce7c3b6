// The way from a trail to somebody who is woken: each step that may be missing, and filters by their meaning.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import cisAlarms from '../../checks/cis-alarms.ts';
import { CIS_CONTROLS } from '../../checks/facts/cisfilters.ts';
import { eventFilter } from '../../checks/facts/filterpattern.ts';
import { type Answers, asked, queryAnswer, queryFailure } from './account.ts';
import { logging, trail, trailAnswers } from './trailanswers.ts';

/** As Security Hub's page of the controls has them. */
const PATTERNS: Readonly<Record<string, string>> = {
  'CloudWatch.1': '{$.userIdentity.type="Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType !="AwsServiceEvent"}',
  'CloudWatch.2':
    '{($.errorCode="*UnauthorizedOperation") || ($.errorCode="AccessDenied*") && ($.sourceIPAddress!="delivery.logs.amazonaws.com") && ($.eventName!="HeadBucket")}',
  'CloudWatch.3':
    '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }',
  'CloudWatch.4':
    '{($.eventSource=iam.amazonaws.com) && (($.eventName=DeleteGroupPolicy) || ($.eventName=DeleteRolePolicy) || ($.eventName=DeleteUserPolicy) || ($.eventName=PutGroupPolicy) || ($.eventName=PutRolePolicy) || ($.eventName=PutUserPolicy) || ($.eventName=CreatePolicy) || ($.eventName=DeletePolicy) || ($.eventName=CreatePolicyVersion) || ($.eventName=DeletePolicyVersion) || ($.eventName=AttachRolePolicy) || ($.eventName=DetachRolePolicy) || ($.eventName=AttachUserPolicy) || ($.eventName=DetachUserPolicy) || ($.eventName=AttachGroupPolicy) || ($.eventName=DetachGroupPolicy))}',
  'CloudWatch.5':
    '{($.eventName=CreateTrail) || ($.eventName=UpdateTrail) || ($.eventName=DeleteTrail) || ($.eventName=StartLogging) || ($.eventName=StopLogging)}',
  'CloudWatch.6': '{($.eventName=ConsoleLogin) && ($.errorMessage="Failed authentication")}',
  'CloudWatch.7': '{($.eventSource=kms.amazonaws.com) && (($.eventName=DisableKey) || ($.eventName=ScheduleKeyDeletion))}',
  'CloudWatch.8':
    '{($.eventSource=s3.amazonaws.com) && (($.eventName=PutBucketAcl) || ($.eventName=PutBucketPolicy) || ($.eventName=PutBucketCors) || ($.eventName=PutBucketLifecycle) || ($.eventName=PutBucketReplication) || ($.eventName=DeleteBucketPolicy) || ($.eventName=DeleteBucketCors) || ($.eventName=DeleteBucketLifecycle) || ($.eventName=DeleteBucketReplication))}',
  'CloudWatch.9':
    '{($.eventSource=config.amazonaws.com) && (($.eventName=StopConfigurationRecorder) || ($.eventName=DeleteDeliveryChannel) || ($.eventName=PutDeliveryChannel) || ($.eventName=PutConfigurationRecorder))}',
  'CloudWatch.10':
    '{($.eventName=AuthorizeSecurityGroupIngress) || ($.eventName=AuthorizeSecurityGroupEgress) || ($.eventName=RevokeSecurityGroupIngress) || ($.eventName=RevokeSecurityGroupEgress) || ($.eventName=CreateSecurityGroup) || ($.eventName=DeleteSecurityGroup)}',
  'CloudWatch.11':
    '{($.eventName=CreateNetworkAcl) || ($.eventName=CreateNetworkAclEntry) || ($.eventName=DeleteNetworkAcl) || ($.eventName=DeleteNetworkAclEntry) || ($.eventName=ReplaceNetworkAclEntry) || ($.eventName=ReplaceNetworkAclAssociation)}',
  'CloudWatch.12':
    '{($.eventName=CreateCustomerGateway) || ($.eventName=DeleteCustomerGateway) || ($.eventName=AttachInternetGateway) || ($.eventName=CreateInternetGateway) || ($.eventName=DeleteInternetGateway) || ($.eventName=DetachInternetGateway)}',
  'CloudWatch.13':
    '{($.eventSource=ec2.amazonaws.com) && (($.eventName=CreateRoute) || ($.eventName=CreateRouteTable) || ($.eventName=ReplaceRoute) || ($.eventName=ReplaceRouteTableAssociation) || ($.eventName=DeleteRouteTable) || ($.eventName=DeleteRoute) || ($.eventName=DisassociateRouteTable))}',
  'CloudWatch.14':
    '{($.eventName=CreateVpc) || ($.eventName=DeleteVpc) || ($.eventName=ModifyVpcAttribute) || ($.eventName=AcceptVpcPeeringConnection) || ($.eventName=CreateVpcPeeringConnection) || ($.eventName=DeleteVpcPeeringConnection) || ($.eventName=RejectVpcPeeringConnection) || ($.eventName=AttachClassicLinkVpc) || ($.eventName=DetachClassicLinkVpc) || ($.eventName=DisableVpcClassicLink) || ($.eventName=EnableVpcClassicLink)}',
};

const GROUP = 'arn:aws:logs:us-east-1:111122223333:log-group:trail:*';
const TOPIC = 'arn:aws:sns:us-east-1:111122223333:alerts';
const WATCHED = trail('main', { CloudWatchLogsLogGroupArn: GROUP });

const filter = (id: string, filterPattern: string, metricName = id) => ({
  ...{ filterName: id, filterPattern, logGroupName: 'trail' },
  metricTransformations: [{ metricName, metricNamespace: 'CIS', metricValue: '1' }],
});
const alarm = (id: string, more: object = {}) => ({
  ...{ AlarmName: `on-${id}`, Namespace: 'CIS', MetricName: id, ActionsEnabled: true, AlarmActions: [TOPIC] },
  ...more,
});
const subscriptions = (...arns: string[]) =>
  queryAnswer(
    'ListSubscriptionsByTopic',
    `<Subscriptions>${arns.map((arn) => `<member><SubscriptionArn>${arn}</SubscriptionArn></member>`).join('')}</Subscriptions>`,
  );

const account = (filters: object[], alarms: object[], more: Answers = {}): Answers => ({
  ...trailAnswers([WATCHED], { main: logging() }),
  DescribeMetricFilters: JSON.stringify({ metricFilters: filters }),
  DescribeAlarms: JSON.stringify({ MetricAlarms: alarms }),
  ListSubscriptionsByTopic: subscriptions(`${TOPIC}:1`),
  ...more,
});

test('the documented patterns, with an alarm that somebody hears, are green', async () => {
  const ids = Object.keys(PATTERNS);
  const { status, flaggedResources } = await asked(
    cisAlarms,
    account(
      ids.map((id) => filter(id, PATTERNS[id]!)),
      ids.map((id) => alarm(id)),
    ),
  );
  assert.deepEqual(
    flaggedResources.filter((line) => line.status !== 'ok').map(({ reason }) => reason),
    [],
  );
  assert.equal(status, 'ok');
  assert.deepEqual(
    flaggedResources.map(({ resourceId }) => resourceId),
    CIS_CONTROLS.map(({ id }) => id),
  );
  assert.deepEqual(flaggedResources[4]!.metadata, [
    ...['Green', 'us-east-1', 'CloudWatch.5', 'CloudTrail configuration changes', 'trail', 'CloudWatch.5', 'on-CloudWatch.5'],
    'CloudTrail configuration changes: alarm `on-CloudWatch.5` tells somebody',
  ]);
});

const TRAIL_CHANGES_PATTERN = PATTERNS['CloudWatch.5']!;
const good = filter('f', TRAIL_CHANGES_PATTERN);

const cases: [string, Answers, string, string][] = [
  ['no trail of all regions', { ...account([], []), ...trailAnswers([], {}) }, 'warning', 'the account has no trail of all regions'],
  [
    'a trail of one region is none',
    { ...account([good], [alarm('f')]), ...trailAnswers([{ ...WATCHED, IsMultiRegionTrail: false }], { main: logging() }) },
    ...(['warning', 'the account has no trail of all regions'] as const),
  ],
  [
    'a trail that is off',
    { ...account([good], [alarm('f')]), ...trailAnswers([WATCHED], { main: { IsLogging: false } }) },
    ...(['warning', 'trail `main` is not logging'] as const),
  ],
  [
    'a trail that leaves events out',
    {
      ...account([good], [alarm('f')]),
      ...trailAnswers([WATCHED], { main: logging() }, { main: { EventSelectors: [{ ReadWriteType: 'ReadOnly' }] } }),
    },
    ...(['warning', 'trail `main` records no writing management events'] as const),
  ],
  [
    'a trail without log group',
    { ...account([good], [alarm('f')]), ...trailAnswers([trail('main')], { main: logging() }) },
    ...(['warning', 'trail `main` sends nothing to CloudWatch Logs'] as const),
  ],
  [
    'a log group of another account',
    {
      ...account([], []),
      ...trailAnswers([{ ...WATCHED, CloudWatchLogsLogGroupArn: GROUP.replace('111122223333', '999988887777') }], { main: logging() }),
    },
    ...([
      'not_available',
      `trail \`main\` sends to the log group of another account: \`${GROUP.replace('111122223333', '999988887777')}\``,
    ] as const),
  ],
  ['no filter', account([], []), 'warning', 'no metric filter of `trail` counts these'],
  [
    'a log group that is gone',
    account([], [], { DescribeMetricFilters: { status: 400, body: '{"__type":"ResourceNotFoundException","message":"no group"}' } }),
    ...(['warning', 'no metric filter of `trail` counts these'] as const),
  ],
  [
    'a filter that misses some',
    account([filter('f', '{ ($.eventName = CreateTrail) || ($.eventName = UpdateTrail) || ($.eventName = "St*Logging") }')], [alarm('f')]),
    ...(['warning', 'metric filter `f` does not match DeleteTrail'] as const),
  ],
  [
    'a filter of everything is none',
    account([filter('f', '{ $.eventName = * }')], [alarm('f')]),
    'warning',
    'no metric filter of `trail` counts these',
  ],
  [
    'a filter of terms is not read',
    account([filter('f', 'StopLogging')], [alarm('f')]),
    'warning',
    'no metric filter of `trail` counts these',
  ],
  [
    'any spelling, order and nesting',
    account(
      [
        filter(
          'f',
          '{(( $.eventSource = "cloudtrail.*" && ($[\'eventName\']="St*Logging" || $.eventName = *Trail)))&&( $.eventName != ListTrail ) }',
        ),
      ],
      [alarm('f')],
    ),
    ...(['ok', 'alarm `on-f` tells somebody'] as const),
  ],
  [
    'filters that count into one metric together',
    account(
      [
        filter('a', '{ $.eventName = *Trail && $.eventSource = cloudtrail.amazonaws.com }', 'm'),
        filter('b', '{ $.eventName = St*Logging }', 'm'),
      ],
      [alarm('m')],
    ),
    ...(['ok', 'alarm `on-m` tells somebody'] as const),
  ],
  ['no alarm', account([good], [alarm('other')]), 'warning', 'no alarm looks at `CIS/f`, which metric filter `f` counts into'],
  [
    'an alarm on the metric’s name in another namespace',
    account([good], [alarm('f', { Namespace: 'Other' })]),
    ...(['warning', 'no alarm looks at `CIS/f`, which metric filter `f` counts into'] as const),
  ],
  [
    'an alarm without action',
    account([good], [alarm('f', { AlarmActions: [] })]),
    'warning',
    'alarm `on-f` has no action that tells somebody',
  ],
  [
    'an alarm whose actions are off',
    account([good], [alarm('f', { ActionsEnabled: false })]),
    'warning',
    'alarm `on-f` has its actions turned off',
  ],
  [
    'a topic without subscription',
    account([good], [alarm('f')], { ListSubscriptionsByTopic: subscriptions('PendingConfirmation') }),
    ...(['warning', `alarm \`on-f\` tells \`${TOPIC}\`, to which nobody is subscribed`] as const),
  ],
  [
    'a topic that is gone',
    account([good], [alarm('f')], { ListSubscriptionsByTopic: queryFailure('NotFound', 404) }),
    ...(['warning', `alarm \`on-f\` tells \`${TOPIC}\`, to which nobody is subscribed`] as const),
  ],
  [
    'one alarm of two that is heard',
    account([good], [alarm('f', { AlarmName: 'mute', AlarmActions: [] }), alarm('f')]),
    ...(['ok', 'alarm `on-f` tells somebody'] as const),
  ],
  [
    'an alarm that calls a function',
    account([good], [alarm('f', { AlarmActions: ['arn:aws:lambda:us-east-1:111122223333:function:wake'] })]),
    ...(['ok', 'alarm `on-f` tells somebody'] as const),
  ],
  [
    'an alarm that reckons with the metric',
    account(
      [good],
      [
        {
          AlarmName: 'sum',
          AlarmActions: [TOPIC],
          Metrics: [{ Id: 'm', MetricStat: { Metric: { Namespace: 'CIS', MetricName: 'f' }, Period: 60, Stat: 'Sum' } }],
        },
      ],
    ),
    ...(['ok', 'alarm `sum` tells somebody'] as const),
  ],
];
for (const [name, answers, status, reason] of cases)
  test(`trail changes: ${name}`, async () => {
    const { flaggedResources } = await asked(cisAlarms, answers);
    const line = flaggedResources.find(({ resourceId }) => resourceId === 'CloudWatch.5')!;
    assert.deepEqual([line.status, line.reason], [status, `CloudTrail configuration changes: ${reason}`]);
  });

const refused: [string, string][] = [
  ['GetTrailStatus', 'cloudtrail:GetTrailStatus'],
  ['GetEventSelectors', 'cloudtrail:GetEventSelectors'],
  ['DescribeMetricFilters', 'logs:DescribeMetricFilters'],
  ['DescribeAlarms', 'cloudwatch:DescribeAlarms'],
  ['ListSubscriptionsByTopic', 'sns:ListSubscriptionsByTopic'],
];
for (const [operation, action] of refused)
  test(`without ${action} nothing is missing that wasn’t looked for`, async () => {
    const answers = Object.fromEntries(Object.entries(account([good], [alarm('f')])).filter(([name]) => name !== operation));
    const { flaggedResources } = await asked(cisAlarms, answers);
    const line = flaggedResources.find(({ resourceId }) => resourceId === 'CloudWatch.5')!;
    assert.deepEqual(
      [line.status, line.reason],
      ['not_available', `CloudTrail configuration changes: not asked: the role may not call ${action} in us-east-1`],
    );
  });

test('filters, alarms and topics are asked where the log group is', async () => {
  const elsewhere = trail('main', {
    ...{ HomeRegion: 'eu-west-1', TrailARN: 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/main' },
    CloudWatchLogsLogGroupArn: GROUP.replace('us-east-1', 'eu-west-1'),
  });
  const { calls } = await asked(cisAlarms, { ...account([good], [alarm('f')]), ...trailAnswers([elsewhere], { main: logging() }) });
  assert.deepEqual(
    calls.map(({ operation, region }) => `${operation} ${region}`),
    [
      ...['DescribeTrails us-east-1', 'GetTrailStatus eu-west-1', 'GetEventSelectors eu-west-1', 'DescribeMetricFilters eu-west-1'],
      ...['DescribeAlarms eu-west-1', 'ListSubscriptionsByTopic us-east-1'],
    ],
  );
});

const EVENT = { eventName: 'Put', count: 5, ok: true, none: null, user: { type: 'Root' }, list: [{ arn: 'a' }] };
const patterns: [string, boolean | undefined][] = [
  ['{ $.eventName = Put }', true],
  ['{ $.eventName = "P*t" }', true],
  ['{ $.eventName = P?t }', false],
  ['{ $.missing = * }', false],
  ['{ $.missing != x }', false],
  ['{ $.eventName != x }', true],
  ['{ $.count > 4 && $.count <= 5 }', true],
  ['{ $.count >= 6 || $.count < 5 }', false],
  ['{ $.ok IS TRUE }', true],
  ['{ $.ok is false }', false],
  ['{ $.none IS NULL }', true],
  ['{ $.missing NOT EXISTS }', true],
  ['{ $.user.type NOT EXISTS }', false],
  ['{ $.list[0].arn = a }', true],
  ['{ $.constructor NOT EXISTS }', true],
  ['{ $.a = x || $.eventName = Put && $.ok IS FALSE }', false],
  ['{ ($.a = x || $.eventName = Put) }', true],
  ['{ $.eventName = %Pu.% }', undefined],
  ['{ $.eventName = Put', undefined],
  ['{ $.eventName = }', undefined],
  ['{ eventName = Put }', undefined],
  ['{ $.eventName IS MAYBE }', undefined],
  ['{ $.eventName = Put } more', undefined],
  [`{ ${'('.repeat(1000)}$.a = b }`, undefined],
  ['ERROR', undefined],
  ['', undefined],
];
for (const [pattern, expected] of patterns)
  test(`the pattern \`${pattern.slice(0, 60)}\` ${expected === undefined ? 'is not compared' : expected ? 'matches' : 'does not match'}`, () =>
    assert.equal(eventFilter(pattern)?.(EVENT), expected));

test('a pattern of many stars takes no time', () => {
  const event = { eventName: 'a'.repeat(2000) };
  assert.equal(eventFilter(`{ $.eventName = "${'a*'.repeat(200)}b" }`)!(event), false);
});

test('a filter for sign-ins without MFA is none for those that failed', async () => {
  const { flaggedResources } = await asked(
    cisAlarms,
    account(
      [
        filter('nomfa', '{($.eventName="ConsoleLogin") && ($.additionalEventData.MFAUsed !="Yes")}'),
        filter('fail', PATTERNS['CloudWatch.6']!),
      ],
      [alarm('nomfa')],
    ),
  );
  const statusOf = (id: string) => flaggedResources.find(({ resourceId }) => resourceId === id)?.status;
  assert.deepEqual([statusOf('CloudWatch.3'), statusOf('CloudWatch.6')], ['ok', 'warning']);
});
