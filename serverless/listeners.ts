// Whom S3 tells of a new log file, for each trigger.
import { FILE_ENDING } from '../events/objectkey.ts';
import { getArn, ref, type TemplateObject, type TemplateValue } from './cloudformation.ts';
import { PROCESS_FUNCTION } from './lambda.ts';
import type { StackParameters } from './parameters.ts';

export interface BucketListener {
  /** What the bucketnotifications function is told of it. */
  settings: TemplateObject;
  /** What must stand before S3 accepts the notification: it tests the destination's permission. */
  permission: string[];
  /** The bucket's NotificationConfiguration, where this stack makes the bucket. */
  configuration: TemplateObject;
}

/** The filter keeps everything but compressed JSON out; digests are skipped by name. */
const newFiles = (destination: Record<string, TemplateValue>): TemplateValue[] => [
  { Event: 's3:ObjectCreated:*', Filter: { S3Key: { Rules: [{ Name: 'suffix', Value: FILE_ENDING }] } }, ...destination },
];

export const LISTENERS: Record<StackParameters['trigger'], BucketListener> = {
  s3: {
    settings: { kind: 'function', arn: getArn(PROCESS_FUNCTION) },
    permission: ['BucketMayInvoke'],
    configuration: { LambdaConfigurations: newFiles({ Function: getArn(PROCESS_FUNCTION) }) },
  },
  sns: {
    settings: { kind: 'topic', arn: ref('NotificationTopic') },
    permission: ['NotificationTopicPolicy'],
    configuration: { TopicConfigurations: newFiles({ Topic: ref('NotificationTopic') }) },
  },
  sqs: {
    settings: { kind: 'queue', arn: getArn('NotificationQueue') },
    permission: ['NotificationQueuePolicy'],
    configuration: { QueueConfigurations: newFiles({ Queue: getArn('NotificationQueue') }) },
  },
  eventbridge: {
    settings: { kind: 'eventbus' },
    permission: [],
    configuration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
  },
};
