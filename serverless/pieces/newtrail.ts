// A trail for accounts that have none, with a bucket of its own that announces new files.
// Bucket policy: CloudTrail user guide, "Amazon S3 bucket policy for CloudTrail".
import { ACCOUNT, getArn, ref, type Statement, sub } from '../cloudformation.ts';
import type { Deployment } from '../deployment.ts';
import { encryptionKeyOf } from '../encryption.ts';
import { LISTENERS } from '../listeners.ts';
import { bucketArn } from '../logbuckets.ts';
import type { StackPiece } from '../piece.ts';
import { bucketPolicy, keptBucket } from '../storage.ts';

const CLOUDTRAIL = { Service: 'cloudtrail.amazonaws.com' };

/** Where the trail writes: under the account's own id, and the organization's. */
const logPrefixes = ({ buckets: [{ name }], parameters: { organizationId } }: Deployment) =>
  [ACCOUNT, ...(organizationId === undefined ? [] : [organizationId])].map((id) => bucketArn(name, `/AWSLogs/${id}/*`));

const statements = (deployment: Deployment): Statement[] => [
  {
    Sid: 'TrailLooks',
    Effect: 'Allow',
    Principal: CLOUDTRAIL,
    Action: 's3:GetBucketAcl',
    Resource: getArn('TrailBucket'),
    Condition: { StringEquals: { 'aws:SourceArn': sub(deployment.ownTrailArn) } },
  },
  {
    Sid: 'TrailWrites',
    Effect: 'Allow',
    Principal: CLOUDTRAIL,
    Action: 's3:PutObject',
    Resource: logPrefixes(deployment),
    Condition: { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control', 'aws:SourceArn': sub(deployment.ownTrailArn) } },
  },
];

/** S3 refuses a notification that its destination does not allow yet. */
const trailBucket = ({ parameters, buckets: [{ name }] }: Deployment) => {
  const { permission, configuration } = LISTENERS[parameters.trigger];
  return { DependsOn: permission, ...keptBucket(parameters, { BucketName: sub(name), NotificationConfiguration: configuration }) };
};

export const newTrail: StackPiece = {
  isPart: ({ parameters }) => parameters.bucket === undefined,
  resources: (deployment) => ({
    TrailBucket: trailBucket(deployment),
    TrailBucketPolicy: bucketPolicy('TrailBucket', ...statements(deployment)),
    Trail: {
      Type: 'AWS::CloudTrail::Trail',
      DependsOn: 'TrailBucketPolicy',
      Properties: {
        TrailName: deployment.stackName,
        S3BucketName: ref('TrailBucket'),
        IsLogging: true,
        IsMultiRegionTrail: true,
        IncludeGlobalServiceEvents: true,
        IsOrganizationTrail: deployment.parameters.organizationId !== undefined,
        EnableLogFileValidation: true,
        KMSKeyId: encryptionKeyOf(deployment.parameters),
      },
    },
  }),
  outputs: () => ({ TrailBucketName: { Value: ref('TrailBucket') } }),
};
