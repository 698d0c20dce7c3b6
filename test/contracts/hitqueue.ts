// What every HitQueue does.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { HitQueue } from '../../events/detect/doors.ts';
import type { Hit } from '../../events/detect/index.ts';
import { DeliveryError } from '../../events/errors.ts';
import { hitOfRecord } from '../fakes/hits.ts';

export interface MadeHitQueue {
  queue: HitQueue;
  /** The hits that came through, in any order, once `count` are there. */
  taken: (count: number) => Promise<Hit[]>;
  /** Has some of what is sent next refused for good, once; absent where nothing can be refused. */
  refuseNext?: () => void;
}

const byIndex = (hits: readonly Hit[]): Hit[] => [...hits].sort((left, right) => left.event.index - right.event.index);
const hitsOf = (count: number, change: Partial<Hit> = {}): Hit[] =>
  Array.from({ length: count }, (_, at) => ({ ...hitOfRecord(at), ...change }));

export function hitQueueContract(name: string, make: () => Promise<MadeHitQueue>): void {
  describe(`${name} is a HitQueue:`, () => {
    test('carries every hit whole, whatever stands in it', async () => {
      const { queue, taken } = await make();
      const odd = {
        ...hitOfRecord(1),
        ...{ title: 'ü "😀" \u0000 \ufffe\uffff \ud800', who: '</script>', dryRun: true, fingerprint: 'f' },
        marks: [{ window: 'raise.1', key: ['a', ''], value: '["x"]', step: 0 }],
      };
      await queue.send([hitOfRecord(0), odd]);
      assert.deepEqual(byIndex(await taken(2)), [hitOfRecord(0), odd]);
    });

    test('has nothing to do for no hits', async () => {
      const { queue, taken } = await make();
      await queue.send([]);
      assert.deepEqual(await taken(0), []);
    });

    test('carries as many as a file can have, and long ones', async () => {
      const { queue, taken } = await make();
      const hits = hitsOf(1_000, { resources: ['arn:aws:s3:::'.padEnd(600, 'x')] });
      await queue.send(hits);
      assert.deepEqual(byIndex(await taken(hits.length)), hits);
    });

    test('throws when something was not taken; sent again, all is there', async () => {
      const { queue, taken, refuseNext } = await make();
      if (refuseNext === undefined) return;
      refuseNext();
      await assert.rejects(queue.send(hitsOf(250)), DeliveryError);
      await queue.send(hitsOf(250));
      const indexes = new Set((await taken(250)).map(({ event }) => event.index));
      assert.equal(indexes.size, 250);
    });
  });
}
