// What every Quarantine does.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { quarantineKey } from '../../aws/quarantine.ts';
import type { Quarantine } from '../../events/doors.ts';
import type { FileQuarantine } from '../../events/reasons.ts';
import { REF } from '../fakes/records.ts';

export interface MadeQuarantine {
  quarantine: Quarantine;
  /** What is kept: its reason, and where it came from. */
  kept: () => Promise<{ reason: string; bucket?: string; key?: string }[]>;
}

/** Where an object of a quarantine's bucket came from, by its key: contracts keep one file, and its record 3, alone. */
export const originOf = (key: string, reason: string): { bucket: string; key: string } | undefined =>
  (['file', 'note', 3] as const).some((part) => quarantineKey(REF, reason as FileQuarantine, part) === key) ? REF : undefined;

export function quarantineContract(name: string, make: () => Promise<MadeQuarantine>): void {
  describe(`${name} is a Quarantine:`, () => {
    test('keeps a file with its reason and where it came from', async () => {
      const { quarantine, kept } = await make();
      await quarantine.keepFile(REF, 'GZIP_CORRUPT', 'the checksum is wrong', Buffer.from('bytes'));
      assert.deepEqual(await kept(), [{ reason: 'GZIP_CORRUPT', ...REF }]);
    });

    test('keeps a note of a file that was never read', async () => {
      const { quarantine, kept } = await make();
      await quarantine.keepFile(REF, 'BUCKET_NOT_ALLOWED', 'bucket `trail-logs` is not one of the configured buckets');
      assert.deepEqual(await kept(), [{ reason: 'BUCKET_NOT_ALLOWED', ...REF }]);
    });

    test('keeps a single record of a file', async () => {
      const { quarantine, kept } = await make();
      await quarantine.keepRecord(REF, 3, 'RECORD_NOT_OBJECT', Buffer.from('42'));
      assert.deepEqual(await kept(), [{ reason: 'RECORD_NOT_OBJECT', ...REF }]);
    });
  });
}
