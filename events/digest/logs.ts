// Whether the log files that a proven digest lists are the ones CloudTrail delivered.

import { bucketName, keyName } from './awscli/parameters.ts';
import { text, typeName } from './awscli/pythontext.ts';
import { FatalError, ServiceError, type TrailBuckets } from './doors.ts';
import { GzipError, hashFirstMember } from './gzip.ts';
import type { LogOutcome } from './verdicts.ts';

/** One element of a digest's `logFiles`. */
export interface ListedLog {
  s3Bucket: unknown;
  s3Object: unknown;
  hashValue?: unknown;
}

/**
 * The log files a digest lists; none when it says `null` or nothing.
 * @throws FatalError when `logFiles` can't be gone through, as awscli stops then
 */
export function listedLogs(fields: Readonly<Record<string, unknown>>): readonly unknown[] {
  if (!Object.hasOwn(fields, 'logFiles')) throw new FatalError("'logFiles'");
  const listed = fields['logFiles'];
  if (Array.isArray(listed)) return listed;
  if (!listed) return [];
  if (typeof listed === 'string') return [...listed];
  if (typeof listed === 'object') return Object.keys(listed);
  throw new FatalError(`'${typeName(listed)}' object is not iterable`);
}

/** Python's complaints on `log['s3Bucket']` when the log is no object. */
const NOT_AN_OBJECT: Record<string, string> = {
  str: "string indices must be integers, not 'str'",
  list: 'list indices must be integers or slices, not str',
};

function asListedLog(log: unknown): ListedLog {
  const type = typeName(log);
  if (type !== 'dict') throw new FatalError(NOT_AN_OBJECT[type] ?? `'${type}' object is not subscriptable`);
  for (const name of ['s3Bucket', 's3Object']) if (!Object.hasOwn(log as object, name)) throw new FatalError(`'${name}'`);
  return log as ListedLog;
}

/** The reason a file doesn't hold what its digest says; undefined when it does. */
async function fault(log: ListedLog, buckets: TrailBuckets): Promise<string | undefined> {
  const stored = await buckets.readObject(bucketName(log.s3Bucket), keyName(log.s3Object));
  const { sha256, hasTrailingData } = await hashFirstMember(stored.bytes);
  if (hasTrailingData) return 'unexpected data after end of compressed stream';
  if (log.hashValue === undefined) return 'invalid format';
  return sha256 === log.hashValue ? undefined : "hash value doesn't match";
}

/** How a log file that can't be read counts: `stop` ends the check as awscli does, `tell` counts it as invalid and goes on. */
export type Unreadable = 'stop' | 'tell';

function reasonFor(error: unknown, unreadable: Unreadable): string {
  if (error instanceof FatalError) throw error;
  if (!(error instanceof ServiceError)) {
    const isOurs = unreadable === 'tell' && !(error instanceof GzipError) && error instanceof Error;
    return isOurs ? `could not be read: ${error.message}` : 'invalid format';
  }
  if (error.code === 'NoSuchKey') return 'not found';
  if (unreadable === 'stop') throw error;
  return `could not be read: ${error.message}`;
}

/**
 * Checks one element of a proven digest's `logFiles`.
 * @throws FatalError when it names no object; ServiceError when its bucket can't be read and that is to stop the check
 */
export async function checkLog(listed: unknown, buckets: TrailBuckets, unreadable: Unreadable): Promise<LogOutcome> {
  const log = asListedLog(listed);
  const outcome: LogOutcome = { kind: 'log', bucket: text(log.s3Bucket), key: text(log.s3Object) };
  let reason: string | undefined;
  try {
    reason = await fault(log, buckets);
  } catch (error) {
    reason = reasonFor(error, unreadable);
  }
  return reason === undefined ? outcome : { ...outcome, reason };
}
