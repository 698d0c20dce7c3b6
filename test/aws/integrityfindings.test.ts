// Findings of integrity, put on the bus in the cloud.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
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
  return { bus: new EventBridgeFindings(client, 'bus'), taken, refusals };
}

findingBusContract('EventBridgeFindings', async () => {
  const { bus, taken, refusals } = fakeBus();
  const received = () => taken.map(({ Detail }) => JSON.parse(Detail!) as IntegrityFinding);
  return { bus, received, refuseNext: () => void refusals.push({ ErrorCode: 'ThrottlingException', ErrorMessage: 'slow' }) };
});

test('a finding that the bus refuses is told with its reason, the bus and what to do', async () => {
  const { bus, refusals } = fakeBus();
  refusals.push({ ErrorCode: 'AccessDenied', ErrorMessage: 'no' });
  await assert.rejects(
    bus.put({ resources: ['arn:aws:cloudtrail:us-east-1:111122223333:trail/main'] } as unknown as IntegrityFinding),
    (error) => {
      assert.ok(error instanceof DeliveryError);
      assert.deepEqual([error.message, error.source], ['the bus refused a finding: AccessDenied: no', 'event bus bus']);
      assert.match(error.help!, /events:PutEvents/);
      return true;
    },
  );
});
