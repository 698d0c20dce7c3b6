// Which object: its reference, and what its key says of its kind, account, region, organization and time.
import type { FileSkip } from './reasons.ts';

/** What the key of every log file and digest ends in; S3 is asked to tell of these alone. */
export const FILE_ENDING = '.json.gz';

/** An object that a notification announced, or that a folder or bucket listing found. */
export interface ObjectRef {
  /** Bucket name; for a laptop's folder, the empty string. */
  bucket: string;
  /** Object key exactly as S3 holds it (decoded, never normalised); for a folder, the path as given. */
  key: string;
  versionId?: string;
  eTag?: string;
  /** Stored (compressed) size, where the notification said it. */
  sizeBytes?: number;
  /** SQS message that announced it, to report that message alone. */
  messageId?: string;
}

/** `log` and its siblings are processed; `digest` goes to integrity validation; `other` isn't CloudTrail's. */
export type ObjectKind = 'log' | 'insight' | 'network-activity' | 'aggregated' | 'digest' | 'other';

export interface ObjectKey {
  kind: ObjectKind;
  account?: string;
  region?: string;
  /** `o-…` in an organization trail's layout. */
  organization?: string;
  /** Time in the file's name, as RFC 3339: the end of the delivery's five minutes, of a digest its end. */
  time?: string;
}

/** The folder of digests, and what stands for it in their names. */
export const DIGEST_FOLDER = 'CloudTrail-Digest';

/** Folder of each kind; an unknown `CloudTrail-…` folder is read as a log: the unknown is never dropped. */
const KIND_OF_FOLDER: Record<string, ObjectKind> = {
  CloudTrail: 'log',
  'CloudTrail-Insight': 'insight',
  'CloudTrail-NetworkActivity': 'network-activity',
  'CloudTrail-Aggregated': 'aggregated',
  [DIGEST_FOLDER]: 'digest',
};

const FILE_NAME = /^\d{12}_CloudTrail(-[A-Za-z]+)?_.+\.json\.gz$/;
const FILE_TIME = /_(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)?Z[_.]/;

/**
 * Classifies a key by whole path segments, counted from the right: a user's prefix may itself contain `AWSLogs` or `CloudTrail-Digest`.
 * Layout: `[prefix/]AWSLogs/[o-…/]ACCOUNT/CloudTrail[-…]/REGION/YYYY/MM/DD/FILE.json.gz`.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
 */
export function classifyKey(key: string): ObjectKey {
  const segments = key.split('/');
  const [account = '', folder = '', region = '', year = '', month = '', day = '', file = ''] = segments.slice(-7);
  const above = segments.slice(0, -7);
  const organization = /^o-[a-z0-9]+$/.test(above.at(-1) ?? '') ? above.pop() : undefined;
  const inLayout = above.at(-1) === 'AWSLogs' && /^\d{12}$/.test(account) && /^\d{4}\/\d\d\/\d\d$/.test(`${year}/${month}/${day}`);
  if (!inLayout || !/^CloudTrail(-[A-Za-z]+)?$/.test(folder) || !FILE_NAME.test(file)) return { kind: 'other' };
  const result: ObjectKey = { kind: Object.hasOwn(KIND_OF_FOLDER, folder) ? KIND_OF_FOLDER[folder]! : 'log', account, region };
  if (organization !== undefined) result.organization = organization;
  const time = fileTime(file);
  if (time !== undefined) result.time = time;
  return result;
}

/** What CloudTrail calls its files: account, kind, region, time. */
const NAMED_FILE = /^(\d{12})_CloudTrail(?:-[A-Za-z]+)?_([a-z\d-]+)_\d{8}T\d{4}(?:\d\d)?Z[_.]/;

/** What an object's place says of it; where it lies somewhere else, what CloudTrail called the file. */
export function placeOrName(key: string): ObjectKey {
  const placed = classifyKey(key);
  if (placed.kind !== 'other') return placed;
  const file = key.slice(key.lastIndexOf('/') + 1);
  const [named, account, region] = NAMED_FILE.exec(file) ?? [];
  return named === undefined ? placed : { kind: 'other', account: account!, region: region!, time: fileTime(file)! };
}

const DIGEST_NAME = new RegExp(`_${DIGEST_FOLDER}_[^/]*\\.json\\.gz$`);

/** Whether a file is called as a digest is, wherever it lies. */
export const isDigestName = (path: string): boolean => DIGEST_NAME.test(path);

/** The time in a file's name, as `ObjectKey` has it; undefined where there is none. */
export function fileTime(file: string): string | undefined {
  const match = FILE_TIME.exec(file);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second = '00'] = match;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
}

/** Why an object of this kind is not read, or undefined for one that is. */
export function skipReason(kind: ObjectKind): FileSkip | undefined {
  if (kind === 'digest') return 'DIGEST_FILE';
  return kind === 'other' ? 'NOT_CLOUDTRAIL_LOG' : undefined;
}
