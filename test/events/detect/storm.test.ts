import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FindingMaker, type Hit } from '../../../events/detect/index.ts';
import { MemoryFindingState } from '../../../local/findingstate.ts';
import { detectionOf, hitAt, isoTime, Listener, MIDNIGHT, randomFrom } from './hits.ts';

const HOUR = 3600;

function storm(stormLimit?: number) {
  const listener = new Listener();
  const maker = new FindingMaker([detectionOf('id: test')], new MemoryFindingState(), stormLimit === undefined ? {} : { stormLimit });
  return { listener, take: (...hits: Hit[]) => maker.take(hits, listener.tell) };
}

const alone = (seconds: number, more: Partial<Hit> = {}) => hitAt(seconds, `event-${seconds}`, { marks: [], ...more });
const upTo = (count: number) => Array.from({ length: count }, (_, second) => alone(second));

test('fifty findings of a rule in an hour are told each on its own; the next makes one with the count of all', async () => {
  const { listener, take } = storm();
  await take(...upTo(50));
  assert.deepEqual(new Set(listener.said), new Set(['open medium 1']));
  await take(...upTo(51));
  const last = listener.findings.at(-1)!;
  assert.deepEqual([listener.findings.length, last.state, last.count], [51, 'open', 51]);
  assert.equal(last.title, 'more than 50 in an hour: title of event-0');
  assert.equal(last.events.length, 20);
  assert.deepEqual([last.firstTime, last.lastTime], [isoTime(MIDNIGHT), isoTime(MIDNIGHT + 50)]);
});

test('after that nothing is told on its own: only at 100, 1,000 … and when one is severer', async () => {
  const { listener, take } = storm(3);
  for (const hit of upTo(120)) await take(hit);
  await take(alone(130, { severity: 'critical' }));
  await take(alone(140, { severity: 'critical' }));
  assert.deepEqual(listener.said.slice(3), ['open medium 4', 'updated medium 10', 'updated medium 100', 'updated critical 121']);
  assert.equal(new Set(listener.ids).size, 4);
});

test('each hour of eventTime has a storm of its own, however the events arrive', async () => {
  const { listener, take } = storm(1);
  await take(alone(HOUR), alone(10), alone(HOUR + 1), alone(11));
  assert.equal(listener.findings.length, 4);
  assert.deepEqual(
    listener.findings.filter(({ count }) => count > 1).map(({ firstTime }) => firstTime),
    [10, HOUR].map((seconds) => isoTime(MIDNIGHT + seconds)),
  );
});

test('a storm says what all its events have in common, and no more', async () => {
  const { listener, take } = storm(1);
  const by = (who: string) => ({ who, account: '111122223333', from: '192.0.2.1' });
  await take(alone(1, by('alice')), alone(2, by('bob')));
  const { who, account, from } = listener.findings.at(-1)!;
  assert.deepEqual([who, account, from], [undefined, '111122223333', '192.0.2.1']);
});

test('a storm counts no event twice, and counts at least so many past ten thousand', async () => {
  const { listener, take } = storm(1);
  for (let thousand = 0; thousand < 11; thousand++) {
    const hits = Array.from({ length: 1_000 }, (_, each) => hitAt(thousand, `event-${thousand}-${each}`, { marks: [] }));
    await take(...hits, ...hits.slice(0, 300));
  }
  assert.deepEqual(listener.said.slice(1), ['open medium 1000', 'updated medium 10000']);
  const standing = (await take(hitAt(1, 'event-1-1', { marks: [] }))).standing();
  assert.deepEqual(
    standing.map(({ count, detail }) => [count, detail]),
    [[10_000, { isAtLeast: true }]],
  );
});

test('in whatever order and batches: as many alone as the limit allows, one storm with the true count', async () => {
  const property = fc.asyncProperty(
    fc.integer({ min: 1, max: 5 }),
    fc.integer({ min: 0, max: 12 }),
    fc.nat(),
    async (limit, count, chance) => {
      const { listener, take } = storm(limit);
      const random = randomFrom(chance);
      const hits = [...upTo(count), ...upTo(count).filter(() => random() < 0.5)].map((hit) => ({ hit, at: random() }));
      let batch: Hit[] = [];
      for (const { hit } of hits.sort((left, right) => left.at - right.at)) {
        batch.push(hit);
        if (random() < 0.5) continue;
        await take(...batch);
        batch = [];
      }
      await take(...batch);
      const storms = listener.findings.filter(({ title }) => title.startsWith('more than'));
      assert.equal(new Set(listener.ids).size, Math.min(limit, count) + (count > limit ? 1 : 0));
      assert.equal(listener.findings.length - storms.length, Math.min(limit, count));
      const standing = (await take(...upTo(count))).standing().filter(({ count: all }) => all > 1);
      assert.deepEqual(
        standing.map(({ count: all }) => all),
        count > limit && count > 1 ? [count] : [],
      );
    },
  );
  await fc.assert(property, { seed: Number(process.env['SEED'] ?? 20261128), numRuns: 200 });
});
