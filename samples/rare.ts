// The kinds of record that a trail holds few of: Insights, network activity, aggregated events, shared events, addenda, late files.
import { ACCOUNTS, BUCKETS, DAY, FOREIGN_ACCOUNT, pipeline, REGIONS } from './cast.ts';
import type { PlannedDelivery } from './logfile.ts';
import { ordinaryRecords } from './ordinary/index.ts';
import { exampleId, Random } from './random.ts';
import { type Happening, secondOf, type TrailRecord, toRecord } from './record.ts';
import { actorOf, NEW_USER } from './story/actors.ts';
import type { PlacedRecord } from './story/index.ts';

const MINUTE = 60_000;
const [first, second] = ACCOUNTS;
const [home, europe] = REGIONS;
const at = (clock: string): number => DAY + clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0) * MINUTE;

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-insights-fields-trails.html */
function insight(state: 'Start' | 'End', time: string, sharedEventID: string, random: Random): TrailRecord {
  const value = 'arn:aws:iam::111122223333:user/svc-monitoring';
  const averages = { baseline: { average: 0.0012 }, insight: { average: state === 'Start' ? 12 : 8.4 } };
  return {
    eventVersion: '1.08',
    eventTime: secondOf(at(time)),
    awsRegion: home,
    eventID: random.uuid(),
    eventType: 'AwsCloudTrailInsight',
    recipientAccountId: first,
    sharedEventID,
    insightDetails: {
      state,
      eventSource: 'secretsmanager.amazonaws.com',
      eventName: 'GetSecretValue',
      insightType: 'ApiCallRateInsight',
      insightContext: {
        statistics: { ...averages, insightDuration: state === 'Start' ? 1 : 3, baselineDuration: 10_181 },
        attributions: [{ attribute: 'userIdentityArn', insight: [{ value, average: 12 }], baseline: [] }],
      },
    },
    eventCategory: 'Insight',
  };
}

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-network-events-with-cloudtrail.html */
function networkActivity(denied: boolean, time: string, random: Random): TrailRecord {
  const endpoint = { vpcEndpointId: 'vpce-0123456789example', vpcEndpointAccountId: first };
  const foreigner = {
    identity: { type: 'AWSAccount', principalId: exampleId('AROA', 'foreigner'), accountId: FOREIGN_ACCOUNT },
    ...{ ip: '192.0.2.130', agent: '', tls: true },
  };
  const place = { account: first, region: home };
  const happening: Happening = {
    ...{ at: at(time), place, source: 'kms', name: 'ListKeys', type: 'AwsVpceEvent', category: 'NetworkActivity', version: '1.09' },
    caller: denied ? foreigner : pipeline(place, at(time), random),
    sharedEventID: random.uuid(),
    more: endpoint,
  };
  const error = ['VpceAccessDenied', 'The request was denied due to a VPC endpoint policy'] as const;
  return toRecord(denied ? { ...happening, error } : happening, random);
}

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aggregated-events.html */
function aggregated(name: string, time: string, random: Random): TrailRecord {
  const count = random.between(200, 900);
  const buckets = [count - 40, 30, 10].map((value, i) => ({ name: `arn:aws:s3:::${BUCKETS[i]}`, value }));
  return {
    eventVersion: '1.0',
    accountId: first,
    eventId: random.uuid(),
    eventCategory: 'Aggregated',
    eventType: 'AwsAggregatedEvent',
    awsRegion: home,
    eventSource: 's3.amazonaws.com',
    timeWindow: { windowStart: secondOf(at(time)), windowEnd: secondOf(at(time) + 5 * MINUTE), windowSize: 'PT5M' },
    summary: {
      primaryDimension: { dimension: 'eventName', statistics: [{ name, value: count }], aggregationType: 'Count' },
      details: [{ dimension: 'resourceARN', statistics: buckets, aggregationType: 'Count' }],
    },
  };
}

/** Records that came hours after their time, in a file of their own, which only a backfill digest lists. */
function lateFile(account: string, random: Random): PlannedDelivery {
  const place = { account, region: home };
  const records = ordinaryRecords(12, place, at('04:10'), at('04:15'), random);
  const addendum = { reason: 'DELIVERY_DELAY' };
  return { folder: 'CloudTrail', place, at: at('09:40'), late: true, records: records.map((record) => ({ ...record, addendum })) };
}

/** Makes the files whose records are of a kind of their own. */
export function rareFiles(seed: string): PlannedDelivery[] {
  const random = new Random(`${seed}/rare-files`);
  const place = { account: first, region: home };
  const shared = random.uuid();
  const own = (folder: PlannedDelivery['folder'], time: string, records: TrailRecord[]): PlannedDelivery => ({
    folder,
    place,
    at: at(time),
    records,
  });
  return [
    own('CloudTrail-Insight', '14:15', [insight('Start', '14:02', shared, random)]),
    own('CloudTrail-Insight', '14:25', [insight('End', '14:05', shared, random)]),
    own(
      'CloudTrail-NetworkActivity',
      '14:30',
      [false, false, true].map((denied, i) => networkActivity(denied, `14:2${i}`, random)),
    ),
    own(
      'CloudTrail-Aggregated',
      '10:40',
      ['GetObject', 'PutObject', 'HeadObject'].map((name) => aggregated(name, '10:30', random)),
    ),
    ...ACCOUNTS.map((account) => lateFile(account, random)),
  ];
}

/** One role taken across accounts is two records: one for each account, joined by `sharedEventID`. */
function acrossAccounts(time: number, caller: Happening['caller'], role: string, session: string, random: Random): PlacedRecord[] {
  const sharedEventID = random.uuid();
  const arn = `arn:aws:iam::${second}:role/${role}`;
  const outside = { type: 'AWSAccount', principalId: caller.identity['principalId'], accountId: first };
  const callers = { [first]: caller, [second]: { ...caller, identity: outside } };
  return ACCOUNTS.map((account) => {
    const place = { account, region: home };
    const happening: Happening = {
      ...{ at: time, place, caller: callers[account]!, source: 'sts', name: 'AssumeRole', sharedEventID },
      request: { roleArn: arn, roleSessionName: session },
      response: {
        assumedRoleUser: {
          assumedRoleId: `${exampleId('AROA', second + role)}:${session}`,
          arn: `arn:aws:sts::${second}:assumed-role/${role}/${session}`,
        },
      },
      resources: [{ accountId: second, type: 'AWS::IAM::Role', ARN: arn }],
    };
    return { place, at: time, record: toRecord(happening, random) };
  });
}

/** A record, and later the same with what was missing from it; `originalEventID` says which it completes. */
function completed(random: Random): PlacedRecord[] {
  const place = { account: first, region: europe };
  const time = at('11:12');
  const [original] = ordinaryRecords(1, place, time, time + 1000, random);
  const addendum = {
    reason: 'UPDATED_DATA',
    updatedFields: 'responseElements',
    originalRequestID: original!['requestID'],
    originalEventID: original!['eventID'],
  };
  const update = { ...original!, eventID: random.uuid(), responseElements: { status: 'completed' }, addendum };
  return [
    { place, at: time, record: original! },
    { place, at: time + 25 * MINUTE, record: update },
  ];
}

/** Makes the rare records that stand among ordinary ones. */
export function rareRecords(seed: string): PlacedRecord[] {
  const random = new Random(`${seed}/rare-records`);
  const deploys = ['08:31', '12:31', '16:31'].flatMap((time) => {
    const caller = pipeline({ account: first, region: home }, at(time), random);
    return acrossAccounts(at(time), caller, 'pipeline-deploy', 'deploy', random);
  });
  const intruder = acrossAccounts(at('13:45'), actorOf('newUser'), 'OrganizationAccountAccessRole', NEW_USER, random);
  return [...deploys, ...intruder, ...completed(random)];
}
