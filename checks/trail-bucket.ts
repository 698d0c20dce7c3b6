// The buckets of trails: CloudTrail may write into them, and nobody else comes in.
import type { Trail } from '@aws-sdk/client-cloudtrail';
import { type AskedPlace, type Asker, check, type Judging, type Line, NotAnswered } from '../events/advice/index.ts';
import { type Problem, problemsOf, standing } from './facts/problems.ts';
import { serviceMay } from './facts/servicepolicy.ts';
import { bucketOfTrail, bucketRegion, TRAIL_BUCKET_CALLS, type TrailBucket } from './facts/trailbuckets.ts';
import { BUCKET_CHANGES, isAtHome, TRAIL_CALLS, TRAIL_CHANGES, trailOwner, trailsRecording } from './facts/trails.ts';

const COLUMNS = [
  ...(['Status', 'Region', 'Bucket Name', 'Trails', 'CloudTrail May Write', 'Source Condition', 'Public Policy', 'Public ACL'] as const),
  ...(['Public Access Blocked', 'Access Logging', 'Versioning', 'MFA Delete', 'Reason'] as const),
] as const;
type BucketColumn = (typeof COLUMNS)[number];

/** A bucket, and the trails whose home is the region that is asked. */
interface BucketOfTrails {
  name: string;
  trails: Trail[];
  /** Why it can't be asked; undefined when it isn't there. */
  bucket: TrailBucket | undefined | NotAnswered;
}

async function bucketsOfTrails(asker: Asker, place: AskedPlace): Promise<BucketOfTrails[]> {
  const trails = (await trailsRecording(asker, place.region)).filter((trail) => isAtHome(trail, place.region));
  const names = new Set(trails.map(({ S3BucketName = '' }) => S3BucketName));
  return Promise.all(
    [...names].map(async (name) => {
      const its = trails.filter(({ S3BucketName = '' }) => S3BucketName === name);
      const region = await bucketRegion(asker, name, place);
      return { name, trails: its, bucket: typeof region === 'string' ? await bucketOfTrail(asker, name, region, place) : region };
    }),
  );
}

/** Where a trail's files go. Those of an organization lie under its id, which the policy names. */
function fileKeys({ S3KeyPrefix, IsOrganizationTrail }: Trail, account: string, policy: string): string {
  const organization = /AWSLogs\/(o-[a-z0-9]+)\//.exec(policy)?.[1];
  const folder = IsOrganizationTrail === true ? `${organization ?? 'o-organization'}/${account}` : account;
  return `${S3KeyPrefix ? `${S3KeyPrefix}/` : ''}AWSLogs/${folder}/CloudTrail/file.json.gz`;
}

interface Writing {
  mayWrite: boolean;
  isConfined: boolean;
}

function writingOf(policy: string | undefined, name: string, trail: Trail, partition: string): Writing {
  const arn = `arn:${partition}:s3:::${name}`;
  const sourceAccount = trailOwner(trail) ?? '';
  const may = (action: string, resource: string) =>
    serviceMay(policy ?? '{}', { service: 'cloudtrail.amazonaws.com', action, resource, sourceArn: trail.TrailARN ?? '', sourceAccount });
  const [acl, write] = [may('s3:GetBucketAcl', arn), may('s3:PutObject', `${arn}/${fileKeys(trail, sourceAccount, policy ?? '')}`)];
  return { mayWrite: acl.isAllowed && write.isAllowed, isConfined: write.isConfined };
}

const unasked = (...answers: unknown[]): Problem[] =>
  answers.flatMap((answer) => (answer instanceof NotAnswered ? [{ status: 'not_available', text: answer.reason } as const] : []));

function writingProblems(policy: TrailBucket['policy'], name: string, trails: readonly Trail[], partition: string): Problem[] {
  if (policy instanceof NotAnswered) return unasked(policy);
  return trails.flatMap((trail): Problem[] => {
    const { mayWrite, isConfined } = writingOf(policy, name, trail, partition);
    if (!mayWrite) return [{ status: 'error', text: `its policy does not let CloudTrail write for trail \`${trail.Name}\`` }];
    const open = 'its policy lets CloudTrail write for anybody’s trail: it has no condition on aws:SourceArn';
    return isConfined ? [] : [{ status: 'warning', text: open }];
  });
}

const FLAGS = ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'] as const;

/** What can't be asked may block everything: what is public without it is not called public then. */
function exposureProblems({ isPolicyPublic, publicGrants, blocked, unknownBlocks }: TrailBucket): Problem[] {
  const grants = publicGrants instanceof NotAnswered ? [] : publicGrants;
  const off = FLAGS.filter((flag) => !blocked[flag]);
  const open = unknownBlocks.length > 0 ? 'warning' : 'error';
  const isRestricted = blocked.RestrictPublicBuckets;
  return [
    ...problemsOf([
      [isPolicyPublic === true && !isRestricted, open, 'its policy lets everybody in'],
      [isPolicyPublic === true && isRestricted, 'warning', 'its policy would let everybody in, were public buckets not restricted'],
      [grants.length > 0 && !blocked.IgnorePublicAcls, open, `its ACL lets everybody in: ${grants.join(', ')}`],
      [off.length > 0 && unknownBlocks.length === 0, 'warning', `public access is not blocked: ${off.join(', ')}`],
    ]),
    ...unasked(isPolicyPublic, publicGrants, ...(off.length > 0 ? unknownBlocks : [])),
  ];
}

const keepingProblems = ({ isLogged, isVersioned }: TrailBucket): Problem[] => [
  ...problemsOf([
    [isLogged === false, 'warning', 'who reads it is not logged'],
    [isVersioned === false, 'warning', 'it keeps no versions: what is deleted or overwritten is lost'],
  ]),
  ...unasked(isLogged, isVersioned),
];

const answerText = (answer: boolean | NotAnswered): string => (answer instanceof NotAnswered ? '' : answer ? 'Yes' : 'No');

function bucketValues(
  name: string,
  trails: readonly Trail[],
  bucket: TrailBucket,
  partition: string,
): Partial<Record<BucketColumn, string>> {
  const { policy, publicGrants } = bucket;
  const writings = policy instanceof NotAnswered ? undefined : trails.map((trail) => writingOf(policy, name, trail, partition));
  return {
    'CloudTrail May Write': writings === undefined ? '' : answerText(writings.every(({ mayWrite }) => mayWrite)),
    'Source Condition': writings === undefined ? '' : answerText(writings.every(({ isConfined }) => isConfined)),
    'Public Policy': answerText(bucket.isPolicyPublic),
    'Public ACL': publicGrants instanceof NotAnswered ? '' : answerText(publicGrants.length > 0),
    'Public Access Blocked': answerText(FLAGS.every((flag) => bucket.blocked[flag])),
    'Access Logging': answerText(bucket.isLogged),
    Versioning: answerText(bucket.isVersioned),
    'MFA Delete': answerText(bucket.hasMfaDelete),
  };
}

function lineOf({ name, trails, bucket }: BucketOfTrails, { partition }: Judging): Line<BucketColumn> {
  const its = trails.map(({ Name = '' }) => Name).join(', ');
  const named = { 'Bucket Name': name, Trails: its };
  const line = (status: Line<string>['status'], reason: string, values = {}): Line<BucketColumn> => ({
    ...{ resource: name, status, values: { ...named, ...values, Reason: reason }, reason },
  });
  if (bucket === undefined)
    return line('error', `bucket \`${name}\` of ${its} does not exist: whoever makes one of that name gets the files`);
  if (bucket instanceof NotAnswered) return line('not_available', bucket.reason);
  const problems = [...writingProblems(bucket.policy, name, trails, partition), ...exposureProblems(bucket), ...keepingProblems(bucket)];
  const { status, reason } = standing(problems, 'CloudTrail alone writes into it, and nobody else gets in');
  return line(status, `bucket \`${name}\` of ${its}: ${reason}`, bucketValues(name, trails, bucket, partition));
}

export default check({
  id: 'trailbus-trail-bucket',
  name: 'CloudTrail Bucket Policy and Exposure',
  category: 'security',
  description:
    'Looks at the buckets that trails write into: that they exist, that their policy lets CloudTrail write for our trails alone, that neither policy nor ACL is public, that public access is blocked, and that accesses are logged and versions kept. Who changes the files changes what happened. A bucket of another account that refuses is not called bad.',
  criteria: {
    red: 'the bucket does not exist, CloudTrail may not write into it, or its policy or ACL lets everybody in',
    yellow:
      'CloudTrail may write for anybody’s trail; a public policy is only restricted; public access is not blocked wholly; accesses are not logged, or versions not kept',
    green: 'CloudTrail alone writes, for our trails alone; public access is blocked, accesses are logged and versions kept',
  },
  action:
    'Give the bucket the policy that CloudTrail documents, with a condition on aws:SourceArn; block all public access; log accesses into another bucket, and keep versions, with MFA delete where nothing expires objects.',
  references: [
    'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html',
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html',
    'https://docs.aws.amazon.com/securityhub/latest/userguide/cloudtrail-controls.html',
  ],
  columns: COLUMNS,
  controls: ['cis.3.4', 'config.cloudtrail-s3-bucket-public-access-prohibited', 'securityhub.CloudTrail.6', 'securityhub.CloudTrail.7'],
  scope: 'region',
  calls: [...TRAIL_CALLS, ...TRAIL_BUCKET_CALLS],
  collect: bucketsOfTrails,
  judge: (buckets, judging) => buckets.map((each) => lineOf(each, judging)),
  staleAfter: [...TRAIL_CHANGES, ...BUCKET_CHANGES],
});
