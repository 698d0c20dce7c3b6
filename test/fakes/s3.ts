// Buckets in memory behind an S3 client.
import { Readable } from 'node:stream';
import {
  GetObjectCommand,
  type GetObjectCommandInput,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';

export const s3Error = (name: string, message = name, status = 400) =>
  new S3ServiceException({ name, message, $fault: status < 500 ? 'client' : 'server', $metadata: { httpStatusCode: status } });

/** A body as the SDK gives it, in several chunks; `cut` bytes are missing at its end. */
export function bodyOf(bytes: Uint8Array, cut = 0): Readable {
  const whole = bytes.subarray(0, bytes.length - cut);
  const half = Math.ceil(whole.length / 2);
  return Readable.from([whole.subarray(0, half), whole.subarray(half)].filter((chunk) => chunk.length > 0));
}

export const addressOf = (bucket = '', key = '') => `${bucket}/${key}`;

/** A client over `puts`, the objects by bucket and key; other commands can be added to `mock`. */
export function fakeBuckets() {
  const client = new S3Client({ region: 'us-east-1' });
  const puts = new Map<string, PutObjectCommandInput>();
  const mock = mockClient(client);
  mock.on(PutObjectCommand).callsFake((input: PutObjectCommandInput) => {
    puts.set(addressOf(input.Bucket, input.Key), input);
    return {};
  });
  mock.on(GetObjectCommand).callsFake((input: GetObjectCommandInput) => {
    const put = puts.get(addressOf(input.Bucket, input.Key));
    if (put === undefined) throw s3Error('NoSuchKey', 'The specified key does not exist.', 404);
    const bytes = put.Body as Uint8Array;
    return { ContentLength: bytes.length, Body: bodyOf(bytes), LastModified: new Date('2026-11-22T00:00:00Z') };
  });
  return { client, mock, puts };
}
