// The object store in the cloud: a file's stored bytes from S3, whole or not at all.
import { GetObjectCommand, type GetObjectCommandOutput, type S3Client } from '@aws-sdk/client-s3';
import type { ObjectStore } from '../events/doors.ts';
import { LogFileError, ReadError } from '../events/errors.ts';
import { MAX_STORED_IN_BUCKET_BYTES, MOST_DELIVERED_MB } from '../events/filelimits.ts';
import type { ObjectRef } from '../events/objectkey.ts';

export interface S3StoreOptions {
  /** Account that must own a bucket, by bucket name; sent as ExpectedBucketOwner. */
  owners?: ReadonlyMap<string, string>;
  /** A stored object larger than this is refused as TOO_LARGE before its body is read. Default MAX_STORED_IN_BUCKET_BYTES. */
  maxStoredBytes?: number;
  /** Called after each whole read, with the time S3 took the object in. */
  onRead?: (ref: ObjectRef, lastModified: Date | undefined) => void;
}

/** The connection ended before the announced length, or the bytes fail their checksum: the object itself may be fine. */
class CutShort extends Error {}

/** What to do about S3's refusals, by error name. Each may pass, or is ours to mend, so each is tried again. */
const HELP: Record<string, string> = {
  NoSuchKey: 'the object was deleted or moved before it was read: restore it, or delete the message',
  NoSuchVersion: 'the announced version was deleted: restore it, or delete the message',
  MethodNotAllowed: 'the announced version is a delete marker: restore the object, or delete the message',
  NoSuchBucket: 'create the bucket again, or take it out of the allowed buckets',
  AccessDenied:
    'let the role call s3:GetObject and s3:GetObjectVersion on the bucket, and kms:Decrypt on its key; an object that is gone looks the same to a role that may not list',
  InvalidObjectState: 'the object is in an archive storage class: restore it first',
  PermanentRedirect: 'the bucket is in another region: deploy there, or set the client region',
};

const KMS_HELP =
  'let the role call kms:Decrypt on the key the bucket is encrypted with, in the key policy too when the key is in another account';

const nameOf = (error: unknown) => (error instanceof Error ? error.name : 'Error');
const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** `s3://bucket/key`, with the version when there is one: how a place in S3 is named in messages. */
export const s3Address = (ref: ObjectRef) => `s3://${ref.bucket}/${ref.key}${ref.versionId ? `?versionId=${ref.versionId}` : ''}`;

function readError(ref: ObjectRef, error: unknown): ReadError {
  const name = nameOf(error);
  const isKms = name.startsWith('KMS') || (name === 'AccessDenied' && /\bkms\b/i.test(messageOf(error)));
  const help = isKms ? KMS_HELP : (HELP[name] ?? 'it is tried again; if it stays, look at the service health of S3');
  return new ReadError(`can't read the object: ${name}: ${messageOf(error)}`, true, { source: s3Address(ref), help, cause: error });
}

/** Bytes of a body that announced `length` bytes. */
async function wholeBody(body: AsyncIterable<Uint8Array>, length: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafe(length);
  let filled = 0;
  try {
    for await (const chunk of body) {
      if (filled + chunk.length > length) throw new CutShort(`more than the ${length} bytes announced`);
      bytes.set(chunk, filled);
      filled += chunk.length;
    }
  } catch (error) {
    throw error instanceof CutShort ? error : new CutShort(`${filled} of ${length} bytes: ${messageOf(error)}`, { cause: error });
  }
  if (filled < length) throw new CutShort(`${filled} of ${length} bytes`);
  return bytes;
}

/**
 * Reads objects from S3, the announced version when there is one. The body is never decompressed, whatever its Content-Encoding says.
 * A body cut short, or failing the checksum S3 keeps, is read once more, then a retryable ReadError: it says nothing about the file.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
 */
export class S3ObjectStore implements ObjectStore {
  private readonly client: S3Client;
  private readonly options: S3StoreOptions;

  constructor(client: S3Client, options: S3StoreOptions = {}) {
    this.client = client;
    this.options = options;
  }

  async read(ref: ObjectRef): Promise<Uint8Array> {
    try {
      return await this.readOnce(ref);
    } catch (error) {
      if (!(error instanceof CutShort)) throw error;
    }
    try {
      return await this.readOnce(ref);
    } catch (error) {
      if (!(error instanceof CutShort)) throw error;
      const help = 'it is tried again; if it stays, look at the network path to S3';
      throw new ReadError(`the object arrived cut short twice: ${error.message}`, true, { source: s3Address(ref), help, cause: error });
    }
  }

  private async readOnce(ref: ObjectRef): Promise<Uint8Array> {
    const answer = await this.get(ref);
    const length = answer.ContentLength ?? 0;
    this.refuseTooLarge(ref, answer, length);
    const bytes = await wholeBody((answer.Body ?? []) as AsyncIterable<Uint8Array>, length);
    this.options.onRead?.(ref, answer.LastModified);
    return bytes;
  }

  private async get(ref: ObjectRef): Promise<GetObjectCommandOutput> {
    const ExpectedBucketOwner = this.options.owners?.get(ref.bucket);
    const input = { Bucket: ref.bucket, Key: ref.key, VersionId: ref.versionId, ExpectedBucketOwner };
    try {
      return await this.client.send(new GetObjectCommand(input));
    } catch (error) {
      throw readError(ref, error);
    }
  }

  private refuseTooLarge(ref: ObjectRef, answer: GetObjectCommandOutput, length: number): void {
    const limit = this.options.maxStoredBytes ?? MAX_STORED_IN_BUCKET_BYTES;
    if (length <= limit) return;
    (answer.Body as { destroy?: () => void } | undefined)?.destroy?.();
    throw new LogFileError('TOO_LARGE', `the object has ${length} bytes as stored, more than the limit of ${limit}`, {
      source: s3Address(ref),
      help: `CloudTrail delivers ${MOST_DELIVERED_MB} MB at most: find who wrote it`,
    });
  }
}
