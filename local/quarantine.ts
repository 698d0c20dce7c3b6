// On a laptop a bad file stays where it is; what is kept is its name and its reason.

import type { Quarantine } from '../events/doors.ts';
import type { ObjectRef } from '../events/objectkey.ts';
import type { FileQuarantine, RecordQuarantine } from '../events/reasons.ts';

export interface Quarantined {
  ref: ObjectRef;
  reason: FileQuarantine | RecordQuarantine;
  why: string;
  /** Position in `Records` when a single element is meant, not the file. */
  index?: number;
}

export class QuarantineList implements Quarantine {
  readonly items: Quarantined[] = [];

  async keepFile(ref: ObjectRef, reason: FileQuarantine, why: string): Promise<void> {
    this.items.push({ ref, reason, why });
  }

  async keepRecord(ref: ObjectRef, index: number, reason: RecordQuarantine): Promise<void> {
    this.items.push({ ref, reason, why: 'the element of `Records` is not an object', index });
  }
}
