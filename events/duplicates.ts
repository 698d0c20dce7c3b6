// CloudTrail may write a record twice: same eventID and same bytes count once per invocation.
import { createHash } from 'node:crypto';
import type { LogRecord } from './logfile/logfile.ts';

/** Digests kept at most, some 30 MB: past them duplicates are no longer cut, which costs a consumer a look at `detail.eventID` and us no memory. */
const MAX_REMEMBERED = 200_000;

/**
 * Knows the records of one invocation's files. Same eventID with other bytes is another record: it is kept.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html (eventID)
 */
export class Duplicates {
  private readonly moreFiles: boolean;
  private readonly digests = new Set<string>();

  /** @param moreFiles  whether the invocation has more than one file; if not, the last window of the one needn't be remembered */
  constructor(moreFiles = false) {
    this.moreFiles = moreFiles;
  }

  /** The same for one more file, which may be worked on beside others. */
  ofFile(): FileDuplicates {
    return new FileDuplicates(this.digests, this.moreFiles);
  }
}

/** Knows which records of a file are duplicates, of others in the file and of the other files. */
export class FileDuplicates {
  private readonly moreFiles: boolean;
  /** Records of the window being read, by eventID: their bytes are there to compare, which is cheaper than digests. */
  private here = new Map<string, LogRecord | LogRecord[]>();
  /** Digests of the records of other files, and of this one's earlier windows. */
  private readonly digests: Set<string>;
  /** Which of them are this file's. */
  private readonly own: string[] = [];

  constructor(digests: Set<string>, moreFiles: boolean) {
    this.digests = digests;
    this.moreFiles = moreFiles;
  }

  /** Whether the record was met before; if not, it is from now on. */
  has(record: LogRecord): boolean {
    const eventID = record.field('eventID');
    if (eventID === undefined) return false;
    if (this.moreFiles || this.digests.size > 0) return !this.remember(record);
    const same = this.here.get(eventID);
    if (same === undefined) {
      this.here.set(eventID, record);
      return false;
    }
    const all = Array.isArray(same) ? same : [same];
    if (all.some(({ bytes }) => Buffer.compare(bytes, record.bytes) === 0)) return true;
    this.here.set(eventID, [...all, record]);
    return false;
  }

  /** The window's bytes are about to go: what may be met again is remembered as digests. */
  endOfWindow(lastOfFile: boolean): void {
    if (!lastOfFile) for (const records of this.here.values()) for (const record of [records].flat()) this.remember(record);
    this.here = new Map();
  }

  /** The file is given up and comes again: its records have not been seen. */
  forget(): void {
    this.here = new Map();
    for (const known of this.own) this.digests.delete(known);
  }

  /** @returns false for a record that was remembered already */
  private remember({ bytes }: LogRecord): boolean {
    const digest = createHash('sha256').update(bytes).digest('base64');
    if (this.digests.has(digest)) return false;
    if (this.digests.size < MAX_REMEMBERED) {
      this.digests.add(digest);
      this.own.push(digest);
    }
    return true;
  }
}
