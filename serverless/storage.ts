// Tables, buckets and queues of the stack: how what lies in them is kept.
import { arnBelow, getArn, policyDocument, type Resource, ref, type TemplateObject } from './cloudformation.ts';
import { bucketEncryption, queueEncryption, tableEncryption } from './encryption.ts';
import type { StackParameters } from './parameters.ts';

/** The longest that SQS keeps a message: 14 days. Source: SQS API reference, CreateQueue, `MessageRetentionPeriod`. */
export const LONGEST_RETENTION_SECONDS = 1_209_600;

/** A table of marks by `id` that forgets each at its `expiration`; it goes with the stack. */
export const marksTable = (parameters: StackParameters): Resource => ({
  Type: 'AWS::DynamoDB::Table',
  UpdateReplacePolicy: 'Delete',
  DeletionPolicy: 'Delete',
  Properties: {
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    TimeToLiveSpecification: { AttributeName: 'expiration', Enabled: true },
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    SSESpecification: tableEncryption(parameters),
  },
});

/** A queue for what failed: it waits there as long as it can. */
export const keepingQueue = (parameters: StackParameters): Resource => ({
  Type: 'AWS::SQS::Queue',
  Properties: { MessageRetentionPeriod: LONGEST_RETENTION_SECONDS, ...queueEncryption(parameters) },
});

/** A bucket that stays when the stack goes, with versions and closed to the public. */
export const keptBucket = (parameters: StackParameters, more: TemplateObject): Resource => ({
  Type: 'AWS::S3::Bucket',
  UpdateReplacePolicy: 'Retain',
  DeletionPolicy: 'Retain',
  Properties: {
    BucketEncryption: bucketEncryption(parameters),
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
    VersioningConfiguration: { Status: 'Enabled' },
    ...more,
  },
});

/** The policy of a bucket: what its owner lets others do, and nothing without TLS. */
export const bucketPolicy = (bucket: string, ...statements: Parameters<typeof policyDocument>): Resource => ({
  Type: 'AWS::S3::BucketPolicy',
  Properties: {
    Bucket: ref(bucket),
    PolicyDocument: policyDocument(...statements, {
      Sid: 'TlsOnly',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: [getArn(bucket), arnBelow(bucket, '/*')],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    }),
  },
});
