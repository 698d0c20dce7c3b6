// One item of the state and what a batch of hits does to it.
import type { Finding } from '../finding.ts';
import type { StateValue } from './doors.ts';
import type { Teller } from './outbox.ts';

/** What an item becomes by the hits that arrived for it. */
export interface Taken {
  value: StateValue;
  /** Whether the item has to be written. */
  changed: boolean;
  /** Findings to be told once the item is written. */
  tell: Finding[];
  /** Somebody else is telling what these hits may have to tell: they have to come again. */
  isBusy: boolean;
  /** The item, as it is by then, after the findings were told, or could not be. */
  settle(value: StateValue, wasTold: boolean): StateValue;
  /** The finding as it stands, told or not; none while there is none. */
  standing(): Finding[];
}

/** Hits that go to one item. */
export interface StateCell {
  key: string;
  /** The ids of its events that came after the item may have been forgotten. */
  lateAt(now: number): readonly string[];
  /** Seconds since 1970. */
  expiresAt(now: number): number;
  take(value: StateValue | undefined, teller: Omit<Teller, 'mayBeRepeating'>): Taken;
}

/** How long after its period an item is kept, in seconds: CloudTrail delivers within minutes, and after trouble within hours. */
export const KEPT_AFTER_SECONDS = 48 * 3600;
