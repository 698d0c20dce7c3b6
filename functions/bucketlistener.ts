// The notification settings of a bucket that others use too: ours is added or taken away, theirs stay.
import {
  GetBucketNotificationConfigurationCommand,
  type NotificationConfiguration,
  PutBucketNotificationConfigurationCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { FILE_ENDING } from '../events/objectkey.ts';

/** What is told of a new object: a function, a topic, a queue, or the default event bus (which has no address). */
export type ListenerToSet = { kind: 'function' | 'topic' | 'queue'; arn: string } | { kind: 'eventbus' };

const WHAT = {
  Events: ['s3:ObjectCreated:*' as const],
  Filter: { Key: { FilterRules: [{ Name: 'suffix' as const, Value: FILE_ENDING }] } },
};

const others = <Rule extends { Id?: string | undefined }>(rules: Rule[] | undefined, id: string) =>
  (rules ?? []).filter((rule) => rule.Id !== id);

/** The settings without what `id` added. The event bus stays switched on: others may listen there by now. */
export function withoutListener(current: NotificationConfiguration, id: string): NotificationConfiguration {
  return {
    ...(current.EventBridgeConfiguration ? { EventBridgeConfiguration: current.EventBridgeConfiguration } : {}),
    LambdaFunctionConfigurations: others(current.LambdaFunctionConfigurations, id),
    TopicConfigurations: others(current.TopicConfigurations, id),
    QueueConfigurations: others(current.QueueConfigurations, id),
  };
}

/** The settings with `listener` under `id`; what `id` added before is replaced. */
export function withListener(current: NotificationConfiguration, id: string, listener: ListenerToSet): NotificationConfiguration {
  const rest = withoutListener(current, id);
  const added = {
    function: (arn: string) => ({
      LambdaFunctionConfigurations: [...rest.LambdaFunctionConfigurations!, { ...WHAT, Id: id, LambdaFunctionArn: arn }],
    }),
    topic: (arn: string) => ({ TopicConfigurations: [...rest.TopicConfigurations!, { ...WHAT, Id: id, TopicArn: arn }] }),
    queue: (arn: string) => ({ QueueConfigurations: [...rest.QueueConfigurations!, { ...WHAT, Id: id, QueueArn: arn }] }),
  };
  return { ...rest, ...(listener.kind === 'eventbus' ? { EventBridgeConfiguration: {} } : added[listener.kind](listener.arn)) };
}

/**
 * Adds (`listener` given) or takes away (absent) what `id` stands for. S3 keeps a bucket's settings as one document and replaces it whole, so they are read first.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html
 */
export async function setListener(client: S3Client, bucket: string, id: string, listener?: ListenerToSet, owner?: string): Promise<void> {
  const place = { Bucket: bucket, ...(owner ? { ExpectedBucketOwner: owner } : {}) };
  const current = await client.send(new GetBucketNotificationConfigurationCommand(place));
  const NotificationConfiguration = listener ? withListener(current, id, listener) : withoutListener(current, id);
  await client.send(new PutBucketNotificationConfigurationCommand({ ...place, NotificationConfiguration }));
}
