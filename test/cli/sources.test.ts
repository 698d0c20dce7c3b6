// In which order the files of a folder or bucket come.
import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { afterEach, test } from 'node:test';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { filesOf, SourceListing } from '../../cli/sources.ts';
import { folderOf } from '../fakes/folders.ts';
import { bodyOf } from '../fakes/s3.ts';

const fileOf = (region: string, time: string) =>
  `AWSLogs/111122223333/CloudTrail/${region}/2026/10/05/111122223333_CloudTrail_${region}_${time}_abcdefghijklmnop.json.gz`;

const NAMES = [fileOf('eu-west-1', '20261005T2300Z'), fileOf('us-east-1', '20261005T0105Z'), fileOf('us-east-1', '20261005T2355Z')];

const folder = folderOf(Object.fromEntries([...NAMES, 'notes.txt'].map((name) => [name, ''])));

async function timesIn(order?: { byTime: boolean }, sources = [folder]): Promise<string[]> {
  const times: string[] = [];
  for await (const { ref, total } of filesOf(new SourceListing(sources), order))
    times.push(`${total} ${/_(\d+T\d+Z)_/.exec(basename(ref.key))?.[1]}`);
  return times;
}

/** A bucket with the same files, listed two a page. */
function fakeBucket() {
  const mock = mockClient(S3Client);
  const keys = [...NAMES, 'notes.txt'].sort();
  mock.on(ListObjectsV2Command).callsFake(async ({ ContinuationToken = '0' }: { ContinuationToken?: string }) => {
    const from = Number(ContinuationToken);
    const Contents = keys.slice(from, from + 2).map((Key) => ({ Key }));
    return from + 2 < keys.length ? { Contents, NextContinuationToken: String(from + 2) } : { Contents };
  });
  mock.on(GetObjectCommand).callsFake(async ({ Key }: { Key: string }) => ({ Body: bodyOf(Buffer.from(Key)), ContentLength: Key.length }));
  return mock;
}

afterEach(() => mockClient(S3Client).restore());

test('files come folder by folder', async () =>
  assert.deepEqual(await timesIn(), ['4 20261005T2300Z', '4 20261005T0105Z', '4 20261005T2355Z', '4 undefined']));

test('by time they come as they were delivered, and first what has no time in its name', async () =>
  assert.deepEqual(await timesIn({ byTime: true }), ['4 undefined', '4 20261005T0105Z', '4 20261005T2300Z', '4 20261005T2355Z']));

test('a bucket’s objects come by key, and nobody knows how many', async () => {
  fakeBucket();
  const times = ['undefined 20261005T2300Z', 'undefined 20261005T0105Z', 'undefined 20261005T2355Z', 'undefined undefined'];
  assert.deepEqual(await timesIn(undefined, ['s3://logs']), times);
});

test('by time a bucket is listed first, once, and its objects come between a folder’s files', async () => {
  const mock = fakeBucket();
  const listing = new SourceListing(['s3://logs', folder]);
  assert.equal((await listing.all()).length, 8);
  const found: string[] = [];
  for await (const { ref, store, skip, total } of filesOf(listing, { byTime: true })) {
    const text = skip === undefined && ref.bucket !== '' ? String(await store.read(ref)) : '';
    found.push(`${total} ${ref.bucket || 'folder'} ${/_(\d+T\d+Z)_/.exec(basename(ref.key))?.[1]} ${text === ref.key}`);
  }
  const times = ['20261005T0105Z', '20261005T2300Z', '20261005T2355Z'].flatMap((time) => [`8 logs ${time} true`, `8 folder ${time} false`]);
  assert.deepEqual(found, ['8 logs undefined false', '8 folder undefined false', ...times]);
  assert.equal(mock.commandCalls(ListObjectsV2Command).length, 2);
});

test('files are timed where each log file’s name has a time', async () => {
  assert.equal(await new SourceListing([folder]).isTimed(), true);
  assert.equal(await new SourceListing([folder, folderOf({ 'loose.json': '{}' })]).isTimed(), false);
});
