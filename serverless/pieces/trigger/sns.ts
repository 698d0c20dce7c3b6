// A topic invokes the function: the trail's own new-file topic, or one the bucket notifies.
import { getArn, mayInvoke, ref } from '../../cloudformation.ts';
import { PROCESS_FUNCTION } from '../../lambda.ts';
import type { StackPiece } from '../../piece.ts';

export const sns: StackPiece = {
  isPart: ({ parameters }) => parameters.trigger === 'sns',
  resources: ({ parameters }) => {
    const topicArn = parameters.topicArn ?? ref('NotificationTopic');
    return {
      TopicMayInvoke: mayInvoke(PROCESS_FUNCTION, 'sns.amazonaws.com', { SourceArn: topicArn }),
      TopicSubscription: {
        Type: 'AWS::SNS::Subscription',
        DependsOn: 'TopicMayInvoke',
        Properties: { Protocol: 'lambda', TopicArn: topicArn, Endpoint: getArn(PROCESS_FUNCTION) },
      },
    };
  },
};
