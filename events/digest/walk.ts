// Walks a chain of digests from the newest to the oldest, link by link, and says of each whether it holds.
import { asUtc, type ClockTime, compareTimes } from './clocktime.ts';
import { readDigest } from './digestfile.ts';
import { timeInName } from './digestnames.ts';
import type { PublicKeys, StoredObject } from './doors.ts';
import { FatalError, integrityFaultOf, ServiceError } from './integrityerrors.ts';
import type { Listings } from './listing.ts';
import { bucketName, objectKey } from './objectaddress.ts';
import type { DigestReading } from './reading.ts';
import type { DigestOutcome, ProvenDigest, WalkOutcome } from './verdicts.ts';
import { type KeyRing, timeField, verifyDigest } from './verify.ts';

export interface WalkOptions {
  isBackfill: boolean;
  bucket: string;
  start: ClockTime;
  end: ClockTime;
  homeRegion: string;
  listings: Listings;
  ring: KeyRing;
  keys: PublicKeys;
  /** Reads a digest; may have begun before it was asked. */
  read(bucket: string, key: string): Promise<StoredObject>;
  /** Told which digests the walk will probably ask for, ascending, each time it lists a bucket. */
  expect(bucket: string, names: readonly string[]): void;
  reading: DigestReading;
}

interface NextDigest {
  /** Text, unless a signed digest links to something else. */
  key: unknown;
  time: ClockTime;
}

class Walk {
  private readonly options: WalkOptions;
  /** Text, unless a signed digest links to something else. */
  private bucket: unknown;
  private listed: string[] = [];

  constructor(options: WalkOptions) {
    this.options = options;
    this.bucket = options.bucket;
  }

  private async list(end: ClockTime): Promise<void> {
    const found = await this.options.listings.digests(this.bucket, end);
    this.listed = this.options.isBackfill ? found.backfill : found.standard;
    this.options.expect(bucketName(this.bucket), this.listed);
  }

  private timeOf(name: string): ClockTime {
    return this.options.reading.date(timeInName(name));
  }

  /** Takes the newest listed digest; with `before`, the newest whose time lies before that one's. */
  private takeListed(before?: unknown): NextDigest | undefined {
    if (this.listed.length === 0) return undefined;
    if (before !== undefined && typeof before !== 'string') throw new FatalError({ code: 'LINK_NOT_TEXT', value: before });
    const limit = before === undefined ? undefined : this.timeOf(before);
    for (let key = this.listed.pop(); key !== undefined; key = this.listed.pop()) {
      const time = asUtc(this.timeOf(key));
      if (limit === undefined || compareTimes(time, limit) < 0) return { key, time };
    }
    return undefined;
  }

  private async readAndVerify(at: unknown): Promise<ProvenDigest> {
    const { isBackfill, ring, keys, homeRegion, reading } = this.options;
    const [bucket, key] = [bucketName(this.bucket), objectKey(at)];
    const digest = readDigest(await this.options.read(bucket, key), key);
    const proof = await verifyDigest(digest, { bucket, key, ring, keys, isBackfill, homeRegion, reading });
    const endTime = timeField(digest.fields, 'digestEndTime', reading);
    return { bucket, key, digest, ...proof, startTime: timeField(digest.fields, 'digestStartTime', reading), endTime };
  }

  private outcome(key: unknown, verdict: Pick<DigestOutcome, 'fault' | 'proven'>): DigestOutcome {
    return { kind: 'digest', isBackfill: this.options.isBackfill, bucket: this.bucket, key, ...verdict };
  }

  /** What is told of a digest that can't be proven. @throws the error itself when it ends the check */
  private invalid(key: unknown, error: unknown): WalkOutcome {
    const isMissing = error instanceof ServiceError && error.isMissingObject;
    if (error instanceof FatalError || (error instanceof ServiceError && !isMissing)) throw error;
    return this.outcome(key, { fault: isMissing ? { code: 'FILE_NOT_FOUND' } : integrityFaultOf(error) });
  }

  async *outcomes(): AsyncGenerator<WalkOutcome, void, undefined> {
    const { isBackfill, start, end } = this.options;
    await this.list(end);
    const first = this.takeListed();
    let key = first?.key;
    let reached = first?.time;
    while (key && compareTimes(start, reached!) <= 0) {
      try {
        const proven = await this.readAndVerify(key);
        reached = asUtc(proven.startTime);
        yield this.outcome(key, { proven });
        const { previousDigestS3Bucket: bucket = null, previousDigestS3Object: linked = null } = proven.digest.fields;
        if (bucket === null || linked === null) {
          const next = this.takeListed(key);
          if (next) yield { kind: 'gap', isBackfill, from: next.time, to: reached };
          key = next?.key;
        } else {
          key = linked;
          if (bucket !== this.bucket) {
            this.bucket = bucket;
            await this.list(asUtc(proven.endTime));
          }
        }
      } catch (error) {
        const outcome = this.invalid(key, error);
        // The next key is found before the bad one is told of: when that fails, nothing is told.
        const next = this.takeListed(key);
        yield outcome;
        key = next?.key;
      }
    }
  }
}

/**
 * Walks the standard or the backfill digests of a trail from the newest listed one back to the start.
 *
 * Invariant: the order of outcomes depends on links and listing alone, however early digests were read.
 * @throws ServiceError when a bucket or the keys can't be asked; IntegrityError when a listed name holds no time
 */
export const walkDigests = (options: WalkOptions): AsyncGenerator<WalkOutcome, void, undefined> => new Walk(options).outcomes();
