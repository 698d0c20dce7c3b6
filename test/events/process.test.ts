// The corridor over doors in memory: where every file and record ends, and what comes again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeliveryBus } from '../../events/bus/delivery.ts';
import type { Bus } from '../../events/doors.ts';
import { Duplicates } from '../../events/duplicates.ts';
import type { Entry, WireEntry } from '../../events/entry.ts';
import { DeliveryError, ReadError } from '../../events/errors.ts';
import { Ledger } from '../../events/ledger.ts';
import type { LogRecord } from '../../events/logfile/logfile.ts';
import type { ObjectRef } from '../../events/objectkey.ts';
import { type Doors, type Policy, processNotification } from '../../events/process.ts';
import { KEY, logFile } from '../fakes/records.ts';

const BUCKET = 'trail-logs';
const key = (n: number) => KEY.replace('abcDEF', `file${n}X`);
const notification = (...keys: string[]) => ({ s3Bucket: BUCKET, s3ObjectKey: keys });
const record = (id: number, change: object = {}) => ({
  eventID: `id-${id}`,
  eventSource: 'ec2.amazonaws.com',
  eventName: 'RunInstances',
  ...change,
});

class World {
  files = new Map<string, Uint8Array | Error>();
  reads: string[] = [];
  sent: Entry[] = [];
  quarantined: [string, string, number?][] = [];
  done = new Set<string>();
  ledger = new Ledger();
  bus: Bus = {
    put: (entry) => {
      this.sent.push(entry);
      this.ledger.entriesAccepted++;
    },
    flush: async () => undefined,
    abandon: async () => undefined,
  };

  doors(): Doors {
    return {
      ledger: this.ledger,
      bus: this.bus,
      store: { read: async (ref) => this.read(ref) },
      quarantine: {
        keepFile: async (ref, reason) => void this.quarantined.push([ref.key, reason]),
        keepRecord: async (ref, index, reason) => void this.quarantined.push([ref.key, reason, index]),
      },
      done: {
        once: async (ref, work) => {
          if (this.done.has(ref.key)) return undefined;
          const result = await work();
          this.done.add(ref.key);
          return result;
        },
      },
    };
  }

  read({ key: name }: ObjectRef): Uint8Array {
    this.reads.push(name);
    const stored = this.files.get(name) ?? new ReadError('NoSuchKey', true);
    if (stored instanceof Error) throw stored;
    return stored;
  }

  process = (payload: unknown, policy: Policy = { buckets: new Set([BUCKET]) }) => processNotification(payload, this.doors(), policy);
  sentIDs = () => this.sent.map((entry) => entry.record.field('eventID'));
}

const world = (...files: Uint8Array[]) => {
  const made = new World();
  for (const [i, stored] of files.entries()) made.files.set(key(i), stored);
  return made;
};

test('every record of every announced file goes out once, and the file is done', async () => {
  const w = world(logFile(record(1), record(2)), logFile(record(3)));
  await w.process(notification(key(0), key(1)));
  assert.deepEqual(w.sentIDs(), ['id-1', 'id-2', 'id-3']);
  assert.deepEqual([w.ledger.filesDone, w.ledger.recordsRead, w.ledger.balanced], [2, 3, true]);
  assert.deepEqual([...w.done], [key(0), key(1)]);
});

test('a file announced twice is emitted once', async () => {
  const w = world(logFile(record(1)));
  await w.process(notification(key(0)));
  await w.process(notification(key(0)));
  assert.deepEqual(w.sentIDs(), ['id-1']);
  assert.equal(w.ledger.filesSkipped.get('ALREADY_DONE'), 1);
});

test('a bucket that is not configured is quarantined without a read', async () => {
  const w = world(logFile(record(1)));
  await w.process({ s3Bucket: 'someone-elses', s3ObjectKey: [key(0)] });
  assert.deepEqual([w.reads, w.quarantined, w.sent], [[], [[key(0), 'BUCKET_NOT_ALLOWED']], []]);
});

for (const [reason, name] of [
  ['DIGEST_FILE', KEY.replaceAll('CloudTrail', 'CloudTrail-Digest')],
  ['NOT_CLOUDTRAIL_LOG', 'AWSLogs/111122223333/Config/ConfigWritabilityCheckFile'],
] as const)
  test(`an object that is no log file is skipped as ${reason} without a read`, async () => {
    const w = world();
    await w.process(notification(name));
    assert.deepEqual([w.reads, w.ledger.filesSkipped.get(reason)], [[], 1]);
  });

test('a damaged file is quarantined whole and does not hold up the next', async () => {
  const w = world(Buffer.from('rubbish'), logFile(record(2)));
  await w.process(notification(key(0), key(1)));
  assert.deepEqual(w.quarantined, [[key(0), 'INVALID_JSON']]);
  assert.deepEqual([w.sentIDs(), w.ledger.recordsRead, w.ledger.balanced], [['id-2'], 1, true]);
});

test('elements that are not records are quarantined alone', async () => {
  const w = world(logFile(record(1), 'null', record(2), '"x"'));
  await w.process(notification(key(0)));
  assert.deepEqual(w.quarantined, [
    [key(0), 'RECORD_NOT_OBJECT', 1],
    [key(0), 'RECORD_NOT_OBJECT', 3],
  ]);
  assert.deepEqual(
    [w.sentIDs(), w.ledger.recordsRead, w.ledger.recordsQuarantinedTotal, w.ledger.balanced],
    [['id-1', 'id-2'], 4, 2, true],
  );
});

test('what cannot be read now comes again, after the rest was done', async () => {
  const w = world(logFile(record(1)));
  await assert.rejects(w.process(notification('AWSLogs/missing', key(9), key(0))), ReadError);
  assert.deepEqual([w.sentIDs(), w.ledger.filesToRetry, w.ledger.filesDone], [['id-1'], 1, 1]);
  assert.ok(!w.done.has(key(9)));
});

test('a payload of no known shape is refused, after the rest was done', async () => {
  const w = world(logFile(record(1)));
  await assert.rejects(w.process({ Records: [{ what: 'is this' }, notification(key(0))] }), /not a notification/);
  assert.deepEqual(w.sentIDs(), ['id-1']);
});

test('the same record twice in a file counts once; the same id with other bytes is kept', async () => {
  const w = world(logFile(record(1), record(1), record(1, { addendum: { reason: 'UPDATED_DATA' } }), record(1)));
  await w.process(notification(key(0)));
  assert.deepEqual([w.sent.length, w.ledger.recordsSkipped.get('DUPLICATE'), w.ledger.balanced], [2, 2, true]);
});

test('the same record in two files of one notification counts once', async () => {
  const w = world(logFile(record(1), record(2)), logFile(record(1), record(1, { x: 1 }), record(3)));
  await w.process(notification(key(0), key(1)));
  assert.deepEqual([w.sentIDs(), w.ledger.recordsSkipped.get('DUPLICATE')], [['id-1', 'id-2', 'id-1', 'id-3'], 1]);
});

test('records without an eventID are all emitted', async () => {
  const w = world(logFile({ a: 1 }, { a: 1 }, { eventId: 'small d', accountId: '111122223333' }));
  await w.process(notification(key(0)));
  assert.equal(w.sent.length, 3);
});

test('two records that share a sharedEventID are two', async () => {
  const w = world(logFile(record(1, { sharedEventID: 's' }), record(2, { sharedEventID: 's' })));
  await w.process(notification(key(0)));
  assert.equal(w.sent.length, 2);
});

const ROLE = 'arn:aws:iam::111122223333:role/trailbus-process';
const ALERT = 'arn:aws:iam::111122223333:role/trailbus-alert';
const TABLE = 'arn:aws:dynamodb:us-east-1:111122223333:table/findings';
const QUEUE = 'arn:aws:sqs:us-east-1:111122223333:hits';
const onStores = (...arns: string[]) => ({ resources: arns.map((ARN) => ({ accountId: '111122223333', ARN })) });
const by = (arn: string) => ({ userIdentity: { type: 'AssumedRole', sessionContext: { sessionIssuer: { type: 'Role', arn } } } });
const ownCalls: [string, object, boolean][] = [
  ['our PutEvents', { eventSource: 'events.amazonaws.com', eventName: 'PutEvents', ...by(ROLE) }, true],
  [
    'our GetObject on the log bucket',
    { eventSource: 's3.amazonaws.com', eventName: 'GetObject', requestParameters: { bucketName: BUCKET }, ...by(ROLE) },
    true,
  ],
  [
    'our GetObject elsewhere',
    { eventSource: 's3.amazonaws.com', eventName: 'GetObject', requestParameters: { bucketName: 'secrets' }, ...by(ROLE) },
    false,
  ],
  ['someone else’s PutEvents', { eventSource: 'events.amazonaws.com', eventName: 'PutEvents', ...by(`${ROLE}-2`) }, false],
  [
    'another call of our role',
    { eventSource: 's3.amazonaws.com', eventName: 'DeleteObject', requestParameters: { bucketName: BUCKET }, ...by(ROLE) },
    false,
  ],
  ['the alert function’s PutEvents', { eventSource: 'events.amazonaws.com', eventName: 'PutEvents', ...by(ALERT) }, true],
  [
    'what the alert function remembers in its table',
    { eventSource: 'dynamodb.amazonaws.com', eventName: 'PutItem', ...by(ALERT), ...onStores(TABLE) },
    true,
  ],
  [
    'hits that we send to their queue',
    { eventSource: 'sqs.amazonaws.com', eventName: 'SendMessageBatch', ...by(ROLE), ...onStores(QUEUE) },
    true,
  ],
  [
    'our role in another table',
    { eventSource: 'dynamodb.amazonaws.com', eventName: 'BatchGetItem', ...by(ALERT), ...onStores(TABLE, `${TABLE}-2`) },
    false,
  ],
  ['our role in a table that is not named', { eventSource: 'dynamodb.amazonaws.com', eventName: 'GetItem', ...by(ALERT) }, false],
  [
    'someone else in our table',
    { eventSource: 'dynamodb.amazonaws.com', eventName: 'GetItem', ...by(`${ALERT}-2`), ...onStores(TABLE) },
    false,
  ],
  ['PutEvents of another service', { eventSource: 'personalize.amazonaws.com', eventName: 'PutEvents', ...by(ROLE) }, false],
];
for (const [name, call, own] of ownCalls)
  test(`the loop guard ${own ? 'counts and does not publish' : 'publishes'} ${name}`, async () => {
    const w = world(logFile({ eventID: 'x', ...call }));
    await w.process(notification(key(0)), {
      buckets: new Set([BUCKET]),
      ownCalls: { roleArns: new Set([ROLE, ALERT]), storeArns: new Set([TABLE, QUEUE]) },
    });
    assert.deepEqual(
      [w.sent.length, w.ledger.recordsSkipped.get('OWN_CALL'), w.ledger.balanced],
      own ? [0, 1, true] : [1, undefined, true],
    );
  });

test('records of a major version not known yet are emitted and counted', async () => {
  const versions = ['1.05', '1.10', '1.9', '2.0', '10.1', 'new', undefined];
  const w = world(logFile(...versions.map((eventVersion, i) => record(i, { eventVersion }))));
  await w.process(notification(key(0)));
  assert.deepEqual([w.sent.length, w.ledger.recordsOfNewVersion, w.ledger.balanced], [7, 3, true]);
});

test('with a filter only wanted records go out, and the ledger still adds up', async () => {
  const w = world(logFile(record(1), record(2, { eventName: 'StopLogging' })));
  await w.process(notification(key(0)), {
    buckets: new Set([BUCKET]),
    wanted: (entry) => entry.record.field('eventName') === 'StopLogging',
  });
  assert.deepEqual([w.sentIDs(), w.ledger.recordsSkipped.get('NOT_WANTED'), w.ledger.balanced], [['id-2'], 1, true]);
});

test('out of time, the corridor stops before the next file and reports it not done', async () => {
  const w = world(logFile(record(1)), logFile(record(2)));
  let left = 60_000;
  const put = w.bus.put;
  w.bus.put = (entry) => {
    left = 3_000;
    return put(entry);
  };
  await assert.rejects(w.process(notification(key(0), key(1)), { buckets: new Set([BUCKET]), timeLeftMs: () => left }), /time ran out/);
  assert.deepEqual([w.sentIDs(), [...w.done]], [['id-1'], [key(0)]]);
});

test('with as much time left as is kept back, 5 s where nothing else was said, the corridor goes on', async () => {
  const w = world(logFile(record(1)), logFile(record(2)));
  await w.process(notification(key(0)), { buckets: new Set([BUCKET]), timeLeftMs: () => 5_000 });
  await assert.rejects(w.process(notification(key(1)), { buckets: new Set([BUCKET]), timeLeftMs: () => 4_999 }), /time ran out/);
  assert.deepEqual(w.sentIDs(), ['id-1']);
});

test('out of time in a large file of which nothing is wanted, the corridor stops though it never waits', async () => {
  const w = world(logFile(...Array.from({ length: 5_000 }, (_, i) => record(i))));
  let left = 60_000;
  const wanted = () => {
    left -= 100;
    return false;
  };
  const policy = { buckets: new Set([BUCKET]), timeLeftMs: () => left, wanted };
  await assert.rejects(w.process(notification(key(0)), policy), /time ran out/);
  assert.ok(left > -60_000, 'long before the end of the file');
  assert.deepEqual([w.ledger.recordsRead, w.ledger.filesToRetry, w.done.size], [0, 1, 0]);
});

test('out of time while a large file is being checked, the corridor stops', async () => {
  const pad = 'x'.repeat(1024 * 1024);
  const w = world(logFile(...Array.from({ length: 70 }, (_, i) => record(i, { pad }))));
  let looks = 0;
  const policy = { buckets: new Set([BUCKET]), timeLeftMs: () => (looks++ < 3 ? 60_000 : 0) };
  await assert.rejects(w.process(notification(key(0)), policy), /time ran out/);
  assert.deepEqual([w.sent.length, w.done.size], [0, 0]);
});

test('where the filter itself fails the record goes out', async () => {
  const w = world(logFile(record(1), record(2), record(3)));
  const wanted = (entry: Entry) => {
    if (entry.record.index === 1) throw new RangeError('a fault of ours');
    return false;
  };
  await w.process(notification(key(0)), { buckets: new Set([BUCKET]), wanted });
  assert.deepEqual([w.sentIDs(), w.ledger.filesDone, w.ledger.balanced], [['id-2'], 1, true]);
});

test('a record of a file that was given up is no reason to skip it in the next', async () => {
  const w = world(logFile(record(1), record(2)), logFile(record(2), record(3)));
  const put = w.bus.put;
  let fails = true;
  w.bus.put = (entry) => {
    if (fails && entry.ref.key === key(0) && entry.record.index === 1) throw new DeliveryError('refused');
    return put(entry);
  };
  await assert.rejects(w.process(notification(key(0), key(1))), DeliveryError);
  assert.deepEqual(w.sentIDs(), ['id-1', 'id-2', 'id-3']);
  fails = false;
  await w.process(notification(key(0), key(1)));
  assert.deepEqual([w.sentIDs().slice(3), w.done.size, w.ledger.balanced], [['id-1', 'id-2'], 2, true]);
});

for (const [what, payload, stored] of [
  ['a damaged file', notification(key(0)), Buffer.from('rubbish')],
  ['an element that is no record', notification(key(0)), logFile(record(1), 'null')],
  ['a file of a bucket that is not configured', { s3Bucket: 'someone-elses', s3ObjectKey: [key(0)] }, logFile()],
] as const)
  test(`${what} comes again when the quarantine can't keep it, and the next file is done`, async () => {
    const w = world(stored, logFile(record(7)));
    const down = async () => {
      throw new Error('SlowDown');
    };
    const payloads = { Records: [payload, notification(key(1))] };
    const doors = { ...w.doors(), quarantine: { keepFile: down, keepRecord: down } };
    await assert.rejects(processNotification(payloads, doors, { buckets: new Set([BUCKET]) }), /SlowDown/);
    const { ledger } = w;
    assert.deepEqual([...w.done], [key(1)]);
    assert.deepEqual([ledger.filesToRetry, ledger.filesQuarantinedTotal, ledger.recordsRead, ledger.balanced], [1, 0, 1, true]);
    await w.process(payload);
    assert.equal(w.quarantined.length, 1);
  });

/** A bus as in the cloud, over a PutEvents that answers `answer`; what it sent and parked, as texts. */
function cloudBus(w: World, code?: string) {
  const [sent, parked] = [[] as string[], [] as string[]];
  const put = async (entries: WireEntry[]) => {
    sent.push(...entries.map(({ Detail }) => Detail));
    return entries.map(() => (code === undefined ? {} : { code }));
  };
  const park = async (entry: Entry) => void parked.push(entry.record.text());
  w.bus = new DeliveryBus(put, { park }, w.ledger, { sleep: async () => undefined, random: () => 1 });
  return { sent, parked };
}

test('of a file too large to hold whole, what is sent and what is parked late keeps its bytes, and duplicates are found across its windows', async () => {
  // Larger than one window, and in all than what is held whole; each window has records that wait for the next call.
  const records = Array.from({ length: 75 }, (_, i) =>
    JSON.stringify(record(i, { pad: String.fromCharCode(97 + (i % 26)).repeat(900_000) })),
  );
  const w = world(logFile(...records, records[0]!, records[74]!));
  const { sent, parked } = cloudBus(w, 'MalformedDetail');
  await w.process(notification(key(0)));
  assert.ok(sent.every((text, i) => text === records[i]) && sent.length === 75, 'sent as they stand in the file');
  const sorted = [...records].sort();
  assert.ok(parked.sort().every((text, i) => text === sorted[i]) && parked.length === 75, 'parked as they stand in the file');
  assert.deepEqual([w.ledger.entriesParked, w.ledger.recordsSkipped.get('DUPLICATE'), w.ledger.balanced], [75, 2, true]);
});

test('entries of a file that was given up do not go out with the next', async () => {
  const w = world(logFile(record(1), 'null'), logFile(record(2)));
  const { sent } = cloudBus(w);
  const keepRecord = async () => {
    throw new Error('SlowDown');
  };
  const doors = { ...w.doors(), quarantine: { ...w.doors().quarantine, keepRecord } };
  await assert.rejects(processNotification(notification(key(0), key(1)), doors, { buckets: new Set([BUCKET]) }), /SlowDown/);
  assert.deepEqual(sent, [JSON.stringify(record(2))]);
  assert.deepEqual([w.ledger.recordsRead, w.ledger.entriesAccepted, [...w.done]], [1, 1, [key(1)]]);
});

test('past two hundred thousand records duplicates are no longer remembered: memory is bounded', () => {
  const known = new Duplicates(true).ofFile();
  const fake = (n: number): LogRecord => ({
    index: n,
    isObject: true,
    bytes: Buffer.from(`${n}`),
    text: () => `${n}`,
    field: () => `${n}`,
    arns: () => [],
    raw: () => undefined,
    around: new Uint8Array(0),
    spans: new Int32Array(2),
    base: 0,
    slotOf: () => 0,
    isPlain: true,
    splitIdentity: () => true,
    caller: () => undefined,
  });
  for (let n = 0; n <= 200_000; n++) assert.equal(known.has(fake(n)), false);
  assert.deepEqual([known.has(fake(0)), known.has(fake(200_000))], [true, false]);
});

test('killed at any PutEvents call, a repeated file loses nothing', async () => {
  const records = Array.from({ length: 45 }, (_, i) => record(i));
  for (let killedAt = 0; killedAt < 5; killedAt++) {
    const w = world(logFile(...records));
    const seen = new Set<string>();
    let calls = 0;
    const open = () =>
      new DeliveryBus(
        async (entries) => {
          if (calls++ === killedAt) throw new Error('killed');
          for (const { Detail } of entries) seen.add((JSON.parse(Detail) as { eventID: string }).eventID);
          return entries.map(() => ({}));
        },
        { park: async () => undefined },
        w.ledger,
        { sleep: async () => undefined, random: () => 1, concurrency: 1 },
      );
    w.bus = open();
    await assert.rejects(w.process(notification(key(0))), /killed/);
    assert.deepEqual([w.ledger.recordsRead, w.ledger.entriesAccepted, w.ledger.filesToRetry], [0, 0, 1]);
    w.bus = open();
    await w.process(notification(key(0)));
    assert.equal(seen.size, 45);
    assert.deepEqual([w.ledger.recordsRead, w.ledger.entriesAccepted, w.ledger.balanced], [45, 45, true]);
  }
});
