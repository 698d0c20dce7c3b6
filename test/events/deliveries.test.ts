// Which places deliver: what is remembered of them, and when they are silent.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  afterDelivery,
  type Delivery,
  deliveryOf,
  type HourSpan,
  isTimely,
  lastHour,
  REMEMBERED_DAYS,
  type SeenPlace,
  silenceOf,
} from '../../events/deliveries.ts';
import { KEY } from '../fakes/records.ts';
import { randomFrom } from './detect/hits.ts';

const HOUR_MS = 3_600_000;
const PLACE = { account: '111122223333', region: 'eu-west-1' };
/** 2026-03-11T00:00:00Z, a Wednesday. */
const START = Date.parse('2026-03-11T00:00:00Z') / HOUR_MS;
const RULE = { atLeastHours: 6 };

const delivery = (hour: number): Delivery => ({ ...PLACE, hour });
const seenAfter = (...hours: number[]): SeenPlace =>
  hours.reduce<SeenPlace | undefined>((seen, hour) => afterDelivery(seen, delivery(hour)), undefined)!;
const hoursFrom = (from: number, count: number, step = 1) => Array.from({ length: count }, (_, at) => from + at * step);
const silentAt = (seen: SeenPlace, hour: number) => silenceOf(seen, hour * HOUR_MS, RULE) !== undefined;

const DIGEST =
  'p/AWSLogs/o-abc/111122223333/CloudTrail-Digest/eu-west-1/2026/03/11/111122223333_CloudTrail-Digest_eu-west-1_main_us-east-1_20260311T065931Z.json.gz';

test('a file tells its place and hour by its key, a digest too', () => {
  assert.deepEqual(deliveryOf(DIGEST), delivery(START + 6));
  assert.deepEqual(deliveryOf(KEY), { account: '111122223333', region: 'us-east-1', hour: Date.parse('2026-10-05T12:00:00Z') / HOUR_MS });
});

for (const [what, key] of [
  ['no file of CloudTrail', 'AWSLogs/111122223333/Config/eu-west-1/2026/3/11/x.json.gz'],
  ['a region that is none', KEY.replaceAll('us-east-1', 'x"><script>')],
  ['a time that cannot be', KEY.replace('20261005T1200Z', '20261395T1200Z')],
] as const)
  test(`${what} tells nothing`, () => assert.equal(deliveryOf(key), undefined));

for (const region of ['us-east-1', 'us-gov-west-1', 'us-isob-east-1', 'eusc-de-east-1', 'ap-southeast-12'])
  test(`knows ${region} for a region`, () => assert.equal(deliveryOf(KEY.replaceAll('us-east-1', region))?.region, region));

test('a file of more than two days ago says nothing of now, and none is ahead of the clock', () => {
  const nowMs = (START + 100.5) * HOUR_MS;
  const ages = [-2, -1, 0, 47, 48].map((age) => isTimely(delivery(START + 100 - age), nowMs));
  assert.deepEqual(ages, [false, true, true, true, false]);
  const onTheHour = [-2, -1, 48, 49].map((age) => isTimely(delivery(START + 100 - age), (START + 100) * HOUR_MS));
  assert.deepEqual(onTheHour, [false, true, true, false]);
});

/** All hours at once: those of the last days, as spans. */
function spansOf(hours: readonly number[]): HourSpan[] {
  const newest = Math.max(...hours);
  const known = new Set(hours);
  const spans: [number, number][] = [];
  for (let hour = newest - REMEMBERED_DAYS * 24; hour <= newest; hour++) {
    const last = spans.at(-1);
    if (!known.has(hour)) continue;
    if (last?.[1] === hour - 1) last[1] = hour;
    else spans.push([hour, hour]);
  }
  return spans;
}

test('what is remembered is the same for every order of arrival and every duplication', () => {
  for (let seed = 1; seed <= 300; seed++) {
    const random = randomFrom(seed);
    const range = [5, 60, 2 * 24 * REMEMBERED_DAYS][seed % 3]!;
    const hours = Array.from({ length: 1 + Math.floor(random() * 80) }, () => START + Math.floor(random() * range));
    const arrivals = [...hours, ...hours.filter(() => random() < 0.3)]
      .map((hour) => ({ hour, turn: random() }))
      .toSorted((left, right) => left.turn - right.turn)
      .map(({ hour }) => hour);
    const seen = seenAfter(...arrivals);
    assert.deepEqual([seen.spans, lastHour(seen)], [spansOf(hours), Math.max(...hours)], `seed ${seed}`);
  }
});

test('a late file moves nothing back, and mends the gap it left', () => {
  const gap = seenAfter(START, START + 10);
  const mended = afterDelivery(gap, delivery(START + 5));
  assert.deepEqual(
    [lastHour(mended), mended.spans],
    [
      START + 10,
      [
        [START, START],
        [START + 5, START + 5],
        [START + 10, START + 10],
      ],
    ],
  );
});

test('an hour that is known changes nothing: the value is the same', () => {
  const seen = seenAfter(...hoursFrom(START, 5));
  assert.equal(afterDelivery(seen, delivery(START + 2)), seen);
  assert.equal(afterDelivery(seen, delivery(START - REMEMBERED_DAYS * 24)), seen);
});

test('a place with a file every hour is silent after the hours of the rule', () => {
  const seen = seenAfter(...hoursFrom(START, 72));
  assert.deepEqual([silentAt(seen, START + 72), silentAt(seen, START + 78), silentAt(seen, START + 78.1)], [false, false, true]);
  assert.deepEqual(silenceOf(seen, (START + 80) * HOUR_MS, RULE), { since: START + 72, usualHours: 1 });
});

test('a place with few files is silent after twice the time it usually takes', () => {
  const seen = seenAfter(...hoursFrom(START, 10, 12));
  const last = START + 9 * 12 + 1;
  assert.deepEqual([silentAt(seen, last + 24), silentAt(seen, last + 24.1)], [false, true]);
});

test('a place that rests at weekends is not silent on the third of them, on whatever day that is looked', () => {
  const days = hoursFrom(0, 19).filter((day) => ![3, 4, 10, 11, 17, 18].includes(day));
  const seen = seenAfter(...days.flatMap((day) => hoursFrom(START + day * 24 + 8, 10)));
  for (let hour = START + 16 * 24 + 18; hour < START + 19 * 24 + 9; hour++) assert.equal(silentAt(seen, hour), false);
});

test('a silence that ended does not hide the next one', () => {
  const seen = seenAfter(...hoursFrom(START, 72), ...hoursFrom(START + 120, 24));
  assert.equal(silentAt(seen, START + 144 + 7), true);
});

test('a place is not silent before it is known for two days', () => {
  assert.equal(silentAt(seenAfter(...hoursFrom(START, 47)), START + 400), false);
  assert.equal(silentAt(seenAfter(...hoursFrom(START, 48)), START + 400), true);
});
