// What `--strict` finds and awscli lets pass.
import assert from 'node:assert/strict';
import { createSign } from 'node:crypto';
import { test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { parseDate } from '../../../events/digest/awscli/datetime.ts';
import { awscliReading } from '../../../events/digest/awscli/index.ts';
import { StrictChecks, type StrictOptions } from '../../../events/digest/strict.ts';
import { validateSpan } from '../../../events/digest/validate.ts';
import { BUCKET, digestKey, KEY_A, KEY_B, logKey, MAIN, wholeWorld } from '../../cli/validatelogs/cases.ts';
import { signedText, type World } from '../../cli/validatelogs/world.ts';
import { WorldBuckets, WorldKeys } from '../../cli/validatelogs/worlddoors.ts';

const NOW = new Date('2026-11-22T00:00:00Z');
const READING = awscliReading(NOW);
const time = (text: string) => parseDate(text, NOW);

/** What a strict check of main finds, as `subject: text`. */
async function problemsOf(world: World, changes: Partial<StrictOptions> = {}): Promise<string[]> {
  const place = { accountId: MAIN.owner, trailName: MAIN.name, homeRegion: MAIN.homeRegion, sourceRegion: MAIN.homeRegion };
  const span = {
    place,
    bucket: BUCKET,
    start: time('2026-03-10T18:00:00Z'),
    end: time('2026-03-11T06:00:00Z'),
    now: NOW,
    reading: READING,
    ...changes,
  };
  const [checks, buckets] = [new StrictChecks(span), new WorldBuckets(world)];
  const found = [];
  for await (const outcome of validateSpan(span, buckets, new WorldKeys(world), { concurrency: 8, unreadable: 'tell', reading: READING }))
    found.push(...checks.observe(outcome));
  for await (const problem of checks.finish(buckets)) found.push(problem);
  return found.map(({ about, key, text }) => `${key?.split('/').at(-1) ?? about}: ${text}`);
}

const nameOf = (key: string) => key.split('/').at(-1);

test('an intact trail leaves nothing to say', async () => assert.deepEqual(await problemsOf(wholeWorld()), []));

test('every missing hour is counted, where awscli tells of one digest', async () => {
  const world = wholeWorld();
  for (const hour of ['10T22', '10T23', '11T03']) world.delete(BUCKET, digestKey(world, hour));
  assert.deepEqual(
    (await problemsOf(world)).filter((problem) => problem.startsWith('hours')),
    [
      'hours: no valid digest covers 2026-03-10T21:00:00Z to 2026-03-10T23:00:00Z (2 hours)',
      'hours: no valid digest covers 2026-03-11T02:00:00Z to 2026-03-11T03:00:00Z (1 hour)',
    ],
  );
});

test('the newest digests deleted are missed, where awscli says nothing', async () => {
  const world = wholeWorld();
  for (const hour of ['11T05', '11T06']) world.delete(BUCKET, digestKey(world, hour));
  assert.deepEqual(
    (await problemsOf(world)).filter((problem) => problem.startsWith('hours')),
    ['hours: no valid digest covers 2026-03-11T04:00:00Z to 2026-03-11T06:00:00Z (2 hours)'],
  );
});

test('hours that CloudTrail has not had time for are not missed', async () => {
  const live = { end: time('2026-03-11T07:45:00Z'), now: new Date('2026-03-11T07:45:00Z') };
  assert.deepEqual(await problemsOf(wholeWorld(), live), []);
});

test('open ends are where the digests end', async () => {
  const wide = { start: time('2020-01-01T00:00Z'), end: time('2026-11-01T00:00Z') };
  assert.equal((await problemsOf(wholeWorld(), wide)).length, 2);
  assert.deepEqual(await problemsOf(wholeWorld(), { ...wide, isStartOpen: true, isEndOpen: true }), []);
});

test('a file in the bucket that no digest lists is told of', async () => {
  const world = wholeWorld();
  const planted = logKey(world, '10T22').replace(/_[^_]+\.json\.gz$/, '_0000000000000000.json.gz');
  world.put(BUCKET, planted, gzipSync('{"Records":[]}'));
  assert.deepEqual(await problemsOf(world), [`${nameOf(planted)}: no digest lists it`]);
});

test('a log file of the last hour may still be listed by the next digest', async () => {
  const world = wholeWorld();
  const planted = logKey(world, '11T06').replace(/_[^_]+\.json\.gz$/, '_0000000000000000.json.gz');
  world.put(BUCKET, planted, gzipSync('{"Records":[]}'));
  assert.deepEqual(await problemsOf(world), []);
});

test('a link whose hash is not the hash of the digest before is told of', async () => {
  const world = wholeWorld();
  const key = digestKey(world, '11T06');
  world.resign(BUCKET, key, KEY_B, (fields) => {
    fields['previousDigestHashValue'] = '00';
  });
  assert.deepEqual(await problemsOf(world), [
    `${nameOf(key)}: previousDigestHashValue is not the hash of s3://${BUCKET}/${digestKey(world, '11T05')}`,
  ]);
});

test('a digest signed by a key that was no longer valid is told of', async () => {
  const world = wholeWorld();
  const key = digestKey(world, '11T06');
  const previous = world.fieldsOf(BUCKET, key);
  world.putDigest(BUCKET, key, { ...previous, digestPublicKeyFingerprint: KEY_A.fingerprint }, KEY_A);
  assert.deepEqual(await problemsOf(world), [`${nameOf(key)}: its public key ${KEY_A.fingerprint} was not valid at 2026-03-11T06:00:00Z`]);
});

test('a signature by a weaker hash than CloudTrail uses is told of', async () => {
  const world = wholeWorld();
  const key = digestKey(world, '10T22');
  const thing = world.get(BUCKET, key);
  const inflated = gunzipSync(thing.bytes);
  const text = signedText(world.fieldsOf(BUCKET, key), inflated);
  thing.metadata['signature'] = createSign('sha1').update(text).sign(KEY_A.privateKey).toString('hex');
  assert.deepEqual(await problemsOf(world), [`${nameOf(key)}: its signature is made with sha1, not sha256`]);
});
