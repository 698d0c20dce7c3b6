// S3 tells the account's default bus, a rule there invokes the function.
// Source: S3 user guide, "Using EventBridge": the bucket's EventBridge notifications must be on.
import { FILE_ENDING } from '../../../events/objectkey.ts';
import { getArn, mayInvoke, maySend, sub } from '../../cloudformation.ts';
import { PROCESS_FUNCTION } from '../../lambda.ts';
import type { LogBucket } from '../../logbuckets.ts';
import type { StackPiece } from '../../piece.ts';

const newFilesIn = (buckets: readonly LogBucket[]) => ({
  source: ['aws.s3'],
  'detail-type': ['Object Created'],
  detail: { bucket: { name: buckets.map(({ name }) => sub(name)) }, object: { key: [{ suffix: FILE_ENDING }] } },
});

export const eventBridge: StackPiece = {
  isPart: ({ parameters }) => parameters.trigger === 'eventbridge',
  resources: ({ buckets }) => ({
    ObjectCreatedRule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        Description: 'New objects in the log buckets',
        EventPattern: newFilesIn(buckets),
        Targets: [{ Id: 'process', Arn: getArn(PROCESS_FUNCTION), DeadLetterConfig: { Arn: getArn('FailedNotificationsQueue') } }],
      },
    },
    RuleMayInvoke: mayInvoke(PROCESS_FUNCTION, 'events.amazonaws.com', { SourceArn: getArn('ObjectCreatedRule') }),
    RuleMayKeepNotifications: maySend('FailedNotificationsQueue', 'events.amazonaws.com', {
      ArnEquals: { 'aws:SourceArn': getArn('ObjectCreatedRule') },
    }),
  }),
};
