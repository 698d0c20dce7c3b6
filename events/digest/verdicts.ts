// What a check can say, as values: one outcome for each digest, gap and log file, in the order awscli gives them. Words are others' task.
import type { ClockTime } from './clocktime.ts';
import type { Digest } from './digestfile.ts';
import type { IntegrityFault } from './faults.ts';
import type { DigestProof } from './verify.ts';

/** A digest that holds. */
export interface ProvenDigest extends DigestProof {
  bucket: string;
  key: string;
  digest: Digest;
  /** Its times as they stand in it, with their offsets. */
  startTime: ClockTime;
  endTime: ClockTime;
}

/** `bucket` and `key` are text, unless a signed digest names something else. */
export interface DigestOutcome {
  kind: 'digest';
  isBackfill: boolean;
  bucket: unknown;
  key: unknown;
  /** Why it is invalid; absent when it is valid. */
  fault?: IntegrityFault;
  /** The digest itself, only when it is valid. */
  proven?: ProvenDigest;
}

/** A chain began here while older digests exist: CloudTrail delivered nothing in between. */
export interface GapOutcome {
  kind: 'gap';
  isBackfill: boolean;
  from: ClockTime;
  to: ClockTime;
}

/** `bucket` and `key` are text, unless a signed digest names something else. */
export interface LogOutcome {
  kind: 'log';
  bucket: unknown;
  key: unknown;
  /** Why it is invalid; absent when it is valid. */
  fault?: IntegrityFault;
}

export type WalkOutcome = DigestOutcome | GapOutcome;
export type Outcome = WalkOutcome | LogOutcome;

/** Something a strict check found that awscli would let pass. */
export interface StrictProblem {
  kind: 'problem';
  about: 'digest' | 'log' | 'hours';
  bucket?: string;
  key?: string;
  from?: ClockTime;
  to?: ClockTime;
  /** In our own words. */
  text: string;
}
