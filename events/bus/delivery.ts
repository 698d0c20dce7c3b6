// Entries to PutEvents calls: batched within the service's limits, the refused retried alone, then parked.

import type { Bus, ParkedEntries } from '../doors.ts';
import { type Entry, toWire, type WireEntry } from '../entry.ts';
import { DeliveryError } from '../errors.ts';
import type { Ledger } from '../ledger.ts';
import { reduceDetail } from './reduce.ts';
import { type Waits, waitToRetry } from './waiting.ts';

export { type Waits, waitToRetry } from './waiting.ts';

/** The service's answer for one entry, in the entries' order; `code` is absent when it was accepted. */
export interface PutResult {
  code?: string;
  message?: string;
}

/**
 * One PutEvents call of at most ten entries.
 * Throws when the call as a whole failed: an error whose `retryable` is true (throttling, 5xx, network) is tried again, `tooLarge` true means the request was over the
 * service's size limit, anything else rises.
 */
export type PutEntries = (entries: WireEntry[]) => Promise<PutResult[]>;

export interface DeliveryPolicy extends Waits {
  /** Largest sum of entry sizes in one call, in bytes as EventBridge counts them. Default 256 KiB. */
  maxCallBytes: number;
  /** Tries per entry, the first included. Default 6. */
  maxTries: number;
  /** PutEvents calls under way at once. Default 8. */
  concurrency: number;
  /** Milliseconds left before the work must have stopped; Infinity on a laptop. */
  timeLeftMs: () => number;
}

/** Most entries in one PutEvents call. Source: API reference, PutEvents, `Entries` (read 2026-11-22). */
export const MAX_ENTRIES = 10;
/**
 * Largest entry, and largest call, that the service takes. It was 256 KiB until January 2026, and may be still in some regions.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html (read 2026-11-22)
 */
const MAX_ENTRY_BYTES = 1024 * 1024;
const DEFAULT_CALL_BYTES = 256 * 1024;
/** Entry errors that may pass; every other code is final. Source: API reference, PutEventsResultEntry, `ErrorCode` (read 2026-11-22). */
const PASSING_CODES = new Set(['InternalFailure', 'InternalException', 'ThrottlingException', 'ServiceUnavailable']);

interface Parcel {
  entry: Entry;
  wire: WireEntry;
  bytes: number;
  reduced: boolean;
}

/**
 * An entry's size as EventBridge counts it: 14 bytes for a Time, and the UTF-8 bytes of Source, DetailType, Detail and each resource.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html
 */
export function entryBytes(entry: WireEntry): number {
  const text = [entry.Source, entry.DetailType, entry.Detail, ...entry.Resources];
  return text.reduce((sum, part) => sum + Buffer.byteLength(part), entry.Time === undefined ? 0 : 14);
}

/** The bus in the cloud: everything but the call itself. */
export class DeliveryBus implements Bus {
  private readonly putEntries: PutEntries;
  private readonly parkedEntries: ParkedEntries;
  private readonly ledger: Ledger;
  private readonly policy: DeliveryPolicy;
  private waiting: Parcel[] = [];
  private waitingBytes = 0;
  private readonly underWay = new Set<Promise<void>>();
  private failure: unknown;

  constructor(put: PutEntries, parkedEntries: ParkedEntries, ledger: Ledger, policy: Waits & Partial<DeliveryPolicy>) {
    this.putEntries = put;
    this.parkedEntries = parkedEntries;
    this.ledger = ledger;
    this.policy = {
      maxCallBytes: DEFAULT_CALL_BYTES,
      maxTries: 6,
      concurrency: 8,
      timeLeftMs: () => Number.POSITIVE_INFINITY,
      ...policy,
    };
  }

  put(entry: Entry): void | Promise<void> {
    const parcel = toParcel(entry);
    const full = this.waiting.length === MAX_ENTRIES || this.waitingBytes + parcel.bytes > this.policy.maxCallBytes;
    const sent = full && this.waiting.length > 0 ? this.send() : undefined;
    this.waiting.push(parcel);
    this.waitingBytes += parcel.bytes;
    return sent;
  }

  async flush(): Promise<void> {
    if (this.waiting.length > 0) await this.send();
    await Promise.all(this.underWay);
    this.raiseFailure();
  }

  async abandon(): Promise<void> {
    this.waiting = [];
    this.waitingBytes = 0;
    await Promise.all(this.underWay);
    this.failure = undefined;
  }

  /** Starts a call with what waits; returns when another may be started. */
  private async send(): Promise<void> {
    const parcels = this.waiting;
    this.waiting = [];
    this.waitingBytes = 0;
    const call: Promise<void> = this.deliver(parcels, 1)
      .catch((error: unknown) => {
        this.failure ??= error;
      })
      .finally(() => this.underWay.delete(call));
    this.underWay.add(call);
    if (this.underWay.size >= this.policy.concurrency) await Promise.race(this.underWay);
    this.raiseFailure();
  }

  private raiseFailure(): void {
    if (this.failure !== undefined) throw this.failure;
  }

  private async deliver(parcels: Parcel[], tries: number): Promise<void> {
    const results = await this.call(parcels, tries);
    if (results === 'too large') return this.deliverSmaller(parcels, tries);
    const again: Parcel[] = [];
    for (const [at, parcel] of parcels.entries()) {
      const { code, message } = results[at] ?? { code: 'MissingResult', message: 'the answer has no line for this entry' };
      if (code === undefined) this.accept(parcel);
      else if (PASSING_CODES.has(code) && tries < this.policy.maxTries) again.push(parcel);
      else await this.park(parcel, `${code}: ${message ?? 'no message'}`);
    }
    if (again.length === 0) return;
    await waitToRetry(tries, this.policy, outOfTime);
    await this.deliver(again, tries + 1);
  }

  /** One call, tried again while it fails as a whole for a reason that may pass. */
  private async call(parcels: Parcel[], tries: number): Promise<PutResult[] | 'too large'> {
    for (let attempt = tries; ; attempt++) {
      try {
        return await this.putEntries(parcels.map((parcel) => parcel.wire));
      } catch (error) {
        const { retryable, tooLarge } = error as { retryable?: boolean; tooLarge?: boolean };
        if (tooLarge === true) return 'too large';
        if (retryable !== true || attempt >= this.policy.maxTries) throw undelivered(parcels, error);
        await waitToRetry(attempt, this.policy, outOfTime);
      }
    }
  }

  /** A call over the service's limit: each entry alone; one that is refused alone, without its largest fields. */
  private async deliverSmaller(parcels: Parcel[], tries: number): Promise<void> {
    if (parcels.length > 1) for (const parcel of parcels) await this.deliver([parcel], tries);
    else if (parcels[0]!.reduced) await this.park(parcels[0]!, 'TOO_LARGE: refused even without its largest fields');
    else await this.deliver([reduce(parcels[0]!, Math.min(this.policy.maxCallBytes, DEFAULT_CALL_BYTES))], tries);
  }

  private accept(parcel: Parcel): void {
    this.ledger.entriesAccepted++;
    if (parcel.reduced) this.ledger.entriesReduced++;
  }

  private async park({ entry }: Parcel, reason: string): Promise<void> {
    await this.parkedEntries.park(entry, reason);
    this.ledger.entriesParked++;
  }
}

const outOfTime = () =>
  new DeliveryError('no time left to try refused entries again', {
    help: 'nothing to do: the file comes again; if this repeats, raise the function’s timeout',
  });

function undelivered(parcels: Parcel[], cause: unknown): DeliveryError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DeliveryError(`${parcels.length} entries not delivered: ${reason}`, {
    source: parcels[0]!.entry.ref.key,
    cause,
    help: 'the file is not marked done and comes again',
  });
}

function toParcel(entry: Entry): Parcel {
  const wire = toWire(entry);
  const parcel: Parcel = { entry, wire, bytes: entryBytes(wire), reduced: false };
  return parcel.bytes > MAX_ENTRY_BYTES ? reduce(parcel, DEFAULT_CALL_BYTES) : parcel;
}

function reduce(parcel: Parcel, maxBytes: number): Parcel {
  const { entry, wire } = parcel;
  const budget = maxBytes - (entryBytes({ ...wire, Detail: '', Resources: [] }) + 1024);
  const smaller: WireEntry = { ...wire, Detail: reduceDetail(entry.record, entry.ref, budget) };
  // A record with a thousand resources is large twice.
  if (entryBytes(smaller) > maxBytes) smaller.Resources = [];
  return { entry, wire: smaller, bytes: entryBytes(smaller), reduced: true };
}
