// Findings on the bus of the cloud: in calls, shortened, refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findingTeller } from '../../aws/findingteller.ts';
import type { WireEntry } from '../../events/entry.ts';
import { DeliveryError } from '../../events/errors.ts';
import type { Finding } from '../../events/finding.ts';
import { tellFindingsContract } from '../contracts/tellfindings.ts';
import { faultOfCall, verdictOn } from '../fakes/putevents.ts';
import { KEY } from '../fakes/records.ts';

const WAITS = { sleep: async () => undefined, random: () => 0 };
const ODD = '\u0001';

const findingOf = (id: string, change: Partial<Finding> = {}): Finding => ({
  ...{ id, kind: 'detection', rule: 'iam.user-created', state: 'open', severity: 'high', title: 'alice made a user' },
  ...{ resources: ['arn:aws:iam::111122223333:user/bob', 'bob'], tags: ['cis.1.1'], count: 1, runbook: 'look' },
  events: [{ eventID: 'e1', time: '2026-10-05T12:00:00Z', bucket: 'trail-logs', key: KEY, index: 3 }],
  ...change,
});

/** Tells findings to a bus that has the service's limits; gives its calls. */
async function tell(...findings: Finding[]): Promise<WireEntry[][]> {
  const calls: WireEntry[][] = [];
  const put = async (entries: WireEntry[]) => {
    assert.equal(faultOfCall(entries), undefined);
    calls.push(entries);
    return entries.map((entry) => {
      const { ErrorCode: code } = verdictOn(entry, new Set());
      return code === undefined ? {} : { code };
    });
  };
  await findingTeller(put, WAITS)(findings);
  return calls;
}

tellFindingsContract('findingTeller', async () => {
  const taken: WireEntry[] = [];
  let refusals = 0;
  const put = async (entries: WireEntry[]) => {
    const refused = refusals > 0 ? entries[0] : undefined;
    refusals = 0;
    taken.push(...entries.filter((entry) => entry !== refused));
    return entries.map((entry) => (entry === refused ? { code: 'NotAuthorizedForSourceException' } : {}));
  };
  const received = async () => taken.map(({ Detail }) => JSON.parse(Detail) as Finding);
  return { tell: findingTeller(put, WAITS), received, refuseNext: () => void refusals++ };
});

const detailsIn = (calls: WireEntry[][]) => calls.flat().map(({ Detail }) => JSON.parse(Detail) as Finding);

test('findings go out whole and in order, ten a call, ARNs among their resources beside them', async () => {
  const findings = Array.from({ length: 12 }, (_, at) => findingOf(`f${at}`));
  const calls = await tell(...findings);
  assert.deepEqual([calls.map((entries) => entries.length), detailsIn(calls)], [[10, 2], findings]);
  const [{ Source, DetailType, Resources } = {} as WireEntry] = calls[0]!;
  assert.deepEqual([Source, DetailType, Resources], ['trailbus', 'Trailbus Finding', ['arn:aws:iam::111122223333:user/bob']]);
});

test('a finding too large for the bus loses resources first, then all but its first events, then those and the runbook; never its count', async () => {
  const long = (prefix: string, times: number) => Array.from({ length: 20 }, (_, at) => `${prefix}${ODD.repeat(times)}${at}`);
  const event = findingOf('x').events[0]!;
  const large: Partial<Finding>[] = [
    { resources: long('arn:aws:s3:::', 2_000) },
    { events: long('AWSLogs/', 2_000).map((key) => ({ ...event, key })) },
    { events: long('AWSLogs/', 20_000).map((key) => ({ ...event, key })), runbook: 'x'.repeat(200_000) },
  ];
  const calls = await tell(...large.map((change, at) => findingOf(`f${at}`, { ...change, count: 20, detail: { isAtLeast: true } })));
  assert.deepEqual(
    detailsIn(calls).map(({ resources, events, runbook, count, title, detail }) => [
      ...[resources.length, events.length, runbook, count, title],
      detail,
    ]),
    [
      [3, 1, 'look', 20, 'alice made a user', { isAtLeast: true, isShortened: true }],
      [0, 3, 'look', 20, 'alice made a user', { isAtLeast: true, isShortened: true }],
      [0, 0, undefined, 20, 'alice made a user', { isAtLeast: true, isShortened: true }],
    ],
  );
});

test('what the bus refuses for good is thrown with its reason: the hits have to come again', async () => {
  const put = async (entries: WireEntry[]) => entries.map(({ Detail }) => (Detail.includes('f1') ? { code: 'MalformedDetail' } : {}));
  await assert.rejects(
    findingTeller(put, WAITS)([findingOf('f0'), findingOf('f1')]),
    (error) => error instanceof DeliveryError && /the bus refused a finding: MalformedDetail/.test(error.message),
  );
});

test('with no findings there is nothing to put', async () => assert.deepEqual(await tell(), []));
