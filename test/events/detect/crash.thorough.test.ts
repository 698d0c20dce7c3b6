// A process that dies between any two steps loses no finding, and what was confirmed is not told again when its hits come again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FindingState, StateItem, StateValue, StateWrite } from '../../../events/detect/doors.ts';
import { FindingMaker, type Hit } from '../../../events/detect/index.ts';
import { DeliveryError } from '../../../events/errors.ts';
import type { Finding } from '../../../events/finding.ts';
import { MemoryFindingState } from '../../../local/findingstate.ts';
import { detectionOf, hitAt, Listener, MIDNIGHT, mark } from './hits.ts';

const DETECTIONS = [
  detectionOf('id: burst\nwindow: { threshold: 3, within: 5m, by: principal }'),
  detectionOf('id: values\nwindow: { distinct: requestParameters.name, atLeast: 2, within: 5m, by: principal }'),
  detectionOf('id: alone\nraise: [{ to: high, window: { threshold: 3, within: 5m, by: principal } }]'),
  detectionOf('id: fresh\nwindow: { firstSeen: sourceIPAddress, by: principal, learn: 1s }'),
  detectionOf('id: lifted\nraise: [{ to: high, window: { firstSeen: sourceIPAddress, by: principal, learn: 1s } }]'),
];

const hitsAt = (seconds: number): Hit[] => {
  const id = `event-${seconds}`;
  const value = { value: `value ${seconds}` };
  return [
    hitAt(seconds, id, { detection: 'burst' }),
    hitAt(seconds, id, { detection: 'values', marks: [mark('alice', value)] }),
    hitAt(seconds, id, { detection: 'alone', marks: [mark('alice', { window: 'raise.0' })] }),
    hitAt(seconds, id, { detection: 'fresh', marks: [mark('alice', value)] }),
    hitAt(seconds, id, { detection: 'lifted', marks: [mark('alice', { window: 'raise.0', ...value })] }),
  ];
};
const [EARLIER, LATER] = [
  [...hitsAt(3_580), ...hitsAt(3_590)],
  [...hitsAt(3_595), ...hitsAt(3_610), ...hitsAt(3_620)],
];

class Crash extends Error {}

/** A process that dies at one of its calls, before or after the call did its work, and makes no call after that. */
class MortalProcess implements FindingState {
  calls = 0;
  private dead = false;
  private readonly state: FindingState;
  private readonly listener: Listener;
  private readonly death: { at: number; after: boolean };

  constructor(state: FindingState, listener: Listener, death: { at: number; after: boolean }) {
    this.state = state;
    this.listener = listener;
    this.death = death;
  }

  private async live<T>(work: () => Promise<T>): Promise<T> {
    const isLast = ++this.calls === this.death.at;
    if (this.dead || (isLast && !this.death.after)) {
      this.dead = true;
      throw new Crash();
    }
    const result = await work();
    if (!isLast) return result;
    this.dead = true;
    throw new Crash();
  }

  read(keys: readonly string[]): Promise<Map<string, StateItem>> {
    return this.live(() => this.state.read(keys));
  }

  write(key: string, value: StateValue, how: StateWrite): Promise<number | undefined> {
    return this.live(() => this.state.write(key, value, how));
  }

  readonly tell = (findings: readonly Finding[]): Promise<void> => this.live(() => this.listener.tell(findings));
}

const OPTIONS = { stormLimit: 2, claimSeconds: 60 };

/** Takes hits again as a queue does, ten seconds after they were not taken. */
async function redeliver(state: FindingState, listener: Listener, hits: Hit[], clock: { now: number }): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt++) {
    try {
      await new FindingMaker(DETECTIONS, state, { ...OPTIONS, now: () => clock.now }).take(hits, listener.tell);
      return;
    } catch (error) {
      if (!(error instanceof DeliveryError)) throw error;
      clock.now += 10;
    }
  }
  assert.fail('the hits were never taken');
}

const toldBy = (listener: Listener) =>
  [...new Set(listener.findings.map(({ id, severity, state }) => `${id} ${severity} ${state}`))].sort();

async function undisturbed(): Promise<{ told: string[]; calls: number }> {
  const [state, listener] = [new MemoryFindingState(), new Listener()];
  await new FindingMaker(DETECTIONS, state, { ...OPTIONS, now: () => MIDNIGHT + 4_000 }).take(EARLIER, listener.tell);
  const process = new MortalProcess(state, listener, { at: -1, after: false });
  await new FindingMaker(DETECTIONS, process, { ...OPTIONS, now: () => MIDNIGHT + 4_000 }).take(LATER, process.tell);
  assert.equal(new Set(listener.findings.map(({ id, state: said }) => `${id} ${said}`)).size, listener.findings.length);
  return { told: toldBy(listener), calls: process.calls };
}

test('a process may die before or after any of its calls', async () => {
  const { told, calls } = await undisturbed();
  assert.ok(calls > 20, `${calls} calls`);
  assert.ok(told.length > 10, `${told.length} findings`);
  for (let at = 1; at <= calls; at++)
    for (const after of [false, true]) {
      const [state, listener, clock] = [new MemoryFindingState(), new Listener(), { now: MIDNIGHT + 4_000 }];
      await redeliver(state, listener, EARLIER, clock);
      const toldEarlier = listener.findings.length;
      const process = new MortalProcess(state, listener, { at, after });
      const dying = new FindingMaker(DETECTIONS, process, { ...OPTIONS, now: () => clock.now }).take(LATER, process.tell);
      await assert.rejects(dying, Crash, `call ${at}`);
      const beforeAgain: number = listener.findings.length;
      await redeliver(state, listener, LATER, clock);
      assert.deepEqual(toldBy(listener), told, `call ${at}, ${after ? 'after' : 'before'} its work`);
      if (beforeAgain === toldEarlier) assert.equal(listener.findings.length, told.length, 'what was never told is told once');
      const known = listener.findings.length;
      await redeliver(state, listener, [...LATER, ...EARLIER], clock);
      assert.equal(listener.findings.length, known, 'what was confirmed is not told again');
    }
});

test('what was told and confirmed before the process died is not told again', async () => {
  const { told, calls } = await undisturbed();
  const [state, listener, clock] = [new MemoryFindingState(), new Listener(), { now: MIDNIGHT + 4_000 }];
  await redeliver(state, listener, EARLIER, clock);
  const process = new MortalProcess(state, listener, { at: calls, after: true });
  await assert.rejects(new FindingMaker(DETECTIONS, process, { ...OPTIONS, now: () => clock.now }).take(LATER, process.tell), Crash);
  await redeliver(state, listener, LATER, clock);
  assert.equal(listener.findings.length, told.length);
});

test('a bus that refuses gets the findings at the next try, at once', async () => {
  const { told } = await undisturbed();
  const [state, listener] = [new MemoryFindingState(), new Listener()];
  const maker = new FindingMaker(DETECTIONS, state, { ...OPTIONS, now: () => MIDNIGHT + 4_000 });
  await maker.take(EARLIER, listener.tell);
  const fault = new Error('the bus is down');
  await assert.rejects(
    maker.take(LATER, () => Promise.reject(fault)),
    (error) => error === fault,
  );
  await maker.take(LATER, listener.tell);
  assert.deepEqual(toldBy(listener), told);
});

test('while somebody tells, others’ hits go through and the same hits have to come again', async () => {
  const [state, listener, second, third] = [new MemoryFindingState(), new Listener(), new Listener(), new Listener()];
  const clock = { now: MIDNIGHT + 4_000 };
  const maker = () => new FindingMaker(DETECTIONS, state, { ...OPTIONS, now: () => clock.now });
  const first = [1, 2, 3].map((seconds) => hitAt(seconds, `event-${seconds}`, { detection: 'burst' }));
  await maker().take(first, async (findings) => {
    await assert.rejects(maker().take(first, second.tell), /somebody else is telling/);
    await maker().take([hitAt(4, 'event-4', { detection: 'burst' })], third.tell);
    await listener.tell(findings);
  });
  assert.deepEqual([listener.said, second.said, third.said], [['open medium 3'], [], []]);
  await maker().take(first, second.tell);
  assert.deepEqual(second.said, []);
});

test('a teller that died is replaced by whoever comes once its claim has run out', async () => {
  const [state, listener] = [new MemoryFindingState(), new Listener()];
  const clock = { now: MIDNIGHT + 4_000 };
  const maker = (own: FindingState) => new FindingMaker(DETECTIONS, own, { ...OPTIONS, now: () => clock.now });
  const first = [1, 2, 3].map((seconds) => hitAt(seconds, `event-${seconds}`, { detection: 'burst' }));
  const process = new MortalProcess(state, new Listener(), { at: 3, after: false });
  await assert.rejects(maker(process).take(first, process.tell), Crash);
  clock.now += 61;
  await maker(state).take([hitAt(4, 'event-4', { detection: 'burst' })], listener.tell);
  assert.deepEqual(listener.said, ['open medium 4']);
  await maker(state).take(first, listener.tell);
  assert.deepEqual(listener.said, ['open medium 4']);
});

test('while an event is told on its own, the same event has to come again', async () => {
  const [state, listener, second] = [new MemoryFindingState(), new Listener(), new Listener()];
  const maker = () => new FindingMaker(DETECTIONS, state, { ...OPTIONS, now: () => MIDNIGHT + 4_000 });
  const hits = [hitAt(1, 'event-1', { detection: 'alone', marks: [] })];
  await maker().take(hits, async (findings) => {
    await assert.rejects(maker().take(hits, second.tell), /somebody else is telling/);
    await listener.tell(findings);
  });
  assert.deepEqual([listener.said, second.said], [['open medium 1'], []]);
});

test('events past those that are remembered have to come again while somebody tells: they may be the teller’s', async () => {
  const [state, second] = [new MemoryFindingState(), new Listener()];
  const maker = () => new FindingMaker(DETECTIONS, state, { ...OPTIONS, now: () => MIDNIGHT + 4_000 });
  const hits = Array.from({ length: 10_500 }, (_, each) => hitAt(each % 3_000, `event-${each}`, { detection: 'burst' }));
  await maker().take(hits, async () => {
    for (const at of [1_600, 4_500, 5_555]) await assert.rejects(maker().take([hits[at]!], second.tell), /somebody else is telling/);
  });
  assert.deepEqual(second.said, []);
});

test('an event is not told while it is not certain whether its value is new', async () => {
  const [state, listener, fault] = [new MemoryFindingState(), new Listener(), new Error('throttled')];
  const maker = (own: FindingState) => new FindingMaker(DETECTIONS, own, OPTIONS);
  const lifted = (seconds: number) => hitsAt(seconds).filter(({ detection }) => detection === 'lifted');
  await maker(state).take(lifted(1), listener.tell);
  const throttled: FindingState = {
    read: (keys) => state.read(keys),
    write: (key, value, how) => (key.startsWith('value') ? Promise.reject(fault) : state.write(key, value, how)),
  };
  await assert.rejects(maker(throttled).take(lifted(10), listener.tell), (error) => error === fault);
  assert.equal(listener.findings.length, 1);
  await maker(state).take(lifted(10), listener.tell);
  assert.deepEqual(listener.said, ['open medium 1', 'open high 1']);
});
