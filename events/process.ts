// The corridor: one notification in, one bus entry out for every record it announces.
import type { Ledger } from './ledger.ts';
import type { Bus, DoneFiles, ObjectStore, Quarantine } from './ports.ts';

export interface Doors {
  store: ObjectStore;
  bus: Bus;
  quarantine: Quarantine;
  done: DoneFiles;
  ledger: Ledger;
}

export interface Policy {
  /** Buckets a notification may point at; undefined on a laptop, where the user names the source. */
  buckets?: ReadonlySet<string>;
  /** ARN of the role the corridor runs under: its own PutEvents, and its GetObject on `buckets`, are counted and not published again. */
  ownRoleArn?: string;
  /** A file that inflates to more is quarantined as TOO_LARGE. Default 1 GiB. */
  maxInflatedBytes?: number;
  /** Milliseconds left; when under `marginMs` the corridor stops and the file is not done. */
  timeLeftMs?: () => number;
  /** Default 5,000. */
  marginMs?: number;
  /** `emit: matched`: gives false for a record that no rule wants. */
  wanted?: (entry: import('./entry.ts').Entry) => boolean;
}

/** What the corridor promises; the body follows in this file. */
export type ProcessNotification = (payload: unknown, doors: Doors, policy: Policy) => Promise<void>;
