// For every order of arrival, every split into batches, every duplicate and every collision the same findings as of all events at once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FindingMaker, type Hit, type TakenHits, type WindowMark } from '../../../events/detect/index.ts';
import { DeliveryError } from '../../../events/errors.ts';
import { type Finding, isAtLeast, SEVERITIES } from '../../../events/finding.ts';
import { MemoryFindingState } from '../../../local/findingstate.ts';
import { detectionOf, hitAt, Listener, MIDNIGHT, randomFrom, UnsteadyState } from './hits.ts';
import { type ReferenceFinding, referenceFindings } from './windowreference.ts';

const seed = Number(process.env['SEED'] ?? 20261128);
const runs = Number(process.env['RUNS'] ?? 300);
test.before(() => console.log(`window properties: seed ${seed} (set SEED to try another, RUNS for more)`));

const PERIOD = 100;
const spanned = 'by: principal, within: 30s, dedup: 100s';
const sequence =
  '{ pattern: { detail: { eventName: [A] } }, atLeast: 2 }, { pattern: { detail: { eventName: [B] } } }, { pattern: { detail: { eventName: [C] } }, atLeast: 2 }';

/** Detections, and the windows whose findings are looked at. */
const KINDS = {
  threshold: { names: ['main'], yaml: `window: { threshold: 3, ${spanned} }` },
  distinct: { names: ['main'], yaml: `window: { distinct: requestParameters.name, atLeast: 3, ${spanned} }` },
  sequence: { names: ['main'], yaml: `window: { sequence: [${sequence}], ${spanned} }` },
  'threshold with raises': {
    names: ['main', 'raise.0', 'raise.1'],
    yaml: [
      `window: { threshold: 3, ${spanned} }`,
      `raise:`,
      `  - { to: high, window: { threshold: 5, by: principal, within: 60s } }`,
      `  - { to: critical, window: { distinct: requestParameters.name, atLeast: 4, by: principal, within: 90s } }`,
    ].join('\n'),
  },
  'raises without a window': {
    names: ['raise.0', 'raise.1'],
    yaml: `raise:\n  - { to: high, window: { threshold: 3, ${spanned} } }\n  - { to: critical, window: { distinct: requestParameters.name, atLeast: 4, by: principal, within: 90s, dedup: 100s } }`,
  },
};

const VALUES = ['a', 'b', 'c', 'd', 'a value that is much longer than most'];

/** An event as the evaluator would have it: marks for some of the windows, and for a sequence a hit for each step. */
const eventOf = (names: readonly string[], kind: string) =>
  fc
    .record({
      time: fc.oneof(
        fc.integer({ min: 6, max: 14 }).map((tens) => tens * 10),
        fc.integer({ min: 60, max: 140 }),
        fc.integer({ min: 0, max: 300 }),
      ),
      key: fc.constantFrom('alice', 'alice', 'bob'),
      severity: fc.constantFrom(...SEVERITIES, 'low' as const, 'low' as const),
      values: fc.uniqueArray(fc.constantFrom(...VALUES), { minLength: 1, maxLength: 2 }),
      steps: fc.uniqueArray(fc.nat(2), { minLength: 1, maxLength: 2 }),
      without: fc.option(fc.constantFrom(...names), { nil: undefined, freq: 6 }),
    })
    .map(({ without, ...event }) => ({ ...event, names: names.filter((name) => name === 'main' || name !== without), kind }));

type Drawn = typeof eventOf extends (...given: never[]) => fc.Arbitrary<infer Event> ? Event : never;

const isDistinct = (name: string, kind: string) => kind === 'distinct' || name === 'raise.1';

function hitsOf({ time, key, severity, values, steps, names, kind }: Drawn, at: number): Hit[] {
  const marks: WindowMark[] = names.flatMap((window) =>
    isDistinct(window, kind) ? values.map((value) => ({ window, key: [key], value })) : [{ window, key: [key] }],
  );
  const hit = hitAt(time, `event-${at}`, { severity, marks });
  return kind !== 'sequence' ? [hit] : steps.map((step) => ({ ...hit, marks: [{ window: 'main', key: [key], step }] }));
}

/** Hits as they arrive: in some order, some again, in batches of which some arrive together. */
interface Arrival {
  hits: Hit[];
  rounds: Hit[][][];
}

function arrivalOf(hits: Hit[], random: () => number): Arrival {
  const all = [...hits, ...hits.filter(() => random() < 0.4), ...hits.filter(() => random() < 0.2)];
  const shuffled = all.map((hit) => ({ hit, at: random() })).sort((left, right) => left.at - right.at);
  const batches: Hit[][] = [[]];
  for (const { hit } of shuffled) {
    if (random() < 0.3) batches.push([]);
    batches.at(-1)!.push(hit);
  }
  const rounds: Hit[][][] = [[]];
  for (const batch of batches) {
    if (random() < 0.4) rounds.push([]);
    rounds.at(-1)!.push(batch);
  }
  return { hits, rounds };
}

/** Takes hits as a queue gives them: again and again while somebody else is telling. */
async function deliver(maker: FindingMaker, hits: Hit[], listener: Listener): Promise<TakenHits> {
  for (let attempt = 0; attempt < 200; attempt++) {
    try {
      return await maker.take(hits, listener.tell);
    } catch (error) {
      if (!(error instanceof DeliveryError)) throw error;
    }
  }
  throw new Error('the hits were never taken');
}

const seenIn = ({ id, severity, title, count, events, firstTime, lastTime }: Finding): ReferenceFinding => ({
  ...{ id, severity, title, count, named: events.map(({ eventID }) => eventID!), firstTime: firstTime!, lastTime: lastTime! },
});

const byId = (left: { id: string }, right: { id: string }) => (left.id < right.id ? -1 : 1);

function assertToldWell(told: readonly Finding[], wanted: readonly ReferenceFinding[]): void {
  assert.deepEqual([...new Set(told.map(({ id }) => id))].sort(), wanted.map(({ id }) => id).sort());
  for (const finding of wanted) {
    const times = told.filter(({ id }) => id === finding.id);
    assert.deepEqual(times.filter(({ state }) => state === 'open').length, 1, 'opened once');
    assert.ok(
      times.some(({ severity }) => severity === finding.severity),
      'its severity was told',
    );
    assert.ok(times.every(({ severity }) => isAtLeast(finding.severity, severity)));
    const levels = times.map(({ severity, count }) => `${severity} ${count >= 10}`);
    assert.equal(new Set(levels).size, levels.length, `no level twice: ${levels}`);
    if (finding.count >= 10) assert.ok(times.some(({ count }) => count >= 10));
  }
}

for (const [kind, { names, yaml }] of Object.entries(KINDS))
  test(`${kind}: however they arrive, the same findings`, async () => {
    const detection = detectionOf(`id: test\n${yaml}`);
    const property = fc.asyncProperty(
      fc.array(eventOf(names, kind), { maxLength: kind === 'sequence' ? 14 : 26 }),
      fc.nat(),
      async (drawn, chance) => {
        const random = randomFrom(chance);
        const { hits, rounds } = arrivalOf(drawn.flatMap(hitsOf), random);
        const state = new UnsteadyState(new MemoryFindingState(), random);
        const listener = new Listener();
        const makerOf = () => new FindingMaker([detection], state, { now: () => MIDNIGHT + 1_000, stormLimit: 1_000 });
        for (const round of rounds) await Promise.all(round.map((batch) => deliver(makerOf(), batch, listener)));
        const isWindows = ({ id }: { id: string }) => !lone.has(id);
        const lone = new Set(
          (await deliver(makerOf(), hits, new Listener()))
            .standing()
            .filter(isAlone)
            .map(({ id }) => id),
        );
        const before = listener.findings.length;
        const again = await deliver(makerOf(), hits, listener);
        assert.equal(listener.findings.length, before, 'what comes again tells nothing');
        const wanted = referenceFindings(detection, hits, PERIOD, names);
        assert.deepEqual(again.standing().filter(isWindows).map(seenIn).sort(byId), wanted.sort(byId));
        assertToldWell(listener.findings.filter(isWindows), wanted);
        assert.equal(lone.size, names.includes('main') ? 0 : drawn.length);
        for (const id of lone) assert.equal(listener.ids.filter((told) => told === id).length, 1);
        assert.equal(again.late, 0);
      },
    );
    await fc.assert(property, { seed, numRuns: runs });
  });

const isAlone = ({ events, count }: Finding) => events.length === 1 && count === 1;
