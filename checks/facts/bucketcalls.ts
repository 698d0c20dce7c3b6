// What S3 is asked of buckets, whoever they belong to.
import type {
  GetBucketAclCommandInput,
  GetBucketAclCommandOutput,
  GetBucketLocationCommandInput,
  GetBucketLocationCommandOutput,
  GetBucketPolicyCommandInput,
  GetBucketPolicyCommandOutput,
  GetBucketPolicyStatusCommandInput,
  GetBucketPolicyStatusCommandOutput,
  GetPublicAccessBlockCommandInput,
  GetPublicAccessBlockCommandOutput,
} from '@aws-sdk/client-s3';
import type {
  GetPublicAccessBlockCommandInput as AccountBlockInput,
  GetPublicAccessBlockCommandOutput as AccountBlockOutput,
} from '@aws-sdk/client-s3-control';
import { apiCall } from '../../events/advice/index.ts';

export const BUCKET_LOCATION = apiCall<GetBucketLocationCommandInput, GetBucketLocationCommandOutput>('s3', 'GetBucketLocation');
export const BUCKET_ACL = apiCall<GetBucketAclCommandInput, GetBucketAclCommandOutput>('s3', 'GetBucketAcl');
export const BUCKET_POLICY_STATUS = apiCall<GetBucketPolicyStatusCommandInput, GetBucketPolicyStatusCommandOutput>(
  's3',
  'GetBucketPolicyStatus',
);
export const BUCKET_POLICY = apiCall<GetBucketPolicyCommandInput, GetBucketPolicyCommandOutput>('s3', 'GetBucketPolicy');
export const BUCKET_BLOCK = apiCall<GetPublicAccessBlockCommandInput, GetPublicAccessBlockCommandOutput>(
  's3',
  'GetPublicAccessBlock',
  's3:GetBucketPublicAccessBlock',
);
export const ACCOUNT_BLOCK = apiCall<AccountBlockInput, AccountBlockOutput>(
  's3-control',
  'GetPublicAccessBlock',
  's3:GetAccountPublicAccessBlock',
);

/** What S3 answers where there is none. */
export const NO_BLOCK = 'NoSuchPublicAccessBlockConfiguration';
export const NO_POLICY = 'NoSuchBucketPolicy';

/**
 * The region that an answer names: the partition's first has no name, and the first of Europe an old one.
 * Source: API reference, GetBucketLocation (read 2026-11-28).
 */
export function locatedIn({ LocationConstraint }: GetBucketLocationCommandOutput, first: string): string {
  const said: string = LocationConstraint ?? '';
  return said === 'EU' ? 'eu-west-1' : said || first;
}
