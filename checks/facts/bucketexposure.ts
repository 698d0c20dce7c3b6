// Who reaches the buckets of an account: ACLs, policies, and what blocks public access.
import type {
  Bucket,
  GetBucketAclCommandOutput,
  GetBucketPolicyCommandOutput,
  GetBucketPolicyStatusCommandOutput,
  GetPublicAccessBlockCommandOutput,
  ListBucketsCommandInput,
  ListBucketsCommandOutput,
} from '@aws-sdk/client-s3';
import type { GetPublicAccessBlockCommandOutput as AccountBlockOutput } from '@aws-sdk/client-s3-control';
import { type AskedPlace, type Asker, answerOrWhy, answerUnless, apiCall, NotAnswered } from '../../events/advice/index.ts';
import {
  ACCOUNT_BLOCK,
  BUCKET_ACL,
  BUCKET_BLOCK,
  BUCKET_LOCATION,
  BUCKET_POLICY,
  BUCKET_POLICY_STATUS,
  locatedIn,
  NO_BLOCK,
  NO_POLICY,
} from './bucketcalls.ts';
import { statementsForAll } from './openpolicy.ts';

const BUCKETS = apiCall<ListBucketsCommandInput, ListBucketsCommandOutput>('s3', 'ListBuckets', 's3:ListAllMyBuckets');
export const BUCKET_EXPOSURE_CALLS = [
  BUCKETS,
  BUCKET_LOCATION,
  BUCKET_ACL,
  BUCKET_POLICY_STATUS,
  BUCKET_POLICY,
  BUCKET_BLOCK,
  ACCOUNT_BLOCK,
];

export interface BucketExposure {
  name: string;
  region: string | NotAnswered;
  /** What was asked where the region is known. Undefined: the bucket has none of its own. */
  acl?: GetBucketAclCommandOutput | NotAnswered;
  policy?: BucketPolicy | NotAnswered;
  block?: GetPublicAccessBlockCommandOutput | NotAnswered;
}

/** What S3 says of a bucket's policy; where it says nothing, the policy. */
export type BucketPolicy = GetBucketPolicyStatusCommandOutput | GetBucketPolicyCommandOutput;

export interface BucketFacts {
  buckets: BucketExposure[];
  /** The account's own block; undefined where it never set one. */
  accountBlock: AccountBlockOutput | NotAnswered | undefined;
}

/** Most that a page may hold. Source: API reference, ListBuckets, `max-buckets` is 1 to 10000 (read 2026-11-28). */
const MAX_BUCKETS = 1000;

/** All buckets, whichever region they lie in. One that is deleted meanwhile is left out. */
export async function bucketExposures(asker: Asker, { account }: AskedPlace): Promise<BucketFacts> {
  const [pages, accountBlock] = await Promise.all([
    asker.pages(BUCKETS, { MaxBuckets: MAX_BUCKETS }),
    answerOrWhy(answerUnless([NO_BLOCK], asker.ask(ACCOUNT_BLOCK, { AccountId: account }))),
  ]);
  const buckets = await Promise.all(pages.flatMap(({ Buckets = [] }) => Buckets).map((bucket) => exposureOf(asker, bucket)));
  return { buckets: buckets.filter((bucket) => bucket !== undefined), accountBlock };
}

async function exposureOf(asker: Asker, { Name: name = '', BucketRegion }: Bucket): Promise<BucketExposure | undefined> {
  const region: string | NotAnswered =
    BucketRegion ?? (await answerOrWhy(asker.ask(BUCKET_LOCATION, { Bucket: name }).then((answer) => locatedIn(answer, 'us-east-1'))));
  if (region instanceof NotAnswered) return hasVanished(region) ? undefined : { name, region };
  const [acl, policy, block] = await Promise.all([
    answerOrWhy(asker.ask(BUCKET_ACL, { Bucket: name }, { region })),
    answerOrWhy(answerUnless([NO_POLICY], policyOf(asker, { Bucket: name }, { region }))),
    answerOrWhy(answerUnless([NO_BLOCK], asker.ask(BUCKET_BLOCK, { Bucket: name }, { region }))),
  ]);
  if ([acl, policy, block].some(hasVanished)) return undefined;
  return { name, region, acl, ...(policy === undefined ? {} : { policy }), ...(block === undefined ? {} : { block }) };
}

/** Services that speak S3 need not know the status of a policy: then the policy itself is asked for. */
async function policyOf(asker: Asker, input: { Bucket: string }, where: { region: string }): Promise<BucketPolicy> {
  const status = await answerOrWhy(asker.ask(BUCKET_POLICY_STATUS, input, where));
  if (status instanceof NotAnswered && isFinal(status)) throw status;
  if (!(status instanceof NotAnswered) && status.PolicyStatus?.IsPublic !== undefined) return status;
  return asker.ask(BUCKET_POLICY, input, where);
}

const isFinal = ({ isDenied, code }: NotAnswered): boolean => isDenied || code === NO_POLICY || code === 'NoSuchBucket';

/** Whether a policy lets everybody in. */
export const isPublicPolicy = (policy: BucketPolicy): boolean =>
  'Policy' in policy
    ? statementsForAll(policy.Policy ?? '')?.length !== 0
    : 'PolicyStatus' in policy && policy.PolicyStatus?.IsPublic === true;

const hasVanished = (answer: unknown): boolean => answer instanceof NotAnswered && answer.code === 'NoSuchBucket';

/** The four switches that keep a bucket from being public. */
export interface PublicAccessSwitches {
  BlockPublicAcls: boolean;
  IgnorePublicAcls: boolean;
  BlockPublicPolicy: boolean;
  RestrictPublicBuckets: boolean;
}

/** What holds for a bucket: each switch that the account or the bucket turned on. One that can't be asked for counts as off. */
export function effectiveSwitches(...blocks: (AccountBlockOutput | NotAnswered | undefined)[]): PublicAccessSwitches {
  const set = blocks.flatMap((block) => (block instanceof NotAnswered ? [] : (block?.PublicAccessBlockConfiguration ?? [])));
  const isOn = (name: keyof PublicAccessSwitches) => set.some((switches) => switches[name] === true);
  return {
    BlockPublicAcls: isOn('BlockPublicAcls'),
    IgnorePublicAcls: isOn('IgnorePublicAcls'),
    BlockPublicPolicy: isOn('BlockPublicPolicy'),
    RestrictPublicBuckets: isOn('RestrictPublicBuckets'),
  };
}

/** Groups that stand for everybody, and for everybody who has an AWS account. */
const EVERYBODY = ['http://acs.amazonaws.com/groups/global/AllUsers', 'http://acs.amazonaws.com/groups/global/AuthenticatedUsers'];

/** What an ACL lets everybody do: `READ`, `WRITE`, `FULL_CONTROL` … */
export const grantedToEverybody = ({ Grants = [] }: GetBucketAclCommandOutput): Set<string> =>
  new Set(Grants.flatMap(({ Grantee, Permission }) => (EVERYBODY.includes(Grantee?.URI ?? '') ? (Permission ?? []) : [])));
