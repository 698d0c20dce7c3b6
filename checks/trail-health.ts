// How each trail is set up, and whether everything it should send arrives.
import type { GetTrailStatusCommandOutput, Trail } from '@aws-sdk/client-cloudtrail';
import { type AskedPlace, type Asker, check, type Judging, type Line, NotAnswered } from '../events/advice/index.ts';
import { HOUR_MS } from '../events/timeunits.ts';
import { holesIn, SELECTOR_CALLS, selectorsOf, type TrailSelectors } from './facts/eventselectors.ts';
import { type Problem, problemsOf, standing } from './facts/problems.ts';
import { BUCKET_LOCATION_CALLS, bucketRegion } from './facts/trailbuckets.ts';
import {
  BUCKET_CHANGES,
  isAtHome,
  type StandingTrail,
  standingTrails,
  TRAIL_CALLS,
  TRAIL_CHANGES,
  TRAIL_STATUS_CALLS,
  trailOwner,
} from './facts/trails.ts';

const COLUMNS = [
  ...(['Status', 'Region', 'Trail Name', 'Trail ARN', 'Logging Status', 'Bucket Name', 'Last Delivery', 'Last Delivery Error'] as const),
  ...(['Last Digest', 'Last Digest Error', 'Last Notification Error', 'Last Log Group Error', 'Multi-Region', 'Validation'] as const),
  ...(['KMS Key', 'Log Group', 'Reason'] as const),
] as const;
type TrailColumn = (typeof COLUMNS)[number];

/** Files come about every five minutes, in a quiet region later: an hour is late. Digests come each hour. */
const DIGEST_LATE_MS = 2 * HOUR_MS;

interface TrailHealth extends StandingTrail {
  selectors: TrailSelectors | NotAnswered;
  isBucketGone: boolean;
}

/** A bucket that refuses is there; whether files arrive the trail itself says. */
async function healthOf(asker: Asker, standingTrail: StandingTrail, place: AskedPlace): Promise<TrailHealth> {
  const { trail } = standingTrail;
  const [selectors, bucket] = await Promise.all([selectorsOf(asker, trail), bucketRegion(asker, trail.S3BucketName ?? '', place)]);
  return { ...standingTrail, selectors, isBucketGone: bucket === undefined };
}

function settings({ IsMultiRegionTrail, LogFileValidationEnabled, KmsKeyId, CloudWatchLogsLogGroupArn, HomeRegion }: Trail): Problem[] {
  return problemsOf([
    [IsMultiRegionTrail !== true, 'warning', `it records ${HomeRegion ?? 'one region'} alone`],
    [LogFileValidationEnabled !== true, 'warning', 'log file validation is off: changed files would not be noticed'],
    [!KmsKeyId, 'warning', 'its files are not encrypted with a KMS key'],
    [!CloudWatchLogsLogGroupArn, 'warning', 'it sends nothing to CloudWatch Logs'],
  ]);
}

function errors(status: GetTrailStatusCommandOutput, { S3BucketName, SnsTopicARN }: Trail): Problem[] {
  const { LatestDeliveryError, LatestDigestDeliveryError, LatestNotificationError, LatestCloudWatchLogsDeliveryError } = status;
  return problemsOf([
    [!!LatestDeliveryError, 'error', `it can’t write into \`${S3BucketName}\`: ${LatestDeliveryError}`],
    [!!LatestDigestDeliveryError, 'warning', `it can’t write digests: ${LatestDigestDeliveryError}`],
    [
      !!LatestNotificationError,
      'warning',
      `it can’t notify ${SnsTopicARN ? `\`${SnsTopicARN}\`` : 'its topic'}: ${LatestNotificationError}`,
    ],
    [!!LatestCloudWatchLogsDeliveryError, 'warning', `it can’t send to CloudWatch Logs: ${LatestCloudWatchLogsDeliveryError}`],
  ]);
}

const hours = (waitedMs: number): string => `${Math.floor(waitedMs / HOUR_MS)} hours`;

/** Since when something is missing: the last that came, else since the trail began. */
const waited = (last: Date | undefined, { StartLoggingTime }: GetTrailStatusCommandOutput, now: number): number =>
  now - (last ?? StartLoggingTime ?? new Date(now)).getTime();

function lags(status: GetTrailStatusCommandOutput, { LogFileValidationEnabled }: Trail, now: number): Problem[] {
  const delivery = waited(status.LatestDeliveryTime, status, now);
  const digest = waited(status.LatestDigestDeliveryTime, status, now);
  return problemsOf([
    [delivery > HOUR_MS && !status.LatestDeliveryError, 'warning', `its last file came ${hours(delivery)} ago`],
    [
      LogFileValidationEnabled === true && digest > DIGEST_LATE_MS && !status.LatestDigestDeliveryError,
      ...(['warning', `its last digest came ${hours(digest)} ago`] as const),
    ],
  ]);
}

function working(status: TrailHealth['status'], trail: Trail, now: number): Problem[] {
  if (status instanceof NotAnswered) return [{ status: 'not_available', text: status.reason }];
  if (status.IsLogging !== true) return [{ status: 'error', text: 'it is not logging' }, ...errors(status, trail)];
  return [...errors(status, trail), ...lags(status, trail, now)];
}

const holes = (selectors: TrailHealth['selectors']): Problem[] =>
  selectors instanceof NotAnswered
    ? [{ status: 'not_available', text: selectors.reason }]
    : holesIn(selectors).map((hole) => ({ status: 'warning', text: `it ${hole}` }));

const timeText = (time: Date | undefined): string => time?.toISOString() ?? '';

function statusValues(status: TrailHealth['status']): Partial<Record<TrailColumn, string>> {
  if (status instanceof NotAnswered) return {};
  return {
    'Logging Status': status.IsLogging === true ? 'On' : 'Off',
    'Last Delivery': timeText(status.LatestDeliveryTime),
    'Last Delivery Error': status.LatestDeliveryError ?? '',
    'Last Digest': timeText(status.LatestDigestDeliveryTime),
    'Last Digest Error': status.LatestDigestDeliveryError ?? '',
    'Last Notification Error': status.LatestNotificationError ?? '',
    'Last Log Group Error': status.LatestCloudWatchLogsDeliveryError ?? '',
  };
}

const trailValues = (trail: Trail): Partial<Record<TrailColumn, string>> => ({
  'Trail Name': trail.Name ?? '',
  'Trail ARN': trail.TrailARN ?? '',
  'Bucket Name': trail.S3BucketName ?? '',
  'Multi-Region': trail.IsMultiRegionTrail === true ? 'Yes' : 'No',
  Validation: trail.LogFileValidationEnabled === true ? 'Yes' : 'No',
  'KMS Key': trail.KmsKeyId ?? '',
  'Log Group': trail.CloudWatchLogsLogGroupArn ?? '',
});

function lineOf({ trail, status, selectors, isBucketGone }: TrailHealth, { account, now }: Judging): Line<TrailColumn> {
  const gone = problemsOf([[isBucketGone, 'error', `its bucket \`${trail.S3BucketName}\` does not exist`]]);
  const problems = [...working(status, trail, now), ...gone, ...holes(selectors), ...settings(trail)];
  const { status: colour, reason: said } = standing(problems, 'it logs, everything arrives, and it leaves nothing out');
  const owner = trailOwner(trail);
  const whose = owner === undefined || owner === account ? '' : ` of account ${owner}`;
  const reason = `trail \`${trail.Name}\`${whose}: ${said}`;
  const values = { ...trailValues(trail), ...statusValues(status), Reason: reason };
  return { resource: trail.TrailARN ?? trail.Name ?? '', status: colour, values, reason };
}

export default check({
  id: 'trailbus-trail-health',
  name: 'CloudTrail Trail Health',
  category: 'security',
  description:
    'Looks at each trail in its home region: whether it logs, whether files, digests, notifications and log events arrive and in time, what its event selectors leave out, and whether it records all regions, can be verified and is encrypted. A trail of the organization is seen from member accounts too; what they may not ask is said.',
  criteria: {
    red: 'the trail is not logging, its files can’t be written, or its bucket does not exist',
    yellow:
      'digests, notifications or log events can’t be sent; the last file is older than an hour or the last digest than two; management events are left out; the trail records one region, or lacks validation, a KMS key or a log group',
    green: 'the trail logs all management events of all regions, everything arrives, and files are validated and encrypted',
  },
  action:
    'Start the logging, repair what the error names (the bucket’s or key’s policy, the topic’s policy, the role for the log group), and let the trail record all management events of all regions.',
  references: [
    'https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetTrailStatus.html',
    'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html',
    'https://docs.aws.amazon.com/securityhub/latest/userguide/cloudtrail-controls.html',
  ],
  columns: COLUMNS,
  controls: [
    ...['cis.3.2', 'cis.3.5', 'config.cloud-trail-log-file-validation-enabled', 'config.cloud-trail-encryption-enabled'],
    ...['config.cloud-trail-cloud-watch-logs-enabled', 'config.multi-region-cloud-trail-enabled', 'securityhub.CloudTrail.1'],
    ...['securityhub.CloudTrail.2', 'securityhub.CloudTrail.4', 'securityhub.CloudTrail.5'],
  ],
  scope: 'region',
  calls: [...TRAIL_CALLS, ...TRAIL_STATUS_CALLS, ...SELECTOR_CALLS, ...BUCKET_LOCATION_CALLS],
  collect: async (asker, place) => {
    const atHome = (await standingTrails(asker, place)).filter(({ trail }) => isAtHome(trail, place.region));
    return Promise.all(atHome.map((each) => healthOf(asker, each, place)));
  },
  judge: (trails, judging) => trails.map((health) => lineOf(health, judging)),
  staleAfter: [
    ...TRAIL_CHANGES,
    ...BUCKET_CHANGES,
    {
      source: ['cloudtrail.kms'],
      detail: { eventName: ['DisableKey', 'ScheduleKeyDeletion', 'PutKeyPolicy', 'EnableKey', 'CancelKeyDeletion'] },
    },
    { source: ['cloudtrail.sns'], detail: { eventName: ['DeleteTopic', 'SetTopicAttributes'] } },
    { source: ['cloudtrail.logs'], detail: { eventName: ['DeleteLogGroup'] } },
  ],
});
