import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { compileDetections, FindingMaker, type FindingMakerOptions, type Hit } from '../../../events/detect/index.ts';
import { toEntry } from '../../../events/entry.ts';
import { DeliveryError } from '../../../events/errors.ts';
import { MemoryFindingState } from '../../../local/findingstate.ts';
import { REF, recordOf } from '../../fakes/records.ts';
import { detectionOf, hitAt, isoTime, Listener, MIDNIGHT, mark } from './hits.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

const idOf = (...parts: unknown[]) => `detection-${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)}`;
const periodAt = (seconds: number, period: number) => Math.floor((MIDNIGHT + seconds) / period);

/** A maker over memory for one detection, and who is told. */
function world(yaml: string, options: FindingMakerOptions = {}) {
  const [state, listener] = [new MemoryFindingState(), new Listener()];
  const maker = new FindingMaker([detectionOf(`id: test\n${yaml}`)], state, options);
  return { state, listener, maker, take: (...hits: Hit[]) => maker.take(hits, listener.tell) };
}

const THRESHOLD = 'window: { threshold: 3, within: 5m, by: principal }';
const at = (...seconds: number[]) => seconds.map((each) => hitAt(each, `event-${each}`));

test('an event alone is a finding with its words, its place and its detection’s tags and runbook', async () => {
  const { take, listener } = world('tags: [attack.t1098]\nrunbook: [look, ask]\nseverity: high');
  const words = { who: 'alice', from: '192.0.2.1', account: '111122223333', region: 'us-east-1', resources: ['arn:aws:s3:::one'] };
  const hit = hitAt(5, 'event', { ...words, severity: 'high', marks: [] });
  const { told } = await take(hit);
  const time = isoTime(MIDNIGHT + 5);
  assert.deepEqual(told, [
    {
      ...{ id: idOf('test', 'event'), kind: 'detection', rule: 'test', state: 'open', severity: 'high', title: 'title of event' },
      ...{ what: 'thing:GetThing', ...words, events: [hit.event], count: 1, firstTime: time, lastTime: time },
      ...{ runbook: 'look\nask', tags: ['attack.t1098'] },
    },
  ]);
  assert.deepEqual(listener.findings, told);
});

test('an event that comes again, in the same batch or a later one, is told once', async () => {
  const { take, listener } = world('');
  await take(...at(1, 1, 2), ...at(1));
  await take(...at(2, 3));
  assert.equal(listener.findings.length, 3);
  assert.equal(new Set(listener.ids).size, 3);
});

test('an event without an eventID is told from others by its record', async () => {
  const { take, listener } = world('');
  const without = (fingerprint: string) => {
    const { eventID: _, ...event } = hitAt(1, '').event;
    return hitAt(1, '', { event, fingerprint, marks: [] });
  };
  await take(without('a'.repeat(64)), without('b'.repeat(64)));
  await take(without('a'.repeat(64)));
  assert.deepEqual(listener.ids, [idOf('test', 'a'.repeat(64)), idOf('test', 'b'.repeat(64))]);
});

test('a threshold is one finding of the key and the period: the events in the window, the first that completed it in words', async () => {
  const { take, listener } = world(THRESHOLD);
  await take(...at(0, 301, 500));
  assert.deepEqual(listener.findings, []);
  const [finding] = (await take(...at(601))).told;
  assert.equal(finding!.id, idOf('test', ['alice'], periodAt(0, HOUR)));
  assert.deepEqual([finding!.state, finding!.count, finding!.title], ['open', 3, 'title of event-601']);
  assert.deepEqual(
    finding!.events.map(({ eventID }) => eventID),
    ['event-301', 'event-500', 'event-601'],
  );
  assert.deepEqual([finding!.firstTime, finding!.lastTime], [isoTime(MIDNIGHT + 301), isoTime(MIDNIGHT + 601)]);
});

test('the window reaches exactly as far as it says', async () => {
  const [beyond, within] = [world(THRESHOLD), world(THRESHOLD)];
  await beyond.take(...at(0, 150, 301));
  assert.deepEqual(beyond.listener.said, []);
  await within.take(...at(0, 150, 300));
  assert.deepEqual(within.listener.said, ['open medium 3']);
});

test('fractions of a second don’t count: eventTime has whole ones', async () => {
  const { take, listener } = world(THRESHOLD);
  const precise = (time: string) => hitAt(0, time, { event: { ...hitAt(0, time).event, time } });
  await take(...['2026-03-11T01:00:00.000Z', '2026-03-11T01:02:00Z', '2026-03-11T01:05:00.999Z'].map(precise));
  assert.deepEqual(listener.said, ['open medium 3']);
});

test('events of one second complete each other, in whatever order they come', async () => {
  const { take, listener } = world(
    'window: { sequence: [{ pattern: { detail: { a: [1] } } }, { pattern: { detail: { a: [2] } } }], within: 5m, by: account }',
  );
  const step = (id: string, number: number) => hitAt(7, id, { marks: [mark('a', { step: number })] });
  await take(step('second', 1));
  await take(step('first', 0));
  assert.deepEqual(listener.said, ['open medium 2']);
});

const TWO_STEPS =
  'window: { sequence: [{ pattern: { detail: { a: [1] } } }, { pattern: { detail: { a: [2] } }, atLeast: 2 }], within: 5m, by: account }';
const stepAt = (seconds: number, id: string, ...steps: number[]) =>
  steps.map((step) => hitAt(seconds, id, { marks: [mark('a', { step })] }));

test('an event of two steps fills one of them', async () => {
  const { take, listener } = world(TWO_STEPS);
  await take(...stepAt(1, 'both', 0, 1), ...stepAt(2, 'another', 1));
  assert.deepEqual(listener.said, []);
  await take(...stepAt(0, 'before', 0));
  assert.deepEqual(listener.said, ['open medium 3']);
});

test('steps in the wrong order complete nothing', async () => {
  const { take, listener } = world(TWO_STEPS);
  await take(...stepAt(1, 'b', 1), ...stepAt(2, 'c', 1), ...stepAt(3, 'a', 0), ...stepAt(4, 'd', 1));
  assert.deepEqual(listener.said, []);
  await take(...stepAt(4, 'e', 1));
  assert.deepEqual(listener.said, ['open medium 5'], 'and then the finding has all that lie in the window');
});

test('a window that reaches over the border of two periods is a finding of the later one', async () => {
  const { take, listener } = world(THRESHOLD);
  await take(...at(HOUR - 20, HOUR - 10));
  await take(...at(HOUR));
  assert.deepEqual(listener.ids, [idOf('test', ['alice'], periodAt(HOUR, HOUR))]);
  await take(...at(HOUR - 1));
  assert.deepEqual(listener.ids.slice(1), [idOf('test', ['alice'], periodAt(0, HOUR))], 'a late event completes the earlier one too');
});

test('keys are counted apart, and periods', async () => {
  const { take, listener } = world(THRESHOLD);
  await take(...at(1, 2), hitAt(3, 'of bob', { marks: [mark('bob')] }), ...at(DAY, DAY + 1));
  assert.deepEqual(listener.said, []);
});

test('a finding is told again at 10, 100 and 1,000 events, and when it gets severer', async () => {
  const { take, listener } = world('window: { threshold: 3, within: 20m, by: principal }');
  for (let second = 1; second <= 1_100; second++) await take(...at(second));
  await take(hitAt(1_150, 'severe', { severity: 'critical' }), hitAt(1_160, 'as severe', { severity: 'critical' }));
  assert.deepEqual(listener.said, [
    'open medium 3',
    'updated medium 10',
    'updated medium 100',
    'updated medium 1000',
    'updated critical 1102',
  ]);
  assert.equal(new Set(listener.ids).size, 1);
});

test('a batch that opens and overtakes levels is told once', async () => {
  const { take, listener } = world(THRESHOLD);
  await take(...at(...Array.from({ length: 120 }, (_, second) => second)));
  await take(...at(130));
  assert.deepEqual(listener.said, ['open medium 120']);
});

test('a finding names the first twenty events and counts all, its resources those of the named', async () => {
  const { take, listener } = world(THRESHOLD);
  const hits = Array.from({ length: 30 }, (_, second) => hitAt(second, `event-${second}`, { resources: [`thing ${second % 4}`] }));
  for (const hit of [...hits].reverse()) await take(hit);
  const { standing } = await take(hits[29]!);
  const [finding] = standing();
  assert.equal(finding!.count, 30);
  assert.deepEqual(
    finding!.events.map(({ eventID }) => eventID),
    Array.from({ length: 20 }, (_, second) => `event-${second}`),
  );
  assert.deepEqual(finding!.resources.sort(), ['thing 0', 'thing 1', 'thing 2', 'thing 3']);
  assert.equal(listener.findings.length, 2);
});

test('a finding keeps the words of what completed it, though that is not among the first twenty', async () => {
  const { take } = world('window: { threshold: 25, within: 5m, by: principal }');
  for (let second = 0; second < 30; second++) await take(...at(second));
  const [finding] = (await take(...at(31))).standing();
  assert.deepEqual([finding!.count, finding!.title, finding!.events.length], [31, 'title of event-24', 20]);
});

test('different values are counted, not events; one event may have several', async () => {
  const { take, listener } = world('window: { distinct: requestParameters.name, atLeast: 3, within: 5m, by: principal }');
  const valued = (second: number, ...values: string[]) =>
    hitAt(second, `event-${second}`, { marks: values.map((value) => mark('alice', { value })) });
  await take(valued(1, 'a'), valued(2, 'a'), valued(3, 'b'), valued(4, 'b'));
  assert.deepEqual(listener.said, []);
  await take(valued(5, 'b', 'c'));
  assert.deepEqual(listener.said, ['open medium 5']);
});

test('an event with more values than are needed is enough alone, however many it has', async () => {
  const { take, listener, state } = world('window: { distinct: requestParameters.name, atLeast: 3, within: 5m, by: principal }');
  await take(hitAt(1, 'event', { marks: Array.from({ length: 5_000 }, (_, each) => mark('alice', { value: `value ${each}` })) }));
  assert.deepEqual(listener.said, ['open medium 1']);
  const [item] = (await state.read([`window test main ${periodAt(1, HOUR)} ["alice"]`])).values();
  assert.ok(JSON.stringify(item!.value).length < 1_000);
});

test('a raise’s window lifts the finding of the same key and period', async () => {
  const { take, listener } = world(`${THRESHOLD}\nraise: [{ to: critical, window: { threshold: 5, within: 30m, by: principal } }]`);
  const both = (second: number) => hitAt(second, `event-${second}`, { marks: [mark('alice'), mark('alice', { window: 'raise.0' })] });
  await take(...[1, 2, 3, 600].map(both));
  await take(both(1_200));
  assert.deepEqual(listener.said, ['open medium 3', 'updated critical 3']);
});

test('beside events that are findings alone a raise’s window has a finding of its own, for the key and the period', async () => {
  const { take, listener } = world('severity: low\nraise: [{ to: high, window: { threshold: 3, within: 5m, by: principal } }]');
  const hits = [1, 2, 3, 4].map((second) =>
    hitAt(second, `event-${second}`, { severity: 'low', marks: [mark('alice', { window: 'raise.0' })] }),
  );
  await take(...hits.slice(0, 3));
  await take(hits[3]!);
  assert.deepEqual(listener.said.sort(), ['open high 3', 'open low 1', 'open low 1', 'open low 1', 'open low 1']);
  assert.equal(listener.findings.find(({ severity }) => severity === 'high')!.id, idOf('test', ['alice'], periodAt(0, HOUR), 'raise.0'));
});

test('a detection on trial finds, and nobody is told; once in force it tells from the beginning', async () => {
  const { take, listener } = world(THRESHOLD);
  const onTrial = at(1, 2, 3).map((hit) => ({ ...hit, dryRun: true }));
  const { told, dryRun } = await take(...onTrial);
  assert.deepEqual([told, listener.said], [[], []]);
  assert.deepEqual(
    dryRun.map(({ state, count, detail }) => [state, count, detail]),
    [['open', 3, { dryRun: true }]],
  );
  assert.deepEqual((await take(...onTrial)).dryRun, []);
  await take(...at(1, 2, 3));
  assert.deepEqual(listener.said, ['open medium 3']);
});

test('hits of a detection that is not known are counted and left', async () => {
  const { take, listener } = world('');
  const { unknown } = await take(...at(1), hitAt(2, 'other', { detection: 'gone' }));
  assert.deepEqual([unknown, listener.findings.length], [1, 1]);
});

test('hits whose marks fit no window of the detection, changed since, make nothing', async () => {
  const { take, listener } = world(THRESHOLD);
  await take(...at(1, 2, 3).map((hit) => ({ ...hit, marks: [mark('alice', { window: 'raise.7' })] })));
  assert.deepEqual(listener.said, []);
});

test('an event is late when its period ended a period and 48 hours ago, and still counts with what is remembered', async () => {
  const clock = { now: MIDNIGHT + 2 * HOUR + 48 * HOUR };
  const { take, listener } = world(THRESHOLD, { now: () => clock.now });
  assert.equal((await take(...at(1, 2))).late, 0);
  clock.now++;
  assert.equal((await take(...at(3, 3))).late, 1);
  assert.deepEqual(listener.said, ['open medium 3']);
});

test('an event near the end of its period is late once', async () => {
  const { take } = world(THRESHOLD, { now: () => MIDNIGHT + 30 * DAY });
  assert.equal((await take(...at(HOUR - 1))).late, 1);
});

test('without a clock nothing is late: logs of any year are read in any order', async () => {
  const { take, listener } = world(THRESHOLD);
  await take(...at(1_000 * DAY));
  assert.equal((await take(...at(1, 2, 3))).late, 0);
  assert.deepEqual(listener.said, ['open medium 3']);
});

test('an item is kept for a period and 48 hours after its period, or after it was written where that is later', async () => {
  const kept: number[] = [];
  const [state, listener, clock] = [new MemoryFindingState(), new Listener(), { now: MIDNIGHT + 5 }];
  const watched = {
    read: (keys: readonly string[]) => state.read(keys),
    write: (...[key, value, how]: Parameters<typeof state.write>) => {
      kept.push(how.expiresAt - MIDNIGHT);
      return state.write(key, value, how);
    },
  };
  const maker = new FindingMaker([detectionOf(`id: test\n${THRESHOLD}`)], watched, { now: () => clock.now });
  await maker.take(at(1), listener.tell);
  clock.now = MIDNIGHT + 10 * DAY;
  await maker.take(at(2), listener.tell);
  assert.deepEqual(kept, [2 * HOUR + 2 * DAY, 10 * DAY + HOUR + 2 * DAY]);
});

test('a window is written once for a batch, and once more for what was told', async () => {
  let writes = 0;
  const [state, listener] = [new MemoryFindingState(), new Listener()];
  const counted = {
    read: (keys: readonly string[]) => state.read(keys),
    write: (...[key, value, how]: Parameters<typeof state.write>) => {
      writes++;
      return state.write(key, value, how);
    },
  };
  const maker = new FindingMaker([detectionOf(`id: test\n${THRESHOLD}`)], counted);
  await maker.take(at(1, 2), listener.tell);
  assert.equal(writes, 1);
  await maker.take(at(3, 4, 5), listener.tell);
  assert.equal(writes, 3);
  await maker.take(at(1, 2, 3, 4, 5), listener.tell);
  assert.equal(writes, 3, 'what comes again writes nothing');
});

test('a state that others always wrote first is an error that lets the hits come again', async () => {
  const pauses: number[] = [];
  const state = { read: async () => new Map(), write: async () => undefined };
  const maker = new FindingMaker([detectionOf('id: test')], state, { pause: async (attempt) => void pauses.push(attempt) });
  await assert.rejects(maker.take(at(1), new Listener().tell), (error) => error instanceof DeliveryError && /30 times/.test(error.message));
  assert.deepEqual(pauses.slice(0, 3), [1, 2, 3]);
});

test('a state that fails for one item still tells the others, and then fails', async () => {
  const [state, listener, fault] = [new MemoryFindingState(), new Listener(), new Error('throttled')];
  const partly = {
    read: (keys: readonly string[]) => state.read(keys),
    write: (...[key, value, how]: Parameters<typeof state.write>) =>
      key.includes('bob') ? Promise.reject(fault) : state.write(key, value, how),
  };
  const maker = new FindingMaker([detectionOf(`id: test\n${THRESHOLD}`)], partly);
  const ofBob = hitAt(1, 'of bob', { marks: [mark('bob')] });
  await assert.rejects(maker.take([...at(1, 2, 3), ofBob], listener.tell), (error) => error === fault);
  assert.deepEqual(listener.said, ['open medium 3']);
});

const recordAt = (eventTime: unknown, eventID: string) => ({
  ...{ eventVersion: '1.08', eventTime, eventID, eventName: 'GetThing', eventSource: 'thing.amazonaws.com', awsRegion: 'us-east-1' },
  ...{ recipientAccountId: '111122223333', userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/alice' } },
});

test('an eventTime that can’t be read takes the time of the file’s key', async () => {
  const detection = detectionOf(`id: test\n${THRESHOLD}`);
  const evaluator = compileDetections([detection], { lists: new Map(), today: '2026-03-11' });
  const records = ['not a time', '2026-10-05T12:03:00Z', undefined].map((time, each) => recordAt(time, `event-${each}`));
  const hits = records.flatMap((record) => evaluator.ask(toEntry(recordOf(record), REF)));
  const { told } = await new FindingMaker([detection], new MemoryFindingState()).take(hits, async () => undefined);
  assert.deepEqual(
    told.map(({ count, firstTime, lastTime }) => [count, firstTime, lastTime]),
    [[3, '2026-10-05T12:00:00Z', '2026-10-05T12:03:00Z']],
  );
});

test('the finding of a hit without any readable time says no time', async () => {
  const { take, listener } = world('');
  await take(hitAt(0, 'event', { event: { ...hitAt(0, 'event').event, time: 'unknown' } }));
  assert.deepEqual(
    listener.findings.map(({ firstTime, lastTime, count }) => [firstTime, lastTime, count]),
    [[undefined, undefined, 1]],
  );
});
