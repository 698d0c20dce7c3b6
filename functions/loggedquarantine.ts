// A quarantine that also says in the function's log what it keeps.
import type { Quarantine } from '../events/doors.ts';
import type { ObjectRef } from '../events/objectkey.ts';
import { type AnyReason, explainReason, type FileQuarantine, type RecordQuarantine } from '../events/reasons.ts';
import { logger } from './handler.ts';

export class LoggedQuarantine implements Quarantine {
  private readonly quarantine: Quarantine;

  constructor(quarantine: Quarantine) {
    this.quarantine = quarantine;
  }

  async keepFile(ref: ObjectRef, reason: FileQuarantine, why: string, bytes?: Uint8Array): Promise<void> {
    await this.quarantine.keepFile(ref, reason, why, bytes);
    logger.warn('file quarantined', { reason, why, ...toldReason(reason), bucket: ref.bucket, key: ref.key });
  }

  async keepRecord(ref: ObjectRef, index: number, reason: RecordQuarantine, bytes: Uint8Array): Promise<void> {
    await this.quarantine.keepRecord(ref, index, reason, bytes);
    logger.warn('record quarantined', { reason, index, ...toldReason(reason), bucket: ref.bucket, key: ref.key });
  }
}

/** What a reason means, in plain words, and what to do about it, where there is something to do: as the log says it. */
export function toldReason(reason: AnyReason): { means: string; next: string | undefined } {
  const { words, next } = explainReason(reason);
  return { means: words, next };
}
