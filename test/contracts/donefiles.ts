// What every DoneFiles does, and what those that remember do besides.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DoneFiles } from '../../events/doors.ts';
import { ReadError } from '../../events/errors.ts';
import type { ObjectRef } from '../../events/objectkey.ts';
import { KEY } from '../fakes/records.ts';

let serial = 0;
/** A file no other test knows. */
const newRef = (more: Partial<ObjectRef> = {}): ObjectRef => ({
  bucket: 'trail-logs',
  key: `${KEY}-${process.pid}-${Date.now()}-${++serial}`,
  ...more,
});

export function doneFilesContract(name: string, make: () => Promise<DoneFiles>, { remembers }: { remembers: boolean }): void {
  describe(`${name} is a DoneFiles:`, () => {
    test('does the work and gives its result', async () => {
      assert.equal(await (await make()).once(newRef(), async () => 'done'), 'done');
    });

    test('lets the error of the work rise as it is', async () => {
      const fault = new ReadError('not now', true);
      await assert.rejects(
        (await make()).once(newRef(), () => Promise.reject(fault)),
        (error) => error === fault,
      );
    });

    if (!remembers) return;

    test('does a done file no second time', async () => {
      const [ref, done] = [newRef(), await make()];
      await done.once(ref, async () => 'done');
      assert.equal(await done.once(ref, () => assert.fail('worked twice')), undefined);
    });

    test('does a file again whose work failed', async () => {
      const [ref, done] = [newRef(), await make()];
      await assert.rejects(done.once(ref, () => Promise.reject(new Error('not now'))));
      assert.equal(await done.once(ref, async () => 'done'), 'done');
    });

    test('tells versions, contents, keys and buckets apart', async () => {
      const done = await make();
      const { bucket, key } = newRef();
      const plus = `${key}+`;
      const different = [
        { bucket, key, versionId: '1' },
        { bucket, key, versionId: '2' },
        { bucket, key, eTag: 'a' },
        { bucket, key: plus, eTag: 'a' },
      ];
      for (const ref of [...different, { bucket: 'other-logs', key, eTag: 'a' }])
        assert.equal(await done.once(ref, async () => 'done'), 'done');
    });

    test('refuses, retryably, a file that someone else works on', async () => {
      const [ref, done, other] = [newRef(), await make(), await make()];
      await done.once(ref, async () => {
        const refused = (error: unknown) => error instanceof ReadError && error.retryable && /another invocation/.test(error.message);
        await assert.rejects(
          other.once(ref, () => assert.fail('worked at the same time')),
          refused,
        );
        return 'done';
      });
    });
  });
}
