// Why a file or a record was skipped or quarantined: every reason with its plain words and what to do next.
import {
  inWords,
  MAX_INFLATED_BYTES,
  MAX_STORED_IN_BUCKET_BYTES,
  MAX_STORED_ON_DISK_BYTES,
  MAX_VALUE_BYTES,
  MOST_DELIVERED_MB,
} from './filelimits.ts';

/** A reason as people are told it; docs/operations.md is made from these. */
export interface Explained {
  /** Completes "the file …" or, of a record, "the record …". */
  readonly words: string;
  /** What to do about it, as an order; absent where there is nothing to do. */
  readonly next?: string;
}

/** Of a file or notification: there is nothing to read. */
export const FILE_SKIPS = {
  DIGEST_FILE: { words: 'is one of CloudTrail’s digests', next: 'check it with `trailbus validate-logs`' },
  NOT_CLOUDTRAIL_LOG: { words: 'is no CloudTrail log by its key: Config, flow logs, folder markers, test files' },
  LINK_TO_FOLDER: {
    words: 'is a link to a folder, on a laptop; it is not followed, for it may go round in a circle',
    next: 'name the folder itself',
  },
  ALREADY_DONE: { words: 'was done before (same bucket, key, and version or ETag)' },
  TEST_EVENT: { words: 'is S3’s test, sent when a notification is set' },
  VALIDATION_MESSAGE: { words: 'is CloudTrail’s test, sent when a topic is set' },
  SUBSCRIPTION_CONFIRMATION: {
    words: 'is SNS asking for a confirmation; its link is never followed',
    next: 'if it comes from a topic you want, confirm the subscription yourself',
  },
  NOT_OBJECT_CREATED: { words: 'is a notification of a deletion, a tag or a replication' },
  NOTHING_ANNOUNCED: { words: 'is a notification with an empty list of records or keys' },
} as const satisfies Record<string, Explained>;

/** Of a record: it is read and not meant to go out. */
export const RECORD_SKIPS = {
  DUPLICATE: { words: 'has the same bytes and the same eventID as one already put in this invocation' },
  OWN_CALL: {
    words:
      'is a call of our own functions: PutEvents, GetObject on a log bucket, or reading and writing their own tables and queues; putting it would go round in a circle',
  },
  NOT_WANTED: {
    words: 'is matched by no rule, with `emit=matched`',
    next: 'more than you expect? `trailbus rules explain RULES LOGFILE` says which field differs',
  },
} as const satisfies Record<string, Explained>;

const STORED_LIMITS = `${inWords(MAX_STORED_IN_BUCKET_BYTES)} in a bucket, ${inWords(MAX_STORED_ON_DISK_BYTES)} on a laptop`;

const WRONGLY_COPIED = { next: 'find who copied it; copy it again' };
const WRONGLY_WRITTEN = { next: 'find who writes it there' };

/** Of a file: it will never become records as it is. */
export const FILE_QUARANTINES = {
  GZIP_TRUNCATED: { words: 'ends too early, though it was read whole', ...WRONGLY_COPIED },
  GZIP_CORRUPT: { words: 'fails its checksum, or is no gzip inside', ...WRONGLY_COPIED },
  GZIP_TRAILING_DATA: { words: 'has other bytes after the gzip, which is whole itself', ...WRONGLY_COPIED },
  EMPTY_FILE: { words: 'has no bytes', ...WRONGLY_COPIED },
  INVALID_JSON: { words: 'is not JSON: cut, a record a line, UTF-16, control characters', ...WRONGLY_COPIED },
  INVALID_UTF8: { words: 'has bytes outside its values that are no UTF-8', ...WRONGLY_COPIED },
  ROOT_NOT_OBJECT: { words: 'is JSON of another shape than `{"Records":[…]}`', ...WRONGLY_WRITTEN },
  RECORDS_MISSING: { words: 'is JSON without `Records`: a digest under a log’s name perhaps', ...WRONGLY_WRITTEN },
  RECORDS_NOT_ARRAY: { words: 'has `Records`, and they are no list', ...WRONGLY_WRITTEN },
  DUPLICATE_RECORDS_KEY: {
    words: 'has `Records` twice, which would hide one of them',
    next: 'CloudTrail never writes that: treat it as tampering',
  },
  TOO_LARGE: {
    words: `is over a limit: as stored (${STORED_LIMITS}), inflated (${inWords(MAX_INFLATED_BYTES)}), or in a single value (${inWords(MAX_VALUE_BYTES)})`,
    next: `CloudTrail delivers ${MOST_DELIVERED_MB} MB at most: treat it as an attack on readers; \`run --max-inflated\` reads what inflates to more`,
  },
  BAD_KEY_ENCODING: {
    words: 'has a key in the notification that can’t be decoded; only a note is kept',
    next: 'correct what sends the notification',
  },
  BUCKET_NOT_ALLOWED: {
    words: 'lies in a bucket you did not name; it was not read, only a note is kept',
    next: 'add the bucket to `moreBuckets`, or find who sends forged notifications',
  },
} as const satisfies Record<string, Explained>;

/** Of a single element of `Records`: the rest of its file goes out. */
export const RECORD_QUARANTINES = {
  RECORD_NOT_OBJECT: { words: 'is an element of `Records` that is no object; only that is kept', ...WRONGLY_WRITTEN },
  PARKED_TOO_LARGE: {
    words: 'was refused by the bus and is too large for the queue of parked entries, whose message points here',
    next: 'look into it as into every parked entry: the message says why the bus refused it',
  },
} as const satisfies Record<string, Explained>;

export type FileSkip = keyof typeof FILE_SKIPS;
export type RecordSkip = keyof typeof RECORD_SKIPS;
export type FileQuarantine = keyof typeof FILE_QUARANTINES;
export type RecordQuarantine = keyof typeof RECORD_QUARANTINES;
export type AnyReason = FileSkip | RecordSkip | FileQuarantine | RecordQuarantine;

const ALL: Record<AnyReason, Explained> = { ...FILE_SKIPS, ...RECORD_SKIPS, ...FILE_QUARANTINES, ...RECORD_QUARANTINES };

/** What a reason means and what to do about it. */
export const explainReason = (reason: AnyReason): Explained => ALL[reason];
