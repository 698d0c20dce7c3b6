// Detections in the corridor: each entry is asked once, and what they say is sent before its file is done.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Hit } from '../../events/detect/index.ts';
import type { Bus } from '../../events/doors.ts';
import type { Entry } from '../../events/entry.ts';
import { DeliveryError } from '../../events/errors.ts';
import { Ledger } from '../../events/ledger.ts';
import { type Policy, processNotification } from '../../events/process.ts';
import { hitOfRecord, KeptHits } from '../fakes/hits.ts';
import { KEY, logFile } from '../fakes/records.ts';

const NOTIFICATION = { s3Bucket: 'trail-logs', s3ObjectKey: [KEY] };
const record = (id: number, change: object = {}) => ({
  ...{ eventID: `id-${id}`, eventSource: 'iam.amazonaws.com', eventName: 'CreateUser' },
  ...change,
});

/** One hit for each entry. */
const askAll = ({ record: { index } }: Entry): Hit[] => [hitOfRecord(index)];

class HitWorld {
  readonly queue = new KeptHits();
  readonly ledger = new Ledger();
  readonly steps: string[] = [];
  readonly done = new Set<string>();
  readonly bus: Bus = {
    put: () => {
      this.ledger.entriesAccepted++;
    },
    flush: async () => void this.steps.push('flush'),
    abandon: async () => void this.steps.push('abandon'),
  };
  ask: (entry: Entry) => readonly Hit[] = askAll;
  readonly stored: Uint8Array;

  constructor(...records: (object | string)[]) {
    this.stored = logFile(...records);
    const send = this.queue.send.bind(this.queue);
    this.queue.send = async (hits) => {
      this.steps.push('send');
      await send(hits);
    };
  }

  process(policy: Policy = {}): Promise<void> {
    const doors = {
      ...{ ledger: this.ledger, bus: this.bus, detecting: { ask: (entry: Entry) => this.ask(entry), queue: this.queue } },
      store: { read: async () => this.stored },
      quarantine: { keepFile: async () => undefined, keepRecord: async () => undefined },
      done: {
        once: async <T>({ key }: { key: string }, work: () => Promise<T>) => {
          const result = await work();
          this.done.add(key);
          this.steps.push('done');
          return result;
        },
      },
    };
    return processNotification(NOTIFICATION, doors, policy);
  }
}

const indexes = ({ queue }: HitWorld) => queue.hits.map(({ event }) => event.index);

test('hits are sent once the entries are out, and before the file is done', async () => {
  const w = new HitWorld(record(1), record(2), record(3));
  await w.process();
  assert.deepEqual([indexes(w), w.steps, w.ledger.hitsSent], [[0, 1, 2], ['flush', 'send', 'done'], 3]);
});

test('a file without hits sends nothing', async () => {
  const w = new HitWorld(record(1));
  w.ask = () => [];
  await w.process();
  assert.deepEqual([w.steps, w.done.size], [['flush', 'done'], 1]);
});

test('records that no rule wants on the bus are asked all the same', async () => {
  const w = new HitWorld(record(1), record(2));
  await w.process({ wanted: () => false });
  assert.deepEqual([indexes(w), w.ledger.entriesAccepted, w.ledger.recordsSkipped.get('NOT_WANTED')], [[0, 1], 0, 2]);
});

test('what never becomes an entry is not asked: duplicates, our own calls, elements that are no records', async () => {
  const ROLE = 'arn:aws:iam::111122223333:role/trailbus-process';
  const own = {
    eventSource: 'events.amazonaws.com',
    eventName: 'PutEvents',
    userIdentity: { sessionContext: { sessionIssuer: { arn: ROLE } } },
  };
  const w = new HitWorld(record(1), record(1), record(2, own), 'null', record(3));
  await w.process({ ownCalls: { roleArns: new Set([ROLE]) } });
  assert.deepEqual(indexes(w), [0, 4]);
});

test('when hits are not taken the file is not done, and comes again with all of them', async () => {
  const w = new HitWorld(record(1), record(2));
  w.queue.refusesNext = true;
  await assert.rejects(w.process(), DeliveryError);
  assert.deepEqual([w.steps, w.ledger.filesToRetry, w.ledger.hitsSent, w.ledger.recordsRead], [['flush', 'send', 'abandon'], 1, 0, 0]);
  await w.process();
  assert.deepEqual([indexes(w), w.done.size, w.ledger.hitsSent], [[1, 0, 1], 1, 2]);
});

test('where the entries can’t be put no hit is sent', async () => {
  const w = new HitWorld(record(1));
  w.bus.flush = async () => {
    throw new DeliveryError('refused');
  };
  await assert.rejects(w.process(), DeliveryError);
  assert.deepEqual(w.steps, ['abandon']);
});

test('where detections fail on a record it goes out, the others are asked, and the fault is counted', async () => {
  const w = new HitWorld(record(1), record(2), record(3));
  w.ask = (entry) => {
    if (entry.record.index === 1) throw new RangeError('a fault of ours');
    return askAll(entry);
  };
  await w.process();
  assert.deepEqual([indexes(w), w.ledger.entriesAccepted, w.ledger.detectionFaults, w.ledger.balanced], [[0, 2], 3, 1, true]);
});

test('of a file with many hits no more than a thousand wait at a time', async () => {
  const w = new HitWorld(...Array.from({ length: 1_500 }, (_, at) => record(at)));
  w.ask = ({ record: { index } }) => [hitOfRecord(index), hitOfRecord(index), hitOfRecord(index)];
  await w.process();
  assert.equal(w.queue.hits.length, 4_500);
  assert.ok(Math.max(...w.queue.sizes) <= 1_002, w.queue.sizes.join());
});

test('of a file too large to hold whole hits are sent window by window', async () => {
  const w = new HitWorld(...Array.from({ length: 75 }, (_, at) => record(at, { pad: 'x'.repeat(900_000) })));
  await w.process();
  assert.deepEqual(indexes(w), [...Array(75).keys()]);
  assert.ok(w.steps.filter((step) => step === 'send').length > 3, w.steps.join());
  assert.deepEqual(w.steps.slice(-3), ['flush', 'send', 'done']);
});

test('out of time, the file is given up with its hits', async () => {
  const w = new HitWorld(...Array.from({ length: 3_000 }, (_, at) => record(at)));
  let left = 60_000;
  w.ask = (entry) => {
    left -= 100;
    return entry.record.index < 900 ? askAll(entry) : [];
  };
  await assert.rejects(w.process({ timeLeftMs: () => left, wanted: () => false }), /time ran out/);
  assert.deepEqual([w.queue.hits, w.done.size], [[], 0]);
});
