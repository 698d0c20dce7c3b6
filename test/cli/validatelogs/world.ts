// A made-up AWS for checking integrity: buckets with signed digest chains, trails, public keys, an organization; and things to go wrong.
import { createHash, createPrivateKey, createPublicKey, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

export interface StoredThing {
  bytes: Buffer;
  metadata: Record<string, string>;
}

/** An error answer for an object, a bucket or an operation. */
export interface Fault {
  status: number;
  /** Absent: an answer without a body. */
  code?: string;
  message?: string;
  /** How often it happens; always when absent. */
  times?: number;
  /** Answered instead of an error of S3. */
  body?: string;
  headers?: Record<string, string>;
  /** Answer with fewer bytes than announced. */
  isCut?: boolean;
}

/** What a service that speaks JSON answers. */
export type Operation = (world: World, input: never) => unknown;

export interface ChainKey {
  fingerprint: string;
  privateKey: KeyObject;
  /** Base64 of DER PKCS#1. */
  value: string;
  validFrom: Date;
  validUntil: Date;
}

export interface ChainTrail {
  name: string;
  homeRegion: string;
  owner: string;
  bucket: string;
  prefix?: string;
  organizationId?: string;
}

export interface ChainOptions {
  trail: ChainTrail;
  account: string;
  region: string;
  /** Beginning of the first hour. */
  from: Date;
  /** Log files in each hour, oldest first; -1 leaves the hour out and starts a new chain after it. */
  hours: number[];
  key: ChainKey;
  isBackfill?: boolean;
  /** Records in a log file; one when absent. */
  records?: number;
  /** Link of the first digest, to go on where another chain ends. */
  after?: PreviousDigest;
}

export interface PreviousDigest {
  bucket: string;
  key: string;
  hash: string;
  signature: string;
}

export type ObjectFields = Record<string, unknown>;

const HOUR_MS = 3_600_000;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const iso = (date: Date) => date.toISOString().replace(/\.\d+Z$/, 'Z');
const compact = (date: Date) => iso(date).replace(/[-:]/g, '');
const folders = (date: Date) => iso(date).slice(0, 10).replaceAll('-', '/');

export const trailArn = ({ homeRegion, owner, name }: ChainTrail) => `arn:aws:cloudtrail:${homeRegion}:${owner}:trail/${name}`;

/** Keys are costly to make: some of 2048 bits lie ready, made once with `openssl genpkey -algorithm RSA`. They protect nothing. */
const READY = readFileSync(join(import.meta.dirname, '../../fixtures/signingkeys.pem'), 'utf8').match(/-----BEGIN[\s\S]*?-----END.*\n/g)!;

function makePrivateKey(bits: number): KeyObject {
  const ready = bits === 2048 ? READY.pop() : undefined;
  return ready === undefined ? generateKeyPairSync('rsa', { modulusLength: bits }).privateKey : createPrivateKey(ready);
}

/** One pair for each fingerprint in a process. */
const pairs = new Map<string, { privateKey: KeyObject; value: string }>();

export function signingKey(fingerprint: string, validFrom: string, validUntil: string, bits = 2048): ChainKey {
  let pair = pairs.get(fingerprint);
  if (!pair) {
    const privateKey = makePrivateKey(bits);
    pair = { privateKey, value: createPublicKey(privateKey).export({ format: 'der', type: 'pkcs1' }).toString('base64') };
    pairs.set(fingerprint, pair);
  }
  return { fingerprint, ...pair, validFrom: new Date(validFrom), validUntil: new Date(validUntil) };
}

/** What a digest's signature signs. */
export function signedText(fields: ObjectFields, inflated: Uint8Array): string {
  const previous = fields['previousDigestSignature'];
  return `${fields['digestEndTime']}\n${fields['digestS3Bucket']}/${fields['digestS3Object']}\n${sha256(inflated)}\n${previous === null ? 'null' : previous}`;
}

export class World {
  readonly buckets = new Map<string, Map<string, StoredThing>>();
  readonly regions = new Map<string, string>();
  readonly trails: Record<string, unknown>[] = [];
  keys: { fingerprint: string; value: string; validFrom: Date; validUntil: Date }[] = [];
  organizationId = 'o-example1234';
  /** By `bucket/key`, `bucket` (listing), `location:bucket`, `DescribeTrails`, `ListPublicKeys`, `DescribeOrganization`. */
  readonly faults = new Map<string, Fault>();
  /** Answers of more services, by operation. */
  readonly operations = new Map<string, Operation>();
  /** How names of headers are written. */
  spellHeader = (name: string): string => name;
  /** Keys in one page of a listing. */
  pageSize = 1_000;

  /** Another world that is the same so far; signing is what takes time. */
  copy(): World {
    const copy = new World();
    for (const [bucket, things] of this.buckets)
      copy.buckets.set(bucket, new Map([...things].map(([key, { bytes, metadata }]) => [key, { bytes, metadata: { ...metadata } }])));
    for (const [bucket, region] of this.regions) copy.regions.set(bucket, region);
    copy.trails.push(...this.trails.map((trail) => ({ ...trail })));
    copy.keys = this.keys.map((key) => ({ ...key }));
    copy.pageSize = this.pageSize;
    return copy;
  }

  put(bucket: string, key: string, bytes: Uint8Array, metadata: Record<string, string> = {}): void {
    if (!this.buckets.has(bucket)) this.buckets.set(bucket, new Map());
    this.buckets.get(bucket)!.set(key, { bytes: Buffer.from(bytes), metadata });
  }

  get(bucket: string, key: string): StoredThing {
    const thing = this.buckets.get(bucket)?.get(key);
    if (!thing) throw new Error(`no ${bucket}/${key} in this world`);
    return thing;
  }

  delete(bucket: string, key: string): void {
    this.get(bucket, key);
    this.buckets.get(bucket)!.delete(key);
  }

  keysOf(bucket: string, pattern: RegExp): string[] {
    return [...(this.buckets.get(bucket)?.keys() ?? [])].filter((key) => pattern.test(key)).sort();
  }

  addTrail(trail: ChainTrail): void {
    this.trails.push({
      Name: trail.name,
      S3BucketName: trail.bucket,
      ...(trail.prefix !== undefined && { S3KeyPrefix: trail.prefix }),
      ...(trail.organizationId !== undefined && { IsOrganizationTrail: true }),
      TrailARN: trailArn(trail),
      HomeRegion: trail.homeRegion,
    });
  }

  addKey({ fingerprint, value, validFrom, validUntil }: ChainKey): void {
    this.keys.push({ fingerprint, value, validFrom, validUntil });
  }

  private folder({ trail, account, region }: ChainOptions, kind: string): string {
    const organization = trail.organizationId ? `${trail.organizationId}/` : '';
    return `${trail.prefix ? `${trail.prefix}/` : ''}AWSLogs/${organization}${account}/${kind}/${region}`;
  }

  private addLog(options: ChainOptions, at: Date, index: number): ObjectFields {
    const { account, region, trail } = options;
    const random = sha256(Buffer.from(`${account}${region}${at.getTime()}${index}${trail.name}`)).slice(0, 16);
    const name = `${account}_CloudTrail_${region}_${compact(at).replace(/\d\dZ$/, 'Z')}_${random}.json.gz`;
    const key = `${this.folder(options, 'CloudTrail')}/${folders(at)}/${name}`;
    const eventID = (i: number) => (options.records ? sha256(Buffer.from(`${random}${i}`)) : random);
    const record = (i: number) => ({ eventVersion: '1.11', eventID: eventID(i), eventTime: iso(at), awsRegion: region });
    const text = Buffer.from(JSON.stringify({ Records: Array.from({ length: options.records ?? 1 }, (_, i) => record(i)) }));
    this.put(trail.bucket, key, gzipSync(text));
    return {
      s3Bucket: trail.bucket,
      s3Object: key,
      hashValue: sha256(text),
      hashAlgorithm: 'SHA-256',
      newestEventTime: iso(at),
      oldestEventTime: iso(at),
    };
  }

  /** Delivers digests and logs hour by hour. @returns the newest digest, to go on from */
  addChain(options: ChainOptions): PreviousDigest {
    let previous = options.after;
    for (const [hour, logs] of options.hours.entries()) {
      if (logs < 0) previous = undefined;
      else previous = this.addDigest(options, new Date(options.from.getTime() + hour * HOUR_MS), logs, previous);
    }
    return previous!;
  }

  private addDigest(options: ChainOptions, start: Date, logs: number, previous: PreviousDigest | undefined): PreviousDigest {
    const { trail, account, region, key, isBackfill } = options;
    const end = new Date(start.getTime() + HOUR_MS);
    const mark = `${compact(end)}${isBackfill ? '_backfill' : ''}`;
    const name = `${account}_CloudTrail-Digest_${region}_${trail.name}_${trail.homeRegion}_${mark}.json.gz`;
    const object = `${this.folder(options, 'CloudTrail-Digest')}/${folders(end)}/${name}`;
    const logFiles = Array.from({ length: logs }, (_, i) =>
      this.addLog(options, new Date(start.getTime() + i * 300_000 + (isBackfill ? 60_000 : 0)), i),
    );
    const fields: ObjectFields = {
      awsAccountId: account,
      digestStartTime: iso(start),
      digestEndTime: iso(end),
      digestS3Bucket: trail.bucket,
      digestS3Object: object,
      digestPublicKeyFingerprint: key.fingerprint,
      digestSignatureAlgorithm: 'SHA256withRSA',
      newestEventTime: logs > 0 ? iso(end) : null,
      oldestEventTime: logs > 0 ? iso(start) : null,
      previousDigestS3Bucket: previous?.bucket ?? null,
      previousDigestS3Object: previous?.key ?? null,
      previousDigestHashValue: previous?.hash ?? null,
      previousDigestHashAlgorithm: previous ? 'SHA-256' : null,
      previousDigestSignature: previous?.signature ?? null,
      logFiles,
    };
    const made = iso(new Date(end.getTime() + 7 * 24 * HOUR_MS));
    return this.putDigest(trail.bucket, object, fields, key, isBackfill ? { 'backfill-generation-timestamp': made } : {});
  }

  /** Signs a digest and puts it where it belongs, or where `at` says. */
  putDigest(bucket: string, key: string, fields: ObjectFields, signer: ChainKey, metadata: Record<string, string> = {}): PreviousDigest {
    const inflated = Buffer.from(JSON.stringify(fields));
    const signature = createSign('sha256').update(signedText(fields, inflated)).sign(signer.privateKey).toString('hex');
    this.put(bucket, key, gzipSync(inflated), { signature, 'signature-algorithm': 'SHA256withRSA', ...metadata });
    return { bucket, key, hash: sha256(inflated), signature };
  }

  fieldsOf(bucket: string, key: string): ObjectFields {
    return JSON.parse(gunzipSync(this.get(bucket, key).bytes).toString()) as ObjectFields;
  }

  /** Changes a digest and signs it anew: what a thief with the key could do, and what odd but true digests look like. */
  resign(bucket: string, key: string, signer: ChainKey, change: (fields: ObjectFields) => void): void {
    const fields = this.fieldsOf(bucket, key);
    change(fields);
    const { signature: _, ...metadata } = this.get(bucket, key).metadata;
    this.putDigest(bucket, key, fields, signer, metadata);
  }

  /** Changes a digest and leaves its signature. */
  edit(bucket: string, key: string, change: (fields: ObjectFields) => void): void {
    const fields = this.fieldsOf(bucket, key);
    change(fields);
    this.put(bucket, key, gzipSync(JSON.stringify(fields)), this.get(bucket, key).metadata);
  }
}
