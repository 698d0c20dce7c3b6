// What every FindingState does.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FindingState } from '../../events/detect/doors.ts';

const NOW = Date.parse('2026-03-11T06:30:00Z') / 1_000;

/** A state two of whose users see the same items; keys are new in each test. */
let serial = 0;
const newKey = () => `key "ü" ${process.pid} ${Date.now()} ${++serial}`;

const how = (expected?: number) => ({ expected, expiresAt: NOW + 3_600, now: NOW });

/** @param make  two doors to the same items */
export function findingStateContract(name: string, make: () => Promise<[FindingState, FindingState]>): void {
  describe(`${name} is a FindingState:`, () => {
    test('has nothing that was not written', async () => {
      const [state] = await make();
      assert.deepEqual(await state.read([newKey(), newKey()]), new Map());
      assert.deepEqual(await state.read([]), new Map());
    });

    test('gives each what anybody wrote last, whole, and a new version each time', async () => {
      const [[state, other], key] = [await make(), newKey()];
      const first = await state.write(key, { told: 1 }, how());
      assert.deepEqual(await other.read([key]), new Map([[key, { value: { told: 1 }, version: first }]]));
      const value = { texts: ['ü', '😀', '"', '\u0000'], number: 1.5, deep: [{ yes: true, no: null }] };
      const second = await other.write(key, value, how(first));
      assert.notEqual(second, first);
      assert.deepEqual(await state.read([key]), new Map([[key, { value, version: second }]]));
    });

    test('lets one of two write what both found absent', async () => {
      const [[state, other], key] = [await make(), newKey()];
      const versions = await Promise.all([state.write(key, { by: 'one' }, how()), other.write(key, { by: 'two' }, how())]);
      assert.equal(versions.filter((version) => version === undefined).length, 1);
      const winner = versions[0] === undefined ? 'two' : 'one';
      assert.deepEqual((await state.read([key])).get(key)?.value, { by: winner });
    });

    test('refuses a write over a version that is gone, and leaves what is there', async () => {
      const [[state, other], key] = [await make(), newKey()];
      const first = await state.write(key, { turn: 1 }, how());
      await other.write(key, { turn: 2 }, how(first));
      assert.equal(await state.write(key, { turn: 3 }, how(first)), undefined);
      assert.equal(await state.write(key, { turn: 3 }, how()), undefined);
      assert.deepEqual((await state.read([key])).get(key)?.value, { turn: 2 });
    });

    test('refuses to change what is not there', async () => {
      const [state] = await make();
      const key = newKey();
      assert.equal(await state.write(key, { turn: 2 }, how(7)), undefined);
      assert.equal((await state.read([key])).size, 0);
    });

    test('reads many at once, each asked once or more', async () => {
      const [state] = await make();
      const keys = Array.from({ length: 230 }, newKey);
      for (const [at, key] of keys.entries()) await state.write(key, { at }, how());
      const found = await state.read([...keys, keys[0]!, newKey()]);
      assert.deepEqual(
        keys.map((key) => found.get(key)?.value),
        keys.map((_, at) => ({ at })),
      );
      assert.equal(found.size, keys.length);
    });

    test('keeps a large value whole', async () => {
      const [[state, other], key] = [await make(), newKey()];
      const value = { events: Array.from({ length: 8_000 }, (_, at) => ({ id: `${at}`, time: NOW + at, marks: { main: [] } })) };
      await state.write(key, value, how());
      assert.deepEqual((await other.read([key])).get(key)?.value, value);
    });
  });
}
