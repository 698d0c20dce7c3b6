// The check on a schedule: where it goes on, what it tells once, what fails alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { awscliReading } from '../../../events/digest/awscli/index.ts';
import type { IntegrityFinding } from '../../../events/digest/findings.ts';
import { type WatchDoors, type WatchedTrail, type WatchOptions, watchTrails } from '../../../events/digest/watch.ts';
import { BUCKET, digestKey, logKey, MAIN, MEMBER, ORGANIZATION, PREFIXED, wholeWorld } from '../../cli/validatelogs/cases.ts';
import { trailArn, type World } from '../../cli/validatelogs/world.ts';
import { WorldBuckets, WorldKeys, worldTrails } from '../../cli/validatelogs/worlddoors.ts';
import { KeptFindings, KeptState } from '../../fakes/watch.ts';

function doorsOf(world: World) {
  const [bus, state] = [new KeptFindings(), new KeptState()];
  const doors: WatchDoors = {
    buckets: new WorldBuckets(world),
    trails: worldTrails(world),
    keysIn: () => new WorldKeys(world),
    bus,
    state,
  };
  return { doors, bus, state };
}

const NOW = new Date('2026-03-11T06:30:00Z');
const failures: unknown[] = [];
const options = (changes: Partial<WatchOptions> = {}): WatchOptions => ({
  ...{ now: NOW, reading: awscliReading(NOW), hours: 24, windowHours: 24, concurrency: 8, timeLeftMs: () => 300_000 },
  onFailure: (_, error) => failures.push(error),
  ...changes,
});
const MAIN_TRAIL: WatchedTrail = { arn: trailArn(MAIN), bucket: BUCKET };

test('intact trails give counts and no finding', async () => {
  const { doors, bus } = doorsOf(wholeWorld());
  const tally = await watchTrails([MAIN_TRAIL], doors, options());
  assert.deepEqual(bus.findings, []);
  // 12 + 3 backfill digests in us-east-1, 4 in eu-west-1; the newest of eu-west-1 is of 22:00.
  assert.deepEqual(tally, {
    digestsProven: 19,
    filesProven: 21,
    filesInvalid: 0,
    findingsTold: 0,
    trailsFailed: 0,
    lagMs: 8.5 * 3_600_000,
    isCutShort: false,
  });
});

test('a tampered log file is told once, with what is wrong and where', async () => {
  const world = wholeWorld();
  const key = logKey(world, '11T03');
  world.put(BUCKET, key, gzipSync('{"Records":[]}'));
  const { doors, bus } = doorsOf(world);
  const first = await watchTrails([MAIN_TRAIL], doors, options());
  assert.equal(first.filesInvalid, 1);
  const [{ id, runbook, ...finding }] = bus.findings as [IntegrityFinding];
  assert.match(id, /^integrity-[0-9a-f]{32}$/);
  assert.match(runbook!, /^See who deleted or wrote the object/);
  const reason = 'the content is not what the digest says: the file was changed, or cut short';
  assert.deepEqual(finding, {
    ...{ kind: 'integrity', rule: 'integrity.log-file', state: 'open', severity: 'high' },
    title: 'A CloudTrail log file is missing or was changed',
    what: reason,
    ...{ account: '111122223333', region: 'us-east-1', resources: [trailArn(MAIN)], events: [], count: 0 },
    ...{ firstTime: '2026-03-11T06:30:00Z', lastTime: '2026-03-11T06:30:00Z' },
    tags: ['attack.defense-evasion', 'attack.t1070'],
    detail: {
      ...{ trail: trailArn(MAIN), file: `s3://${BUCKET}/${key}`, reason },
      span: { from: '2026-03-10T06:30:00Z', to: '2026-03-11T06:30:00Z' },
      foundAt: '2026-03-11T06:30:00Z',
    },
  });
  const second = await watchTrails([MAIN_TRAIL], doors, options({ now: new Date('2026-03-11T07:30:00Z') }));
  assert.equal(second.filesInvalid, 1);
  assert.equal(second.findingsTold, 0);
  assert.equal(bus.findings.length, 1);
});

test('a deleted digest is a finding', async () => {
  const world = wholeWorld();
  const key = digestKey(world, '11T02');
  world.delete(BUCKET, key);
  const { doors, bus } = doorsOf(world);
  await watchTrails([MAIN_TRAIL], doors, options());
  assert.deepEqual(
    bus.findings.map(({ rule, detail: { file, reason } }) => ({ rule, file, reason })),
    [{ rule: 'integrity.digest', file: `s3://${BUCKET}/${key}`, reason: 'the file is missing: it was deleted, or renamed' }],
  );
});

test('a finding the bus refused is told with the next check', async () => {
  const world = wholeWorld();
  world.delete(BUCKET, digestKey(world, '11T02'));
  const { doors, bus } = doorsOf(world);
  bus.refusesNext = true;
  const first = await watchTrails([MAIN_TRAIL], doors, options());
  assert.equal(first.trailsFailed, 1);
  await watchTrails([MAIN_TRAIL], doors, options());
  assert.equal(bus.findings.length, 1);
});

test('the next check goes on where the last one ended, however long ago, in windows', async () => {
  const world = wholeWorld();
  world.delete(BUCKET, logKey(world, '10T19'));
  const { doors, bus, state } = doorsOf(world);
  const place = `${trailArn(MAIN)}  111122223333 us-east-1`;
  await state.setReached(place, Date.parse('2026-03-10T18:00:00Z'));
  await watchTrails([MAIN_TRAIL], doors, options({ hours: 1, windowHours: 3 }));
  assert.equal(bus.findings.length, 1);
  assert.equal(new Date(state.reachedMs.get(place)!).toISOString(), '2026-03-11T06:00:00.000Z');
  const again = doorsOf(world);
  await watchTrails([MAIN_TRAIL], again.doors, options({ hours: 1 }));
  assert.equal(again.bus.findings.length, 0, 'an hour alone does not reach back to the damage');
});

test('bucket and prefix are asked for when not given; an organization trail is checked for every account', async () => {
  const { doors } = doorsOf(wholeWorld());
  const prefixed = await watchTrails([{ arn: trailArn(PREFIXED) }], doors, options());
  assert.equal(prefixed.digestsProven, 3);
  const organization = await watchTrails([{ arn: trailArn(ORGANIZATION) }], doors, options());
  assert.equal(organization.digestsProven, 4);
  const member = await watchTrails([{ arn: trailArn(ORGANIZATION), accountId: MEMBER }], doors, options());
  assert.equal(member.digestsProven, 4);
  const other = await watchTrails([{ arn: trailArn(ORGANIZATION), accountId: '000000000000' }], doors, options());
  assert.equal(other.digestsProven, 0);
});

test('a trail that cannot be read fails alone', async () => {
  const world = wholeWorld();
  world.faults.set(`${BUCKET}/${logKey(world, '11T03')}`, { status: 403, code: 'AccessDenied', message: 'Access Denied' });
  const { doors, bus } = doorsOf(world);
  failures.length = 0;
  const tally = await watchTrails(
    [MAIN_TRAIL, { arn: 'arn:aws:cloudtrail:us-east-1:111122223333:trail/none' }, { arn: trailArn(PREFIXED) }],
    doors,
    options(),
  );
  assert.equal(tally.trailsFailed, 2);
  assert.deepEqual(bus.findings, []);
  assert.match(String(failures[0]), /AccessDenied/);
  assert.match(String(failures[1]), /the account has no trail/);
  assert.ok(tally.digestsProven >= 3, 'the third trail was checked');
});

test('when time runs out the place is checked again from the same point', async () => {
  const { doors, state } = doorsOf(wholeWorld());
  let left = 300_000;
  const tally = await watchTrails([MAIN_TRAIL], doors, options({ timeLeftMs: () => (left -= 100_000) }));
  assert.equal(tally.isCutShort, true);
  assert.equal(state.reachedMs.size, 0);
});

test('a region whose digests prove nothing makes the lag, however well the others do', async () => {
  const world = wholeWorld();
  for (const key of world.keysOf(BUCKET, /CloudTrail-Digest\/eu-west-1/)) world.put(BUCKET, key, Buffer.from('no digest'));
  const { doors } = doorsOf(world);
  const tally = await watchTrails([MAIN_TRAIL], doors, options());
  assert.equal(tally.lagMs, 24 * 3_600_000);
});
