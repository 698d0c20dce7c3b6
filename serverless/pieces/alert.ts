// Findings: the queue of hits that the process function fills, the alert function that takes them, and what it remembers.
import { getArn, ref, rolePolicy, type Statement } from '../cloudformation.ts';
import { type Deployment, hasDetections } from '../deployment.ts';
import { queueEncryption } from '../encryption.ts';
import { ALERT_FUNCTION, DETECTIONS_FILE, functionRole, ownLog, powertools } from '../lambda.ts';
import type { StackPiece } from '../piece.ts';
import { keepingQueue, LONGEST_RETENTION_SECONDS, marksTable } from '../storage.ts';

const TIMEOUT_SECONDS = 30;
/** Six times the timeout. Source: Lambda developer guide, "Using Lambda with Amazon SQS", "Configuring a queue" (read 2026-11-28). */
const HIDDEN_SECONDS = 6 * TIMEOUT_SECONDS;
/** Longer than a function can live, so that no two tell one finding; over before the hits of one that was killed come again. */
const CLAIM_SECONDS = 3 * TIMEOUT_SECONDS;
/** Half an hour of tries: a table may be throttled for a while, and nothing here is worth giving up soon. */
const MAX_RECEIVES = 10;
/** Invocations at a time: they write the same items, and more of them would mostly wait for each other. */
const MAX_CONCURRENCY = 10;

const statements = ({ stackName }: Deployment): Statement[] => [
  { Sid: 'WriteOwnLog', ...ownLog(stackName, 'alert') },
  {
    Sid: 'ReceiveHits',
    Effect: 'Allow',
    Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
    Resource: getArn('HitQueue'),
  },
  { Sid: 'RememberFindings', Effect: 'Allow', Action: ['dynamodb:BatchGetItem', 'dynamodb:PutItem'], Resource: getArn('FindingTable') },
  { Sid: 'PutFindings', Effect: 'Allow', Action: 'events:PutEvents', Resource: getArn('Bus') },
];

const hitsFromQueue = {
  Type: 'AWS::Lambda::EventSourceMapping',
  Properties: {
    EventSourceArn: getArn('HitQueue'),
    FunctionName: getArn(ALERT_FUNCTION),
    BatchSize: 10,
    MaximumBatchingWindowInSeconds: 1,
    ScalingConfig: { MaximumConcurrency: MAX_CONCURRENCY },
    FunctionResponseTypes: ['ReportBatchItemFailures'],
  },
};

export const alert: StackPiece = {
  isPart: hasDetections,
  functions: ({ stackName, parameters: { tracing }, artifacts }) => ({
    alert: {
      description: 'What detections said of records to findings on the bus',
      handler: 'index.main',
      package: { artifact: artifacts.alert },
      role: getArn('AlertRole'),
      memorySize: 512,
      timeout: TIMEOUT_SECONDS,
      ...(tracing && { tracing: 'Active' as const }),
      environment: {
        BUS_NAME: ref('Bus'),
        STATE_TABLE: ref('FindingTable'),
        DETECTIONS: DETECTIONS_FILE,
        CLAIM_SECONDS,
        ...powertools(stackName),
        TRACING: tracing ? 'on' : 'off',
      },
    },
  }),
  resources: (deployment) => ({
    HitQueue: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        VisibilityTimeout: HIDDEN_SECONDS,
        MessageRetentionPeriod: LONGEST_RETENTION_SECONDS,
        ...queueEncryption(deployment.parameters),
        RedrivePolicy: { deadLetterTargetArn: getArn('FailedHitsQueue'), maxReceiveCount: MAX_RECEIVES },
      },
    },
    FailedHitsQueue: keepingQueue(deployment.parameters),
    FindingTable: marksTable(deployment.parameters),
    AlertRole: functionRole('alert', statements(deployment), 'Makes findings of what detections said, and puts them on the bus'),
    HitsFromQueue: hitsFromQueue,
    SendHits: rolePolicy('ProcessRole', 'send-hits', { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: getArn('HitQueue') }),
  }),
  outputs: () => ({
    HitQueueUrl: { Description: 'What detections said of records, on its way to the alert function', Value: ref('HitQueue') },
    FailedHitsQueueUrl: { Description: 'Hits that failed on every try', Value: ref('FailedHitsQueue') },
    FindingTableName: { Value: ref('FindingTable') },
    AlertRoleArn: {
      Description: 'Allow this role kms:Decrypt and kms:GenerateDataKey in the policy of your key',
      Value: getArn('AlertRole'),
    },
  }),
};
