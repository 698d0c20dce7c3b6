// What every ObjectStore does.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ObjectStore } from '../../events/doors.ts';
import { LogFileError, ReadError } from '../../events/errors.ts';
import type { ObjectRef } from '../../events/objectkey.ts';

export interface MadeStore {
  store: ObjectStore;
  /** Stores bytes under a name and gives their address. */
  keep: (name: string, bytes: Uint8Array) => Promise<ObjectRef>;
  /** An address where nothing is. */
  nowhere: ObjectRef;
}

/** @param makeSmall  a store that takes no object above 1,000 bytes, where the maker has such a limit */
export function storeContract(name: string, make: () => Promise<MadeStore>, makeSmall?: () => Promise<MadeStore>): void {
  describe(`${name} is an ObjectStore:`, () => {
    test('gives an object’s bytes as stored, whole', async () => {
      const { store, keep } = await make();
      const bytes = Uint8Array.from({ length: 300_000 }, (_, at) => (at * 7) % 256);
      assert.deepEqual(Buffer.from(await store.read(await keep('large.json.gz', bytes))), Buffer.from(bytes));
    });

    test('gives an empty object as no bytes', async () => {
      const { store, keep } = await make();
      assert.equal((await store.read(await keep('empty.json.gz', new Uint8Array()))).length, 0);
    });

    test('takes a key as it is: blanks, plus, percent, letters beyond ASCII', async () => {
      const { store, keep } = await make();
      const ref = await keep('a b+c%20d/ümlaut 日本.json.gz', Buffer.from('x'));
      assert.equal(Buffer.from(await store.read(ref)).toString(), 'x');
    });

    test('throws ReadError, with its place and what to do, for what is not there', async () => {
      const { store, nowhere } = await make();
      await assert.rejects(
        store.read(nowhere),
        (error) => error instanceof ReadError && !!error.source?.includes(nowhere.key) && !!error.help,
      );
    });

    if (makeSmall)
      test('throws LogFileError TOO_LARGE for an object above its limit', async () => {
        const { store, keep } = await makeSmall();
        const ref = await keep('bomb.json.gz', new Uint8Array(1001));
        await assert.rejects(store.read(ref), (error) => error instanceof LogFileError && error.reason === 'TOO_LARGE');
      });
  });
}
