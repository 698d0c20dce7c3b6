// What is kept: done files, bad files, refused entries, notifications that failed for good.
import { ref } from '../cloudformation.ts';
import type { StackPiece } from '../piece.ts';
import { bucketPolicy, keepingQueue, keptBucket, marksTable } from '../storage.ts';

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
