// Objects read from S3: whole, of the right owner and version, or an error that says what to do.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { S3ObjectStore } from '../../aws/objects.ts';
import { LogFileError, ReadError } from '../../events/errors.ts';
import { storeContract } from '../contracts/store.ts';
import { REF } from '../fakes/records.ts';
import { addressOf, bodyOf, fakeBuckets, s3Error } from '../fakes/s3.ts';

const makeStore = (maxStoredBytes?: number) => async () => {
  const { client, puts } = fakeBuckets();
  const keep = async (key: string, Body: Uint8Array) => {
    puts.set(addressOf('trail-logs', key), { Bucket: 'trail-logs', Key: key, Body });
    return { bucket: 'trail-logs', key };
  };
  const store = new S3ObjectStore(client, maxStoredBytes === undefined ? {} : { maxStoredBytes });
  return { store, keep, nowhere: { bucket: 'trail-logs', key: 'nothing.json.gz' } };
};

storeContract('S3ObjectStore', makeStore(), makeStore(1000));

/** A store whose client answers GetObject with each of `answers` in turn: bytes and how many of them are missing, or an error. */
function storeOf(...answers: ({ bytes: Uint8Array; cut?: number } | Error)[]) {
  const { client, mock } = fakeBuckets();
  let calls = 0;
  mock.on(GetObjectCommand).callsFake(() => {
    const answer = answers[calls++]!;
    if (answer instanceof Error) throw answer;
    return { ContentLength: answer.bytes.length, Body: bodyOf(answer.bytes, answer.cut) };
  });
  return { store: new S3ObjectStore(client), mock };
}

const BYTES = gzipSync('{"Records":[]}');

test('reads the announced version, and only from a bucket of the configured owner', async () => {
  const { client, mock } = fakeBuckets();
  mock.on(GetObjectCommand).callsFake(() => ({ ContentLength: BYTES.length, Body: bodyOf(BYTES) }));
  const store = new S3ObjectStore(client, { owners: new Map([['trail-logs', '111122223333']]) });
  await store.read({ ...REF, versionId: 'v1' });
  const expected = { Bucket: 'trail-logs', Key: REF.key, VersionId: 'v1', ExpectedBucketOwner: '111122223333' };
  assert.deepEqual(mock.commandCalls(GetObjectCommand)[0]?.args[0].input, expected);
});

test('reads a body once more that was cut short', async () => {
  const { store, mock } = storeOf({ bytes: BYTES, cut: 5 }, { bytes: BYTES });
  assert.deepEqual(Buffer.from(await store.read(REF)), BYTES);
  assert.equal(mock.commandCalls(GetObjectCommand).length, 2);
});

test('gives up on a body cut short twice: try again later, never a broken file', async () => {
  const { store } = storeOf({ bytes: BYTES, cut: 5 }, { bytes: BYTES, cut: 1 });
  await assert.rejects(
    store.read(REF),
    (error) => error instanceof ReadError && error.retryable && /cut short twice: \d+ of \d+ bytes/.test(error.message),
  );
});

test('takes a connection that breaks in the body for a body cut short', async () => {
  const { client, mock } = fakeBuckets();
  mock.on(GetObjectCommand).callsFake(() => ({
    ContentLength: BYTES.length,
    Body: (async function* () {
      yield BYTES.subarray(0, 3);
      throw new Error('ECONNRESET');
    })(),
  }));
  await assert.rejects(new S3ObjectStore(client).read(REF), /3 of \d+ bytes: ECONNRESET/);
  assert.equal(mock.commandCalls(GetObjectCommand).length, 2);
});

test('gives a compressed body as it is, whatever its Content-Encoding says', async () => {
  const { client, mock } = fakeBuckets();
  mock.on(GetObjectCommand).callsFake(() => ({ ContentLength: BYTES.length, ContentEncoding: 'gzip', Body: bodyOf(BYTES) }));
  assert.deepEqual(Buffer.from(await new S3ObjectStore(client).read(REF)), BYTES);
});

test('refuses a large object by its length, its body unread', async () => {
  const { client, mock } = fakeBuckets();
  let [destroyed, read] = [false, false];
  const body = {
    destroy: () => {
      destroyed = true;
    },
    [Symbol.asyncIterator]: () => {
      read = true;
      return bodyOf(BYTES)[Symbol.asyncIterator]();
    },
  };
  mock.on(GetObjectCommand).callsFake(() => ({ ContentLength: 200 * 1024 * 1024, Body: body }));
  await assert.rejects(new S3ObjectStore(client).read(REF), (error) => error instanceof LogFileError && error.reason === 'TOO_LARGE');
  assert.deepEqual([destroyed, read], [true, false]);
});

const refusals: [string, Error, RegExp][] = [
  ['a missing object', s3Error('NoSuchKey', 'The specified key does not exist.', 404), /deleted or moved/],
  ['a missing version', s3Error('NoSuchVersion', 'The specified version does not exist.', 404), /version was deleted/],
  ['a delete marker', s3Error('MethodNotAllowed', 'The specified method is not allowed', 405), /delete marker/],
  ['no permission', s3Error('AccessDenied', 'Access Denied', 403), /s3:GetObject/],
  [
    'no permission for the key',
    s3Error('AccessDenied', 'not authorized to perform: kms:Decrypt on resource', 403),
    /kms:Decrypt on the key/,
  ],
  ['a disabled key', s3Error('KMS.DisabledException', 'arn:… is disabled.', 400), /kms:Decrypt on the key/],
  ['an archived object', s3Error('InvalidObjectState', 'The operation is not valid', 403), /restore/],
  ['throttling', s3Error('SlowDown', 'Please reduce your request rate.', 503), /tried again/],
  ['a fault of S3', s3Error('InternalError', 'We encountered an internal error', 500), /tried again/],
];
for (const [name, fault, help] of refusals)
  test(`says what to do about ${name}, and lets the file come again`, async () => {
    const { store } = storeOf(fault);
    await assert.rejects(store.read({ ...REF, versionId: 'v1' }), (error) => {
      assert.ok(error instanceof ReadError);
      assert.equal(error.retryable, true);
      assert.equal(error.source, `s3://trail-logs/${REF.key}?versionId=v1`);
      assert.match(error.help ?? '', help);
      return error.message.includes(fault.message);
    });
  });
