// The doors: what the corridor asks of the outside world. aws/ makes all of them, local/ those that a laptop needs.
import type { DeliveringPlace, SeenPlace } from './deliveries.ts';
import type { Entry } from './entry.ts';
import type { ObjectRef } from './objectkey.ts';
import type { FileQuarantine, RecordQuarantine } from './reasons.ts';

export interface ObjectStore {
  /**
   * The object's bytes as stored, compressed or not, whole.
   * @throws ReadError when it can't be read now (missing, denied, throttled, cut short); LogFileError TOO_LARGE when it is larger than the store's limit
   */
  read(ref: ObjectRef): Promise<Uint8Array>;
}

export interface Bus {
  /** Takes an entry to be sent; may send a full call at once. */
  put(entry: Entry): void | Promise<void>;
  /**
   * Sends what is left, retries what was refused for a passing reason, parks what was refused for good; counts accepted and parked in the ledger.
   * @throws DeliveryError when an entry was neither accepted nor parked, or time ran out
   */
  flush(): Promise<void>;
  /** Forgets what `put` took and `flush` has not sent: the file is given up and will come again. */
  abandon(): Promise<void>;
}

/** What the key of everything in the quarantine's bucket begins with: the process function may write below it alone. */
export const QUARANTINE_PREFIX = 'quarantine/';

/** Where bad files and bad records are kept with their reason. Never the log bucket. */
export interface Quarantine {
  /** Keeps a whole file; `bytes` is absent when it was never read (a key that can't be decoded, a bucket that isn't ours). */
  keepFile(ref: ObjectRef, reason: FileQuarantine, why: string, bytes?: Uint8Array): Promise<void>;
  /** Keeps one element of `Records` that is not a record; `index` counts from 0. */
  keepRecord(ref: ObjectRef, index: number, reason: RecordQuarantine, bytes: Uint8Array): Promise<void>;
}

/** Where an entry is parked that the bus refused for good. */
export interface ParkedEntries {
  /** @param reason  the bus's code and words: `MalformedDetail: Detail is malformed.` */
  park(entry: Entry, reason: string): Promise<void>;
}

/** Remembers which files are done, so that a second notification costs nothing. */
export interface DoneFiles {
  /**
   * Does `work` unless the file (bucket, key, version or ETag) was done before; marks it done after `work` returned.
   * A throw leaves it undone.
   * @returns what `work` gave, or undefined when the file was already done
   */
  once<T>(ref: ObjectRef, work: () => Promise<T>): Promise<T | undefined>;
}

/** Remembers which places deliver: many note there, and one looks whether they still do. */
export interface DeliveryLog {
  /**
   * Changes what is remembered of a place; nothing is written where `change` gives what it was given. It is asked again
   * when somebody else wrote meanwhile, so that nobody's change is lost.
   * @throws DeliveryError when others were faster on every try
   */
  update(place: DeliveringPlace, change: (seen: SeenPlace | undefined) => SeenPlace | undefined): Promise<void>;
  /** All that is remembered, in no order. */
  places(): Promise<SeenPlace[]>;
}
