// The quarantine in the cloud: a bucket of its own that keeps bad files and bad records with their reason.
import { createHash } from 'node:crypto';
import { CopyObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { QUARANTINE_PREFIX, type Quarantine } from '../events/doors.ts';
import { TrailbusError } from '../events/errors.ts';
import type { ObjectRef } from '../events/objectkey.ts';
import type { FileQuarantine, RecordQuarantine } from '../events/reasons.ts';
import { s3Address } from './objects.ts';

type Kept = FileQuarantine | RecordQuarantine;

/** Longest key S3 takes, in bytes of UTF-8. Source: S3 user guide, "Naming Amazon S3 objects" (read 2026-11-22). */
const MAX_KEY_BYTES = 1024;

/** All user metadata of an object together, in bytes; the rest of the 2 KB stays free for what S3 adds. Source: S3 user guide, "Working with object metadata". */
const MAX_WHY_CHARACTERS = 400;

/** Reasons of files that were never read though they may be: S3 copies them without their bytes passing through us. */
const COPIED_BY_S3: ReadonlySet<Kept> = new Set<Kept>(['TOO_LARGE']);

/** Whether `..` segments climb above where the key starts: S3 refuses such a key. */
function climbs(key: string): boolean {
  let depth = 0;
  for (const segment of key.split('/')) {
    depth += segment === '..' ? -1 : 1;
    if (depth < 0) return true;
  }
  return false;
}

/** Half of a surrogate pair is no text: it can't be written as UTF-8, nor stand in a URL. */
const isKeyText = (key: string) => key !== '' && !/\p{Surrogate}/u.test(key);

/** What is kept of a file: its bytes, a note in place of them or beside them, or one record of it by its index. */
export type QuarantinePart = 'file' | 'note' | number;

const endingOf = (part: QuarantinePart): string => (part === 'file' ? '' : part === 'note' ? '.note.json' : `#${part}`);

/**
 * The layout of the quarantine: the original key as it is, below reason and bucket. Keys that S3 would not take there
 * (too long, climbing, no bucket's name) lie under the hash of bucket and key; their note has the name in full.
 * Nobody else says where something lies: docs/operations.md is made from this, tests ask it.
 */
export function quarantineKey(ref: ObjectRef, reason: Kept, part: QuarantinePart = 'file'): string {
  const plain = `${QUARANTINE_PREFIX}${reason}/${ref.bucket}/${ref.key}${endingOf(part)}`;
  const isTaken =
    /^[a-z0-9.-]{1,63}$/.test(ref.bucket) && isKeyText(ref.key) && !climbs(ref.key) && Buffer.byteLength(plain) <= MAX_KEY_BYTES;
  if (isTaken) return plain;
  const hash = createHash('sha256').update(`${ref.bucket}\0${ref.key}`).digest('hex');
  return `${QUARANTINE_PREFIX}${reason}/by-hash/${hash}${endingOf(part)}`;
}

/** Metadata travels as HTTP headers, US-ASCII only: other characters, and what could break a header, are percent-encoded. */
const header = (text: string) => text.replace(/[^\x20-\x24\x26-\x7e]/gu, encodeCharacter);

const encodeCharacter = (character: string) => {
  const encode = (byte: number) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  return [...Buffer.from(character)].map(encode).join('');
};

function metadataOf(ref: ObjectRef, reason: Kept, why: string): Record<string, string> {
  return {
    reason,
    why: header(why.slice(0, MAX_WHY_CHARACTERS)).slice(0, MAX_WHY_CHARACTERS),
    'original-bucket': header(ref.bucket.slice(0, 63)),
    ...(ref.versionId ? { 'original-version': header(ref.versionId) } : {}),
  };
}

const noteOf = (ref: ObjectRef, reason: Kept, why: string) => JSON.stringify({ reason, why, ...ref }, null, 2);

export interface QuarantineOwners {
  /** Account of the quarantine bucket. */
  quarantine?: string;
  /** Accounts of log buckets, by their names. */
  logs?: ReadonlyMap<string, string>;
}

/**
 * Keeps bad files and bad records where `quarantineKey` says. Object metadata says reason, why and where from.
 * A file whose bytes were never read is a note; one that was too large to read is copied by S3 itself.
 * Keeping the same file twice writes the same key, so a retry leaves one copy.
 */
export class S3Quarantine implements Quarantine {
  private readonly client: S3Client;
  private readonly bucket: string;
  private readonly owners: QuarantineOwners;

  /**
   * @param logBuckets  buckets that files come from: none of them can be the quarantine, or our own writing would announce files again
   * @param owners  accounts that must own the buckets, sent with every call
   */
  constructor(client: S3Client, bucket: string, logBuckets: Iterable<string> = [], owners: QuarantineOwners = {}) {
    for (const logBucket of logBuckets) {
      if (logBucket === bucket)
        throw new TrailbusError(`bucket \`${bucket}\` is a log bucket`, {
          source: 'QUARANTINE_BUCKET',
          help: 'give the quarantine a bucket of its own',
        });
    }
    this.client = client;
    this.bucket = bucket;
    this.owners = owners;
  }

  async keepFile(ref: ObjectRef, reason: FileQuarantine, why: string, bytes?: Uint8Array): Promise<void> {
    const key = quarantineKey(ref, reason);
    if (bytes !== undefined) await this.put(key, metadataOf(ref, reason, why), bytes, 'application/octet-stream');
    else if (COPIED_BY_S3.has(reason)) await this.copy(key, ref, metadataOf(ref, reason, why));
    if (bytes === undefined || key.includes('/by-hash/')) await this.keepNote(ref, reason, why);
  }

  async keepRecord(ref: ObjectRef, index: number, reason: RecordQuarantine, bytes: Uint8Array): Promise<void> {
    const why = `record ${index} of ${s3Address(ref)}`;
    await this.put(quarantineKey(ref, reason, index), metadataOf(ref, reason, why), bytes, 'application/json');
  }

  /** Where `keepRecord` puts a record. */
  addressOf(ref: ObjectRef, index: number, reason: RecordQuarantine): { bucket: string; key: string } {
    return { bucket: this.bucket, key: quarantineKey(ref, reason, index) };
  }

  private async keepNote(ref: ObjectRef, reason: Kept, why: string): Promise<void> {
    const note = Buffer.from(noteOf(ref, reason, why));
    await this.put(quarantineKey(ref, reason, 'note'), metadataOf(ref, reason, why), note, 'application/json');
  }

  private async put(key: string, metadata: Record<string, string>, bytes: Uint8Array, type: string): Promise<void> {
    const input = { Bucket: this.bucket, Key: key, Body: bytes, ContentType: type, Metadata: metadata };
    await this.client.send(new PutObjectCommand({ ...input, ExpectedBucketOwner: this.owners.quarantine }));
  }

  /** Tags stay behind: copying them would need s3:GetObjectTagging on the log bucket. */
  private async copy(key: string, ref: ObjectRef, metadata: Record<string, string>): Promise<void> {
    const version = ref.versionId ? `?versionId=${encodeURIComponent(ref.versionId)}` : '';
    const CopySource = `${ref.bucket}/${ref.key.split('/').map(encodeURIComponent).join('/')}${version}`;
    const input = {
      Bucket: this.bucket,
      Key: key,
      CopySource,
      ExpectedBucketOwner: this.owners.quarantine,
      ExpectedSourceBucketOwner: this.owners.logs?.get(ref.bucket),
      Metadata: metadata,
      MetadataDirective: 'REPLACE',
      TaggingDirective: 'REPLACE',
    } as const;
    await this.client.send(new CopyObjectCommand(input));
  }
}
