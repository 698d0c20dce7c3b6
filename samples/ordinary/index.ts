// Ordinary traffic: as many records of a place and a stretch of time as asked for.
import type { Random } from '../random.ts';
import { type Caller, GLOBAL_SERVICES, type Place, type TrailRecord, toRecord } from '../record.ts';
import type { Activity, Call } from './activity.ts';
import { PERSONS } from './people.ts';
import { SERVICES } from './services.ts';
import { WORKLOADS } from './workloads.ts';

const HOME = 'us-east-1';

/** Global services are recorded in us-east-1 alone. */
function withoutGlobal(activities: Activity[]): Activity[] {
  return activities
    .map((activity) => ({ ...activity, calls: activity.calls.filter((call) => !GLOBAL_SERVICES.has(call.source)) }))
    .filter((activity) => activity.calls.length > 0);
}

const EVERYWHERE = [...SERVICES, ...WORKLOADS, ...PERSONS];
const OUTSIDE_HOME = withoutGlobal(EVERYWHERE);

/** How often a call made by somebody with credentials fails, without anything being amiss. */
const FAILURES = 0.015;

const DENIED: Record<string, string> = { ec2: 'Client.UnauthorizedOperation', s3: 'AccessDenied', iam: 'AccessDenied' };
const THROTTLED: Record<string, string> = { ec2: 'Client.RequestLimitExceeded', s3: 'SlowDown', iam: 'Throttling' };

function failureOf(call: Call, caller: Caller, random: Random): readonly [string, string] | undefined {
  if (call.type !== undefined || !caller.tls || !random.chance(FAILURES)) return undefined;
  if (random.chance(0.5)) return [THROTTLED[call.source] ?? 'ThrottlingException', 'Rate exceeded'];
  const arn = String(caller.identity['arn'] ?? caller.identity['userName']);
  return [
    DENIED[call.source] ?? 'AccessDeniedException',
    `User: ${arn} is not authorized to perform: ${call.source}:${call.name.replace(/\d.*/, '')} because no identity-based policy allows the action`,
  ];
}

function recordOf(call: Call, caller: Caller, place: Place, at: number, random: Random): TrailRecord {
  const scene = { place, at, random };
  const { source, name, type, category, readOnly, version } = call;
  return toRecord(
    {
      ...{ at, place, caller, source, name, type, category, readOnly, version },
      error: failureOf(call, caller, random),
      request: call.request?.(scene),
      response: call.response?.(scene),
      resources: call.resources?.(scene),
      additional: call.additional?.(scene),
      serviceDetails: call.serviceDetails?.(scene),
    },
    random,
  );
}

/** Makes `count` records of a place between two times (milliseconds). They stand in no order, as in CloudTrail's files. */
export function ordinaryRecords(count: number, place: Place, from: number, until: number, random: Random): TrailRecord[] {
  const activities = place.region === HOME ? EVERYWHERE : OUTSIDE_HOME;
  const records: TrailRecord[] = [];
  while (records.length < count) {
    const { who, burst, calls } = random.weighted(activities);
    let at = from + random.below(until - from);
    const caller = who(place, at, random);
    for (let left = random.between(1, burst); left > 0 && records.length < count; left--) {
      records.push(recordOf(random.weighted(calls), caller, place, at, random));
      at = Math.min(until - 1, at + random.below(4000));
    }
  }
  return records;
}
