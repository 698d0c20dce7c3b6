// The corridor notes which files came: of which place and hour, and what a failing note does to a file.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Delivery } from '../../events/deliveries.ts';
import { DeliveryError } from '../../events/errors.ts';
import { Ledger } from '../../events/ledger.ts';
import { type Doors, processNotification } from '../../events/process.ts';
import { KEY, logFile } from '../fakes/records.ts';

const BUCKET = 'trail-logs';
const PLACE = { account: '111122223333', region: 'us-east-1' };
const HOUR = Date.parse('2026-10-05T12:00:00Z') / 3_600_000;

/** A corridor with one file. */
class NotingWorld {
  noted: Delivery[] = [];
  fault: Error | undefined;
  refusesFlush = false;
  stored = logFile({ eventID: 'one' });
  ledger = new Ledger();

  async process(key: string, bucket = BUCKET): Promise<void> {
    const doors: Doors = {
      ledger: this.ledger,
      bus: {
        put: () => void this.ledger.entriesAccepted++,
        flush: async () => {
          if (this.refusesFlush) throw new DeliveryError('entries not delivered');
        },
        abandon: async () => undefined,
      },
      store: { read: async () => this.stored },
      quarantine: { keepFile: async () => undefined, keepRecord: async () => undefined },
      done: { once: async (_ref, work) => work() },
      noteDelivery: async (delivery) => {
        if (this.fault !== undefined) throw this.fault;
        this.noted.push(delivery);
      },
    };
    await processNotification({ s3Bucket: bucket, s3ObjectKey: [key] }, doors, { buckets: new Set([BUCKET]) });
  }
}

test('a log file is noted with its account, region and hour', async () => {
  const w = new NotingWorld();
  await w.process(KEY);
  assert.deepEqual([w.noted, w.ledger.filesDone], [[{ ...PLACE, hour: HOUR }], 1]);
});

test('a digest is noted, and skipped as ever', async () => {
  const w = new NotingWorld();
  await w.process(KEY.replaceAll('CloudTrail', 'CloudTrail-Digest'));
  assert.deepEqual([w.noted, w.ledger.filesSkipped.get('DIGEST_FILE')], [[{ ...PLACE, hour: HOUR }], 1]);
});

test('a file that can’t be read as a log, one of another bucket and one of another service are not noted', async () => {
  const w = new NotingWorld();
  w.stored = Buffer.from('rubbish');
  await w.process(KEY);
  await w.process(KEY, 'someone-elses');
  await w.process('AWSLogs/111122223333/Config/us-east-1/2026/10/5/x.json.gz');
  assert.deepEqual([w.noted, w.ledger.filesQuarantinedTotal], [[], 2]);
});

test('a note that fails is counted; the file is done, the digest skipped', async () => {
  const w = new NotingWorld();
  w.fault = new Error('AccessDenied');
  await w.process(KEY);
  await w.process(KEY.replaceAll('CloudTrail', 'CloudTrail-Digest'));
  assert.deepEqual([w.ledger.filesDone, w.ledger.filesSkippedTotal, w.ledger.filesToRetry, w.ledger.deliveriesUnnoted], [1, 1, 0, 2]);
});

test('a file whose entries are not taken came all the same', async () => {
  const w = new NotingWorld();
  w.refusesFlush = true;
  await assert.rejects(w.process(KEY), DeliveryError);
  assert.deepEqual([w.noted.length, w.ledger.filesToRetry], [1, 1]);
});
