// Records as the log file that CloudTrail would have delivered of them just now.
import { gzipSync } from 'node:zlib';

export interface FileToDeliver {
  key: string;
  bytes: Uint8Array;
}

export interface DeliveryFacts {
  now: Date;
  /** Leave eventID and eventTime as they are. */
  keep: boolean;
  /** Where the records don't say it. */
  account: string;
  region: string;
  /** Another text each time: for eventIDs and the file's name. */
  newId: () => string;
}

type GivenRecord = Record<string, unknown>;

/** A log file of records; its name tells it from those of CloudTrail. */
export function deliveredFile(records: readonly object[], facts: DeliveryFacts): FileToDeliver {
  const Records = facts.keep ? records : freshened(records as readonly GivenRecord[], facts);
  return { key: keyFor((records[0] ?? {}) as GivenRecord, facts), bytes: gzipSync(JSON.stringify({ Records })) };
}

/** The same records, the last of them now and the others as far before it as they were. */
function freshened(records: readonly GivenRecord[], { now, newId }: DeliveryFacts): GivenRecord[] {
  const times = records.map(({ eventTime }) => (typeof eventTime === 'string' ? Date.parse(eventTime) : Number.NaN));
  const last = Math.max(...times.filter((time) => !Number.isNaN(time)));
  return records.map((record, at) => {
    const before = Number.isNaN(times[at]) ? 0 : last - times[at]!;
    return { ...record, eventID: newId(), eventTime: timeText(new Date(now.getTime() - before)) };
  });
}

/** CloudTrail's times have whole seconds. */
const timeText = (time: Date): string => time.toISOString().replace(/\.\d+Z$/, 'Z');

/**
 * `AWSLogs/ACCOUNT/CloudTrail/REGION/YYYY/MM/DD/ACCOUNT_CloudTrail_REGION_TIME_UNIQUE.json.gz`
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
 */
function keyFor(record: GivenRecord, { now, newId, ...facts }: DeliveryFacts): string {
  const { recipientAccountId, awsRegion } = record;
  const account = typeof recipientAccountId === 'string' && /^\d{12}$/.test(recipientAccountId) ? recipientAccountId : facts.account;
  const region = typeof awsRegion === 'string' && /^[a-z0-9-]+$/.test(awsRegion) ? awsRegion : facts.region;
  const [day = '', time = ''] = timeText(now).split('T');
  const unique = `TrailbusDeliver${newId()
    .replace(/[^A-Za-z0-9]/g, '')
    .slice(0, 12)}`;
  const name = `${account}_CloudTrail_${region}_${day.replaceAll('-', '')}T${time.slice(0, 5).replace(':', '')}Z_${unique}.json.gz`;
  return `AWSLogs/${account}/CloudTrail/${region}/${day.replaceAll('-', '/')}/${name}`;
}
