// What was told of a finding and what is being told: nothing is forgotten when its teller dies, and nothing that was confirmed is told again.
import { isAtLeast, type Severity } from '../finding.ts';

/** How far a finding has come; it is told again when it comes further. */
export interface FindingLevel {
  severity: Severity;
  /** 0, 10, 100, 1,000 …: the last of them that its count has reached. */
  reached: number;
}

/** A level that somebody has undertaken to tell. */
export interface Claim extends FindingLevel {
  state: 'open' | 'updated';
  /** Seconds since 1970. After it the teller counts as dead. */
  until: number;
}

export interface Outbox {
  /** The level that was told, or is being told. */
  told?: FindingLevel;
  /** Claims that nobody has confirmed yet. */
  claims: readonly Claim[];
}

export const EMPTY_OUTBOX: Outbox = { claims: [] };

/** Who asks, and when. */
export interface Teller {
  /** Seconds since 1970; undefined where nobody else can be telling, as on a laptop. */
  now: number | undefined;
  /** How long it has to tell, in seconds. */
  claimSeconds: number;
  /** Whether its events were there before: then it may be the batch of a dead teller that comes again. */
  mayBeRepeating: boolean;
}

export interface Claimed {
  outbox: Outbox;
  /** What the caller is to tell now, and to settle afterwards. */
  claim?: Claim;
  /** Somebody else is telling, who may be an earlier run of the caller: it has to come again. */
  isBusy: boolean;
}

/** The level of a finding with so many events. */
export function levelOf(severity: Severity, count: number): FindingLevel {
  let reached = 0;
  for (let next = 10; next <= count; next *= 10) reached = next;
  return { severity, reached };
}

/**
 * Claims what is to be told of a finding that has come to a level: what was never told, and what a dead teller left.
 * Invariant: whoever has a claim that isn't confirmed has events that come again, so others may leave it to them.
 */
export function claimLevel(outbox: Outbox, level: FindingLevel, { now, claimSeconds, mayBeRepeating }: Teller): Claimed {
  const isLive = ({ until }: Claim) => now !== undefined && until > now;
  const live = outbox.claims.filter(isLive);
  const dead = outbox.claims.filter((claim) => !isLive(claim));
  const isBusy = mayBeRepeating && live.length > 0;
  const { told } = outbox;
  const goesFurther = told === undefined || level.reached > told.reached || !isAtLeast(told.severity, level.severity);
  if (!goesFurther && dead.length === 0) return { outbox, isBusy };
  const state = told === undefined || dead.some((claim) => claim.state === 'open') ? 'open' : 'updated';
  const claim: Claim = { ...level, state, until: now === undefined ? 0 : now + claimSeconds };
  return { outbox: { told: level, claims: [...live, claim] }, claim, isBusy };
}

const isSame = (left: Claim, right: Claim): boolean =>
  left.state === right.state && left.severity === right.severity && left.reached === right.reached && left.until === right.until;

/** The outbox after a claim was told, or was given back because it could not be told. */
export const settleClaim = (outbox: Outbox, claim: Claim, wasTold: boolean): Outbox => ({
  ...outbox,
  claims: outbox.claims.flatMap((each) => (!isSame(each, claim) ? [each] : wasTold ? [] : [{ ...each, until: 0 }])),
});
