// The committed sample logs: what the generator makes, complete, and proven by their own digests.
import assert from 'node:assert/strict';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hashFolder, keysIn, METADATA_ENDING, readSampleText } from '../samples/folder.ts';
import { sha256 } from '../samples/logfile.ts';
import { planFiles } from '../samples/plan.ts';
import { COMMITTED, ordinaryFiles, signDelivered, storyFiles } from '../samples/sample.ts';
import { STEPS, storyTable } from '../samples/story/index.ts';

const SAMPLES = join(import.meta.dirname, '../samples');
const LOGS = join(SAMPLES, 'logs');
const LOG_KEY =
  /^AWSLogs\/(\d{12})\/(CloudTrail(?:-Insight|-NetworkActivity|-Aggregated)?)\/([a-z0-9-]+)\/(\d{4})\/(\d\d)\/(\d\d)\/\1_\2_\3_\4\5\6T\d{4}Z_[A-Za-z0-9]{16}\.json\.gz$/;
const DIGEST_KEY =
  /^AWSLogs\/(\d{12})\/CloudTrail-Digest\/([a-z0-9-]+)\/(\d{4})\/(\d\d)\/(\d\d)\/\1_CloudTrail-Digest_\2_example_us-east-1_\3\4\5T\d{6}Z(_backfill)?\.json\.gz$/;

type Fields = Record<string, unknown>;
interface Digest {
  digestStartTime: string;
  digestEndTime: string;
  digestS3Bucket: string;
  digestS3Object: string;
  digestPublicKeyFingerprint: string;
  previousDigestS3Object: string | null;
  previousDigestHashValue: string | null;
  previousDigestSignature: string | null;
  logFiles: { s3Object: string; hashValue: string; newestEventTime: string; oldestEventTime: string }[];
}

const readJson = <T>(path: string): T => JSON.parse(readFileSync(path, 'utf8')) as T;
const keys = keysIn(LOGS);
const texts = new Map(keys.map((key) => [key, readSampleText(LOGS, key)]));
const isDigest = (key: string): boolean => key.includes('/CloudTrail-Digest/');
const logKeys = keys.filter((key) => !isDigest(key));
const digests = keys.filter(isDigest).map((key) => ({ key, text: texts.get(key)!, digest: JSON.parse(texts.get(key)!) as Digest }));
const records = logKeys.flatMap((key) => (JSON.parse(texts.get(key)!) as { Records: Fields[] }).Records);
const metadataOf = (key: string) => readJson<Record<string, string>>(join(LOGS, key + METADATA_ENDING));
const publicKeys = readJson<{ PublicKeyList: { Value: string; Fingerprint: string }[] }>(join(SAMPLES, 'public-keys.json'));
const keyByFingerprint = new Map(publicKeys.PublicKeyList.map(({ Fingerprint, Value }) => [Fingerprint, Buffer.from(Value, 'base64')]));

function groupBy<T>(items: readonly T[], keyOf: (item: T) => unknown): Map<unknown, T[]> {
  const groups = new Map<unknown, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

test('the committed files are what the generator makes', () => {
  const logs = [...storyFiles(COMMITTED)];
  const signed = signDelivered(logs, COMMITTED);
  const made = new Map([...logs, ...signed.digests].map(({ key, text }) => [key, text]));
  assert.deepEqual([...made.keys()].sort(), keys);
  for (const [key, text] of made) assert.equal(sha256(texts.get(key)!), sha256(text), key);
  assert.deepEqual(publicKeys, signed.keys);
});

test('the manifest has the hash and the counts of the committed files', () => {
  const manifest = readJson<Fields>(join(SAMPLES, 'manifest.json'));
  assert.equal(manifest['sha256'], hashFolder(LOGS));
  assert.deepEqual([manifest['files'], manifest['digests'], manifest['records']], [logKeys.length, digests.length, records.length]);
});

test('every key has the layout of its folder', () => {
  for (const key of keys) assert.match(key, isDigest(key) ? DIGEST_KEY : LOG_KEY);
});

test('event ids are uuids and never come twice', () => {
  const ids = records.map((record) => String(record['eventID'] ?? record['eventId']));
  for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(new Set(ids).size, ids.length);
});

test('every step of the story stands in the logs, and nobody else comes from the intruder’s addresses', () => {
  const identify = (time: unknown, source: unknown, name: unknown, account: unknown) => [time, source, name, account].join(' ');
  const seen = new Set(records.map((r) => identify(r['eventTime'], r['eventSource'], r['eventName'], r['recipientAccountId'])));
  for (const { at, call, account } of STEPS) {
    const [source, name] = call.split(':');
    assert.ok(seen.has(identify(`2026-10-05T${at}Z`, `${source}.amazonaws.com`, name, account)), `${at} ${call}`);
  }
  const intruder = records.filter((record) => /^203\.0\.113\./.test(String(record['sourceIPAddress'])));
  const outside = STEPS.filter(({ who }) => who !== 'aws').length;
  assert.equal(intruder.length, outside + 2, 'the story, and the two records of its step into the second account');
});

test('every kind of record is there', () => {
  const count = (field: string) => new Set(records.map((record) => record[field]));
  for (const version of ['1.05', '1.06', '1.07', '1.08', '1.09', '1.10', '1.11']) assert.ok(count('eventVersion').has(version), version);
  const types = [
    'AwsApiCall',
    'AwsConsoleSignIn',
    'AwsConsoleAction',
    'AwsServiceEvent',
    'AwsCloudTrailInsight',
    'AwsVpceEvent',
    'AwsAggregatedEvent',
  ];
  for (const type of types) assert.ok(count('eventType').has(type), type);
  const reasons = new Set(records.map((record) => (record['addendum'] as Fields | undefined)?.['reason']));
  assert.deepEqual([...reasons].sort(), ['DELIVERY_DELAY', 'UPDATED_DATA', undefined]);
});

test('an event shared by two accounts has one shared id and two event ids', () => {
  const shared = groupBy(
    records.filter((record) => record['sharedEventID'] && record['eventSource'] === 'sts.amazonaws.com'),
    (record) => record['sharedEventID'],
  );
  assert.equal(shared.size, 4);
  for (const pair of shared.values()) {
    assert.deepEqual(pair.map((record) => record['recipientAccountId']).sort(), ['111122223333', '444455556666']);
    assert.notEqual(pair[0]!['eventID'], pair[1]!['eventID']);
  }
});

test('no record holds an address, an account or a key id that could be somebody’s', () => {
  const all = logKeys.map((key) => texts.get(key)!).join('\n');
  for (const [id] of all.matchAll(/A(?:KIA|SIA|IDA|ROA)[A-Z0-9]{12,}/g)) assert.match(id, /EXAMPLE$/);
  for (const { sourceIPAddress: address } of records as { sourceIPAddress?: string }[]) {
    if (address && /^[\d.]+$|^[0-9a-f:]+$/.test(address)) assert.match(address, /^(192\.0\.2|198\.51\.100|203\.0\.113)\.|^2001:db8:/);
  }
  const accounts = new Set([...all.matchAll(/arn:aws:[a-z0-9-]+:[a-z0-9-]*:(\d{12}):/g)].map(([, account]) => account));
  assert.deepEqual([...accounts].sort(), ['111122223333', '444455556666', '999988887777']);
});

test('every signature is of the digest beside it, by a listed key', () => {
  for (const { key, text, digest } of digests) {
    const signed = [digest.digestEndTime, `${digest.digestS3Bucket}/${key}`, sha256(text), String(digest.previousDigestSignature)].join(
      '\n',
    );
    const publicKey = createPublicKey({ key: keyByFingerprint.get(digest.digestPublicKeyFingerprint)!, format: 'der', type: 'pkcs1' });
    const metadata = metadataOf(key);
    assert.equal(digest.digestS3Object, key);
    assert.equal(metadata['signature-algorithm'], 'SHA256withRSA');
    assert.ok(verify('sha256', Buffer.from(signed), publicKey, Buffer.from(metadata['signature']!, 'hex')), key);
    assert.equal('backfill-generation-timestamp' in metadata, key.includes('_backfill'));
  }
});

test('the fingerprint of a public key is the MD5 of its DER', () => {
  for (const [fingerprint, der] of keyByFingerprint) assert.equal(createHash('md5').update(der).digest('hex'), fingerprint);
});

test('digests of a place follow each other hour by hour, each with the hash and signature of the one before', () => {
  const chains = groupBy(
    digests.filter(({ key }) => !key.includes('_backfill')),
    ({ key }) => key.split('/').slice(1, 4).join('/'),
  );
  assert.equal(chains.size, 6);
  for (const chain of chains.values()) {
    assert.equal(chain.length, 25);
    assert.equal(chain[0]!.digest.previousDigestS3Object, null);
    for (const [index, { digest }] of chain.slice(1).entries()) {
      const before = chain[index]!;
      assert.equal(digest.digestStartTime, before.digest.digestEndTime);
      assert.equal(digest.previousDigestS3Object, before.key);
      assert.equal(digest.previousDigestHashValue, sha256(before.text));
      assert.equal(digest.previousDigestSignature, metadataOf(before.key)['signature']);
    }
  }
});

test('every log file stands in exactly one digest, with its hash and its times', () => {
  const listed = digests.flatMap(({ digest }) => digest.logFiles);
  assert.deepEqual(listed.map(({ s3Object }) => s3Object).sort(), logKeys);
  for (const { s3Object, hashValue, newestEventTime, oldestEventTime } of listed) {
    assert.equal(hashValue, sha256(texts.get(s3Object)!));
    assert.ok(oldestEventTime <= newestEventTime);
  }
});

test('late files stand in backfill digests alone', () => {
  const backfill = digests.filter(({ key }) => key.includes('_backfill'));
  assert.equal(backfill.length, 2);
  for (const { digest } of backfill) {
    for (const { s3Object } of digest.logFiles) assert.match(texts.get(s3Object)!, /"reason":"DELIVERY_DELAY"/);
  }
});

test('the readme tells the story as it is', () => {
  assert.ok(
    readFileSync(join(SAMPLES, 'README.md'), 'utf8').includes(storyTable()),
    'put the table of `storyTable()` into samples/README.md',
  );
});

const small = { ...COMMITTED, seed: 'small', records: 500, files: 40 };
const otherSeed = { ...small, seed: 'other' };

test('ordinary traffic comes out the same for a seed and otherwise for another', () => {
  const textOf = (options: typeof small) => sha256([...ordinaryFiles(options)].map(({ key, text }) => key + text).join('\n'));
  assert.equal(textOf(small), textOf(small));
  assert.notEqual(textOf(small), textOf(otherSeed));
});

test('a plan has just as many files and records as asked for, spread over all places', () => {
  const plan = planFiles({ ...small, records: 4000, files: 300, days: 3, regions: ['eu-central-1', 'ap-southeast-2'] });
  assert.equal(plan.length, 300);
  assert.equal(
    plan.reduce((sum, { records: count }) => sum + count, 0),
    4000,
  );
  assert.deepEqual([...new Set(plan.map(({ place }) => place.region))].sort(), ['ap-southeast-2', 'eu-central-1']);
  assert.throws(() => planFiles({ ...small, records: 10, files: 20 }), /20 files need at least as many records/);
});
