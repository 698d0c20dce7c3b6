// The corridor: one notification in, one bus entry out for every record it announces.

import { isKnownVersion } from './cloudtrail.ts';
import { type Delivery, deliveryOf } from './deliveries.ts';
import type { HitQueue } from './detect/doors.ts';
import type { Hit } from './detect/index.ts';
import type { Bus, DoneFiles, ObjectStore, Quarantine } from './doors.ts';
import { Duplicates, type FileDuplicates } from './duplicates.ts';
import { type Entry, toEntry } from './entry.ts';
import { DeliveryError, LogFileError, NotificationError } from './errors.ts';
import type { Ledger } from './ledger.ts';
import { type LogRecord, readRecords } from './logfile/logfile.ts';
import { type Announcement, decodeNotification } from './notification.ts';
import { classifyKey, type ObjectRef, skipReason } from './objectkey.ts';
import { isOwnCall, type OwnCalls } from './owncall.ts';

export interface Doors {
  store: ObjectStore;
  bus: Bus;
  quarantine: Quarantine;
  done: DoneFiles;
  ledger: Ledger;
  /** Detections, where there are any. */
  detecting?: AskedDetections;
  /** Notes that a file came, where silence is watched for. Where it throws, the fault is counted, and nothing else. */
  noteDelivery?: (delivery: Delivery) => Promise<void>;
}

/** What detections are asked, and where their answers go. */
export interface AskedDetections {
  /** What they say of an entry, whether or not it is put on the bus. Where it throws, the entry goes out and the fault is counted. */
  ask: (entry: Entry) => readonly Hit[];
  queue: HitQueue;
}

export interface Policy {
  /** Buckets a notification may point at; undefined on a laptop, where the user names the source. */
  buckets?: ReadonlySet<string>;
  /** What this corridor and what follows it call: where that was recorded it is counted and not published again. */
  ownCalls?: OwnCalls;
  /** A file that inflates to more is quarantined as TOO_LARGE. Default MAX_INFLATED_BYTES of `events/filelimits.ts`. */
  maxInflatedBytes?: number;
  /** Milliseconds left; when under `marginMs` the corridor stops and the file is not done. */
  timeLeftMs?: () => number;
  /** Default 5,000. */
  marginMs?: number;
  /** `emit: matched`: gives false for an entry that no rule wants. Where it throws, the entry goes out: no record may hide behind a fault of ours. */
  wanted?: (entry: Entry) => boolean;
}

/** One file's way through the corridor: what every step of it needs to know. */
export interface Passage {
  readonly ref: ObjectRef;
  readonly doors: Doors;
  readonly policy: Policy;
  readonly duplicates: FileDuplicates;
  /** What detections said of its records, not yet sent. */
  readonly hits: Hit[];
}

/**
 * Emits every record of every file that a notification announces; what happened is counted in `doors.ledger`.
 * @param duplicates  the records seen so far, where one invocation has several notifications
 * @throws NotificationError for a payload of no known shape; ReadError or DeliveryError when a file must come again.
 *   Always after the rest of the payload was worked through.
 */
export async function processNotification(payload: unknown, doors: Doors, policy: Policy, duplicates?: Duplicates): Promise<void> {
  const failures: unknown[] = [];
  const announcements = decodeNotification(payload);
  duplicates ??= new Duplicates(announcements.length > 1);
  for (const announcement of announcements) {
    try {
      await processAnnouncement(announcement, { doors, policy, duplicates: duplicates.ofFile(), hits: [] });
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

async function processAnnouncement(announcement: Announcement, around: Omit<Passage, 'ref'>): Promise<void> {
  switch (announcement.kind) {
    case 'object':
      return processObject({ ref: announcement.ref, ...around });
    case 'skip':
      return around.doors.ledger.skipFile(announcement.reason);
    case 'quarantine':
      return quarantineUnread(new LogFileError(announcement.reason, announcement.why), { ref: announcement.ref, ...around });
    case 'unknown':
      throw new NotificationError(`not a notification of a log file: ${announcement.why}`, {
        help: 'send S3 object-created events or the trail’s SNS messages to this trigger',
      });
  }
}

/**
 * One object: skipped by what its key says, quarantined, or its records emitted and the file marked done.
 * @throws ReadError, DeliveryError
 */
async function processObject(passage: Passage): Promise<void> {
  const { ref, doors, policy } = passage;
  if (policy.buckets !== undefined && !policy.buckets.has(ref.bucket)) {
    const fault = new LogFileError('BUCKET_NOT_ALLOWED', `bucket \`${ref.bucket}\` is not one of the configured buckets`);
    return quarantineUnread(fault, passage);
  }
  const reason = skipReason(classifyKey(ref.key).kind);
  if (reason === 'DIGEST_FILE') await noteDelivery(passage);
  if (reason !== undefined) return doors.ledger.skipFile(reason);
  await processFile(passage);
}

/** A file that is known to be a log file, whatever its key says. Throws as `processObject`. */
export async function processFile(passage: Passage): Promise<void> {
  const { ref, doors, duplicates } = passage;
  const mark = doors.ledger.mark();
  try {
    const outcome = await doors.done.once(ref, () => emitFile(passage));
    if (outcome === undefined) doors.ledger.skipFile('ALREADY_DONE');
  } catch (error) {
    duplicates.forget();
    await doors.bus.abandon();
    doors.ledger.restore(mark);
    doors.ledger.filesToRetry++;
    throw error;
  }
}

async function emitFile(passage: Passage): Promise<'done'> {
  const { ref, doors, policy, duplicates } = passage;
  checkTime(passage);
  let stored: Uint8Array | undefined;
  try {
    stored = await doors.store.read(ref);
    for await (const records of readRecords(stored, { ...policy, onWindow: () => checkTime(passage) })) {
      await emitRecords(records, passage);
      duplicates.endOfWindow(records.last);
      // The next window takes this one's place: nothing may still point into it.
      if (!records.last) await flush(passage);
    }
  } catch (error) {
    if (!(error instanceof LogFileError)) throw error;
    await quarantineFile(error, passage, stored);
    return 'done';
  }
  const noted = noteDelivery(passage);
  await flush(passage);
  await noted;
  doors.ledger.filesDone++;
  return 'done';
}

/** A file that was read whole came from its place, whatever becomes of it; it never fails for this. */
async function noteDelivery({ ref, doors }: Passage): Promise<void> {
  const delivery = doors.noteDelivery && deliveryOf(ref.key);
  if (delivery === undefined) return;
  try {
    await doors.noteDelivery!(delivery);
  } catch {
    doors.ledger.deliveriesUnnoted++;
  }
}

/** Entries first: who hears of a finding may look for its events. */
async function flush(passage: Passage): Promise<void> {
  await passage.doors.bus.flush();
  await sendHits(passage);
}

async function sendHits({ hits, doors: { detecting, ledger } }: Passage): Promise<void> {
  if (detecting === undefined || hits.length === 0) return;
  const sent = hits.splice(0);
  await detecting.queue.send(sent);
  ledger.hitsSent += sent.length;
}

async function emitRecords(records: Iterable<LogRecord>, passage: Passage): Promise<void> {
  for (const record of records) {
    const sent = emitRecord(record, passage);
    if (sent !== undefined) await sent;
    if (passage.hits.length >= MOST_HITS) await sendHits(passage);
    // Also where nothing is ever waited for: a file of which no record is wanted.
    if (sent !== undefined || record.index % RECORDS_BETWEEN_LOOKS === RECORDS_BETWEEN_LOOKS - 1) checkTime(passage);
  }
}

/** Every record ends in one column of the ledger: quarantined, skipped, or an entry given to the bus. */
function emitRecord(record: LogRecord, passage: Passage): void | Promise<void> {
  const { ref, doors, policy, duplicates } = passage;
  const { bus, ledger, quarantine } = doors;
  ledger.recordsRead++;
  if (!record.isObject) {
    ledger.quarantineRecord('RECORD_NOT_OBJECT');
    return quarantine.keepRecord(ref, record.index, 'RECORD_NOT_OBJECT', record.bytes);
  }
  if (duplicates.has(record)) return ledger.skipRecord('DUPLICATE');
  if (policy.ownCalls !== undefined && isOwnCall(record, policy.ownCalls, policy.buckets)) return ledger.skipRecord('OWN_CALL');
  if (!isKnownVersion(record.field('eventVersion'))) ledger.recordsOfNewVersion++;
  const entry = toEntry(record, ref);
  askDetections(entry, passage);
  if (!isWanted(entry, policy)) return ledger.skipRecord('NOT_WANTED');
  return bus.put(entry);
}

function askDetections(entry: Entry, { doors: { detecting, ledger }, hits }: Passage): void {
  if (detecting === undefined) return;
  try {
    hits.push(...detecting.ask(entry));
  } catch {
    ledger.detectionFaults++;
  }
}

function isWanted(entry: Entry, { wanted }: Policy): boolean {
  try {
    return wanted === undefined || wanted(entry);
  } catch {
    return true;
  }
}

/** A file that is not even read. */
async function quarantineUnread(fault: LogFileError, passage: Passage): Promise<void> {
  try {
    await quarantineFile(fault, passage);
  } catch (error) {
    passage.doors.ledger.filesToRetry++;
    throw error;
  }
}

async function quarantineFile(fault: LogFileError, { ref, doors }: Passage, stored?: Uint8Array): Promise<void> {
  await doors.quarantine.keepFile(ref, fault.reason, fault.message, stored);
  doors.ledger.quarantineFile(fault.reason);
}

const RECORDS_BETWEEN_LOOKS = 1024;
/** Hits that a file gathers before they are sent: a few MB. */
const MOST_HITS = 1_000;

function checkTime({ ref, policy: { timeLeftMs, marginMs = 5_000 } }: Passage): void {
  if (timeLeftMs === undefined || timeLeftMs() >= marginMs) return;
  throw new DeliveryError('stopped before the time ran out', {
    source: ref.key,
    help: 'nothing to do: the file comes again; if this repeats, raise the function’s timeout or memory',
  });
}
