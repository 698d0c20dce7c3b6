// One delivered log file: its records, its key in the bucket, its bytes, and what a digest says about it.
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { SAMPLE_BUCKET } from './cast.ts';
import type { Random } from './random.ts';
import { type Place, secondOf, type TrailRecord } from './record.ts';

/** The folders CloudTrail delivers records to. */
export type Folder = 'CloudTrail' | 'CloudTrail-Insight' | 'CloudTrail-NetworkActivity' | 'CloudTrail-Aggregated';

export interface DeliveredFile {
  key: string;
  /** The text before compression; digests hash this. */
  text: string;
  records: number;
  place: Place;
  deliveredAt: number;
  entry: DigestEntry;
  /** Delivered hours late: a backfill digest lists it, not the hourly one. */
  late: boolean;
}

/** How a digest lists a log file, in CloudTrail's own field order. */
export interface DigestEntry {
  s3Bucket: string;
  s3Object: string;
  hashValue: string;
  hashAlgorithm: 'SHA-256';
  newestEventTime: string;
  oldestEventTime: string;
}

export const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** Compresses as the sample is stored: always level 6, no time in the header. Only the inflated bytes are sure to be the same everywhere. */
export const compress = (text: string): Buffer => gzipSync(text, { level: 6 });

/** `20261005T1305Z` */
const compactMinute = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace(/[-:]/g, '')}Z`;

export const deliveryFolder = (folder: string, { account, region }: Place, at: number): string =>
  `AWSLogs/${account}/${folder}/${region}/${new Date(at).toISOString().slice(0, 10).replaceAll('-', '/')}`;

function keyOf(folder: Folder, place: Place, at: number, random: Random): string {
  const name = `${place.account}_${folder}_${place.region}_${compactMinute(at)}_${random.letters(16)}`;
  return `${deliveryFolder(folder, place, at)}/${name}.json.gz`;
}

/** When a record happened; aggregated ones have a window in its place. */
function timeOf(record: TrailRecord): string {
  const window = record['timeWindow'] as { windowStart: string } | undefined;
  return record.eventTime ?? window?.windowStart ?? '';
}

export interface PlannedDelivery {
  folder: Folder;
  place: Place;
  at: number;
  records: TrailRecord[];
  late?: boolean;
}

/** Makes the file of a delivery. */
export function deliverFile({ folder, place, at, records, late = false }: PlannedDelivery, random: Random): DeliveredFile {
  const key = keyOf(folder, place, at, random);
  const text = JSON.stringify({ Records: records });
  const times = records.map(timeOf).sort();
  const entry: DigestEntry = {
    s3Bucket: SAMPLE_BUCKET,
    s3Object: key,
    hashValue: sha256(text),
    hashAlgorithm: 'SHA-256',
    newestEventTime: times.at(-1) ?? secondOf(at),
    oldestEventTime: times[0] ?? secondOf(at),
  };
  return { key, text, records: records.length, place, deliveredAt: at, entry, late };
}
