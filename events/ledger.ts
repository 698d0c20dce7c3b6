// The count of everything that came in: every file and every record ends in exactly one column.

import type { FileQuarantine, FileSkip, RecordQuarantine, RecordSkip } from './reasons.ts';

/** Counts by reason: `DIGEST_FILE` 24. */
export type ReasonCounts<Of extends string = string> = Map<Of, number>;

const add = <Of extends string>(counts: ReasonCounts<Of>, reason: Of) => counts.set(reason, (counts.get(reason) ?? 0) + 1);
const sum = (counts: ReasonCounts) => [...counts.values()].reduce((total, count) => total + count, 0);

export type LedgerMark = Pick<
  Ledger,
  | 'filesDone'
  | 'filesToRetry'
  | 'filesSkipped'
  | 'filesQuarantined'
  | 'recordsRead'
  | 'recordsOfNewVersion'
  | 'entriesAccepted'
  | 'entriesParked'
  | 'entriesReduced'
  | 'hitsSent'
  | 'detectionFaults'
  | 'deliveriesUnnoted'
  | 'recordsSkipped'
  | 'recordsQuarantined'
>;

/** Invariant after a flush: `recordsRead = entriesAccepted + entriesParked + recordsSkipped + recordsQuarantined`. */
export class Ledger {
  filesDone = 0;
  /** Files that could not be finished now and will come again; their records are not counted here. */
  filesToRetry = 0;
  filesSkipped: ReasonCounts<FileSkip> = new Map();
  filesQuarantined: ReasonCounts<FileQuarantine> = new Map();
  recordsRead = 0;
  entriesAccepted = 0;
  entriesParked = 0;
  /** Entries sent without their largest fields, with a pointer to the whole record; part of `entriesAccepted`. */
  entriesReduced = 0;
  /** Records whose eventVersion has a major number we don't know; part of the others: they are emitted all the same. */
  recordsOfNewVersion = 0;
  /** What detections said of records, sent to the hit queue. */
  hitsSent = 0;
  /** Times a detection failed on a record, which went out all the same. */
  detectionFaults = 0;
  /** Files of which it could not be noted that they came; they went out all the same. */
  deliveriesUnnoted = 0;
  recordsSkipped: ReasonCounts<RecordSkip> = new Map();
  recordsQuarantined: ReasonCounts<RecordQuarantine> = new Map();

  skipFile(reason: FileSkip): void {
    add(this.filesSkipped, reason);
  }

  quarantineFile(reason: FileQuarantine): void {
    add(this.filesQuarantined, reason);
  }

  skipRecord(reason: RecordSkip): void {
    add(this.recordsSkipped, reason);
  }

  quarantineRecord(reason: RecordQuarantine): void {
    add(this.recordsQuarantined, reason);
  }

  get recordsSkippedTotal(): number {
    return sum(this.recordsSkipped);
  }

  get recordsQuarantinedTotal(): number {
    return sum(this.recordsQuarantined);
  }

  get filesSkippedTotal(): number {
    return sum(this.filesSkipped);
  }

  get filesQuarantinedTotal(): number {
    return sum(this.filesQuarantined);
  }

  /** Where the counts stand, for `restore`. */
  mark(): LedgerMark {
    return {
      ...this,
      filesSkipped: new Map(this.filesSkipped),
      filesQuarantined: new Map(this.filesQuarantined),
      recordsSkipped: new Map(this.recordsSkipped),
      recordsQuarantined: new Map(this.recordsQuarantined),
    };
  }

  /** Sets the counts back: a file given up half-way will be counted when it comes again. */
  restore(mark: LedgerMark): void {
    Object.assign(this, mark);
  }

  /** Whether every record read is accounted for. */
  get balanced(): boolean {
    return this.recordsRead === this.entriesAccepted + this.entriesParked + this.recordsSkippedTotal + this.recordsQuarantinedTotal;
  }
}
