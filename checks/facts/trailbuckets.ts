// The buckets that trails write into: whether they are there, what their policies allow, who else comes in.
import type {
  GetBucketLoggingCommandInput,
  GetBucketLoggingCommandOutput,
  GetBucketPolicyStatusCommandOutput,
  GetBucketVersioningCommandInput,
  GetBucketVersioningCommandOutput,
} from '@aws-sdk/client-s3';
import {
  type ApiCall,
  type AskedPlace,
  type Asker,
  answerOrWhy,
  answerUnless,
  apiCall,
  homeRegionOf,
  NotAnswered,
} from '../../events/advice/index.ts';
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
import { effectiveSwitches, grantedToEverybody, type PublicAccessSwitches } from './bucketexposure.ts';
import { statementsForAll } from './openpolicy.ts';

const LOGGING = apiCall<GetBucketLoggingCommandInput, GetBucketLoggingCommandOutput>('s3', 'GetBucketLogging');
const VERSIONING = apiCall<GetBucketVersioningCommandInput, GetBucketVersioningCommandOutput>('s3', 'GetBucketVersioning');

export const BUCKET_LOCATION_CALLS = [BUCKET_LOCATION];
export const TRAIL_BUCKET_CALLS = [
  BUCKET_LOCATION,
  BUCKET_POLICY,
  BUCKET_POLICY_STATUS,
  BUCKET_ACL,
  LOGGING,
  VERSIONING,
  BUCKET_BLOCK,
  ACCOUNT_BLOCK,
];

/** Where a bucket is; undefined when there is none of the name. */
export async function bucketRegion(asker: Asker, Bucket: string, { partition }: AskedPlace): Promise<string | undefined | NotAnswered> {
  const home = homeRegionOf(partition);
  const answer = await answerOrWhy(answerUnless(['NoSuchBucket'], asker.ask(BUCKET_LOCATION, { Bucket }, { region: home })));
  if (answer === undefined || answer instanceof Error) return answer;
  return locatedIn(answer, home);
}

export interface TrailBucket {
  /** Its text; undefined when there is none. */
  policy: string | undefined | NotAnswered;
  isPolicyPublic: boolean | NotAnswered;
  /** What the ACL lets everybody do: `READ`. */
  publicGrants: string[] | NotAnswered;
  /** What is blocked by the bucket's or the account's switches; those that can't be asked for count as off. */
  blocked: PublicAccessSwitches;
  /** Switches that couldn't be asked for. */
  unknownBlocks: NotAnswered[];
  isLogged: boolean | NotAnswered;
  isVersioned: boolean | NotAnswered;
  hasMfaDelete: boolean;
}

type Answered<Output> = Output | undefined | NotAnswered;

export async function bucketOfTrail(
  asker: Asker,
  Bucket: string,
  region: string,
  { account, partition }: AskedPlace,
): Promise<TrailBucket> {
  const about = <Input extends { Bucket: string | undefined }, Output extends object>(call: ApiCall<Input, Output>, ...none: string[]) =>
    answerOrWhy(answerUnless(none, asker.ask(call, { Bucket } as Input, { region })));
  const [policy, policyStatus, acl, logging, versioning, block, accountBlock] = await Promise.all([
    ...[
      about(BUCKET_POLICY, NO_POLICY),
      about(BUCKET_POLICY_STATUS, NO_POLICY),
      about(BUCKET_ACL),
      about(LOGGING),
      about(VERSIONING),
      about(BUCKET_BLOCK, NO_BLOCK),
    ],
    answerOrWhy(answerUnless([NO_BLOCK], asker.ask(ACCOUNT_BLOCK, { AccountId: account }, { region: homeRegionOf(partition) }))),
  ] as const);
  const text = known(policy, (answer) => answer?.Policy);
  return {
    policy: text,
    isPolicyPublic: isPolicyPublic(text, policyStatus),
    publicGrants: known(acl, (answer) => (answer === undefined ? [] : [...grantedToEverybody(answer)])),
    blocked: effectiveSwitches(block, accountBlock),
    unknownBlocks: [block, accountBlock].flatMap((answer) => (answer instanceof NotAnswered ? [answer] : [])),
    isLogged: known(logging, (answer) => answer?.LoggingEnabled !== undefined),
    isVersioned: known(versioning, (answer) => answer?.Status === 'Enabled'),
    hasMfaDelete: !(versioning instanceof NotAnswered) && versioning?.MFADelete === 'Enabled',
  };
}

const known = <Output extends object, Said>(answer: Answered<Output>, said: (answer: Output | undefined) => Said): Said | NotAnswered =>
  answer instanceof NotAnswered ? answer : said(answer);

/** S3 says it itself; services that only speak S3 may not: then the policy's text does. */
function isPolicyPublic(
  policy: string | undefined | NotAnswered,
  status: Answered<GetBucketPolicyStatusCommandOutput>,
): boolean | NotAnswered {
  if (status instanceof NotAnswered && status.isDenied) return status;
  const said = status instanceof NotAnswered ? undefined : status?.PolicyStatus?.IsPublic;
  if (said !== undefined || policy instanceof NotAnswered) return said ?? (policy as NotAnswered);
  return policy !== undefined && statementsForAll(policy)?.length !== 0;
}
