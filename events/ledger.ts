// The count of everything that came in: every file and every record ends in exactly one column.

/** Counts by reason: `{ DIGEST_FILE: 24 }`. */
export type Reasons = Map<string, number>;

const add = (reasons: Reasons, reason: string, count = 1) => reasons.set(reason, (reasons.get(reason) ?? 0) + count);
const sum = (reasons: Reasons) => [...reasons.values()].reduce((total, count) => total + count, 0);

/** Invariant after a flush: `recordsRead = entriesAccepted + entriesParked + recordsSkipped + recordsQuarantined`. */
export class Ledger {
  filesDone = 0;
  filesSkipped: Reasons = new Map();
  filesQuarantined: Reasons = new Map();
  recordsRead = 0;
  entriesAccepted = 0;
  entriesParked = 0;
  /** Entries sent without their largest fields, with a pointer to the whole record; part of `entriesAccepted`. */
  entriesReduced = 0;
  recordsSkipped: Reasons = new Map();
  recordsQuarantined: Reasons = new Map();

  skipFile(reason: string): void {
    add(this.filesSkipped, reason);
  }

  quarantineFile(reason: string): void {
    add(this.filesQuarantined, reason);
  }

  skipRecord(reason: string): void {
    add(this.recordsSkipped, reason);
  }

  quarantineRecord(reason: string): void {
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

  /** Whether every record read is accounted for. */
  get balanced(): boolean {
    return this.recordsRead === this.entriesAccepted + this.entriesParked + this.recordsSkippedTotal + this.recordsQuarantinedTotal;
  }
}
