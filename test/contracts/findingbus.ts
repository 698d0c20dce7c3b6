// What every FindingBus does.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FindingBus } from '../../events/digest/doors.ts';
import type { IntegrityFinding } from '../../events/digest/index.ts';

export interface MadeFindingBus {
  bus: FindingBus;
  /** What came through, in order. */
  received: () => IntegrityFinding[];
  /** Has what is put next refused, once. */
  refuseNext: () => void;
}

const TRAIL = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/main';

const findingAt = (hour: number): IntegrityFinding => ({
  id: `integrity-${hour}`,
  ...{ kind: 'integrity', rule: 'integrity.log-file', state: 'open', severity: 'high' },
  title: 'A CloudTrail log file is missing or was changed',
  ...{ account: '111122223333', region: 'us-east-1', resources: [TRAIL], events: [], count: 0, tags: [] },
  detail: {
    trail: TRAIL,
    file: `s3://trail-logs/ü "${hour}".json.gz`,
    reason: 'the file is missing: it was deleted, or renamed',
    span: { from: '2026-03-10T06:30:00Z', to: '2026-03-11T06:30:00Z' },
    foundAt: '2026-03-11T06:30:00Z',
  },
});

export function findingBusContract(name: string, make: () => Promise<MadeFindingBus>): void {
  describe(`${name} is a FindingBus:`, () => {
    test('carries findings whole, in order', async () => {
      const { bus, received } = await make();
      const findings = [1, 2, 3].map(findingAt);
      for (const finding of findings) await bus.put(finding);
      assert.deepEqual(received(), findings);
    });

    test('throws when a finding was not taken, and takes it the next time', async () => {
      const { bus, received, refuseNext } = await make();
      refuseNext();
      await assert.rejects(bus.put(findingAt(1)), /refused/);
      assert.deepEqual(received(), []);
      await bus.put(findingAt(1));
      assert.deepEqual(received(), [findingAt(1)]);
    });
  });
}
