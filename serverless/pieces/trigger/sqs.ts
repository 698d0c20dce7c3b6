// A queue holds the notifications until the function has done them; each message succeeds, or fails, alone.
import { getArn, ref, rolePolicy } from '../../cloudformation.ts';
import { hasQueue } from '../../deployment.ts';
import { queueEncryption } from '../../encryption.ts';
import { PROCESS_FUNCTION } from '../../lambda.ts';
import type { Piece } from '../../piece.ts';
import { LONGEST_RETENTION_SECONDS } from '../stores.ts';

export const sqs: Piece = {
  isPart: hasQueue,
  resources: ({ parameters }) => ({
    NewsQueue: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        VisibilityTimeout: parameters.retryAfter ?? 6 * parameters.timeout,
        MessageRetentionPeriod: LONGEST_RETENTION_SECONDS,
        ...queueEncryption(parameters),
        RedrivePolicy: { deadLetterTargetArn: getArn('FailedNotificationsQueue'), maxReceiveCount: parameters.maxReceives },
      },
    },
    ReceiveNews: rolePolicy('ProcessRole', 'receive-news', {
      Effect: 'Allow',
      Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
      Resource: getArn('NewsQueue'),
    }),
    NewsFromQueue: {
      Type: 'AWS::Lambda::EventSourceMapping',
      DependsOn: 'ReceiveNews',
      Properties: {
        EventSourceArn: getArn('NewsQueue'),
        FunctionName: getArn(PROCESS_FUNCTION),
        BatchSize: 10,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      },
    },
  }),
  outputs: () => ({ NewsQueueUrl: { Value: ref('NewsQueue') } }),
};
