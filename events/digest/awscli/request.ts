// What a person asks to have checked, in awscli's options, becomes a span: times read, trail looked up, region, account and organization settled.
import { asUtc, type ClockTime, compareTimes, fromDate } from '../clocktime.ts';
import type { Trails } from '../doors.ts';
import { FatalError } from '../integrityerrors.ts';
import type { TimeSpan } from '../validate.ts';
import { parseDate } from './datetime.ts';

/** What was asked for, as typed. */
export interface CheckRequest {
  trailArn: string;
  startTime: string;
  endTime?: string;
  s3Bucket?: string;
  s3Prefix?: string;
  accountId?: string;
  organizationId?: string;
  /** Region whose logs are checked; else the ARN's. */
  region?: string;
}

const ARN = /^arn:.+:cloudtrail:.+:\p{Nd}{12}:trail\/.+/u;

/** Reads the times asked for; an offset is dropped. @throws IntegrityError for no date; FatalError when the start lies after the end */
export function readTimes({ startTime, endTime }: CheckRequest, now: Date): { start: ClockTime; end: ClockTime } {
  const start = asUtc(parseDate(startTime, now));
  const end = endTime ? asUtc(parseDate(endTime, now)) : fromDate(now);
  if (compareTimes(start, end) > 0) throw new FatalError({ code: 'START_AFTER_END' });
  return { start, end };
}

/** Where a trail's objects lie: as asked for, else as the trail says. */
async function locate(request: CheckRequest, trails: Trails): Promise<{ bucket: string; prefix?: string; organizationId?: string }> {
  if (request.s3Bucket !== undefined) {
    const { s3Bucket: bucket, s3Prefix: prefix, organizationId } = request;
    return { bucket, ...(prefix !== undefined && { prefix }), ...(organizationId && { organizationId }) };
  }
  const trail = await trails.describeTrail(request.trailArn);
  if (!trail) throw new FatalError({ code: 'TRAIL_UNKNOWN', arn: request.trailArn });
  const { bucket, prefix, isOrganizationTrail } = trail;
  const where = { bucket, ...(prefix !== undefined && { prefix }) };
  if (!isOrganizationTrail) return where;
  if (!request.accountId) throw new FatalError({ code: 'ACCOUNT_NOT_NAMED' });
  return { ...where, organizationId: request.organizationId ?? (await trails.organizationId()) };
}

/**
 * Settles what is to be checked.
 * @throws FatalError for a bad ARN, an unknown trail or a missing account; ServiceError when the trail can't be asked for
 */
export async function resolveRequest(
  request: CheckRequest,
  times: { start: ClockTime; end: ClockTime },
  trails: Trails,
): Promise<TimeSpan> {
  const { trailArn } = request;
  if (!ARN.test(trailArn)) throw new FatalError({ code: 'TRAIL_ARN_WRONG', arn: trailArn });
  const { organizationId, ...where } = await locate(request, trails);
  const parts = trailArn.split(':');
  const homeRegion = parts[3]!;
  const place = {
    accountId: request.accountId || parts[4]!,
    trailName: trailArn.split('/').at(-1)!,
    homeRegion,
    sourceRegion: request.region || homeRegion,
    ...(organizationId !== undefined && { organizationId }),
  };
  return { place, ...where, ...times };
}
