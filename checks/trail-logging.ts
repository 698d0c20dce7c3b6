// How each trail logs and delivers: a check of Trusted Advisor's that was retired.
import { check, type Line, NotAnswered } from '../events/advice/index.ts';
import { BUCKET_CHANGES, type StandingTrail, standingTrails, TRAIL_CALLS, TRAIL_CHANGES, TRAIL_STATUS_CALLS } from './facts/trails.ts';

const COLUMNS = ['Region', 'Trail Name', 'Logging Status', 'Bucket Name', 'Last Delivery Error', 'Status'] as const;

function lineOf({ trail, status }: StandingTrail): Line<(typeof COLUMNS)[number]> {
  const { Name = '', TrailARN: resource = Name, S3BucketName = '' } = trail;
  const values = { 'Trail Name': Name, 'Bucket Name': S3BucketName };
  if (status instanceof NotAnswered) return { resource, status: 'not_available', values, reason: status.reason };
  const { IsLogging, LatestDeliveryError: error } = status;
  const seen = { ...values, 'Logging Status': IsLogging === true ? 'On' : 'Off', 'Last Delivery Error': error ?? '' };
  if (IsLogging !== true) return { resource, status: 'error', values: seen, reason: `trail \`${Name}\` is not logging` };
  if (error)
    return { resource, status: 'warning', values: seen, reason: `trail \`${Name}\` can’t write into \`${S3BucketName}\`: ${error}` };
  return { resource, status: 'ok', values: seen, reason: `trail \`${Name}\` is logging into \`${S3BucketName}\`` };
}

export default check({
  id: 'vjafUGJ9H0',
  name: 'AWS CloudTrail Logging',
  category: 'security',
  description:
    'Looks at each trail in each region that it records: whether it is logging, and whether its files arrive. Trusted Advisor retired it in July 2025 for a check with one row for each region.',
  criteria: {
    red: 'the region has no trail, or the trail is not logging',
    yellow: 'the trail reports a delivery error',
    green: 'the trail is logging and reports no delivery error',
  },
  action: 'Create a trail of all regions, start its logging, and let its bucket’s policy allow CloudTrail to write.',
  references: [
    'https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetTrailStatus.html',
    'https://docs.aws.amazon.com/awssupport/latest/user/trusted-advisor-change-log.html',
  ],
  columns: COLUMNS,
  replacedBy: 'c25hn9x03v',
  scope: 'region',
  calls: [...TRAIL_CALLS, ...TRAIL_STATUS_CALLS],
  collect: standingTrails,
  judge: (trails, { region }) =>
    trails.length > 0
      ? trails.map(lineOf)
      : [{ resource: region, status: 'error', values: { 'Logging Status': 'Off' }, reason: `no trail records ${region}` }],
  staleAfter: [...TRAIL_CHANGES, ...BUCKET_CHANGES],
});
