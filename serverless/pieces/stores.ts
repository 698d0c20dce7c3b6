// What is kept: done files, bad files, refused entries, notifications that failed for good.
import { type Resource, ref } from '../cloudformation.ts';
import { queueEncryption } from '../encryption.ts';
import type { StackParameters } from '../parameters.ts';
import type { StackPiece } from '../piece.ts';
import { bucketPolicy, keptBucket, marksTable } from '../storage.ts';

/** The longest that SQS keeps a message: 14 days. Source: SQS API reference, CreateQueue, `MessageRetentionPeriod` (read 2026-11-22). */
export const LONGEST_RETENTION_SECONDS = 1_209_600;

const keepingQueue = (parameters: StackParameters): Resource => ({
  Type: 'AWS::SQS::Queue',
  Properties: { MessageRetentionPeriod: LONGEST_RETENTION_SECONDS, ...queueEncryption(parameters) },
});

const forgettingAfter = (days: number) => ({
  LifecycleConfiguration: {
    Rules: [
      {
        Id: 'forget',
        Status: 'Enabled',
        ExpirationInDays: days,
        NoncurrentVersionExpiration: { NoncurrentDays: 30 },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
      },
    ],
  },
});

export const stores: StackPiece = {
  resources: ({ parameters }) => ({
    DoneTable: marksTable(parameters),
    QuarantineBucket: keptBucket(parameters, forgettingAfter(parameters.quarantineDays)),
    QuarantineBucketPolicy: bucketPolicy('QuarantineBucket'),
    ParkedEntriesQueue: keepingQueue(parameters),
    FailedNotificationsQueue: keepingQueue(parameters),
  }),
  outputs: () => ({
    QuarantineBucketName: { Value: ref('QuarantineBucket') },
    ParkedEntriesQueueUrl: { Description: 'Entries the bus refused for good', Value: ref('ParkedEntriesQueue') },
    FailedNotificationsQueueUrl: { Description: 'Notifications that failed on every try', Value: ref('FailedNotificationsQueue') },
    DoneTableName: { Value: ref('DoneTable') },
  }),
};
