// The done files in the cloud: a DynamoDB table that remembers each file, kept by Powertools idempotency.
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import type { DoneFiles } from '../events/doors.ts';
import { ReadError, TrailbusError } from '../events/errors.ts';
import type { ObjectRef } from '../events/objectkey.ts';
import { DAY_SECONDS } from '../events/timeunits.ts';
import { s3Address } from './objects.ts';

/**
 * How long a file is remembered. CloudTrail delivers again for up to 30 days after bucket trouble, and a message lives at most 14 days in a queue:
 * nothing announces a file later than this.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
 */
const DEFAULT_DAYS = 30;

export interface DoneFilesOptions {
  /** Milliseconds this invocation has left: for so long no other one may take up a file that this one works on. */
  timeLeftMs: () => number;
  /** Days a done file is remembered. Default 30. */
  days?: number;
}

/** A file's identity: bucket, key, and version, or ETag where the bucket has no versions. CloudTrail's own message has neither: its file names are unique. */
const fileId = (ref: ObjectRef) => JSON.stringify([ref.bucket, ref.key, ref.versionId ?? ref.eTag ?? '']);

/** What an error of the idempotency store means for the file; an error of the work itself rises as it is. */
function fileErrorOf(error: unknown, ref: ObjectRef): unknown {
  const name = error instanceof Error ? error.name : '';
  if (name === 'IdempotencyAlreadyInProgressError' || name === 'IdempotencyInconsistentStateError')
    return new ReadError('another invocation is working on this file', true, { source: s3Address(ref), cause: error });
  if (name !== 'IdempotencyPersistenceLayerError') return error;
  const cause = error instanceof Error && error.cause instanceof Error ? `${error.cause.name}: ${error.cause.message}` : String(error);
  const help = 'let the role call dynamodb:PutItem, UpdateItem, GetItem and DeleteItem on the table; the file is tried again';
  return new TrailbusError(`can't keep in mind that the file is done: ${cause}`, { source: s3Address(ref), help, cause: error });
}

/**
 * Does each file once. The mark is set after the work, so a crash repeats a file and never loses it; while one invocation works
 * on a file another one gets a retryable ReadError, until the first one's time would have run out.
 * @see https://docs.aws.amazon.com/powertools/typescript/latest/features/idempotency/
 */
export class DynamoDoneFiles implements DoneFiles {
  private readonly store: DynamoDBPersistenceLayer;
  private readonly config: IdempotencyConfig;

  constructor(client: DynamoDBClient, tableName: string, options: DoneFilesOptions) {
    this.store = new DynamoDBPersistenceLayer({ tableName, awsSdkV3Client: client });
    this.config = new IdempotencyConfig({ expiresAfterSeconds: (options.days ?? DEFAULT_DAYS) * DAY_SECONDS, hashFunction: 'sha256' });
    this.config.registerLambdaContext({ getRemainingTimeInMillis: options.timeLeftMs } as Context);
  }

  async once<T>(ref: ObjectRef, work: () => Promise<T>): Promise<T | undefined> {
    let result: T | undefined;
    const doOnce = makeIdempotent(
      async (_id: string) => {
        result = await work();
      },
      { persistenceStore: this.store, config: this.config, keyPrefix: 'file' },
    );
    await doOnce(fileId(ref)).catch((error: unknown) => {
      throw fileErrorOf(error, ref);
    });
    return result;
  }
}
