// PutEvents as the SDK sends it: the bus in every entry, odd times, and faults of a whole call told apart.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventBridgeClient, EventBridgeServiceException, PutEventsCommand, type PutEventsCommandInput } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { eventBridgePut, PutCallError, realWaits } from '../../aws/bus.ts';
import { DeliveryBus } from '../../events/bus/delivery.ts';
import type { WireEntry } from '../../events/entry.ts';
import { busContract } from '../contracts/bus.ts';
import { putEntriesContract } from '../contracts/putentries.ts';
import { faultOfCall, verdictOn } from '../fakes/putevents.ts';

const serviceError = (name: string, message: string, status: number) =>
  new EventBridgeServiceException({
    name,
    message,
    $fault: status < 500 ? 'client' : 'server',
    $metadata: { httpStatusCode: status },
  } as ConstructorParameters<typeof EventBridgeServiceException>[0]);

/** PutEvents that answers as AWS does, and what it accepted. */
function fakeBus() {
  const client = new EventBridgeClient({ region: 'us-east-1' });
  const mock = mockClient(client);
  const accepted: string[] = [];
  mock.on(PutEventsCommand).callsFake(({ Entries = [] }: PutEventsCommandInput) => {
    const fault = faultOfCall(Entries);
    if (fault) throw serviceError('ValidationException', fault, 400);
    const results = Entries.map((entry) => verdictOn(entry, new Set()));
    for (const [at, { ErrorCode }] of results.entries()) if (!ErrorCode) accepted.push(Entries[at]?.Detail ?? '');
    return { FailedEntryCount: results.filter(({ ErrorCode }) => ErrorCode).length, Entries: results };
  });
  return { client, mock, accepted };
}

busContract('DeliveryBus over EventBridge', async (ledger) => {
  const { client, accepted } = fakeBus();
  const parkedEntries = { park: () => assert.fail('parked') };
  return {
    bus: new DeliveryBus(eventBridgePut(client, 'trailbus'), parkedEntries, ledger, realWaits),
    received: async () => accepted,
    atOnce: false,
  };
});

putEntriesContract('eventBridgePut', async () => eventBridgePut(fakeBus().client, 'trailbus'));

const WIRE: WireEntry = {
  Source: 'cloudtrail.ec2',
  DetailType: 'AWS API Call via CloudTrail',
  Time: undefined,
  Resources: [],
  Detail: '{}',
};

test('names the bus in every entry and leaves the record’s text alone', async () => {
  const { client, mock } = fakeBus();
  await eventBridgePut(client, 'arn:aws:events:us-east-1:111122223333:event-bus/b')([{ ...WIRE, Detail: '{"a": 1e400}' }]);
  const { Entries } = mock.commandCalls(PutEventsCommand)[0]!.args[0].input;
  assert.deepEqual(
    [Entries?.[0]?.EventBusName, Entries?.[0]?.Detail],
    ['arn:aws:events:us-east-1:111122223333:event-bus/b', '{"a": 1e400}'],
  );
});

const times: [string, string | undefined, Date | undefined][] = [
  ['a time', '2026-10-05T12:00:00Z', new Date('2026-10-05T12:00:00Z')],
  ['no time', undefined, undefined],
  ['a leap second', '2016-12-31T23:59:60Z', undefined],
  ['no time at all', 'yesterday', undefined],
];
for (const [name, Time, expected] of times)
  test(`sends ${name} as ${expected ? 'a Date' : 'an entry without Time'}: an invalid Date would spoil the whole call`, async () => {
    const { client, mock } = fakeBus();
    await eventBridgePut(client, 'trailbus')([{ ...WIRE, Time }]);
    assert.deepEqual(mock.commandCalls(PutEventsCommand)[0]!.args[0].input.Entries?.[0]?.Time, expected);
  });

const faults: [string, unknown, { retryable: boolean; tooLarge: boolean }][] = [
  ['throttling', serviceError('ThrottlingException', 'Rate exceeded', 400), { retryable: true, tooLarge: false }],
  ['a fault of the service', serviceError('InternalException', 'Internal', 500), { retryable: true, tooLarge: false }],
  ['a lost connection', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }), { retryable: true, tooLarge: false }],
  [
    'the size limit',
    serviceError('ValidationException', 'Total size of the entries in the request is over the limit.', 400),
    { retryable: false, tooLarge: true },
  ],
  ['a proxy’s size limit', serviceError('413', '', 413), { retryable: false, tooLarge: true }],
  ['another validation', serviceError('ValidationException', '1 validation error detected', 400), { retryable: false, tooLarge: false }],
  [
    'no permission',
    serviceError('AccessDeniedException', 'not authorized to perform: events:PutEvents', 400),
    { retryable: false, tooLarge: false },
  ],
  [
    'no such bus',
    serviceError('ResourceNotFoundException', 'Event bus trailbus does not exist.', 400),
    { retryable: false, tooLarge: false },
  ],
];
for (const [name, fault, kind] of faults)
  test(`tells ${name} from other faults of a whole call`, async () => {
    const { client, mock } = fakeBus();
    mock.on(PutEventsCommand).rejects(fault as Error);
    await assert.rejects(eventBridgePut(client, 'trailbus')([WIRE]), (error) => {
      assert.ok(error instanceof PutCallError);
      assert.deepEqual({ retryable: error.retryable, tooLarge: error.tooLarge }, kind);
      return error.source === 'event bus trailbus' && error.cause === fault;
    });
  });
