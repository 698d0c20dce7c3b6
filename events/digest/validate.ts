// One trail, one account, one region, one span of time: every digest and log file checked, in awscli's order.

import { addSeconds, type ClockTime } from './clocktime.ts';
import type { DigestPlace } from './digestnames.ts';
import type { PublicKeys, TrailBuckets } from './doors.ts';
import { ExpectedReads, inOrder, limiter, type PendingResult } from './inorder.ts';
import { FatalError, IntegrityError } from './integrityerrors.ts';
import { Listings } from './listing.ts';
import { checkLog, listedLogs, type UnreadableLogs } from './logs.ts';
import type { DigestReading } from './reading.ts';
import type { Outcome, WalkOutcome } from './verdicts.ts';
import { addPublicKeys, type KeyRing } from './verify.ts';
import { walkDigests } from './walk.ts';

/** What is checked at one go: a place, where its files lie, and from when to when. */
export interface TimeSpan {
  place: DigestPlace;
  bucket: string;
  prefix?: string;
  start: ClockTime;
  end: ClockTime;
}

export interface ValidateOptions {
  /** Objects read at once. */
  concurrency: number;
  unreadable: UnreadableLogs;
  reading: DigestReading;
}

/** Results known or on their way but not yet told, for each object read at once: enough that one slow object doesn't stop the others. */
const UNTOLD_A_READ = 4;

/** Seconds after the end whose public keys are asked for as well: the digest that closes after the end may have a newer one. */
const KEYS_AFTER_END_SECONDS = 7_200;

/** The keys of the whole span; asked for while the bucket is being listed. */
async function standardKeys(keys: PublicKeys, { start, end }: TimeSpan): Promise<KeyRing> {
  const ring: KeyRing = new Map();
  try {
    await addPublicKeys(ring, keys, start, addSeconds(end, KEYS_AFTER_END_SECONDS));
  } catch (error) {
    throw error instanceof IntegrityError && error.fault.code === 'NO_PUBLIC_KEYS' ? new FatalError(error.fault, error) : error;
  }
  return ring;
}

const settled = <T>(value: T): PendingResult<T> => ({ settled: Promise.resolve(value) });

class SpanValidation {
  private readonly span: TimeSpan;
  private readonly keys: PublicKeys;
  private readonly options: ValidateOptions;
  private readonly buckets: TrailBuckets;
  private readonly listings: Listings;

  constructor(span: TimeSpan, buckets: TrailBuckets, keys: PublicKeys, options: ValidateOptions) {
    const limit = limiter(options.concurrency);
    this.span = span;
    this.keys = keys;
    this.options = options;
    this.buckets = {
      listObjects: (bucket, prefix, marker) => buckets.listObjects(bucket, prefix, marker),
      listFolders: (bucket, prefix) => buckets.listFolders(bucket, prefix),
      readObject: (bucket, key) => limit(() => buckets.readObject(bucket, key)),
    };
    this.listings = new Listings(this.buckets, span.place, span.prefix, span.start);
  }

  private walk(isBackfill: boolean, ring: KeyRing): AsyncGenerator<WalkOutcome> {
    const { bucket, start, end, place } = this.span;
    const digests = new ExpectedReads((from, key) => this.buckets.readObject(from, key), this.options.concurrency);
    return walkDigests({
      ...{ isBackfill, bucket, start, end, ring, homeRegion: place.homeRegion, keys: this.keys, listings: this.listings },
      read: (from, key) => digests.take(from, key),
      expect: (from, listed) => digests.expect(from, listed),
      reading: this.options.reading,
    });
  }

  private async *withLogs(outcomes: AsyncIterable<WalkOutcome>): AsyncGenerator<PendingResult<Outcome>> {
    for await (const outcome of outcomes) {
      yield settled(outcome);
      if (outcome.kind !== 'digest' || !outcome.proven) continue;
      for (const log of listedLogs(outcome.proven.digest.fields)) yield { settled: checkLog(log, this.buckets, this.options.unreadable) };
    }
  }

  private async *pending(): AsyncGenerator<PendingResult<Outcome>> {
    const asking = standardKeys(this.keys, this.span);
    asking.catch(() => {});
    await this.listings.digests(this.span.bucket, this.span.end);
    yield* this.withLogs(this.walk(false, await asking));
    yield* this.withLogs(this.walk(true, new Map()));
  }

  outcomes(): AsyncGenerator<Outcome> {
    return inOrder(this.pending(), this.options.concurrency * UNTOLD_A_READ);
  }
}

/**
 * Checks a span and gives the outcome for each digest, gap and log file in awscli's order, whatever the order the objects arrive in.
 *
 * Memory is bounded by the number of objects read at once: a log file's bytes go as soon as its hash is known.
 * @throws FatalError and ServiceError where awscli stops, after all outcomes before that place
 */
export function validateSpan(span: TimeSpan, buckets: TrailBuckets, keys: PublicKeys, options: ValidateOptions): AsyncGenerator<Outcome> {
  return new SpanValidation(span, buckets, keys, options).outcomes();
}
