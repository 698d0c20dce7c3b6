// Buckets that everybody can list, write to or reach through their policy.
import { check, type Line, NotAnswered } from '../events/advice/index.ts';
import {
  BUCKET_EXPOSURE_CALLS,
  type BucketExposure,
  type BucketFacts,
  bucketExposures,
  effectiveSwitches,
  grantedToEverybody,
  isPublicPolicy,
  type PublicAccessSwitches,
} from './facts/bucketexposure.ts';

const COLUMNS = [
  ...(['Region Name', 'Region API Parameter', 'Bucket Name', 'ACL Allows List', 'ACL Allows Upload/Delete'] as const),
  ...(['Status', 'Policy Allows Access', 'Ignored Bucket Name'] as const),
] as const;
type BucketLine = Line<(typeof COLUMNS)[number]>;

const yesNo = (is: boolean) => (is ? 'Yes' : 'No');

function lineOf(bucket: BucketExposure, accountBlock: BucketFacts['accountBlock']): BucketLine {
  const { name, region, acl, policy, block } = bucket;
  const place = region instanceof NotAnswered ? '' : region;
  const named = { 'Region Name': place, 'Region API Parameter': place, 'Bucket Name': name };
  const line = { resource: name, ...(place === '' ? {} : { region: place }) };
  const unasked = [region, acl, policy].find((answer) => answer instanceof NotAnswered);
  // As documented: what can't be evaluated may be public.
  if (unasked instanceof NotAnswered)
    return { ...line, status: 'error', values: named, reason: `bucket \`${name}\` can’t be judged: ${unasked.reason}` };
  const switches = effectiveSwitches(accountBlock, block);
  const open = openWays(bucket, switches);
  const values = {
    ...named,
    'ACL Allows List': yesNo(open.list),
    'ACL Allows Upload/Delete': yesNo(open.write),
    'Policy Allows Access': yesNo(open.policy),
  };
  const unknown = [accountBlock, block].flatMap((answer) => (answer instanceof NotAnswered ? `; taken as off: ${answer.reason}` : []));
  const [status, said] = judged(open, switches);
  return { ...line, status, values, reason: `bucket \`${name}\` ${said}${status === 'ok' ? '' : unknown.join('')}` };
}

interface OpenWays {
  list: boolean;
  write: boolean;
  policy: boolean;
}

function openWays({ acl, policy }: BucketExposure, { IgnorePublicAcls }: PublicAccessSwitches): OpenWays {
  const isAsked = acl !== undefined && !(acl instanceof NotAnswered);
  const granted = isAsked && !IgnorePublicAcls ? grantedToEverybody(acl) : new Set<string>();
  return {
    list: granted.has('READ') || granted.has('FULL_CONTROL'),
    write: granted.has('WRITE') || granted.has('FULL_CONTROL'),
    policy: policy !== undefined && !(policy instanceof NotAnswered) && isPublicPolicy(policy),
  };
}

function judged(open: OpenWays, switches: PublicAccessSwitches): ['error' | 'warning' | 'ok', string] {
  const ways = [
    ...(open.list ? ['its ACL lets everybody list it'] : []),
    ...(open.write ? ['its ACL lets everybody upload and delete'] : []),
    ...(open.policy && !switches.RestrictPublicBuckets ? ['its policy lets everybody in'] : []),
  ];
  if (ways.length > 0) return ['error', `is public: ${ways.join(', ')}`];
  if (open.policy) return ['warning', 'has a public policy, which only RestrictPublicBuckets keeps from working'];
  const off = Object.entries(switches).flatMap(([name, isOn]) => (isOn ? [] : name));
  if (off.length > 0) return ['warning', `is not public, but nothing keeps it so: ${off.join(', ')} off`];
  return ['ok', 'is not public, and public access is blocked'];
}

export default check({
  id: 'Pfx0RwqBli',
  name: 'Amazon S3 Bucket Permissions',
  category: 'security',
  description:
    'Looks at the ACL and the policy of each bucket, and at what blocks public access for the bucket and the account. A bucket that everybody can list costs money, one that everybody can write to is soon misused, one that everybody can read has leaked.',
  criteria: {
    red: 'the ACL lets everybody, or everybody with an AWS account, list, upload or delete, or the policy is public, and public access is not blocked; or the role may not look',
    yellow: 'the policy is public and only RestrictPublicBuckets holds it back; or nothing is public, but not all four blocks are on',
    green: 'nothing is public, and all four blocks are on, for the bucket or the account',
  },
  action:
    'Turn on all four settings of block public access for the account; take public grants out of ACLs and policies. To serve files to everybody, put CloudFront before the bucket.',
  references: [
    'https://docs.aws.amazon.com/awssupport/latest/user/security-checks.html#amazon-s3-bucket-permissions',
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html',
  ],
  columns: COLUMNS,
  controls: [
    ...['config.s3-bucket-public-read-prohibited', 'config.s3-bucket-public-write-prohibited'],
    ...['config.s3-bucket-level-public-access-prohibited', 'config.s3-account-level-public-access-blocks-periodic'],
    ...['securityhub.S3.1', 'securityhub.S3.2', 'securityhub.S3.3', 'securityhub.S3.8', 'cis.2.1.4'],
  ],
  scope: 'account',
  calls: BUCKET_EXPOSURE_CALLS,
  collect: bucketExposures,
  judge: ({ buckets, accountBlock }) => buckets.map((bucket) => lineOf(bucket, accountBlock)),
  staleAfter: [
    {
      source: ['cloudtrail.s3'],
      detail: {
        eventName: [
          ...['CreateBucket', 'DeleteBucket', 'PutBucketAcl', 'PutBucketPolicy', 'DeleteBucketPolicy', 'PutBucketOwnershipControls'],
          ...['PutBucketPublicAccessBlock', 'DeleteBucketPublicAccessBlock', 'DeleteBucketOwnershipControls'],
          ...['PutAccountPublicAccessBlock', 'DeleteAccountPublicAccessBlock'],
        ],
      },
    },
  ],
});
