// CloudTrail may write a record twice: same eventID and same bytes count once per notification.
import { createHash } from 'node:crypto';
import type { LogRecord } from './logfile.ts';

/**
 * Knows the records of one notification's files. Same eventID with other bytes is another record: it is kept.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html (eventID)
 */
export class Duplicates {
  private readonly moreFiles: boolean;
  /** Records of the window being read, by eventID: their bytes are there to compare. */
  private here = new Map<string, LogRecord | LogRecord[]>();
  /** Digests of the records of earlier windows and files, by eventID. */
  private readonly before = new Map<string, Set<string>>();

  /** @param moreFiles  whether other files follow in the same notification; if not, the last window needn't be remembered */
  constructor(moreFiles = false) {
    this.moreFiles = moreFiles;
  }

  has(record: LogRecord): boolean {
    const eventID = record.field('eventID');
    if (eventID === undefined) return false;
    if (this.before.size > 0 && this.before.get(eventID)?.has(digest(record.bytes))) return true;
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
    if (this.moreFiles || !lastOfFile) for (const [eventID, records] of this.here) this.remember(eventID, records);
    this.here = new Map();
  }

  private remember(eventID: string, records: LogRecord | LogRecord[]): void {
    const digests = this.before.get(eventID) ?? new Set();
    for (const { bytes } of Array.isArray(records) ? records : [records]) digests.add(digest(bytes));
    this.before.set(eventID, digests);
  }
}

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('base64');
