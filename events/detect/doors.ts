// The doors of detections: where hits go, what findings remember from one batch of hits to the next, and where findings are told.
import type { Finding } from '../finding.ts';
import type { Hit } from './hit.ts';

/** Where the hits of a log file go: to whoever makes findings of them. */
export interface HitQueue {
  /**
   * Sends hits; returns once all of them are taken.
   * @throws DeliveryError when some are not: then all have to come again, and those that were taken come twice, which changes no finding
   */
  send(hits: readonly Hit[]): Promise<void>;
}

/** JSON. Invariant: nobody changes a value that was read or written; a changed one is a new one. */
export type StateValue = object;

export interface StateItem {
  value: StateValue;
  /** Another number after each write. */
  version: number;
}

export interface StateWrite {
  /** The version that was read; undefined where nothing was there. */
  expected: number | undefined;
  /** Seconds since 1970 from which the item may be forgotten. */
  expiresAt: number;
  /** The writer's time, in seconds since 1970: by the clock, or the newest eventTime it met. */
  now: number;
}

/**
 * What is remembered between batches: items by key, each written only by who saw its last version.
 * Many may write at once; of two who read the same version one is refused.
 */
export interface FindingState {
  /** The items that are there, as last written by anybody; each key is asked once. */
  read(keys: readonly string[]): Promise<Map<string, StateItem>>;
  /** @returns the new version, or undefined when somebody else wrote meanwhile: read again */
  write(key: string, value: StateValue, how: StateWrite): Promise<number | undefined>;
}

/**
 * Tells findings; returns once all of them are taken, in no order. One that is too large for whoever takes it is told shortened.
 * @throws when some are not taken: then all have to be told again, and those that were taken are told twice, by the same ids
 */
export type TellFindings = (findings: readonly Finding[]) => Promise<void>;
