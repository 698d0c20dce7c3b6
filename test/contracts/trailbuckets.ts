// What every TrailBuckets does.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TrailBuckets } from '../../events/digest/doors.ts';
import { ServiceError } from '../../events/digest/index.ts';

/** An object to be there. Only digests have metadata that counts. */
export interface KeptObject {
  key: string;
  bytes: Buffer;
  metadata?: Record<string, string>;
}

export const CONTRACT_BUCKET = 'trail-logs';

const DIGESTS = 'AWSLogs/111122223333/CloudTrail-Digest/';
const LOGS = 'AWSLogs/111122223333/CloudTrail/';
const DIGEST = `${DIGESTS}us-east-1/2026/03/10/111122223333_CloudTrail-Digest_us-east-1_main_us-east-1_20260310T200000Z.json.gz`;
const SIGNED = { signature: 'ab12', 'signature-algorithm': 'SHA256withRSA' };

/** Any bytes: what is stored is not looked at. */
const bytesOf = (key: string): Buffer => Buffer.from([0x1f, 0x8b, 0, 0xff, ...Buffer.from(key)]);

async function all(pages: AsyncIterable<string[]>): Promise<string[]> {
  const keys: string[] = [];
  for await (const page of pages) keys.push(...page);
  return keys;
}

/** @param make  the door to `CONTRACT_BUCKET`, which holds these objects and nothing else */
export function trailBucketsContract(name: string, make: (objects: KeptObject[]) => Promise<TrailBuckets>): void {
  const withKeys = (...keys: string[]) => make(keys.map((key) => ({ key, bytes: bytesOf(key) })));

  describe(`${name} is a TrailBuckets:`, () => {
    test('gives an object’s bytes as stored, and a digest’s metadata', async () => {
      const buckets = await make([{ key: DIGEST, bytes: bytesOf(DIGEST), metadata: SIGNED }]);
      const { bytes, metadata } = await buckets.readObject(CONTRACT_BUCKET, DIGEST);
      assert.deepEqual(Buffer.from(bytes), bytesOf(DIGEST));
      assert.deepEqual({ ...metadata }, SIGNED);
    });

    test('takes a key as it is: blanks, plus, percent, quotes, letters beyond ASCII', async () => {
      const key = `${LOGS}a b+c%20d/'(ü)*日本~.json.gz`;
      const buckets = await withKeys(key);
      assert.deepEqual(Buffer.from((await buckets.readObject(CONTRACT_BUCKET, key)).bytes), bytesOf(key));
      assert.deepEqual(await all(buckets.listObjects(CONTRACT_BUCKET, LOGS, '')), [key]);
    });

    test('tells an object that isn’t there as missing', async () => {
      const buckets = await withKeys(`${LOGS}a`);
      for (const key of [`${LOGS}b`, LOGS.slice(0, -1), `${LOGS}a/c`])
        await assert.rejects(buckets.readObject(CONTRACT_BUCKET, key), (error) => error instanceof ServiceError && error.isMissingObject);
    });

    test('lists the keys with a prefix that sort after a marker, in order, however many', async () => {
      const days = Array.from({ length: 25 }, (_, day) => `${DIGESTS}us-east-1/2026/03/${String(day + 1).padStart(2, '0')}/d.json.gz`);
      const buckets = await withKeys(...days.toReversed(), `${DIGESTS}us-west-2/2026/03/20/d.json.gz`, `${LOGS}us-east-1/x.json.gz`);
      assert.deepEqual(await all(buckets.listObjects(CONTRACT_BUCKET, `${DIGESTS}us-east-1`, days[3]!)), days.slice(4));
      assert.deepEqual(await all(buckets.listObjects(CONTRACT_BUCKET, `${DIGESTS}us-east-1/2026/03/1`, '')), days.slice(9, 19));
    });

    test('lists nothing where nothing begins with the prefix', async () => {
      const buckets = await withKeys(`${LOGS}a`);
      assert.deepEqual(await all(buckets.listObjects(CONTRACT_BUCKET, 'nowhere/at/all', '')), []);
      assert.deepEqual(await buckets.listFolders(CONTRACT_BUCKET, 'nowhere/'), []);
    });

    test('names each folder directly under a prefix once, and no files', async () => {
      const buckets = await withKeys(`${LOGS}file`, `${LOGS}us-east-1/2026/a`, `${LOGS}us-east-1/2027/b`, `${LOGS}us-west-2/c`, DIGEST);
      assert.deepEqual((await buckets.listFolders(CONTRACT_BUCKET, LOGS)).sort(), ['us-east-1', 'us-west-2']);
    });

    test('refuses a bucket it can’t ask, in listing and in reading', async () => {
      const buckets = await withKeys(`${LOGS}a`);
      const isRefusal = (error: unknown) => error instanceof Error && !(error instanceof ServiceError && error.isMissingObject);
      await assert.rejects(all(buckets.listObjects('no-such-logs', '', '')), isRefusal);
      await assert.rejects(buckets.readObject('no-such-logs', `${LOGS}a`), isRefusal);
    });
  });
}
