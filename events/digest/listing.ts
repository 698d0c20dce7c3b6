// The digests of a trail that lie in a span of time, as the bucket lists them.
import { addSeconds, type ClockTime, compactTime } from './clocktime.ts';
import { type DigestPlace, digestMarker, digestPattern, digestPrefix, isBackfillName, timeInName } from './digestnames.ts';
import type { TrailBuckets } from './doors.ts';
import { bucketName } from './objectaddress.ts';

/** Names in ascending order. A walk takes names off the end; both lists last as long as the walk that asked first. */
export interface ListedDigests {
  standard: string[];
  backfill: string[];
}

/**
 * Lists a trail's digests from `start` to one hour after `end`, the hour in which a digest may close after the end.
 * Times are compared as the text in the name.
 */
async function listDigests(
  buckets: TrailBuckets,
  place: DigestPlace,
  span: { bucket: string; prefix: string | undefined; start: ClockTime; end: ClockTime },
): Promise<ListedDigests> {
  const { bucket, prefix, start, end } = span;
  const found: ListedDigests = { standard: [], backfill: [] };
  const pattern = digestPattern(place, prefix);
  const [marker, first, last] = [digestMarker(place, prefix, start), compactTime(start), compactTime(addSeconds(end, 3_600))];
  for await (const names of buckets.listObjects(bucket, digestPrefix(place, prefix), marker)) {
    for (const name of names) {
      if (!pattern.test(name)) continue;
      const time = timeInName(name);
      if (time > last) return found;
      if (time >= first) (isBackfillName(name) ? found.backfill : found.standard).push(name);
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
  private readonly known = new Map<string, ListedDigests>();

  constructor(buckets: TrailBuckets, place: DigestPlace, prefix: string | undefined, start: ClockTime) {
    this.buckets = buckets;
    this.place = place;
    this.prefix = prefix;
    this.start = start;
  }

  /** @throws IntegrityError for a name no bucket can have */
  async digests(named: unknown, end: ClockTime): Promise<ListedDigests> {
    const bucket = bucketName(named);
    const asked = `${end.microseconds} ${bucket}`;
    const known = this.known.get(asked);
    if (known) return known;
    const listed = await listDigests(this.buckets, this.place, { bucket, prefix: this.prefix, start: this.start, end });
    this.known.set(asked, listed);
    return listed;
  }
}
