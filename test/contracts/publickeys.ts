// What every PublicKeys does, and what those do that choose by time.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PublicKey, PublicKeys } from '../../events/digest/doors.ts';

const at = (text: string) => Date.parse(text);

const SPRING: PublicKey = {
  fingerprint: 'aa11',
  value: 'MIIB',
  validFromMs: at('2026-02-01T00:00:00Z'),
  validUntilMs: at('2026-03-10T23:00:00Z'),
};
const SUMMER: PublicKey = {
  fingerprint: 'bb22',
  value: 'MIIC',
  validFromMs: at('2026-03-10T22:00:00Z'),
  validUntilMs: at('2026-06-01T00:00:00Z'),
};

/** @param make  the door to these keys and no others */
export function publicKeysContract(
  name: string,
  make: (keys: PublicKey[]) => Promise<PublicKeys>,
  { chooses }: { chooses: boolean },
): void {
  describe(`${name} is a PublicKeys:`, () => {
    test('gives each key with its fingerprint, its value and the time it was in use, in milliseconds', async () => {
      const keys = await make([SPRING, SUMMER]);
      assert.deepEqual(await keys.listPublicKeys(at('2026-03-10T22:10:00Z'), at('2026-03-10T22:50:00Z')), [SPRING, SUMMER]);
    });

    test('gives none where there is none', async () => {
      assert.deepEqual(await (await make([])).listPublicKeys(0, at('2027-01-01T00:00:00Z')), []);
    });

    if (!chooses) return;

    test('gives those alone that were in use between the times', async () => {
      const keys = await make([SPRING, SUMMER]);
      assert.deepEqual(await keys.listPublicKeys(at('2026-03-01T00:00:00Z'), at('2026-03-02T00:00:00Z')), [SPRING]);
      assert.deepEqual(await keys.listPublicKeys(at('2026-05-01T00:00:00Z'), at('2026-07-01T00:00:00Z')), [SUMMER]);
    });
  });
}
