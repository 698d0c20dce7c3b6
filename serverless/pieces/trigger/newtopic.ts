// A topic that the bucket may notify, or a trail of this account as its own new-file topic.
// Policies: CloudTrail user guide, "Amazon SNS topic policy for CloudTrail"; S3 user guide, "Granting permissions to publish event notification messages".
import { ACCOUNT, PARTITION, policyDocument, ref, type Statement, sub, type TemplateObject } from '../../cloudformation.ts';
import { encryptionKeyOf } from '../../encryption.ts';
import { bucketArn, ownersOf } from '../../logbuckets.ts';
import type { StackPiece } from '../../piece.ts';

const mayAnnounce = (sid: string, service: string, condition: TemplateObject): Statement => ({
  Sid: sid,
  Effect: 'Allow',
  Principal: { Service: service },
  Action: 'sns:Publish',
  Resource: ref('NotificationTopic'),
  Condition: condition,
});

export const newTopic: StackPiece = {
  isPart: ({ parameters }) => parameters.trigger === 'sns' && parameters.topicArn === undefined,
  resources: ({ parameters, buckets }) => ({
    NotificationTopic: { Type: 'AWS::SNS::Topic', Properties: { KmsMasterKeyId: encryptionKeyOf(parameters) } },
    NotificationTopicPolicy: {
      Type: 'AWS::SNS::TopicPolicy',
      Properties: {
        Topics: [ref('NotificationTopic')],
        PolicyDocument: policyDocument(
          mayAnnounce('BucketAnnounces', 's3.amazonaws.com', {
            ArnEquals: { 'aws:SourceArn': buckets.map(({ name }) => bucketArn(name)) },
            StringEquals: { 'aws:SourceAccount': ownersOf(buckets) },
          }),
          mayAnnounce('TrailAnnounces', 'cloudtrail.amazonaws.com', {
            ArnLike: { 'aws:SourceArn': sub(`arn:${PARTITION}:cloudtrail:*:${ACCOUNT}:trail/*`) },
          }),
        ),
      },
    },
  }),
  outputs: () => ({
    NotifyArn: {
      Description: "Where the bucket's s3:ObjectCreated notification (suffix .json.gz) goes, or the trail's --sns-topic-name",
      Value: ref('NotificationTopic'),
    },
  }),
};
