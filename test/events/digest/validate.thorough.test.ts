// A span is checked the same way however many objects are read at once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDate } from '../../../events/digest/awscli/datetime.ts';
import { awscliReading, readTimes, resolveRequest } from '../../../events/digest/awscli/index.ts';
import { type TimeSpan, validateSpan } from '../../../events/digest/validate.ts';
import { BUCKET, CASES, type Case, MAIN, requestOf, wholeWorld, worldOf } from '../../cli/validatelogs/cases.ts';
import { trailArn, type World } from '../../cli/validatelogs/world.ts';
import { WorldBuckets, WorldKeys, worldTrails } from '../../cli/validatelogs/worlddoors.ts';

const NOW = new Date('2026-11-22T00:00:00Z');
const READING = awscliReading(NOW);
const [START, END] = ['2026-03-10T18:00:00Z', '2026-03-11T06:00:00Z'].map((text) => parseDate(text, NOW));
const SPAN: TimeSpan = {
  place: { accountId: MAIN.owner, trailName: MAIN.name, homeRegion: MAIN.homeRegion, sourceRegion: MAIN.homeRegion },
  ...{ bucket: BUCKET, start: START!, end: END! },
};

/** All outcomes as text, and the error that ended them. */
async function outcomesOf(world: World, span: TimeSpan, concurrency: number, buckets = new WorldBuckets(world)): Promise<string[]> {
  const told: string[] = [];
  try {
    for await (const outcome of validateSpan(span, buckets, new WorldKeys(world), { concurrency, unreadable: 'stop', reading: READING }))
      told.push(
        outcome.kind === 'gap'
          ? `gap ${outcome.from.microseconds} ${outcome.to.microseconds}`
          : `${outcome.kind} ${outcome.key} ${outcome.fault?.code}`,
      );
  } catch (error) {
    told.push(`ended by ${error}`);
  }
  return told;
}

/** What the case asks to have checked; undefined when it can't be. */
async function spanOf(chosen: Case, world: World): Promise<TimeSpan | undefined> {
  const request = requestOf(chosen);
  try {
    return await resolveRequest(request, readTimes(request, NOW), worldTrails(world));
  } catch {
    return undefined;
  }
}

test('reading ahead changes nothing: every case gives the same outcomes one at a time and 32 at a time', async () => {
  let compared = 0;
  for (const chosen of CASES) {
    const span = await spanOf(chosen, worldOf(chosen));
    if (!span) continue;
    const slow = await outcomesOf(worldOf(chosen), span, 1);
    assert.deepEqual(await outcomesOf(worldOf(chosen), span, 32), slow, chosen.name);
    compared++;
  }
  assert.ok(compared > 170, `${compared} compared`);
});

test('no more objects are read at once than asked for, and as many as that', async () => {
  const world = wholeWorld();
  const buckets = new WorldBuckets(world);
  await outcomesOf(world, SPAN, 4, buckets);
  assert.equal(buckets.peak, 4);
});

test('each object of an intact trail is read once', async () => {
  const world = wholeWorld();
  const buckets = new WorldBuckets(world);
  const told = await outcomesOf(world, SPAN, 32, buckets);
  assert.equal(told.length, 15 + 18);
  assert.deepEqual([...buckets.reads].sort(), [...new Set(buckets.reads)].sort());
  assert.equal(buckets.reads.length, told.length);
});

test('a reader that stops early stops the reading', async () => {
  const world = wholeWorld();
  const buckets = new WorldBuckets(world);
  for await (const _ of validateSpan(SPAN, buckets, new WorldKeys(world), { concurrency: 1, unreadable: 'stop', reading: READING })) break;
  const reads = buckets.reads.length;
  await new Promise((resume) => setTimeout(resume, 20));
  assert.ok(buckets.reads.length <= reads + 6, `${buckets.reads.length} reads`);
});

test('an organization and its account are settled from the trail', async () => {
  const world = wholeWorld();
  const arn = 'arn:aws:cloudtrail:eu-west-1:999988887777:trail/org';
  const times = readTimes({ trailArn: arn, startTime: '2026-03-10', endTime: '2026-03-11' }, NOW);
  const asked = await resolveRequest({ trailArn: arn, startTime: '', accountId: '444455556666' }, times, worldTrails(world));
  assert.equal(asked.place.organizationId, 'o-example1234');
  const given = await resolveRequest(
    { trailArn: arn, startTime: '', accountId: '444455556666', s3Bucket: 'org-logs', organizationId: 'o-example1234' },
    times,
    worldTrails(world),
  );
  assert.deepEqual(given, asked);
  assert.equal(trailArn(MAIN), 'arn:aws:cloudtrail:us-east-1:111122223333:trail/main');
});
