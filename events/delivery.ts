// Entries to PutEvents calls: batched within the service's limits, the refused retried alone, then parked.
import type { Entry } from './entry.ts';
import type { Ledger } from './ledger.ts';
import type { Bus, DeadLetters } from './ports.ts';

/** An entry as PutEvents takes it. `Time` is RFC 3339 text; the door in aws/ turns it into a Date. */
export interface WireEntry {
  Source: string;
  DetailType: string;
  Time: string | undefined;
  Resources: string[];
  Detail: string;
}

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

export interface DeliveryPolicy {
  /** Largest sum of entry sizes in one call, in bytes as EventBridge counts them. Default 256 KiB. */
  maxCallBytes: number;
  /** Tries per entry, the first included. Default 6. */
  maxTries: number;
  /** Waits this many milliseconds. */
  sleep: (milliseconds: number) => Promise<void>;
  /** 0 <= random < 1, for the jitter. */
  random: () => number;
  /** Milliseconds left before the work must have stopped; Infinity on a laptop. */
  timeLeftMs: () => number;
}

/** Makes a bus out of one PutEvents call: the `Bus` that aws/ opens with its client. */
export type OpenDeliveryBus = (put: PutEntries, deadLetters: DeadLetters, ledger: Ledger, policy?: Partial<DeliveryPolicy>) => Bus;
