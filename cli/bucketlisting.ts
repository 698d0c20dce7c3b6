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
        throw new ReadError(`can’t list the bucket: ${cause.name}: ${cause.message}`, true, {
          source: `s3://${bucket}/${prefix}`,
          cause,
          help: listingHelp(cause),
        });
      });
    for (const { Key, ETag, Size } of page.Contents ?? []) if (Key !== undefined) yield toRef(bucket, Key, ETag, Size);
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
}

/** What to do about a listing that failed, by what its error says. */
const HELP: [says: RegExp, help: string][] = [
  [/Region is missing|Region not accepted/, 'say where the bucket is: set AWS_REGION, or a region in your profile'],
  [
    /CredentialsProviderError|ExpiredToken/,
    'log in (`aws sso login`), choose a profile (AWS_PROFILE), or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
  ],
  [/NoSuchBucket/, 'check the bucket’s name: s3://bucket/prefix'],
  [/AccessDenied/, 'let your role call s3:ListBucket on the bucket, and s3:GetObject on what is in it'],
  [/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|TimeoutError/, 'check the network, and AWS_ENDPOINT_URL where it is set'],
];

const listingHelp = ({ name, message }: Error) =>
  HELP.find(([says]) => says.test(`${name} ${message}`))?.[1] ??
  'check the bucket’s name and region, your credentials, and that you may call s3:ListBucket on it';

function toRef(bucket: string, key: string, eTag: string | undefined, sizeBytes: number | undefined): ObjectRef {
  return { bucket, key, ...(eTag === undefined ? {} : { eTag }), ...(sizeBytes === undefined ? {} : { sizeBytes }) };
}
