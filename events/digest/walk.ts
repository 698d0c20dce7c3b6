// Walks a chain of digests from the newest to the oldest, link by link, and says of each whether it holds.
import { asUtc, type ClockTime, compareTimes, parseDate } from './awscli/datetime.ts';
import { bucketName, keyName } from './awscli/parameters.ts';
import { text, typeName } from './awscli/pythontext.ts';
import { timeInKey } from './digestnames.ts';
import { FatalError, type PublicKeys, ServiceError, type StoredObject } from './doors.ts';
import type { Listings } from './listing.ts';
import { type Digest, readDigest } from './read.ts';
import type { WalkOutcome } from './verdicts.ts';
import { type KeyRing, type Proof, timeField, verifyDigest } from './verify.ts';

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
  /** Told which keys the walk will probably ask for, ascending, each time it lists a bucket. */
  expect(bucket: string, keys: readonly string[]): void;
  now: Date;
}

interface Step {
  /** Text, unless a signed digest links to something else. */
  key: unknown;
  time: ClockTime;
}

interface ProvenDigest {
  digest: Digest;
  proof: Proof;
  startTime: ClockTime;
  endTime: ClockTime;
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
    const found = await this.options.listings.keys(this.bucket, end);
    this.listed = this.options.isBackfill ? found.backfill : found.standard;
    this.options.expect(text(this.bucket), this.listed);
  }

  private timeOfKey(key: string): ClockTime {
    return parseDate(timeInKey(key), this.options.now);
  }

  /** Takes the newest listed key; with `before`, the newest whose time lies before that key's. */
  private takeListed(before?: unknown): Step | undefined {
    if (this.listed.length === 0) return undefined;
    if (before !== undefined && typeof before !== 'string')
      throw new FatalError(`'${typeName(before)}' object has no attribute 'endswith'`);
    const limit = before === undefined ? undefined : this.timeOfKey(before);
    for (let key = this.listed.pop(); key !== undefined; key = this.listed.pop()) {
      const time = asUtc(this.timeOfKey(key));
      if (limit === undefined || compareTimes(time, limit) < 0) return { key, time };
    }
    return undefined;
  }

  private async readAndVerify(at: unknown): Promise<ProvenDigest> {
    const { isBackfill, ring, keys, homeRegion, now } = this.options;
    const [bucket, key] = [bucketName(this.bucket), keyName(at)];
    const digest = readDigest(await this.options.read(bucket, key), key);
    const proof = await verifyDigest(digest, { bucket, key, ring, keys, isBackfill, homeRegion, now });
    const endTime = asUtc(timeField(digest.fields['digestEndTime'], now));
    const startTime = asUtc(timeField(digest.fields['digestStartTime'], now));
    return { digest, proof, startTime, endTime };
  }

  /** What is told of a digest that can't be proven. @throws the error itself when it ends the check */
  private invalid(key: unknown, error: unknown): WalkOutcome {
    if (error instanceof FatalError || (error instanceof ServiceError && error.code !== 'NoSuchKey')) throw error;
    const reason = error instanceof ServiceError ? 'not found' : error instanceof Error ? error.message : String(error);
    return { kind: 'digest', isBackfill: this.options.isBackfill, bucket: text(this.bucket), key: text(key), reason };
  }

  async *outcomes(): AsyncGenerator<WalkOutcome, void, undefined> {
    const { isBackfill, start, end } = this.options;
    await this.list(end);
    const first = this.takeListed();
    let key = first?.key;
    let reached = first?.time;
    while (key && compareTimes(start, reached!) <= 0) {
      try {
        const { digest, proof, startTime, endTime } = await this.readAndVerify(key);
        reached = startTime;
        yield { kind: 'digest', isBackfill, bucket: text(this.bucket), key: text(key), digest, ...proof };
        const { previousDigestS3Bucket: bucket = null, previousDigestS3Object: linked = null } = digest.fields;
        if (bucket === null || linked === null) {
          const next = this.takeListed(key);
          if (next) yield { kind: 'gap', isBackfill, from: next.time, to: reached };
          key = next?.key;
        } else {
          key = linked;
          if (bucket !== this.bucket) {
            this.bucket = bucket;
            await this.list(endTime);
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
 * @throws ServiceError when a bucket or the keys can't be asked; DateError when a listed key holds no time
 */
export const walkDigests = (options: WalkOptions): AsyncGenerator<WalkOutcome, void, undefined> => new Walk(options).outcomes();
