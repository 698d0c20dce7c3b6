// An existing topic fills the queue. Policy: SNS developer guide, "Subscribing an Amazon SQS queue to an Amazon SNS topic".
import { getArn, maySend, type Resources } from '../../cloudformation.ts';
import { hasQueue } from '../../deployment.ts';
import type { StackPiece } from '../../piece.ts';

const subscribed = (topicArn: string): Resources => ({
  NotificationQueuePolicy: maySend(
    'NotificationQueue',
    'sns.amazonaws.com',
    { ArnEquals: { 'aws:SourceArn': topicArn } },
    'TopicAnnounces',
  ),
  QueueSubscription: {
    Type: 'AWS::SNS::Subscription',
    DependsOn: 'NotificationQueuePolicy',
    Properties: { Protocol: 'sqs', TopicArn: topicArn, RawMessageDelivery: true, Endpoint: getArn('NotificationQueue') },
  },
});

export const queueFromTopic: StackPiece = {
  isPart: hasQueue,
  resources: ({ parameters: { topicArn } }) => (topicArn === undefined ? {} : subscribed(topicArn)),
};
