// What every Quarantine does.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Quarantine } from '../../events/doors.ts';
import { REF } from '../fakes/records.ts';

export interface MadeQuarantine {
  quarantine: Quarantine;
  /** What is kept: its reason, and where it came from. */
  kept: () => Promise<{ reason: string; bucket: string; key: string }[]>;
}

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
