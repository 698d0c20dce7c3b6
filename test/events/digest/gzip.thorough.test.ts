// Gzip told whole, cut, damaged, or followed by something else.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { GzipError, hashFirstMember, inflateFirstMember } from '../../../events/digest/gzip.ts';

const TEXT = Buffer.from('{"Records":[1,2,3]}'.repeat(20));
const WHOLE = gzipSync(TEXT);
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

test('a whole file is whole', () => {
  assert.deepEqual(inflateFirstMember(WHOLE), { bytes: TEXT, isWhole: true, hasTrailingData: false });
});

for (const [name, tail] of [
  ['zeros', Buffer.alloc(2)],
  ['text', Buffer.from('x')],
  ['a second member', gzipSync('more')],
] as const)
  test(`${name} after the member are trailing data, and not inflated`, () => {
    assert.deepEqual(inflateFirstMember(Buffer.concat([WHOLE, tail])), { bytes: TEXT, isWhole: true, hasTrailingData: true });
  });

test('a file cut anywhere is never an error, and gives a beginning of the text', () => {
  for (let length = 0; length < WHOLE.length; length++) {
    const { bytes, isWhole, hasTrailingData } = inflateFirstMember(WHOLE.subarray(0, length));
    assert.deepEqual({ isWhole, hasTrailingData }, { isWhole: false, hasTrailingData: false }, `cut at ${length}`);
    assert.deepEqual(Buffer.from(bytes), TEXT.subarray(0, bytes.length), `cut at ${length}`);
  }
});

test('any bit flipped in the trailer is an error', () => {
  for (let at = WHOLE.length - 8; at < WHOLE.length; at++) {
    const damaged = Buffer.from(WHOLE);
    damaged[at] = damaged[at]! ^ 1;
    assert.throws(() => inflateFirstMember(damaged), GzipError, `byte ${at}`);
  }
});

test('zlib format, plain text and reserved flags are errors', () => {
  for (const bytes of [Buffer.from('plain text'), Buffer.from([0x78, 0x9c, 1, 2]), Buffer.from([0x1f, 0x8b, 8, 0x80, 0, 0])])
    assert.throws(() => inflateFirstMember(bytes), GzipError);
});

test('a file too large for one piece hashes to the same', async () => {
  const large = Buffer.alloc(70 * 2 ** 20, 'abc');
  const tailed = Buffer.concat([gzipSync(large, { level: 1 }), Buffer.from('x')]);
  assert.deepEqual(await hashFirstMember(tailed), { sha256: sha256(large), isWhole: true, hasTrailingData: true });
  const damaged = gzipSync(large, { level: 1 });
  damaged[damaged.length - 1]! ^= 1;
  await assert.rejects(hashFirstMember(damaged), GzipError);
});
