// Log file integrity, every hour as digests come: the validate function, its schedule, memory and role.
import { getArn, mayInvoke, ref, type Statement, sub } from '../cloudformation.ts';
import { type Deployment, isValidating } from '../deployment.ts';
import { artifactOf, functionId, functionRole, ownLog, powertools, scheduleOf } from '../lambda.ts';
import { bucketArn, logFileArn } from '../logbuckets.ts';
import type { StackPiece } from '../piece.ts';
import { marksTable } from '../storage.ts';

const VALIDATE_FUNCTION = functionId('validate');

/** The log buckets, and those that trails are said to write to. */
const bucketNames = ({ buckets, validatedTrails }: Deployment) => [
  ...new Set([...buckets.map(({ name }) => name), ...validatedTrails.flatMap(({ bucket }) => bucket ?? [])]),
];

const statements = (deployment: Deployment): Statement[] => [
  { Sid: 'WriteOwnLog', ...ownLog(deployment.stackName, 'validate') },
  {
    // These actions know no resources: Service Authorization Reference, "Actions, resources, and condition keys for AWS CloudTrail".
    Sid: 'AskCloudTrail',
    Effect: 'Allow',
    Action: ['cloudtrail:DescribeTrails', 'cloudtrail:ListPublicKeys'],
    Resource: '*',
  },
  {
    // Not narrowed by prefix: who may not list the bucket is told AccessDenied of a deleted file, and not that it is gone.
    // Source: S3 API reference, GetObject, "Permissions".
    Sid: 'ListLogBuckets',
    Effect: 'Allow',
    Action: ['s3:ListBucket', 's3:GetBucketLocation'],
    Resource: bucketNames(deployment).map((name) => bucketArn(name)),
  },
  { Sid: 'ReadLogFiles', Effect: 'Allow', Action: 's3:GetObject', Resource: bucketNames(deployment).map(logFileArn) },
  { Sid: 'PutFindings', Effect: 'Allow', Action: 'events:PutEvents', Resource: getArn('Bus') },
  { Sid: 'RememberChecks', Effect: 'Allow', Action: ['dynamodb:GetItem', 'dynamodb:PutItem'], Resource: getArn('ValidateTable') },
];

export const validate: StackPiece = {
  isPart: isValidating,
  functions: ({ stackName, parameters, validatedTrails }) => ({
    validate: {
      description: 'Checks on a schedule that log files are those CloudTrail delivered',
      handler: 'index.main',
      package: { artifact: artifactOf('validate') },
      role: getArn('ValidateRole'),
      memorySize: 1024,
      timeout: 900,
      environment: {
        TRAILS: sub(JSON.stringify(validatedTrails)),
        CHECK_HOURS: parameters.validateHours,
        BUS_NAME: ref('Bus'),
        STATE_TABLE: ref('ValidateTable'),
        ...powertools(stackName),
      },
    },
  }),
  resources: (deployment) => ({
    ValidateSchedule: scheduleOf('validate', '1 hour', 'CloudTrail delivers a digest an hour'),
    ScheduleMayInvoke: mayInvoke(VALIDATE_FUNCTION, 'events.amazonaws.com', { SourceArn: getArn('ValidateSchedule') }),
    ValidateTable: marksTable(deployment.parameters),
    ValidateRole: functionRole('validate', statements(deployment), 'Checks CloudTrail log files against their digests'),
  }),
  outputs: () => ({
    ValidateRoleArn: {
      Description:
        "Allow this role s3:ListBucket, s3:GetBucketLocation and s3:GetObject in the policy of a bucket in another account, kms:Decrypt in its key's",
      Value: getArn('ValidateRole'),
    },
    ValidateTableName: { Value: ref('ValidateTable') },
  }),
};
