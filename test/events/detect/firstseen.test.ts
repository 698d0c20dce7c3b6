import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { FindingMaker, type FindingMakerOptions, type Hit } from '../../../events/detect/index.ts';
import { MemoryFindingState } from '../../../local/findingstate.ts';
import { detectionOf, hitAt, Listener, mark } from './hits.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

function world(yaml: string, options: FindingMakerOptions = {}) {
  const [state, listener] = [new MemoryFindingState(), new Listener()];
  const maker = new FindingMaker([detectionOf(`id: test\n${yaml}`)], state, options);
  return { listener, state, take: (...hits: Hit[]) => maker.take(hits, listener.tell) };
}

const seen = (seconds: number, value: string, key = 'alice', window = 'main') =>
  hitAt(seconds, `event-${seconds}`, { marks: [mark(key, { value, window })] });

const FIRST_SEEN = 'window: { firstSeen: sourceIPAddress, by: principal, learn: 12h, remember: 10d }';

test('a value is learned in silence for so long after the first event, and told after that', async () => {
  const { take, listener } = world(FIRST_SEEN);
  await take(seen(0, 'a'), seen(12 * HOUR - 1, 'b'));
  assert.deepEqual(listener.said, []);
  await take(seen(12 * HOUR, 'c'), seen(12 * HOUR + 1, 'a'), seen(12 * HOUR + 2, 'b'));
  assert.deepEqual(listener.said, ['open medium 1']);
  const id = createHash('sha256')
    .update(JSON.stringify(['test', ['alice'], 'c']))
    .digest('hex')
    .slice(0, 32);
  assert.deepEqual(listener.ids, [`detection-${id}`]);
});

test('learning is the detection’s, not the key’s', async () => {
  const { take, listener } = world(FIRST_SEEN);
  await take(seen(0, 'a'), seen(DAY, 'a', 'bob'));
  assert.deepEqual(listener.said, ['open medium 1']);
});

test('where the detection doesn’t say how long it learns, the deployment does; where that doesn’t either, seven days', async () => {
  const yaml = 'window: { firstSeen: sourceIPAddress, by: principal }';
  for (const [options, days] of [
    [{ learnSeconds: 2 * DAY }, 2],
    [{}, 7],
  ] as const) {
    const { take, listener } = world(yaml, options);
    await take(seen(0, 'a'), seen(days * DAY - 1, 'b'), seen(days * DAY, 'c'));
    assert.deepEqual(
      listener.findings.map(({ events }) => events[0]!.eventID),
      [`event-${days * DAY}`],
    );
  }
});

test('duplicates change nothing, while learning and after', async () => {
  const { take, listener } = world(FIRST_SEEN);
  await take(seen(0, 'a'), seen(0, 'a'));
  await take(seen(0, 'a'));
  await take(seen(DAY, 'b'), seen(DAY, 'b'));
  await take(seen(DAY, 'b'), seen(0, 'a'));
  assert.deepEqual(listener.said, ['open medium 1']);
});

test('of several events with a new value in a batch the earliest is the first', async () => {
  const { take, listener } = world(FIRST_SEEN);
  await take(seen(0, 'a'), seen(DAY + 5, 'b'), seen(DAY, 'b'));
  assert.deepEqual(
    listener.findings.map(({ events }) => events[0]!.eventID),
    [`event-${DAY}`],
  );
});

test('an event from before the first one counts as learning', async () => {
  const { take, listener } = world(FIRST_SEEN);
  await take(seen(DAY, 'a'));
  await take(seen(0, 'b'));
  await take(seen(13 * HOUR, 'c'));
  assert.deepEqual(
    listener.findings.map(({ events }) => events[0]!.eventID),
    [`event-${13 * HOUR}`],
  );
});

test('a value is forgotten when it was not seen for so long, and new again', async () => {
  const { take, listener } = world(FIRST_SEEN);
  await take(seen(0, 'a'));
  await take(seen(9 * DAY, 'a'));
  await take(seen(18 * DAY, 'a'));
  assert.deepEqual(listener.said, []);
  await take(seen(29 * DAY, 'a'));
  assert.deepEqual(listener.said, ['open medium 1']);
});

test('a value that is always there is not written each time', async () => {
  const { take, state } = world(FIRST_SEEN);
  await take(seen(0, 'a'));
  const key = 'value test main ["alice"] a';
  const version = async () => (await state.read([key])).get(key)!.version;
  const first = await version();
  for (let minute = 1; minute < 60; minute++) await take(seen(minute * 60, 'a'));
  assert.equal(await version(), first);
});

test('a raise by a value never seen lifts the event that has it first, also when it comes again', async () => {
  const { take, listener } = world(
    'severity: low\nraise: [{ to: high, window: { firstSeen: sourceIPAddress, by: principal, learn: 1h } }]',
  );
  const low = (seconds: number, value: string) => ({ ...seen(seconds, value, 'alice', 'raise.0'), severity: 'low' as const });
  await take(low(0, 'a'), low(DAY, 'b'), low(DAY + 1, 'b'), low(DAY + 2, 'a'));
  await take(low(DAY, 'b'), low(0, 'a'));
  assert.deepEqual(
    listener.findings.map(({ severity, events }) => `${severity} ${events[0]!.eventID}`),
    ['low event-0', `high event-${DAY}`, `low event-${DAY + 1}`, `low event-${DAY + 2}`],
  );
});
