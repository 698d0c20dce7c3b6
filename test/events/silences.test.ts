// The findings of silences: what is told, once, and closed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { afterDelivery, type Delivery, type SeenPlace } from '../../events/deliveries.ts';
import { judgePlaces } from '../../events/silences.ts';

const HOUR_MS = 3_600_000;
const PLACE = { account: '111122223333', region: 'eu-west-1' };
/** 2026-03-11T00:00:00Z, a Wednesday. */
const START = Date.parse('2026-03-11T00:00:00Z') / HOUR_MS;
const RULE = { atLeastHours: 6 };

const delivery = (hour: number): Delivery => ({ ...PLACE, hour });
const hoursFrom = (from: number, count: number) => Array.from({ length: count }, (_, at) => from + at);
const seenAfter = (...hours: number[]): SeenPlace =>
  hours.reduce<SeenPlace | undefined>((seen, hour) => afterDelivery(seen, delivery(hour)), undefined)!;

const hourly = (region: string, hours: number, account = PLACE.account): SeenPlace => ({
  ...{ account, region, spans: [[START, START + hours - 1]] },
});
const judged = (places: SeenPlace[], hour: number) => judgePlaces(places, hour * HOUR_MS, RULE);

test('the finding of a silence says where, since when, how often files came, and what to do', () => {
  const { silent, changes } = judged([hourly('eu-west-1', 72), hourly('eu-west-2', 80)], START + 80);
  assert.equal(silent, 1);
  const [{ place, told, finding }] = changes as [(typeof changes)[number]];
  assert.deepEqual([changes.length, place, told], [1, PLACE, { since: START + 72, severity: 'medium' }]);
  const { id, runbook, ...rest } = finding;
  assert.match(id, /^delivery-[0-9a-f]{32}$/);
  assert.match(runbook!, /get-trail-status/);
  assert.deepEqual(rest, {
    ...{ kind: 'delivery', rule: 'delivery.silent', state: 'open', severity: 'medium', what: 'log files stopped coming', ...PLACE },
    title: 'no log file or digest of account 111122223333 in eu-west-1 since 2026-03-14T00:00:00Z; usually one came every hour',
    ...{ resources: [], events: [], count: 0, firstTime: '2026-03-14T00:00:00Z', lastTime: '2026-03-14T08:00:00Z' },
    ...{ tags: ['attack.defense-evasion', 'attack.t1562.008'], detail: { since: '2026-03-14T00:00:00Z', usualHours: 1 } },
  });
});

test('a silence that was told is told again only as it becomes worse, under its id', () => {
  const both = [hourly('eu-west-1', 72), hourly('eu-west-2', 80)];
  const first = judged(both, START + 80).changes[0]!;
  const remembered = [{ ...both[0]!, told: first.told! }, both[1]!];
  assert.deepEqual(judged(remembered, START + 82).changes, []);
  const worse = judged(remembered, START + 90).changes;
  assert.deepEqual(
    worse.map(({ place, finding: { state, severity } }) => [place.region, state, severity]),
    [
      ['eu-west-1', 'updated', 'high'],
      ['eu-west-2', 'open', 'high'],
    ],
  );
  assert.equal(worse[0]!.finding.id, first.finding.id);
  assert.notEqual(worse[1]!.finding.id, first.finding.id);
});

test('other accounts, and places that were hardly known, make no silence milder', () => {
  const hardlyKnown = hourly('eu-west-3', 2);
  const { changes } = judged([hourly('eu-west-1', 72), hardlyKnown, hourly('eu-west-1', 80, '444455556666')], START + 80);
  assert.deepEqual(
    changes.map(({ finding: { account, severity } }) => [account, severity]),
    [[PLACE.account, 'high']],
  );
});

test('a place that delivers again closes what was told, under its id, and a later silence has another', () => {
  const seen = hourly('eu-west-1', 72);
  const open = judged([seen], START + 80).changes[0]!;
  const again = afterDelivery({ ...seen, told: open.told! }, delivery(START + 84));
  const [closed, ...more] = judged([again], START + 85).changes;
  assert.deepEqual([more, closed!.told], [[], undefined]);
  const { id, state, title, detail } = closed!.finding;
  assert.deepEqual([id, state], [open.finding.id, 'closed']);
  assert.equal(title, 'log files of account 111122223333 in eu-west-1 come again; none had come since 2026-03-14T00:00:00Z');
  assert.deepEqual(detail, { since: '2026-03-14T00:00:00Z', until: '2026-03-14T12:00:00Z' });
  const next = judged([seenAfter(...hoursFrom(START, 72), START + 84)], START + 100).changes[0]!;
  assert.deepEqual([next.finding.state, next.finding.id === open.finding.id], ['open', false]);
});

test('a silence that only seemed one, for its files came late, is closed with the hour in which it began', () => {
  const told = { since: START + 72, severity: 'high' as const };
  const late = afterDelivery({ ...hourly('eu-west-1', 72), told }, delivery(START + 72));
  const [closed] = judged([late], START + 74).changes;
  assert.deepEqual(closed!.finding.detail, { since: '2026-03-14T00:00:00Z', until: '2026-03-14T00:00:00Z' });
});

test('a file that was not enough, and a milder rule, end no silence', () => {
  const told = { since: START + 72, severity: 'high' as const };
  const oneFile = { ...seenAfter(...hoursFrom(START, 72), START + 75), told };
  assert.deepEqual(judged([oneFile], START + 90).changes, []);
  const nothing = { ...hourly('eu-west-1', 72), told };
  assert.deepEqual(judgePlaces([nothing], (START + 90) * HOUR_MS, { atLeastHours: 48 }).changes, []);
});
