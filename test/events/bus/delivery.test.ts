// Entries to PutEvents calls: batches, sizes, tries again, parking, reducing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DeliveryBus,
  type DeliveryPolicy,
  entryBytes,
  MAX_ENTRIES,
  type PutEntries,
  type PutResult,
} from '../../../events/bus/delivery.ts';
import { type Entry, toEntry, toWire, type WireEntry } from '../../../events/entry.ts';
import { DeliveryError } from '../../../events/errors.ts';
import { Ledger } from '../../../events/ledger.ts';
import { REF, recordOf } from '../../fakes/records.ts';

const LIMIT = 1024 * 1024;

/** PutEvents with the service's limits; `answer` may refuse an entry, or throw for the call. */
class FakeEventBridge {
  calls: WireEntry[][] = [];
  accepted: WireEntry[] = [];
  private readonly answer: (entry: WireEntry, call: number) => PutResult;
  private readonly limitBytes: number;

  constructor(answer: (entry: WireEntry, call: number) => PutResult = () => ({}), limitBytes = LIMIT) {
    this.answer = answer;
    this.limitBytes = limitBytes;
  }

  put: PutEntries = async (entries) => {
    this.calls.push(entries);
    const bytes = entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
    if (entries.length > MAX_ENTRIES) throw new Error('more than 10 entries');
    if (bytes > this.limitBytes)
      throw Object.assign(new Error('Total size of the entries in the request is over the limit.'), { tooLarge: true });
    return entries.map((entry) => {
      const result = entry.Source.startsWith('aws.') ? { code: 'NotAuthorizedForSourceException' } : this.answer(entry, this.calls.length);
      if (result.code === undefined) this.accepted.push(entry);
      return result;
    });
  };
}

const entry = (change: object = {}): Entry =>
  toEntry(recordOf({ eventID: 'e', eventSource: 'ec2.amazonaws.com', eventTime: '2026-10-05T12:00:00Z', ...change }), REF);
/** Waits that take no time and know no chance. */
const WAITS = { sleep: async () => undefined, random: () => 1 };
const idOf = ({ Detail }: WireEntry) => (JSON.parse(Detail) as { eventID: string }).eventID;

function setUp(service: FakeEventBridge, policy: Partial<DeliveryPolicy> = {}) {
  const ledger = new Ledger();
  const parked: { id: string; reason: string; text: string }[] = [];
  const slept: number[] = [];
  const parkedEntries = {
    park: async ({ record }: Entry, reason: string) => void parked.push({ id: record.field('eventID')!, reason, text: record.text() }),
  };
  const sleep = async (waitMs: number) => void slept.push(waitMs);
  const bus = new DeliveryBus(service.put, parkedEntries, ledger, { ...WAITS, sleep, ...policy });
  const putAll = async (entries: Entry[]) => {
    for (const each of entries) await bus.put(each);
    await bus.flush();
  };
  return { ledger, parked, slept, bus, putAll };
}

test('sends at most ten entries a call', async () => {
  const service = new FakeEventBridge();
  const { putAll, ledger } = setUp(service);
  await putAll(Array.from({ length: 25 }, (_, i) => entry({ eventID: `${i}` })));
  assert.deepEqual(service.calls.map((call) => call.length).sort(), [10, 10, 5]);
  assert.equal(ledger.entriesAccepted, 25);
});

test('counts an entry as EventBridge does: UTF-8 bytes of its texts and 14 for a Time', () => {
  const wire: WireEntry = { Source: 'é', DetailType: 'ab', Time: '2026-10-05T12:00:00Z', Resources: ['abc', 'd'], Detail: '😀' };
  assert.equal(entryBytes(wire), 2 + 2 + 14 + 4 + 4);
  assert.equal(entryBytes({ ...wire, Time: undefined }), 2 + 2 + 4 + 4);
});

test('keeps a call below the configured size', async () => {
  const service = new FakeEventBridge();
  const { putAll } = setUp(service, { maxCallBytes: 10_000 });
  await putAll(Array.from({ length: 12 }, (_, i) => entry({ eventID: `${i}`, pad: 'x'.repeat(3000) })));
  for (const call of service.calls) assert.ok(call.reduce((sum, each) => sum + entryBytes(each), 0) <= 10_000);
  assert.equal(service.accepted.length, 12);
});

test('sends an entry above the call size alone and whole, up to 1 MiB', async () => {
  const service = new FakeEventBridge();
  const { putAll, ledger } = setUp(service);
  await putAll([entry({ eventID: 'a' }), entry({ eventID: 'big', pad: 'x'.repeat(900_000) }), entry({ eventID: 'b' })]);
  const big = service.calls.find((call) => call.some((each) => idOf(each) === 'big'))!;
  assert.equal(big.length, 1);
  assert.ok(big[0]!.Detail.length > 900_000);
  assert.deepEqual([ledger.entriesAccepted, ledger.entriesReduced], [3, 0]);
});

test('an entry of exactly 1 MiB goes out whole, one of a byte more is reduced', async () => {
  const ofBytes = (bytes: number) => entry({ requestParameters: 'x'.repeat(bytes - entryBytes(toWire(entry({ requestParameters: '' })))) });
  const service = new FakeEventBridge();
  await setUp(service).putAll([ofBytes(1_048_576), ofBytes(1_048_577)]);
  assert.deepEqual(
    service.accepted.map(({ Detail }) => Detail.includes('"trailbus":{"reduced"')),
    [false, true],
  );
});

test('sends an entry above 1 MiB reduced, with a pointer to the whole record', async () => {
  const service = new FakeEventBridge();
  const { putAll, ledger } = setUp(service);
  await putAll([
    entry({ eventID: 'huge', eventName: 'PutObject', requestParameters: { pad: 'x'.repeat(2_000_000) }, awsRegion: 'eu-west-1' }),
  ]);
  const detail = JSON.parse(service.accepted[0]!.Detail) as Record<string, unknown>;
  assert.deepEqual(detail['trailbus'], { reduced: ['requestParameters'], bucket: REF.bucket, key: REF.key, index: 0 });
  assert.equal(detail['requestParameters'], undefined);
  assert.equal(detail['eventName'], 'PutObject');
  assert.deepEqual([ledger.entriesAccepted, ledger.entriesReduced], [1, 1]);
});

test('reduces an entry that the service refuses for its size where the limit is still 256 KB', async () => {
  const service = new FakeEventBridge(() => ({}), 256 * 1024);
  const { putAll, ledger, parked } = setUp(service);
  await putAll([entry({ eventID: 'a' }), entry({ eventID: 'large', responseElements: { pad: 'x'.repeat(400_000) } })]);
  assert.equal(service.accepted.length, 2);
  assert.deepEqual([ledger.entriesAccepted, ledger.entriesReduced, parked.length], [2, 1, 0]);
});

test('reduces it also where calls up to 1 MiB were configured', async () => {
  const service = new FakeEventBridge(() => ({}), 256 * 1024);
  const { putAll, ledger, parked } = setUp(service, { maxCallBytes: LIMIT });
  await putAll([entry({ eventID: 'large', responseElements: { pad: 'x'.repeat(400_000) } })]);
  assert.deepEqual([ledger.entriesAccepted, ledger.entriesReduced, parked.length], [1, 1, 0]);
});

test('splits a call that the service finds too large', async () => {
  const service = new FakeEventBridge(() => ({}), 100_000);
  const { putAll, ledger } = setUp(service);
  await putAll(Array.from({ length: 6 }, (_, i) => entry({ eventID: `${i}`, pad: 'x'.repeat(30_000) })));
  assert.deepEqual(service.accepted.map(idOf).sort(), ['0', '1', '2', '3', '4', '5']);
  assert.equal(ledger.entriesReduced, 0);
});

test('tries refused entries again alone, with growing waits', async () => {
  const service = new FakeEventBridge((each, call) => (idOf(each) === '3' && call < 4 ? { code: 'ThrottlingException' } : {}));
  const { putAll, slept, ledger } = setUp(service);
  await putAll(Array.from({ length: 5 }, (_, i) => entry({ eventID: `${i}` })));
  assert.deepEqual(
    service.calls.map((call) => call.map(idOf)),
    [['0', '1', '2', '3', '4'], ['3'], ['3'], ['3']],
  );
  assert.deepEqual(slept, [100, 200, 400]);
  assert.equal(ledger.entriesAccepted, 5);
});

test('jitters the waits', async () => {
  const service = new FakeEventBridge((_, call) => (call < 3 ? { code: 'InternalFailure' } : {}));
  const { putAll, slept } = setUp(service, { random: () => 0.25 });
  await putAll([entry()]);
  assert.deepEqual(slept, [25, 50]);
});

test('parks what is refused for good, with its reason and whole record, and sends the rest', async () => {
  const service = new FakeEventBridge((each) => (idOf(each) === 'bad' ? { code: 'MalformedDetail', message: 'Detail is malformed.' } : {}));
  const { putAll, parked, ledger } = setUp(service);
  await putAll([entry({ eventID: 'a' }), entry({ eventID: 'bad', n: 1 }), entry({ eventID: 'b' })]);
  assert.deepEqual(
    parked.map(({ id, reason }) => [id, reason]),
    [['bad', 'MalformedDetail: Detail is malformed.']],
  );
  assert.equal(parked[0]!.text, entry({ eventID: 'bad', n: 1 }).record.text());
  assert.deepEqual([ledger.entriesAccepted, ledger.entriesParked, service.calls.length], [2, 1, 1]);
});

test('parks what is still refused after the last try', async () => {
  const service = new FakeEventBridge(() => ({ code: 'ThrottlingException', message: 'slow down' }));
  const { putAll, parked } = setUp(service, { maxTries: 3 });
  await putAll([entry()]);
  assert.equal(service.calls.length, 3);
  assert.deepEqual(
    parked.map(({ reason }) => reason),
    ['ThrottlingException: slow down'],
  );
});

test('an answer with too few lines loses nothing', async () => {
  const ledger = new Ledger();
  const parked: string[] = [];
  const bus = new DeliveryBus(async () => [{}], { park: async (_, reason) => void parked.push(reason) }, ledger, WAITS);
  await bus.put(entry());
  await bus.put(entry());
  await bus.flush();
  assert.deepEqual([ledger.entriesAccepted, ledger.entriesParked, parked.length], [1, 1, 1]);
});

test('tries a failed call again when that may help', async () => {
  let failures = 2;
  const service = new FakeEventBridge();
  const put: PutEntries = async (entries) => {
    if (failures-- > 0) throw Object.assign(new Error('connect ECONNRESET'), { retryable: true });
    return service.put(entries);
  };
  const { ledger } = setUp(service);
  const bus = new DeliveryBus(put, { park: async () => undefined }, ledger, WAITS);
  await bus.put(entry());
  await bus.flush();
  assert.equal(ledger.entriesAccepted, 1);
});

for (const [name, error] of [
  ['fails for good', new Error('AccessDeniedException: no')],
  ['keeps failing', Object.assign(new Error('503'), { retryable: true })],
] as const)
  test(`a call that ${name} leaves the file undone`, async () => {
    const { ledger } = setUp(new FakeEventBridge());
    const bus = new DeliveryBus(async () => Promise.reject(error), { park: async () => undefined }, ledger, {
      ...WAITS,
      maxTries: 3,
    });
    await bus.put(entry());
    await assert.rejects(bus.flush(), DeliveryError);
    assert.equal(ledger.entriesAccepted, 0);
  });

test('a queue of parked entries that fails leaves the file undone', async () => {
  const bus = new DeliveryBus(
    async () => [{ code: 'MalformedDetail' }],
    { park: async () => Promise.reject(new Error('queue down')) },
    new Ledger(),
    WAITS,
  );
  await bus.put(entry());
  await assert.rejects(bus.flush(), /queue down/);
});

test('gives up waiting when the time is nearly over', async () => {
  const service = new FakeEventBridge(() => ({ code: 'ThrottlingException' }));
  const { putAll, slept } = setUp(service, { timeLeftMs: () => 900 });
  await assert.rejects(putAll([entry()]), DeliveryError);
  assert.equal(slept.length, 0);
});

test('what was abandoned is not sent with the next file', async () => {
  const service = new FakeEventBridge();
  const { bus, ledger } = setUp(service);
  await bus.put(entry({ eventID: 'given up' }));
  await bus.abandon();
  await bus.put(entry({ eventID: 'next' }));
  await bus.flush();
  assert.deepEqual(service.accepted.map(idOf), ['next']);
  assert.equal(ledger.entriesAccepted, 1);
});

test('has no more calls under way than allowed', async () => {
  let underWay = 0;
  let most = 0;
  const put: PutEntries = async (entries) => {
    most = Math.max(most, ++underWay);
    await new Promise((done) => setTimeout(done, 1));
    underWay--;
    return entries.map(() => ({}));
  };
  const bus = new DeliveryBus(put, { park: async () => undefined }, new Ledger(), { ...WAITS, concurrency: 3 });
  for (let i = 0; i < 200; i++) await bus.put(entry());
  await bus.flush();
  assert.equal(most, 3);
});
