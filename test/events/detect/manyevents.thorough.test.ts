// A key with more events than are remembered: what is kept still decides, an item stays small, memory bounded.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { MAX_STATE_BYTES } from '../../../aws/findingstate.ts';
import { FindingMaker, type Hit } from '../../../events/detect/index.ts';
import { isWhollyComplete } from '../../../events/detect/standing.ts';
import { type CountedWindow, type Enough, type WindowGroup, windowsOf } from '../../../events/detect/window.ts';
import { byTimeAndId, type WindowEvent } from '../../../events/detect/windowevent.ts';
import { decidingEvents } from '../../../events/detect/windowevents.ts';
import { MemoryFindingState } from '../../../local/findingstate.ts';
import { detectionOf, hitAt, Listener, MIDNIGHT, mark, randomFrom } from './hits.ts';

const seed = Number(process.env['SEED'] ?? 20261128);
const [START, PERIOD] = [1_000, 100];

const groupOf = (enough: Enough, within: number): WindowGroup => ({
  ...{ name: 'main', period: PERIOD, lookBack: within, windows: [{ name: 'main', within, enough } satisfies CountedWindow] },
});

const events = fc
  .array(fc.record({ time: fc.integer({ min: START - 30, max: START + PERIOD - 1 }), value: fc.constantFrom('a', 'b', 'c', 'd') }), {
    maxLength: 60,
  })
  .map((drawn) =>
    drawn.map(({ time, value }, at): WindowEvent => ({ id: `e${at}`, time, severity: 'low', marks: { main: [value] } })).sort(byTimeAndId),
  );

const kinds = fc.oneof(
  fc.record({ kind: fc.constant('threshold' as const), atLeast: fc.integer({ min: 2, max: 8 }) }),
  fc.record({ kind: fc.constant('distinct' as const), atLeast: fc.integer({ min: 2, max: 4 }) }),
);

/** As a threshold's events are marked. */
const markedFor = (all: WindowEvent[], { kind }: Enough): WindowEvent[] =>
  kind === 'threshold' ? all.map((event) => ({ ...event, marks: { main: [] } })) : all;

test('of too many events those that are kept are enough exactly when all are', () => {
  const property = fc.property(events, kinds, fc.integer({ min: 5, max: 30 }), (drawn, enough, within) => {
    const [all, group] = [markedFor(drawn, enough), groupOf(enough, within)];
    assert.equal(isWhollyComplete(decidingEvents(all, group, START), group, START), isWhollyComplete(all, group, START));
  });
  fc.assert(property, { seed, numRuns: 3_000 });
});

test('which are kept hangs on the events alone: what was left out before is left out again', () => {
  const property = fc.property(events, kinds, fc.integer({ min: 5, max: 30 }), fc.nat(), (drawn, enough, within, chance) => {
    const [all, group, random] = [markedFor(drawn, enough), groupOf(enough, within), randomFrom(chance)];
    const earlier = new Set(
      decidingEvents(
        all.filter(() => random() < 0.6),
        group,
        START,
      ),
    );
    const later = all.filter((event) => !earlier.has(event) && random() < 0.9);
    // Whatever of the earlier ones was left out is left out of the whole as well.
    const rest = all.filter((event) => !earlier.has(event) && !later.includes(event));
    const whole = [...earlier, ...later, ...rest].sort(byTimeAndId);
    const twice = decidingEvents(
      [...decidingEvents([...earlier, ...later].sort(byTimeAndId), group, START), ...rest].sort(byTimeAndId),
      group,
      START,
    );
    assert.deepEqual(twice, decidingEvents(whole, group, START));
  });
  fc.assert(property, { seed, numRuns: 2_000 });
});

/** A maker over memory that is given events in batches of a thousand. */
async function flooded(yaml: string, hits: Iterable<Hit>) {
  const [state, listener] = [new MemoryFindingState(), new Listener()];
  const maker = new FindingMaker([detectionOf(`id: test\n${yaml}`)], state, { now: () => MIDNIGHT });
  let batch: Hit[] = [];
  const take = async () => {
    await maker.take(batch, listener.tell);
    batch = [];
  };
  for (const hit of hits) if (batch.push(hit) === 1_000) await take();
  await take();
  return { state, listener, maker };
}

function* flood(count: number, marksAt: (at: number) => Hit['marks'], more: Partial<Hit> = {}): Generator<Hit> {
  for (let at = 0; at < count; at++)
    yield hitAt(1 + (at % 3_000), `e0000000-${at}-${(at * 7_919) % 65_536}-event`, { marks: marksAt(at), ...more });
}

test('past ten thousand events the count is at least that, and the finding still gets severer', async () => {
  const { listener, maker } = await flooded(
    'window: { threshold: 3, within: 10m, by: principal }',
    flood(12_000, () => [mark('alice')]),
  );
  assert.deepEqual(listener.said, ['open medium 1000', 'updated medium 10000']);
  const { standing } = await maker.take([hitAt(5, 'severe', { severity: 'critical' })], listener.tell);
  assert.deepEqual(
    standing().map(({ severity, detail }) => [severity, detail]),
    [['critical', { isAtLeast: true }]],
  );
  assert.ok(standing()[0]!.count >= 10_000);
  assert.equal(listener.findings.at(-1)!.severity, 'critical');
});

test('a flood of one value hides no other values', async () => {
  const yaml = 'window: { distinct: requestParameters.name, atLeast: 5, within: 5m, by: principal }';
  const { listener, maker } = await flooded(
    yaml,
    flood(15_000, () => [mark('alice', { value: 'always' })]),
  );
  assert.deepEqual(listener.said, []);
  const others = [1, 2, 3, 4].map((each) => hitAt(1_500 + each, `other ${each}`, { marks: [mark('alice', { value: `value ${each}` })] }));
  await maker.take(others, listener.tell);
  assert.equal(listener.findings.length, 1);
});

test('a flood of failed sign-ins does not hide the one that went well', async () => {
  const yaml =
    'window: { sequence: [{ pattern: { detail: { a: [1] } }, atLeast: 5 }, { pattern: { detail: { a: [2] } } }], within: 5m, by: account }';
  const { listener, maker } = await flooded(
    yaml,
    flood(15_000, () => [mark('a', { step: 0 })]),
  );
  assert.deepEqual(listener.said, []);
  await maker.take([hitAt(2_990, 'success', { marks: [mark('a', { step: 1 })] })], listener.tell);
  assert.deepEqual(
    listener.findings.map(({ title }) => title),
    ['title of success'],
  );
});

test('a flood before the period hides nothing in it', async () => {
  const yaml = 'window: { distinct: requestParameters.name, atLeast: 5, within: 5m, by: principal }';
  const before = function* () {
    for (let at = 0; at < 15_000; at++)
      yield hitAt(3_400 + (at % 200), `event ${at}`, { marks: [mark('alice', { value: `before ${at}` })] });
  };
  const { listener, maker } = await flooded(yaml, before());
  const known = listener.findings.length;
  await maker.take([hitAt(3_600, 'after', { marks: [mark('alice', { value: 'after' })] })], listener.tell);
  assert.equal(listener.findings.length, known + 1);
});

/** The findings of some hits, given in batches of random size, some of them again out of another file. */
async function arrived(yaml: string, hits: readonly Hit[], random: () => number): Promise<unknown[]> {
  const maker = new FindingMaker([detectionOf(`id: test\n${yaml}`)], new MemoryFindingState());
  const standing = new Map<string, unknown>();
  const left = [...hits];
  while (left.length > 0) {
    const batch = left.splice(0, 1 + Math.floor(random() * 90));
    const again = batch.filter(() => random() < 0.1).map((hit) => ({ ...hit, event: { ...hit.event, key: 'b.json.gz' } }));
    // Out of the file that is named anyway, or out of one that comes after it.
    if (left.length > 0) left.push(...again);
    const taken = await maker.take(batch, async () => undefined);
    for (const { state: _, ...finding } of taken.standing()) standing.set(finding.id, finding);
  }
  return [...standing].sort().map(([, finding]) => finding);
}

for (const [what, yaml] of [
  ['a threshold', 'window: { threshold: 20, within: 3m, by: principal }'],
  ['different values', 'window: { distinct: requestParameters.name, atLeast: 6, within: 2m, by: principal }'],
] as const)
  test(`${what}: of a thousand events of a key in an hour the same are named, in whatever order they come`, async () => {
    const random = randomFrom(seed);
    const name = () => `ẞ${'x'.repeat(Math.floor(random() * 250))}`;
    const hits = Array.from({ length: 1_000 }, (_, at): Hit => {
      const seconds = Math.floor(random() * 3_600);
      const marks = [mark('alice', yaml.includes('distinct') ? { value: `v${Math.floor(random() * 7)}` } : {})];
      const words = { title: name(), who: name(), resources: [name(), name()] };
      return hitAt(seconds, `event-${at}`, {
        marks,
        ...words,
        event: { ...hitAt(seconds, `event-${at}`).event, key: 'a.json.gz', index: at },
      });
    });
    const byTime = [...hits].sort((left, right) => (left.event.time < right.event.time ? -1 : 1));
    const expected = await arrived(yaml, byTime, () => 0.5);
    assert.equal((expected[0] as { events: unknown[] }).events.length, 20);
    for (let round = 0; round < 6; round++) {
      const shuffled = [...hits].map((hit) => ({ hit, at: random() })).sort((left, right) => left.at - right.at);
      assert.deepEqual(
        await arrived(
          yaml,
          shuffled.map(({ hit }) => hit),
          random,
        ),
        expected,
      );
    }
  });

const WIDE = 'ẞ😀'.repeat(80);

for (const [what, yaml, marksAt] of [
  ['a threshold’s', 'window: { threshold: 900, within: 59m, by: principal, dedup: 2h }', () => [mark('alice')]],
  [
    'different values’',
    'window: { distinct: requestParameters.name, atLeast: 900, within: 59m, by: principal, dedup: 2h }',
    (at: number) => [mark('alice', { value: `${at}-${(at * 7_919) % 9_973} ${WIDE}` })],
  ],
] as const)
  test(`${what} largest item, of texts as long as they get, stays below the table’s limit`, async () => {
    let largest = 0;
    const [state, random] = [new MemoryFindingState(), randomFrom(3)];
    const measured = {
      read: (keys: readonly string[]) => state.read(keys),
      write: (...[key, value, how]: Parameters<typeof state.write>) => {
        largest = Math.max(largest, deflateRawSync(JSON.stringify(value)).length);
        return state.write(key, value, how);
      },
    };
    const noise = () => Array.from({ length: 256 }, () => String.fromCodePoint(0x4e00 + Math.floor(random() * 20_000))).join('');
    const maker = new FindingMaker([detectionOf(`id: test\n${yaml}`)], measured);
    for (let batch = 0; batch < 11; batch++) {
      const hits = Array.from({ length: 1_000 }, (_, each) => {
        const at = batch * 1_000 + each;
        const texts = each < 100 ? { title: noise(), who: noise(), from: noise(), resources: Array.from({ length: 20 }, noise) } : {};
        return hitAt(at % 3_000, `${random()}-${random()}`, { marks: [...marksAt(at)], ...texts });
      });
      await maker.take(hits, new Listener().tell);
    }
    assert.ok(largest > 50_000 && largest < MAX_STATE_BYTES, `${largest} bytes`);
  });

test('hits over a month and many keys stay bounded in memory', async () => {
  const [state, listener] = [new MemoryFindingState(), new Listener()];
  const maker = new FindingMaker([detectionOf('id: test\nwindow: { threshold: 3, within: 5m, by: principal }')], state);
  let [batch, most]: [Hit[], number] = [[], 0];
  for (let at = 0; at < 120_000; at++) {
    batch.push(hitAt(at * 20, `event-${at}`, { marks: [mark(`key ${at % 5_000}`)] }));
    if (batch.length < 500) continue;
    await maker.take(batch, listener.tell);
    most = Math.max(most, state.size);
    batch = [];
  }
  assert.ok(most < 25_000, `${most} items`);
});

test('the windows of a detection without its own are kept together when they count by the same', () => {
  const window = (by: string, within: string) => `window: { threshold: 3, within: ${within}, by: ${by} }`;
  const raise = `raise: [{ to: high, ${window('principal', '5m')} }, { to: high, ${window('account', '5m')} }, { to: critical, ${window('principal', '9m')} }, { to: low, ${window('principal', '2h')} }]`;
  assert.deepEqual(
    windowsOf(detectionOf(`id: test\n${raise}`)).groups.map(({ name, period, windows }) => [
      name,
      period,
      windows.map((each) => each.name),
    ]),
    [
      ['raise.0', 3_600, ['raise.0', 'raise.2']],
      ['raise.1', 3_600, ['raise.1']],
      ['raise.3', 86_400, ['raise.3']],
    ],
  );
});
