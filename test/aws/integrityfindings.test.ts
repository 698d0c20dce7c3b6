// Findings of integrity, put on the bus in the cloud.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { eventBridgePut } from '../../aws/bus.ts';
import { EventBridgeFindings } from '../../aws/integrityfindings.ts';
import type { IntegrityFinding } from '../../events/digest/index.ts';
import { DeliveryError } from '../../events/errors.ts';
import { findingBusContract } from '../contracts/findingbus.ts';
import { faultOfCall, type SentEntry, type Verdict, verdictOn } from '../fakes/putevents.ts';

/** A bus that takes what EventBridge takes. */
function fakeBus() {
  const client = new EventBridgeClient({ region: 'us-east-1' });
  const [taken, refusals] = [[] as SentEntry[], [] as Verdict[]];
  mockClient(client)
    .on(PutEventsCommand)
    .callsFake(({ Entries }: { Entries: SentEntry[] }) => {
      assert.equal(faultOfCall(Entries), undefined);
      const verdicts = Entries.map((entry) => refusals.shift() ?? verdictOn(entry, new Set()));
      taken.push(...Entries.filter((_, at) => verdicts[at]!.ErrorCode === undefined));
      return { FailedEntryCount: verdicts.filter(({ ErrorCode }) => ErrorCode).length, Entries: verdicts };
    });
  const waits = { sleep: async () => undefined, random: () => 0 };
  return { bus: new EventBridgeFindings(eventBridgePut(client, 'bus'), waits), taken, refusals };
}

findingBusContract('EventBridgeFindings', async () => {
  const { bus, taken, refusals } = fakeBus();
  const received = () => taken.map(({ Detail }) => JSON.parse(Detail!) as IntegrityFinding);
  return { bus, received, refuseNext: () => void refusals.push({ ErrorCode: 'AccessDeniedException', ErrorMessage: 'no' }) };
});

const FINDING = {
  ...{ id: 'integrity-1', resources: ['arn:aws:cloudtrail:us-east-1:111122223333:trail/main'], events: [], detail: { reason: 'missing' } },
} as unknown as IntegrityFinding;

test('a finding that the bus refuses is told with its reason, and what to do', async () => {
  const { bus, refusals } = fakeBus();
  refusals.push({ ErrorCode: 'AccessDeniedException', ErrorMessage: 'no' });
  await assert.rejects(bus.put(FINDING), (error) => {
    assert.ok(error instanceof DeliveryError);
    assert.equal(error.message, 'the bus refused a finding: AccessDeniedException: no');
    assert.match(error.help!, /events:PutEvents/);
    return true;
  });
});

test('a finding for which the bus has no time is put again, and one that is too long is shortened', async () => {
  const { bus, refusals, taken } = fakeBus();
  refusals.push({ ErrorCode: 'ThrottlingException', ErrorMessage: 'slow' });
  const runbook = 'x'.repeat(200_000);
  await bus.put({ ...FINDING, runbook });
  const [told, ...others] = taken.map(({ Detail }) => JSON.parse(Detail!) as IntegrityFinding);
  assert.deepEqual(
    [told!.id, told!.runbook, told!.detail, others],
    ['integrity-1', undefined, { reason: 'missing', isShortened: true }, []],
  );
});
