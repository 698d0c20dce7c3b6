// A queue holds the notifications until the function has done them; each message succeeds, or fails, alone.
import { getArn, ref, rolePolicy } from '../../cloudformation.ts';
import { hasQueue } from '../../deployment.ts';
import { queueEncryption } from '../../encryption.ts';
import { PROCESS_FUNCTION } from '../../lambda.ts';
import type { StackPiece } from '../../piece.ts';
import { LONGEST_RETENTION_SECONDS } from '../../storage.ts';

export const sqs: StackPiece = {
  isPart: hasQueue,
  resources: ({ parameters }) => ({
    NotificationQueue: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        VisibilityTimeout: parameters.retryAfter ?? 6 * parameters.timeout,
        MessageRetentionPeriod: LONGEST_RETENTION_SECONDS,
        ...queueEncryption(parameters),
        RedrivePolicy: { deadLetterTargetArn: getArn('FailedNotificationsQueue'), maxReceiveCount: parameters.maxReceives },
      },
    },
    ReceiveNotifications: rolePolicy('ProcessRole', 'receive-notifications', {
      Effect: 'Allow',
      Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
      Resource: getArn('NotificationQueue'),
    }),
    NotificationsFromQueue: {
      Type: 'AWS::Lambda::EventSourceMapping',
      DependsOn: 'ReceiveNotifications',
      Properties: {
        EventSourceArn: getArn('NotificationQueue'),
        FunctionName: getArn(PROCESS_FUNCTION),
        BatchSize: 10,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      },
    },
  }),
  outputs: () => ({ NotificationQueueUrl: { Value: ref('NotificationQueue') } }),
};
