// What every Bus does.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Bus } from '../../events/doors.ts';
import { type Entry, toEntry } from '../../events/entry.ts';
import { Ledger } from '../../events/ledger.ts';
import { REF, recordOf } from '../fakes/records.ts';

export interface MadeBus {
  bus: Bus;
  /** The `Detail`s that came through, in any order, once `count` are there. */
  received: (count: number) => Promise<string[]>;
  /** Whether an entry is carried as soon as it is put: then giving up a file takes nothing back. */
  atOnce: boolean;
}

const RECORD =
  '{"eventSource":"ec2.amazonaws.com", "eventName":"RunInstances","eventTime":"2026-10-05T12:00:00Z","big":12345678901234567890,"at":';
const entriesOf = (count: number): Entry[] => Array.from({ length: count }, (_, at) => toEntry(recordOf(`${RECORD}${at}}`), REF));

/** @param asReceived  what is left of a record's text on its way: an emulator may parse and print it again */
export function busContract(name: string, make: (ledger: Ledger) => Promise<MadeBus>, asReceived = (text: string) => text): void {
  const same = (received: string[], entries: Entry[]) =>
    assert.deepEqual(received.map(asReceived).sort(), entries.map(({ record }) => asReceived(record.text())).sort());

  describe(`${name} is a Bus:`, () => {
    test('carries every entry once, its Detail as the record was written, and counts it', async () => {
      const ledger = new Ledger();
      const { bus, received } = await make(ledger);
      const entries = entriesOf(25);
      for (const entry of entries) await bus.put(entry);
      await bus.flush();
      same(await received(25), entries);
      assert.deepEqual([ledger.entriesAccepted, ledger.entriesParked], [25, 0]);
    });

    test('has nothing to do in a flush with nothing put', async () => {
      const ledger = new Ledger();
      await (await make(ledger)).bus.flush();
      assert.equal(ledger.entriesAccepted, 0);
    });

    test('forgets what was put and not sent when a file is given up, and can be used again', async () => {
      const ledger = new Ledger();
      const { bus, received, atOnce } = await make(ledger);
      const [givenUp, next] = entriesOf(2);
      await bus.put(givenUp!);
      await bus.abandon();
      await bus.put(next!);
      await bus.flush();
      const carried = atOnce ? [givenUp!, next!] : [next!];
      same(await received(carried.length), carried);
      assert.equal(ledger.entriesAccepted, carried.length);
    });
  });
}
