// Whether the log files that a proven digest lists are the ones CloudTrail delivered.
import type { TrailBuckets } from './doors.ts';
import type { IntegrityFault } from './faults.ts';
import { GzipError, hashFirstMember } from './gzip.ts';
import { FatalError, integrityFaultOf, ServiceError } from './integrityerrors.ts';
import { bucketName, objectKey } from './objectaddress.ts';
import type { LogOutcome } from './verdicts.ts';

/** One element of a digest's `logFiles`. */
interface ListedLog {
  s3Bucket: unknown;
  s3Object: unknown;
  hashValue?: unknown;
}

/**
 * The log files a digest lists; none when it says `null` or nothing.
 * @throws FatalError when `logFiles` can't be gone through, as awscli stops then
 */
export function listedLogs(fields: Readonly<Record<string, unknown>>): readonly unknown[] {
  if (!Object.hasOwn(fields, 'logFiles')) throw new FatalError({ code: 'LOG_LIST_MISSING' });
  const listed = fields['logFiles'];
  if (Array.isArray(listed)) return listed;
  if (!listed) return [];
  if (typeof listed === 'string') return [...listed];
  if (typeof listed === 'object') return Object.keys(listed);
  throw new FatalError({ code: 'LOG_LIST_WRONG', value: listed });
}

function asListedLog(log: unknown): ListedLog {
  if (typeof log !== 'object' || log === null || Array.isArray(log)) throw new FatalError({ code: 'LISTED_LOG_NOT_OBJECT', value: log });
  for (const field of ['s3Bucket', 's3Object'])
    if (!Object.hasOwn(log, field)) throw new FatalError({ code: 'LISTED_LOG_FIELD_MISSING', field });
  return log as ListedLog;
}

/** Why a file doesn't hold what its digest says; undefined when it does. */
async function contentFault(log: ListedLog, buckets: TrailBuckets): Promise<IntegrityFault | undefined> {
  const stored = await buckets.readObject(bucketName(log.s3Bucket), objectKey(log.s3Object));
  const { sha256, hasTrailingData } = await hashFirstMember(stored.bytes);
  if (hasTrailingData) return { code: 'TRAILING_DATA' };
  if (log.hashValue === undefined) return { code: 'HASH_MISSING' };
  return sha256 === log.hashValue ? undefined : { code: 'HASH_DIFFERS' };
}

/** How a log file that can't be read counts: `stop` ends the check as awscli does, `tell` counts it as invalid and goes on. */
export type UnreadableLogs = 'stop' | 'tell';

/** What a log file is told to be that could not be checked. @throws the error itself when it ends the check */
function readingFault(error: unknown, unreadable: UnreadableLogs): IntegrityFault {
  if (error instanceof FatalError) throw error;
  if (error instanceof GzipError) return { code: 'NOT_GZIP', why: error.message };
  if (error instanceof ServiceError) {
    if (error.isMissingObject) return { code: 'FILE_NOT_FOUND' };
    if (unreadable === 'stop') throw error;
  }
  return { code: unreadable === 'tell' ? 'LOG_UNREADABLE' : 'LOG_FAILED', why: integrityFaultOf(error) };
}

/**
 * Checks one element of a proven digest's `logFiles`.
 * @throws FatalError when it names no object; ServiceError when its bucket can't be read and that is to stop the check
 */
export async function checkLog(listed: unknown, buckets: TrailBuckets, unreadable: UnreadableLogs): Promise<LogOutcome> {
  const log = asListedLog(listed);
  const outcome: LogOutcome = { kind: 'log', bucket: log.s3Bucket, key: log.s3Object };
  try {
    const fault = await contentFault(log, buckets);
    return fault === undefined ? outcome : { ...outcome, fault };
  } catch (error) {
    return { ...outcome, fault: readingFault(error, unreadable) };
  }
}
