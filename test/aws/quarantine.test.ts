// The layout of the quarantine, and what its bucket is told of a file.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CopyObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { type QuarantinePart, quarantineKey, S3Quarantine } from '../../aws/quarantine.ts';
import { TrailbusError } from '../../events/errors.ts';
import { originOf, quarantineContract } from '../contracts/quarantine.ts';
import { REF } from '../fakes/records.ts';
import { fakeBuckets } from '../fakes/s3.ts';

const BYTES = Buffer.from('bytes');

quarantineContract('S3Quarantine', async () => {
  const { client, puts } = fakeBuckets();
  const kept = async () =>
    [...puts.values()].map(({ Key = '', Metadata }) => {
      const reason = Metadata?.['reason'] ?? '';
      assert.equal(Metadata?.['original-bucket'], REF.bucket);
      return { reason, ...originOf(Key, reason) };
    });
  return { quarantine: new S3Quarantine(client, 'quarantine'), kept };
});

test('lays out files, notes and records below reason and bucket', () => {
  const lies = (part?: QuarantinePart) => quarantineKey({ bucket: 'trail-logs', key: 'a.json.gz' }, 'GZIP_CORRUPT', part);
  assert.deepEqual(
    [lies(), lies('note'), lies(3)],
    ['', '.note.json', '#3'].map((ending) => `quarantine/GZIP_CORRUPT/trail-logs/a.json.gz${ending}`),
  );
});

test('keeps keys unnormalised: `//`, `..`, blanks and letters beyond ASCII stay', () => {
  const key = 'a//b/../c d/ümlaut.json.gz';
  assert.equal(quarantineKey({ bucket: 'trail-logs', key }, 'GZIP_CORRUPT'), `quarantine/GZIP_CORRUPT/trail-logs/${key}`);
});

const unkeepable: [string, { bucket: string; key: string }][] = [
  ['is too long to be put below another prefix', { bucket: 'trail-logs', key: 'k'.repeat(1024) }],
  ['climbs above its start', { bucket: 'trail-logs', key: 'a/../../../../x' }],
  ['is empty', { bucket: 'trail-logs', key: '' }],
  ['holds half a surrogate pair', { bucket: 'trail-logs', key: 'a\ud800.json.gz' }],
  ['has a bucket whose name is none', { bucket: '../x', key: 'a.json.gz' }],
];
for (const [name, ref] of unkeepable)
  test(`keeps a file by hash whose key ${name}, and its name in a note`, async () => {
    const { client, puts } = fakeBuckets();
    await new S3Quarantine(client, 'quarantine').keepFile(ref, 'GZIP_CORRUPT', 'the checksum is wrong', BYTES);
    const [file, note] = [...puts.values()];
    assert.match(file?.Key ?? '', /^quarantine\/GZIP_CORRUPT\/by-hash\/[0-9a-f]{64}$/);
    assert.equal(note?.Key, `${file?.Key}.note.json`);
    assert.deepEqual(JSON.parse(Buffer.from(note?.Body as Uint8Array).toString()), {
      reason: 'GZIP_CORRUPT',
      why: 'the checksum is wrong',
      ...ref,
    });
  });

test('makes metadata that is safe as headers, whatever the file’s name and version hold', async () => {
  const { client, puts } = fakeBuckets();
  const ref = { bucket: 'trail-logs', key: 'k', versionId: 'v\r\nx-amz-acl: public-read' };
  await new S3Quarantine(client, 'quarantine').keepFile(ref, 'INVALID_JSON', `line\nbreak, 100%, ümlaut ${'x'.repeat(5000)}`, BYTES);
  const metadata = [...puts.values()][0]?.Metadata ?? {};
  for (const value of Object.values(metadata)) assert.match(value, /^[\x20-\x7e]*$/);
  assert.ok(metadata['why']?.startsWith('line%0Abreak, 100%25, %C3%BCmlaut '));
  assert.equal(metadata['original-version'], 'v%0D%0Ax-amz-acl: public-read');
  const bytes = Object.entries(metadata).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  assert.ok(bytes < 2048, `${bytes} bytes of metadata`);
});

test('has S3 copy a file too large to read, its announced version, and notes why', async () => {
  const { client, mock, puts } = fakeBuckets();
  mock.on(CopyObjectCommand).resolves({});
  const owners = { quarantine: '111122223333', logs: new Map([['trail-logs', '222233334444']]) };
  await new S3Quarantine(client, 'quarantine', [], owners).keepFile(
    { bucket: 'trail-logs', key: 'a b/ü+.gz', versionId: 'v/1' },
    'TOO_LARGE',
    'has 3 bytes',
  );
  const { CopySource, Key, TaggingDirective, ...copy } = mock.commandCalls(CopyObjectCommand)[0]!.args[0].input;
  assert.deepEqual([copy.ExpectedBucketOwner, copy.ExpectedSourceBucketOwner], ['111122223333', '222233334444']);
  assert.equal([...puts.values()][0]?.ExpectedBucketOwner, '111122223333');
  assert.deepEqual(
    [CopySource, Key, TaggingDirective],
    ['trail-logs/a%20b/%C3%BC%2B.gz?versionId=v%2F1', 'quarantine/TOO_LARGE/trail-logs/a b/ü+.gz', 'REPLACE'],
  );
  assert.equal([...puts.values()][0]?.Key, 'quarantine/TOO_LARGE/trail-logs/a b/ü+.gz.note.json');
});

test('touches no bucket that is not allowed: its file is only noted', async () => {
  const { client, mock } = fakeBuckets();
  await new S3Quarantine(client, 'quarantine').keepFile({ bucket: 'forged', key: 'k' }, 'BUCKET_NOT_ALLOWED', 'not one of ours');
  assert.deepEqual(
    mock.calls().map((call) => (call.args[0].input as { Bucket: string }).Bucket),
    ['quarantine'],
  );
});

test('refuses to lie in a log bucket', () => {
  const { client } = fakeBuckets();
  assert.throws(
    () => new S3Quarantine(client, 'trail-logs', ['trail-logs']),
    (error) => error instanceof TrailbusError && /bucket of its own/.test(error.help ?? ''),
  );
});

test('lets its own failure rise, so that the file comes again', async () => {
  const { client, mock } = fakeBuckets();
  mock.on(PutObjectCommand).rejects(new Error('SlowDown'));
  await assert.rejects(new S3Quarantine(client, 'quarantine').keepFile(REF, 'GZIP_CORRUPT', 'why', BYTES), /SlowDown/);
});
