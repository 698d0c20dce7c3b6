// The digests of a trail that lie in a span of time, as the bucket lists them.
import { addSeconds, type ClockTime, keyTime } from './awscli/datetime.ts';
import { bucketName } from './awscli/parameters.ts';
import { type DigestPlace, digestMarker, digestPattern, digestPrefix, isBackfillKey, timeInKey } from './digestnames.ts';
import type { TrailBuckets } from './doors.ts';

/** Keys in ascending order. A walk takes keys off the end; both lists last as long as the walk that asked first. */
export interface DigestKeys {
  standard: string[];
  backfill: string[];
}

/**
 * Lists a trail's digests from `start` to one hour after `end`, the hour in which a digest may close after the end.
 * Times are compared as the text in the key.
 */
async function listDigests(
  buckets: TrailBuckets,
  place: DigestPlace,
  span: { bucket: string; prefix: string | undefined; start: ClockTime; end: ClockTime },
): Promise<DigestKeys> {
  const { bucket, prefix, start, end } = span;
  const found: DigestKeys = { standard: [], backfill: [] };
  const pattern = digestPattern(place, prefix);
  const [marker, first, last] = [digestMarker(place, prefix, start), keyTime(start), keyTime(addSeconds(end, 3_600))];
  for await (const keys of buckets.listKeys(bucket, digestPrefix(place, prefix), marker)) {
    for (const key of keys) {
      if (!pattern.test(key)) continue;
      const time = timeInKey(key);
      if (time > last) return found;
      if (time >= first) (isBackfillKey(key) ? found.backfill : found.standard).push(key);
    }
  }
  return found;
}

/** Lists each bucket and span once: the standard and the backfill walk share a listing. */
export class Listings {
  private readonly buckets: TrailBuckets;
  private readonly place: DigestPlace;
  private readonly prefix: string | undefined;
  private readonly start: ClockTime;
  private readonly known = new Map<string, DigestKeys>();

  constructor(buckets: TrailBuckets, place: DigestPlace, prefix: string | undefined, start: ClockTime) {
    this.buckets = buckets;
    this.place = place;
    this.prefix = prefix;
    this.start = start;
  }

  /** @throws ParameterError for a name no bucket can have */
  async keys(named: unknown, end: ClockTime): Promise<DigestKeys> {
    const bucket = bucketName(named);
    const name = `${end.microseconds} ${bucket}`;
    const listed = this.known.get(name);
    if (listed) return listed;
    const keys = await listDigests(this.buckets, this.place, { bucket, prefix: this.prefix, start: this.start, end });
    this.known.set(name, keys);
    return keys;
  }
}
