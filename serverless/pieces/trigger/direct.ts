// Triggers that invoke the function without a queue: Lambda retries twice, then keeps the notification in the queue of failed ones.
import { getArn, ref, rolePolicy } from '../../cloudformation.ts';
import { hasQueue } from '../../deployment.ts';
import { PROCESS_FUNCTION } from '../../lambda.ts';
import type { StackPiece } from '../../piece.ts';

export const direct: StackPiece = {
  isPart: (deployment) => !hasQueue(deployment),
  resources: () => ({
    KeepFailedNotifications: rolePolicy('ProcessRole', 'keep-failed-notifications', {
      Effect: 'Allow',
      Action: 'sqs:SendMessage',
      Resource: getArn('FailedNotificationsQueue'),
    }),
    RetryInvocations: {
      Type: 'AWS::Lambda::EventInvokeConfig',
      DependsOn: 'KeepFailedNotifications',
      Properties: {
        FunctionName: ref(PROCESS_FUNCTION),
        Qualifier: '$LATEST',
        MaximumRetryAttempts: 2,
        DestinationConfig: { OnFailure: { Destination: getArn('FailedNotificationsQueue') } },
      },
    },
  }),
};
