// What every ParkedEntries does.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ParkedEntries } from '../../events/doors.ts';
import { toEntry, toWire } from '../../events/entry.ts';
import { REF, recordOf } from '../fakes/records.ts';

export interface MadeParkedEntries {
  parkedEntries: ParkedEntries;
  /** The messages kept, in any order, once `count` are there. */
  kept: (count: number) => Promise<{ reason: string; ref: unknown; index: number; entry?: unknown }[]>;
}

const RECORD =
  '{"eventSource":"ec2.amazonaws.com", "eventTime":"2026-10-05T12:00:00Z","resources":[{"ARN":"arn:aws:s3:::a"}],"n":1e400,"at":';
const entryAt = (at: number) => toEntry(recordOf(`${RECORD}${at}}`), REF);

export function parkedEntriesContract(name: string, make: () => Promise<MadeParkedEntries>): void {
  describe(`${name} is a ParkedEntries:`, () => {
    test('keeps the reason, the place, and all it takes to put the entry again', async () => {
      const { parkedEntries, kept } = await make();
      const entry = entryAt(0);
      await parkedEntries.park(entry, 'MalformedDetail: Detail is malformed.');
      const wanted = { reason: 'MalformedDetail: Detail is malformed.', ref: REF, index: 0, entry: toWire(entry) };
      assert.deepEqual(await kept(1), [wanted]);
    });

    test('keeps every entry that is parked', async () => {
      const { parkedEntries, kept } = await make();
      for (let at = 0; at < 3; at++) await parkedEntries.park(entryAt(at), `reason ${at}`);
      assert.deepEqual((await kept(3)).map(({ reason }) => reason).sort(), ['reason 0', 'reason 1', 'reason 2']);
    });
  });
}
