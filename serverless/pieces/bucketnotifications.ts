// Adds the notification to an existing bucket, only where manageBucketNotifications says so: a function that CloudFormation calls.
import { getArn, type Statement, sub } from '../cloudformation.ts';
import type { Deployment } from '../deployment.ts';
import { artifactOf, functionId, functionRole, ownLog, powertools } from '../lambda.ts';
import { LISTENERS } from '../listeners.ts';
import { bucketArn } from '../logbuckets.ts';
import type { StackPiece } from '../piece.ts';

const statements = ({ stackName, buckets: [{ name }] }: Deployment): Statement[] => [
  ownLog(stackName, 'bucketnotifications'),
  { Effect: 'Allow', Action: ['s3:GetBucketNotification', 's3:PutBucketNotification'], Resource: bucketArn(name) },
];

/** The function's only call: its properties say which bucket is to tell whom. */
const notificationsOf = ({ parameters, buckets: [{ name, owner }] }: Deployment) => {
  const { permission, settings } = LISTENERS[parameters.trigger];
  return {
    Type: 'Custom::BucketNotifications',
    DependsOn: permission,
    Properties: {
      ServiceToken: getArn(functionId('bucketnotifications')),
      ServiceTimeout: 120,
      Bucket: sub(name),
      Owner: sub(owner),
      Listener: settings,
    },
  };
};

export const bucketNotifications: StackPiece = {
  isPart: ({ parameters }) => parameters.manageBucketNotifications,
  functions: ({ stackName }) => ({
    bucketnotifications: {
      description: "Adds this stack's notification to the log bucket's settings",
      handler: 'index.main',
      package: { artifact: artifactOf('bucketnotifications') },
      role: getArn('BucketNotificationsRole'),
      memorySize: 256,
      timeout: 60,
      environment: powertools(stackName),
    },
  }),
  resources: (deployment) => ({
    BucketNotificationsRole: functionRole('set-notifications', statements(deployment)),
    BucketNotifications: notificationsOf(deployment),
  }),
};
