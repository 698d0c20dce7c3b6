// What every WatchState does.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { WatchState } from '../../events/digest/doors.ts';

const REACHED = Date.parse('2026-03-11T06:30:00.125Z');

/** @param make  two doors to the same memory, which is new: one for each of two checks */
export function watchStateContract(name: string, make: () => Promise<[WatchState, WatchState]>): void {
  describe(`${name} is a WatchState:`, () => {
    test('never reached a place it wasn’t told of', async () => {
      const [state] = await make();
      await state.setReached('arn one', REACHED);
      assert.equal(await state.reached('arn'), undefined);
    });

    test('remembers for the next check how far a place was checked, to the millisecond, and forgets what it knew before', async () => {
      const [first, next] = await make();
      await first.setReached('arn one', 1);
      await first.setReached('arn one', REACHED);
      await first.setReached('arn two', 2);
      assert.deepEqual([await next.reached('arn one'), await next.reached('arn two')], [REACHED, 2]);
    });

    test('remembers for the next check which findings were told, also when they are told twice', async () => {
      const [first, next] = await make();
      await first.setTold('integrity-1');
      await first.setTold('integrity-1');
      assert.deepEqual([await next.wasTold('integrity-1'), await next.wasTold('integrity-2')], [true, false]);
    });

    test('keeps places and findings apart', async () => {
      const [state] = await make();
      await state.setTold('one');
      assert.equal(await state.reached('one'), undefined);
      await state.setReached('two', REACHED);
      assert.equal(await state.wasTold('two'), false);
    });
  });
}
