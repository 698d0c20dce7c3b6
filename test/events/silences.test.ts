// The findings of silences: what is told, once, and closed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { afterDelivery, type DeliveringPlace, type Delivery, type SeenPlace, type ToldSilence } from '../../events/deliveries.ts';
import type { Finding } from '../../events/finding.ts';
import { judgePlaces, type PlaceChange, type SilenceChange } from '../../events/silences.ts';
import { randomFrom } from './detect/hits.ts';

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
const toldIn = ({ places }: SilenceChange): ToldSilence => places[0]!.told!;
const judged = (places: SeenPlace[], hour: number) => judgePlaces(places, hour * HOUR_MS, RULE);

test('the finding of a silence says where, since when, how often files came, and what to do', () => {
  const { silent, changes } = judged([hourly('eu-west-1', 72), hourly('eu-west-2', 80)], START + 80);
  assert.equal(silent, 1);
  const [{ places, finding }] = changes as [(typeof changes)[number]];
  assert.deepEqual([changes.length, places], [1, [{ place: PLACE, told: { since: START + 72, severity: 'medium' } }]]);
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
  const remembered = [{ ...both[0]!, told: toldIn(first) }, both[1]!];
  assert.deepEqual(judged(remembered, START + 82).changes, []);
  const worse = judged(remembered, START + 90).changes;
  assert.deepEqual(
    worse.map(({ finding: { region, state, severity } }) => [region, state, severity]),
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
  const again = afterDelivery({ ...seen, told: toldIn(open) }, delivery(START + 84));
  const [closed, ...more] = judged([again], START + 85).changes;
  assert.deepEqual([more, closed!.places], [[], [{ place: PLACE, told: undefined }]]);
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

/** Places that are remembered from one look to the next. */
class Memory {
  private readonly seen = new Map<string, SeenPlace>();

  delivered(place: DeliveringPlace, ...hours: number[]): void {
    for (const hour of hours) {
      const { account, region } = place;
      this.seen.set(this.nameOf(place), afterDelivery(this.seen.get(this.nameOf(place)), { account, region, hour }));
    }
  }

  /** @param isRemembered  whether what was told of a place is remembered: not where the function was killed before */
  look(hour: number, isRemembered: (change: PlaceChange) => boolean = () => true): Finding[] {
    const { changes } = judged([...this.seen.values()], hour);
    for (const change of changes.flatMap(({ places }) => places).filter(isRemembered)) {
      const { told: _, ...seen } = this.seen.get(this.nameOf(change.place))!;
      this.seen.set(this.nameOf(change.place), change.told === undefined ? seen : { ...seen, told: change.told });
    }
    return changes.map(({ finding }) => finding);
  }

  private readonly nameOf = ({ account, region }: DeliveringPlace) => `${account} ${region}`;
}

const accountAt = (at: number): string => String(100_000_000_000 + at);

/** Accounts that delivered for three days, the last of them until hour 80 too. */
function silencedOrganization(accounts: number): Memory {
  const memory = new Memory();
  for (let at = 0; at < accounts; at++)
    memory.delivered({ account: accountAt(at), region: 'eu-west-1' }, START, ...hoursFrom(START + 70, 2));
  memory.delivered(PLACE, START, ...hoursFrom(START + 70, 11));
  return memory;
}

test('as many places as are told alone are, one more makes one finding that counts and names them', () => {
  const some = silencedOrganization(50).look(START + 80);
  assert.deepEqual([some.length, new Set(some.map(({ account }) => account)).size], [50, 50]);
  const [finding, ...others] = silencedOrganization(51).look(START + 80);
  const { id, runbook, ...rest } = finding!;
  assert.deepEqual([others, id.length, runbook], [[], some[0]!.id.length, some[0]!.runbook]);
  const since = '2026-03-14T00:00:00Z';
  assert.deepEqual(rest, {
    ...{ kind: 'delivery', rule: 'delivery.silent', state: 'open', severity: 'high', what: 'log files stopped coming' },
    title: 'no log file or digest of 51 regions of 51 accounts: most stopped at 2026-03-14T00:00:00Z',
    ...{ resources: [], events: [], count: 0, firstTime: since, lastTime: '2026-03-14T08:00:00Z', tags: some[0]!.tags },
    detail: {
      ...{ since, regions: 51, accounts: 51, deliverAgain: 0 },
      first: Array.from({ length: 20 }, (_, at) => ({ account: accountAt(at), region: 'eu-west-1', since })),
    },
  });
});

test('a storm is told once, again as its places deliver again, and closed with the last of them', () => {
  const memory = silencedOrganization(60);
  const [open] = memory.look(START + 80);
  assert.deepEqual(memory.look(START + 81), []);
  for (let at = 0; at < 58; at++) memory.delivered({ account: accountAt(at), region: 'eu-west-1' }, START + 81);
  const [fewer, ...others] = memory.look(START + 82);
  assert.deepEqual(
    [others, fewer!.id, fewer!.state, fewer!.title],
    [[], open!.id, 'updated', 'no log file or digest of 2 regions of 2 accounts: most stopped at 2026-03-14T00:00:00Z'],
  );
  const since = '2026-03-14T00:00:00Z';
  const left = [58, 59].map((at) => ({ account: accountAt(at), region: 'eu-west-1', since }));
  assert.deepEqual(fewer!.detail, { since, regions: 2, accounts: 2, first: left, deliverAgain: 58 });
  assert.deepEqual(memory.look(START + 82), []);
  memory.delivered({ account: accountAt(58), region: 'eu-west-1' }, START + 82);
  assert.equal(memory.look(START + 83)[0]!.account, accountAt(59));
  memory.delivered({ account: accountAt(59), region: 'eu-west-1' }, START + 83);
  const [closed] = memory.look(START + 84);
  assert.deepEqual([closed!.id, closed!.state, closed!.severity], [open!.id, 'closed', 'high']);
  assert.equal(closed!.title, 'log files come again of all regions and accounts that had stopped together, most at 2026-03-14T00:00:00Z');
  assert.deepEqual(memory.look(START + 84), []);
});

test('a place that delivered nothing since a storm began is one of it, also where it counts as silent later; one that did is told alone', () => {
  const memory = silencedOrganization(60);
  const rare = { account: '999900001111', region: 'eu-west-1' };
  const unlucky = { account: '999900002222', region: 'eu-west-1' };
  memory.delivered(rare, ...[0, 12, 24, 36, 48, 60, 71].map((hour) => START + hour));
  memory.delivered(unlucky, START, ...hoursFrom(START + 70, 4));
  const [open] = memory.look(START + 79);
  const [alone, ...others] = memory.look(START + 80.5);
  assert.deepEqual([others, alone!.state, alone!.account, alone!.id === open!.id], [[], 'open', unlucky.account, false]);
  const [joined, ...more] = memory.look(START + 97);
  assert.deepEqual([more.map(({ account }) => account), joined!.id, joined!.state], [[PLACE.account], open!.id, 'updated']);
  assert.deepEqual((joined!.detail as { first: object[]; regions: number }).first[0], { ...rare, since: '2026-03-14T00:00:00Z' });
  assert.equal(joined!.detail!['regions'], 61);
});

test('a storm of which an account falls silent as a whole is told again, as severer', () => {
  const memory = new Memory();
  for (let at = 0; at < 60; at++) memory.delivered({ ...PLACE, region: `eu-west-${at}` }, START, ...hoursFrom(START + 70, 2));
  memory.delivered({ ...PLACE, region: 'us-east-1' }, START, ...hoursFrom(START + 70, 11));
  const [open] = memory.look(START + 80);
  assert.deepEqual(
    [open!.severity, open!.account, open!.title],
    ['medium', PLACE.account, 'no log file or digest of 60 regions of account 111122223333: most stopped at 2026-03-14T00:00:00Z'],
  );
  const [worse, last, ...others] = memory.look(START + 90);
  assert.deepEqual([worse!.id, worse!.state, worse!.severity], [open!.id, 'updated', 'high']);
  assert.deepEqual([last!.region, others], ['us-east-1', []]);
});

test('a function that is killed between telling and remembering tells a storm again by the same id, whoever stopped meanwhile', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = randomFrom(seed);
    const memory = new Memory();
    const many = 100 + Math.floor(random() * 60);
    // Most stop in one hour, some in the hour before or after.
    for (let at = 0; at < many; at++)
      memory.delivered(
        { account: accountAt(at), region: 'eu-west-1' },
        START,
        START + 70,
        START + [72, 71, 72, 73][Math.floor(random() * 4)]!,
      );
    const share = [0, 0.05, 0.5, 1][seed % 4]!;
    const looks = [80, 80.1, 80.5].map((hour) => memory.look(START + hour, () => random() < share));
    const findings = [...looks, memory.look(START + 81), memory.look(START + 82)].flat();
    assert.deepEqual([new Set(findings.map(({ id }) => id)).size, findings[0]!.state], [1, 'open'], `seed ${seed}`);
    assert.deepEqual(memory.look(START + 83), [], `seed ${seed}`);
    for (let at = 0; at < many; at++) memory.delivered({ account: accountAt(at), region: 'eu-west-1' }, START + 83);
    const ends = [84, 84.1, 84.5].map((hour) => memory.look(START + hour, () => random() < share)[0]);
    const [end, ...others] = [...ends.flatMap((finding) => finding ?? []), ...memory.look(START + 84.6)];
    assert.ok(
      [end!, ...others].every(({ id, state }) => id === findings[0]!.id && state === 'closed'),
      `seed ${seed}`,
    );
    assert.deepEqual(memory.look(START + 84.7), [], `seed ${seed}`);
  }
});
