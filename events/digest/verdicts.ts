// What a check can say, as values: one outcome for each digest, gap and log file, in the order awscli gives them.
import type { ClockTime } from './awscli/datetime.ts';
import type { PublicKey } from './doors.ts';
import type { Digest } from './read.ts';

export interface DigestOutcome {
  kind: 'digest';
  isBackfill: boolean;
  bucket: string;
  key: string;
  /** Why it is invalid; absent when it is valid. */
  reason?: string;
  /** The digest itself, only when it is valid. */
  digest?: Digest;
  /** The key its signature fits. */
  publicKey?: PublicKey;
  /** The hash its signature is made with: awscli takes any that the signature names. */
  signatureHash?: string;
}

/** A chain began here while older digests exist: CloudTrail delivered nothing in between. */
export interface GapOutcome {
  kind: 'gap';
  isBackfill: boolean;
  from: ClockTime;
  to: ClockTime;
}

export interface LogOutcome {
  kind: 'log';
  bucket: string;
  key: string;
  /** Why it is invalid; absent when it is valid. */
  reason?: string;
}

export type WalkOutcome = DigestOutcome | GapOutcome;
export type Outcome = WalkOutcome | LogOutcome;

/** Something a strict check found that awscli would let pass. */
export interface Problem {
  kind: 'problem';
  about: 'digest' | 'log' | 'hours';
  bucket?: string;
  key?: string;
  from?: ClockTime;
  to?: ClockTime;
  text: string;
}
