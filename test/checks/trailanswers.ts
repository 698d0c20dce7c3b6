// Answers of CloudTrail about trails, as its API reference has them.
import type { Answers, AskedCall } from './account.ts';

const ACCOUNT = '111122223333';

/** A trail of all regions; its home is us-east-1. */
export const trail = (name: string, more: object = {}) => ({
  Name: name,
  TrailARN: `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/${name}`,
  HomeRegion: 'us-east-1',
  S3BucketName: `${name}-logs`,
  IsMultiRegionTrail: true,
  ...more,
});

/** Times are seconds since 1970, as the service's JSON has them. */
const NOW_SECONDS = Date.parse('2026-11-28T12:00:00Z') / 1000;
export const minutesAgo = (minutes: number): number => NOW_SECONDS - minutes * 60;

export const logging = (more: object = {}) => ({
  IsLogging: true,
  StartLoggingTime: minutesAgo(100_000),
  LatestDeliveryTime: minutesAgo(5),
  ...more,
});

const nameIn = ({ input }: AskedCall): string =>
  String(input['Name'] ?? input['TrailName'])
    .split('/')
    .at(-1)!;

/** Trails, and by their names the status and the selectors. */
export const trailAnswers = (
  trails: object[],
  statuses: Readonly<Record<string, object>>,
  selectors: Readonly<Record<string, object>> = {},
): Answers => ({
  DescribeTrails: JSON.stringify({ trailList: trails }),
  GetTrailStatus: (call) => {
    const status = statuses[nameIn(call)];
    return status === undefined ? { status: 400, body: '{"__type":"AccessDeniedException","message":"no"}' } : JSON.stringify(status);
  },
  GetEventSelectors: (call) => {
    if (statuses[nameIn(call)] === undefined) return { status: 400, body: '{"__type":"AccessDeniedException","message":"no"}' };
    return JSON.stringify(selectors[nameIn(call)] ?? { EventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: true }] });
  },
});
