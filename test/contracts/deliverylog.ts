// What every DeliveryLog does.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { afterDelivery, type DeliveringPlace, type SeenPlace } from '../../events/deliveries.ts';
import type { DeliveryLog } from '../../events/doors.ts';

let serial = 0;
/** A place no other test knows. */
const newPlace = (): DeliveringPlace => ({ account: String(Date.now() * 1_000 + ++serial).slice(-12), region: 'eu-west-1' });

const HOUR = 492_000;

const note = (log: DeliveryLog, place: DeliveringPlace, hour: number) =>
  log.update(place, (seen) => afterDelivery(seen, { ...place, hour }));

async function seenBy(log: DeliveryLog, { account, region }: DeliveringPlace): Promise<SeenPlace | undefined> {
  const found = (await log.places()).filter((seen) => seen.account === account && seen.region === region);
  assert.ok(found.length < 2);
  return found[0];
}

/** @param make  two doors to the same memory */
export function deliveryLogContract(name: string, make: () => Promise<[DeliveryLog, DeliveryLog]>): void {
  describe(`${name} is a DeliveryLog:`, () => {
    test('knows nothing of a place that was not noted', async () => {
      const [[log], place] = [await make(), newPlace()];
      await log.update(place, (seen) => {
        assert.equal(seen, undefined);
        return undefined;
      });
      assert.equal(await seenBy(log, place), undefined);
    });

    test('gives all users what any of them noted, whole', async () => {
      const [[log, other], place] = [await make(), newPlace()];
      await note(log, place, HOUR);
      await note(other, place, HOUR + 5);
      const told = { since: HOUR + 6, severity: 'high' as const };
      await log.update(place, (seen) => seen && { ...seen, told });
      const spans = [
        [HOUR, HOUR],
        [HOUR + 5, HOUR + 5],
      ];
      assert.deepEqual(await seenBy(other, place), { ...place, spans, told });
    });

    test('keeps accounts and regions apart', async () => {
      const [[log], place] = [await make(), newPlace()];
      const beside = { ...place, region: 'eu-west-2' };
      await note(log, place, HOUR);
      await note(log, beside, HOUR + 1);
      assert.deepEqual([(await seenBy(log, place))?.spans, (await seenBy(log, beside))?.spans], [[[HOUR, HOUR]], [[HOUR + 1, HOUR + 1]]]);
    });

    test('loses no change where two are made at the same time', async () => {
      const [[log, other], place] = [await make(), newPlace()];
      await Promise.all([note(log, place, HOUR), note(other, place, HOUR + 1)]);
      await Promise.all([note(log, place, HOUR + 2), note(other, place, HOUR + 3)]);
      assert.deepEqual((await seenBy(log, place))?.spans, [[HOUR, HOUR + 3]]);
    });

    test('gives all places, however many', async () => {
      const [log] = await make();
      const places = Array.from({ length: 7 }, newPlace);
      for (const place of places) await note(log, place, HOUR);
      const known = new Set((await log.places()).map(({ account }) => account));
      assert.deepEqual(
        places.filter(({ account }) => !known.has(account)),
        [],
      );
    });
  });
}
