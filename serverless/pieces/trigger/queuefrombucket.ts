// The bucket notifies the queue itself. Policy: S3 user guide, "Granting permissions to publish event notification messages".
import { getArn, maySend } from '../../cloudformation.ts';
import { hasQueue } from '../../deployment.ts';
import { bucketArn, ownersOf } from '../../logbuckets.ts';
import type { StackPiece } from '../../piece.ts';

export const queueFromBucket: StackPiece = {
  isPart: (deployment) => hasQueue(deployment) && deployment.parameters.topicArn === undefined,
  resources: ({ buckets }) => ({
    NotificationQueuePolicy: maySend(
      'NotificationQueue',
      's3.amazonaws.com',
      {
        ArnEquals: { 'aws:SourceArn': buckets.map(({ name }) => bucketArn(name)) },
        StringEquals: { 'aws:SourceAccount': ownersOf(buckets) },
      },
      'BucketAnnounces',
    ),
  }),
  outputs: () => ({
    NotifyArn: {
      Description: "Where the bucket's s3:ObjectCreated notification (suffix .json.gz) goes",
      Value: getArn('NotificationQueue'),
    },
  }),
};
