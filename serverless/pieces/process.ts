// The process function: its settings, and a role that may do what it needs and nothing else.
import { QUARANTINE_PREFIX } from '../../events/doors.ts';
import { arnBelow, getArn, ref, type Statement, sub } from '../cloudformation.ts';
import { asksRules, type Deployment, hasDetections, isWatchingSilence } from '../deployment.ts';
import { DETECTIONS_FILE, functionRole, ownLog, powertools, RULES_FILE } from '../lambda.ts';
import { logFileArn } from '../logbuckets.ts';
import type { StackPiece } from '../piece.ts';

/** What the function is told; `functions/configuration.ts` reads it. */
const environment = (deployment: Deployment) => ({
  ...settings(deployment),
  ...(isWatchingSilence(deployment) && { DELIVERY_TABLE: ref('DeliveryTable') }),
  ...(asksRules(deployment) && { RULES: RULES_FILE }),
  ...(hasDetections(deployment) && {
    DETECTIONS: DETECTIONS_FILE,
    HIT_QUEUE_URL: ref('HitQueue'),
    ALERT_ROLE_ARN: getArn('AlertRole'),
  }),
  OWN_STORE_ARNS: sub(
    storesOf(deployment)
      .map((store) => `\${${store}.Arn}`)
      .join(','),
  ),
});

/** What the functions read and write for themselves: the loop guard hides their calls on these. */
const storesOf = (deployment: Deployment) => [
  ...['DoneTable', 'ParkedEntriesQueue'],
  ...(hasDetections(deployment) ? ['FindingTable', 'HitQueue'] : []),
  ...(isWatchingSilence(deployment) ? ['DeliveryTable'] : []),
];

const settings = ({ stackName, parameters, buckets }: Deployment) => ({
  BUS_NAME: ref('Bus'),
  LOG_BUCKETS: sub(buckets.map(({ name, owner }) => `${name}=${owner}`).join(',')),
  QUARANTINE_BUCKET: ref('QuarantineBucket'),
  PARKED_ENTRIES_QUEUE_URL: ref('ParkedEntriesQueue'),
  DONE_TABLE: ref('DoneTable'),
  DONE_DAYS: parameters.doneDays,
  OWN_ROLE_ARN: getArn('ProcessRole'),
  EMIT: parameters.emit,
  ...powertools(stackName),
  TRACING: parameters.tracing ? 'on' : 'off',
});

const statements = ({ stackName, buckets }: Deployment): Statement[] => [
  { Sid: 'WriteOwnLog', ...ownLog(stackName, 'process') },
  {
    Sid: 'ReadLogFiles',
    Effect: 'Allow',
    Action: ['s3:GetObject', 's3:GetObjectVersion'],
    Resource: buckets.map(({ name }) => logFileArn(name)),
  },
  { Sid: 'PutEntries', Effect: 'Allow', Action: 'events:PutEvents', Resource: getArn('Bus') },
  { Sid: 'KeepBadFiles', Effect: 'Allow', Action: 's3:PutObject', Resource: arnBelow('QuarantineBucket', `/${QUARANTINE_PREFIX}*`) },
  { Sid: 'ParkRefusedEntries', Effect: 'Allow', Action: 'sqs:SendMessage', Resource: getArn('ParkedEntriesQueue') },
  {
    Sid: 'RememberDoneFiles',
    Effect: 'Allow',
    Action: ['dynamodb:PutItem', 'dynamodb:GetItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
    Resource: getArn('DoneTable'),
  },
];

export const processFunction: StackPiece = {
  functions: (deployment) => {
    const { memory, timeout, reservedConcurrency, tracing } = deployment.parameters;
    return {
      process: {
        description: 'CloudTrail log files to EventBridge entries',
        handler: 'index.main',
        package: { artifact: deployment.artifacts.process },
        role: getArn('ProcessRole'),
        memorySize: memory,
        timeout,
        ...(reservedConcurrency !== undefined && { reservedConcurrency }),
        ...(tracing && { tracing: 'Active' }),
        environment: environment(deployment),
      },
    };
  },
  resources: (deployment) => ({
    ProcessRole: functionRole('process', statements(deployment), 'Reads CloudTrail log files and puts their records on the bus'),
  }),
  outputs: ({ buckets: [{ name }] }) => ({
    LogBucketName: { Description: 'The bucket that log files are read from', Value: sub(name) },
    ProcessRoleArn: {
      Description:
        "Allow this role s3:GetObject and s3:GetObjectVersion in the policy of a bucket in another account, kms:Decrypt in its key's",
      Value: getArn('ProcessRole'),
    },
  }),
};
