// Digest files: every hour of every account and region, chained and signed as CloudTrail does, and a backfill digest for late files.
import { sign } from 'node:crypto';
import { HOME_REGION, SAMPLE_BUCKET, TRAIL_NAME } from './cast.ts';
import { makeSigningKey, type SigningKey } from './keys.ts';
import { type DeliveredFile, type DigestEntry, deliveryFolder, sha256 } from './logfile.ts';
import { Random } from './random.ts';
import { type Place, secondOf } from './record.ts';

/** What of a delivered file the digests need; its text may be gone by then. */
export type Listed = Omit<DeliveredFile, 'text'>;

export interface DigestFile {
  key: string;
  text: string;
  /** The object's user metadata, which a copy in a folder keeps beside the file. */
  metadata: Record<string, string>;
}

interface KeyPeriod {
  region: string;
  from: number;
  until: number;
  key: SigningKey;
}

export interface DigestOptions {
  seed: string;
  begin: number;
  days: number;
  regions: readonly string[];
  accounts: readonly string[];
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Every region signs with keys of its own; the home region's key changes at noon of the first day. */
export function makeKeyPeriods({ seed, begin, days, regions }: DigestOptions): KeyPeriod[] {
  const [from, noon, until] = [begin - 30 * DAY, begin + 12 * HOUR, begin + (days + 30) * DAY];
  return regions.flatMap((region) => {
    const named = (name: string) => makeSigningKey(`${seed}/${region}/${name}`);
    if (region !== HOME_REGION) return [{ region, from, until, key: named('only') }];
    return [
      { region, from, until: noon, key: named('morning') },
      { region, from: noon, until, key: named('afternoon') },
    ];
  });
}

/** The keys as ListPublicKeys answers them. */
export const publicKeys = (periods: readonly KeyPeriod[]) => ({
  PublicKeyList: periods.map(({ from, until, key }) => ({
    Value: key.publicKey.toString('base64'),
    ValidityStartTime: secondOf(from),
    ValidityEndTime: secondOf(until),
    Fingerprint: key.fingerprint,
  })),
});

const compactSecond = (at: number): string => secondOf(at).replace(/[-:]/g, '');

function keyOf(place: Place, end: number, suffix: string): string {
  const { account, region } = place;
  const name = `${account}_CloudTrail-Digest_${region}_${TRAIL_NAME}_${HOME_REGION}_${compactSecond(end)}${suffix}`;
  return `${deliveryFolder('CloudTrail-Digest', place, end)}/${name}.json.gz`;
}

interface Contents {
  place: Place;
  start: number;
  end: number;
  entries: DigestEntry[];
  previous?: DigestFile | undefined;
  key: SigningKey;
  /** For a backfill digest, when it was made. */
  generatedAt?: number;
}

function describe({ place, start, end, entries, previous, key }: Contents, object: string) {
  return {
    awsAccountId: place.account,
    digestStartTime: secondOf(start),
    digestEndTime: secondOf(end),
    digestS3Bucket: SAMPLE_BUCKET,
    digestS3Object: object,
    digestPublicKeyFingerprint: key.fingerprint,
    digestSignatureAlgorithm: 'SHA256withRSA',
    newestEventTime:
      entries
        .map((entry) => entry.newestEventTime)
        .sort()
        .at(-1) ?? null,
    oldestEventTime: entries.map((entry) => entry.oldestEventTime).sort()[0] ?? null,
    previousDigestS3Bucket: previous ? SAMPLE_BUCKET : null,
    previousDigestS3Object: previous?.key ?? null,
    previousDigestHashValue: previous ? sha256(previous.text) : null,
    previousDigestHashAlgorithm: previous ? 'SHA-256' : null,
    previousDigestSignature: previous?.metadata['signature'] ?? null,
    logFiles: entries,
  };
}

/** Makes a digest and signs it. The signed text is documented under "Custom implementations of CloudTrail log file integrity validation". */
function makeDigest(contents: Contents): DigestFile {
  const object = keyOf(contents.place, contents.end, contents.generatedAt === undefined ? '' : '_backfill');
  const digest = describe(contents, object);
  const text = JSON.stringify(digest);
  const signed = [digest.digestEndTime, `${SAMPLE_BUCKET}/${object}`, sha256(text), String(digest.previousDigestSignature)].join('\n');
  const signature = sign('sha256', Buffer.from(signed), contents.key.privateKey).toString('hex');
  const metadata: Record<string, string> = { signature, 'signature-algorithm': 'SHA256withRSA' };
  if (contents.generatedAt !== undefined) metadata['backfill-generation-timestamp'] = secondOf(contents.generatedAt);
  return { key: object, text, metadata };
}

/** Hours end at the same odd minute and second for a trail and region, which differs from region to region. */
const offsetOf = (seed: string, { account, region }: Place): number =>
  new Random(`${seed}/digest-offset/${account}/${region}`).between(60, 3540) * 1000;

export function* chainOf(
  place: Place,
  files: readonly Listed[],
  options: DigestOptions,
  periods: readonly KeyPeriod[],
): Generator<DigestFile> {
  const first = options.begin + offsetOf(options.seed, place);
  let previous: DigestFile | undefined;
  for (let hour = 0; hour <= options.days * 24; hour++) {
    const end = first + hour * HOUR;
    const start = end - HOUR;
    const entries = files.filter(({ deliveredAt }) => deliveredAt > start && deliveredAt <= end).map(({ entry }) => entry);
    previous = makeDigest({ place, start, end, entries, previous, key: keyAt(periods, place.region, end) });
    yield previous;
  }
}

function keyAt(periods: readonly KeyPeriod[], region: string, at: number): SigningKey {
  return periods.find((period) => period.region === region && at < period.until)!.key;
}

/** The backfill digest of late files: it covers the hour of their events and is a chain of its own. */
function backfillOf(place: Place, late: readonly Listed[], options: DigestOptions, periods: readonly KeyPeriod[]): DigestFile {
  const oldest = Date.parse(late.map(({ entry }) => entry.oldestEventTime).sort()[0]!);
  const offset = offsetOf(options.seed, place);
  const end = options.begin + offset + Math.ceil((oldest - options.begin - offset) / HOUR) * HOUR;
  const generatedAt = Math.max(...late.map(({ deliveredAt }) => deliveredAt)) + 90 * 60_000;
  const entries = late.map(({ entry }) => entry);
  return makeDigest({ place, start: end - HOUR, end, entries, generatedAt, key: keyAt(periods, place.region, generatedAt) });
}

/** Makes all digests over delivered files. */
export function* makeDigests(delivered: readonly Listed[], options: DigestOptions, periods: readonly KeyPeriod[]): Generator<DigestFile> {
  for (const account of options.accounts) {
    for (const region of options.regions) {
      const here = delivered.filter(({ place }) => place.account === account && place.region === region);
      const late = here.filter((file) => file.late);
      yield* chainOf(
        { account, region },
        here.filter((file) => !file.late),
        options,
        periods,
      );
      if (late.length > 0) yield backfillOf({ account, region }, late, options, periods);
    }
  }
}
