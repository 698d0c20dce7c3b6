// The objects below a bucket's prefix, as S3 lists them.
import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { ReadError } from '../events/errors.ts';
import type { ObjectRef } from '../events/objectkey.ts';

/**
 * Lists every object below a prefix, in order of key, a page of a thousand at a time.
 * @throws ReadError when the bucket can't be listed
 */
export async function* listObjects(client: S3Client, bucket: string, prefix: string): AsyncGenerator<ObjectRef> {
  let ContinuationToken: string | undefined;
  do {
    const page = await client
      .send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken }))
      .catch((cause: Error) => {
        const help = 'check the bucket’s name and region, your credentials, and that you may call s3:ListBucket on it';
        throw new ReadError(`can’t list the bucket: ${cause.name}: ${cause.message}`, true, {
          source: `s3://${bucket}/${prefix}`,
          cause,
          help,
        });
      });
    for (const { Key, ETag, Size } of page.Contents ?? []) if (Key !== undefined) yield toRef(bucket, Key, ETag, Size);
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
}

function toRef(bucket: string, key: string, eTag: string | undefined, sizeBytes: number | undefined): ObjectRef {
  return { bucket, key, ...(eTag === undefined ? {} : { eTag }), ...(sizeBytes === undefined ? {} : { sizeBytes }) };
}
