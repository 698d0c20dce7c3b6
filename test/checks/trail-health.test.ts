// The health of trails: what is set up, what doesn't arrive, what is late, what is left out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import trailHealth from '../../checks/trail-health.ts';
import { type Answers, asked, s3Failure } from './account.ts';
import { logging, minutesAgo, trail, trailAnswers } from './trailanswers.ts';

const GOOD = trail('main', {
  LogFileValidationEnabled: true,
  KmsKeyId: 'arn:aws:kms:us-east-1:111122223333:key/1',
  CloudWatchLogsLogGroupArn: 'arn:aws:logs:us-east-1:111122223333:log-group:trail:*',
});
const healthy = (more: object = {}) => logging({ LatestDigestDeliveryTime: minutesAgo(60), ...more });
const BUCKET = { 'GET /main-logs/': '<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>' };
const FINE = 'trail `main`: it logs, everything arrives, and it leaves nothing out';

const account = (described: object, status: object, selectors?: object): Answers => ({
  ...trailAnswers([described], { main: status }, selectors === undefined ? {} : { main: selectors }),
  ...BUCKET,
});
const without = (...members: string[]) => Object.fromEntries(Object.entries(GOOD).filter(([member]) => !members.includes(member)));
const management = (...more: object[]) => ({
  AdvancedEventSelectors: [{ FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }, ...more] }],
});

const cases: [string, Answers, string, string][] = [
  ['a trail with everything is green', account(GOOD, healthy()), 'ok', FINE],
  ['a trail that is off is red', account(GOOD, { IsLogging: false }), 'error', 'trail `main`: it is not logging'],
  [
    'a delivery error is red',
    account(GOOD, healthy({ LatestDeliveryError: 'AccessDenied' })),
    ...(['error', 'trail `main`: it can’t write into `main-logs`: AccessDenied'] as const),
  ],
  [
    'a bucket that is gone is red',
    { ...account(GOOD, healthy()), 'GET /main-logs/': s3Failure('NoSuchBucket') },
    ...(['error', 'trail `main`: its bucket `main-logs` does not exist'] as const),
  ],
  ['a bucket that refuses is there', { ...account(GOOD, healthy()), 'GET /main-logs/': s3Failure('AccessDenied', 403) }, 'ok', FINE],
  [
    'a digest error is yellow',
    account(GOOD, healthy({ LatestDigestDeliveryError: 'AccessDenied' })),
    ...(['warning', 'trail `main`: it can’t write digests: AccessDenied'] as const),
  ],
  [
    'a notification error is yellow',
    account(
      { ...GOOD, SnsTopicARN: 'arn:aws:sns:us-east-1:111122223333:trail' },
      healthy({ LatestNotificationError: 'AuthorizationError' }),
    ),
    ...(['warning', 'trail `main`: it can’t notify `arn:aws:sns:us-east-1:111122223333:trail`: AuthorizationError'] as const),
  ],
  [
    'a log group error is yellow',
    account(GOOD, healthy({ LatestCloudWatchLogsDeliveryError: 'Access denied.' })),
    ...(['warning', 'trail `main`: it can’t send to CloudWatch Logs: Access denied.'] as const),
  ],
  ['a file of an hour ago is in time', account(GOOD, healthy({ LatestDeliveryTime: minutesAgo(60) })), 'ok', FINE],
  [
    'a file of more than an hour ago is late',
    account(GOOD, healthy({ LatestDeliveryTime: minutesAgo(150) })),
    ...(['warning', 'trail `main`: its last file came 2 hours ago'] as const),
  ],
  [
    'a trail that never delivered is late from its start',
    account(GOOD, { IsLogging: true, StartLoggingTime: minutesAgo(200), LatestDigestDeliveryTime: minutesAgo(1) }),
    ...(['warning', 'trail `main`: its last file came 3 hours ago'] as const),
  ],
  ['a trail that began just now is not late', account(GOOD, { IsLogging: true, StartLoggingTime: minutesAgo(3) }), 'ok', FINE],
  [
    'a digest of more than two hours ago is late',
    account(GOOD, healthy({ LatestDigestDeliveryTime: minutesAgo(200) })),
    ...(['warning', 'trail `main`: its last digest came 3 hours ago'] as const),
  ],
  [
    'without validation no digest is missed',
    account(without('LogFileValidationEnabled'), logging()),
    ...(['warning', 'trail `main`: log file validation is off: changed files would not be noticed'] as const),
  ],
  [
    'a trail of one region is yellow',
    account({ ...GOOD, IsMultiRegionTrail: false }, healthy()),
    ...(['warning', 'trail `main`: it records us-east-1 alone'] as const),
  ],
  [
    'a trail without key is yellow',
    account(without('KmsKeyId'), healthy()),
    ...(['warning', 'trail `main`: its files are not encrypted with a KMS key'] as const),
  ],
  [
    'a trail without log group is yellow',
    account(without('CloudWatchLogsLogGroupArn'), healthy()),
    ...(['warning', 'trail `main`: it sends nothing to CloudWatch Logs'] as const),
  ],
  [
    'a trail without management events is yellow',
    account(GOOD, healthy(), { EventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: false }] }),
    ...(['warning', 'trail `main`: it records no management events'] as const),
  ],
  [
    'a trail of writes alone is yellow',
    account(GOOD, healthy(), { EventSelectors: [{ ReadWriteType: 'WriteOnly', IncludeManagementEvents: true }] }),
    ...(['warning', 'trail `main`: it records no reading management events'] as const),
  ],
  [
    'a trail of reads alone is yellow',
    account(GOOD, healthy(), management({ Field: 'readOnly', Equals: ['true'] })),
    ...(['warning', 'trail `main`: it records no writing management events'] as const),
  ],
  [
    'reads of one selector and writes of another leave nothing out',
    account(GOOD, healthy(), {
      EventSelectors: [
        { ReadWriteType: 'WriteOnly', IncludeManagementEvents: true },
        { ReadWriteType: 'ReadOnly', IncludeManagementEvents: true },
      ],
    }),
    ...(['ok', FINE] as const),
  ],
  [
    'sources that basic selectors exclude are a hole',
    account(GOOD, healthy(), {
      EventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: true, ExcludeManagementEventSources: ['kms.amazonaws.com'] }],
    }),
    ...(['warning', 'trail `main`: it records of management events all but eventSource kms.amazonaws.com'] as const),
  ],
  [
    'fields of advanced selectors are a hole',
    account(
      GOOD,
      healthy(),
      management({ Field: 'eventName', NotStartsWith: ['Describe'] }, { Field: 'eventSource', Equals: ['iam.amazonaws.com'] }),
    ),
    ...([
      'warning',
      'trail `main`: it records of management events all but eventName Describe*, only eventSource iam.amazonaws.com',
    ] as const),
  ],
  ['advanced selectors of all management events leave nothing out', account(GOOD, healthy(), management()), 'ok', FINE],
  [
    'a trail of the organization tells a member whose it is, and what it may not ask',
    {
      ...account({ ...GOOD, TrailARN: 'arn:aws:cloudtrail:us-east-1:999988887777:trail/org', IsOrganizationTrail: true }, healthy()),
      GetEventSelectors: { status: 400, body: '{"__type":"AccessDeniedException","message":"no"}' },
      GetTrailStatus: JSON.stringify(healthy()),
    },
    ...([
      'not_available',
      'trail `main` of account 999988887777: not asked: the role may not call cloudtrail:GetEventSelectors in us-east-1',
    ] as const),
  ],
];
for (const [name, answers, status, reason] of cases)
  test(name, async () => {
    const { flaggedResources } = await asked(trailHealth, answers);
    assert.deepEqual(
      flaggedResources.map((line) => [line.status, line.reason]),
      [[status, reason]],
    );
  });

test('a trail is one line, at home, whichever regions are asked', async () => {
  const { flaggedResources } = await asked(trailHealth, account(GOOD, healthy()), { regions: ['eu-west-1', 'us-east-1'] });
  assert.deepEqual(
    flaggedResources.map(({ resourceId, region }) => [resourceId, region]),
    [['arn:aws:cloudtrail:us-east-1:111122223333:trail/main', 'us-east-1']],
  );
  assert.deepEqual(flaggedResources[0]!.metadata, [
    ...['Green', 'us-east-1', 'main', 'arn:aws:cloudtrail:us-east-1:111122223333:trail/main', 'On', 'main-logs'],
    ...['2026-11-28T11:55:00.000Z', '', '2026-11-28T11:00:00.000Z', '', '', '', 'Yes', 'Yes', 'arn:aws:kms:us-east-1:111122223333:key/1'],
    ...['arn:aws:logs:us-east-1:111122223333:log-group:trail:*', FINE],
  ]);
});

test('a trail whose status is refused hides no other', async () => {
  const answers = {
    ...trailAnswers([{ ...GOOD, Name: 'org', TrailARN: 'arn:aws:cloudtrail:us-east-1:999988887777:trail/org' }, GOOD], { main: healthy() }),
    ...BUCKET,
  };
  const { flaggedResources } = await asked(trailHealth, answers);
  assert.deepEqual(
    flaggedResources.map(({ status }) => status),
    ['not_available', 'ok'],
  );
});
