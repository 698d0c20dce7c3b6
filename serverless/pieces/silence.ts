// Silence: what the process function notes of files that came, and the function that looks on a schedule who delivers no longer.
import { getArn, mayInvoke, ref, rolePolicy, type Statement } from '../cloudformation.ts';
import { type Deployment, isWatchingSilence } from '../deployment.ts';
import { artifactOf, functionId, functionRole, ownLog, powertools, scheduleOf } from '../lambda.ts';
import type { StackPiece } from '../piece.ts';
import { marksTable } from '../storage.ts';

const SILENCE_FUNCTION = functionId('silence');

const statements = ({ stackName }: Deployment): Statement[] => [
  { Sid: 'WriteOwnLog', ...ownLog(stackName, 'silence') },
  {
    Sid: 'ReadDeliveries',
    Effect: 'Allow',
    Action: ['dynamodb:Scan', 'dynamodb:GetItem', 'dynamodb:PutItem'],
    Resource: getArn('DeliveryTable'),
  },
  { Sid: 'PutFindings', Effect: 'Allow', Action: 'events:PutEvents', Resource: getArn('Bus') },
];

export const silence: StackPiece = {
  isPart: isWatchingSilence,
  functions: ({ stackName, parameters }) => ({
    silence: {
      description: 'Looks on a schedule which accounts and regions deliver no log files any longer',
      handler: 'index.main',
      package: { artifact: artifactOf('silence') },
      role: getArn('SilenceRole'),
      memorySize: 512,
      timeout: 300,
      environment: {
        BUS_NAME: ref('Bus'),
        DELIVERY_TABLE: ref('DeliveryTable'),
        SILENT_AFTER: parameters.silentAfter,
        ...powertools(stackName),
      },
    },
  }),
  resources: (deployment) => ({
    DeliveryTable: marksTable(deployment.parameters),
    NoteDeliveries: rolePolicy('ProcessRole', 'note-deliveries', {
      Effect: 'Allow',
      Action: ['dynamodb:GetItem', 'dynamodb:PutItem'],
      Resource: getArn('DeliveryTable'),
    }),
    SilenceSchedule: scheduleOf('silence', '30 minutes', 'Looks which accounts and regions deliver no longer'),
    SilenceMayBeInvoked: mayInvoke(SILENCE_FUNCTION, 'events.amazonaws.com', { SourceArn: getArn('SilenceSchedule') }),
    SilenceRole: functionRole('silence', statements(deployment), 'Tells which accounts and regions deliver no log files any longer'),
  }),
  outputs: () => ({
    DeliveryTableName: { Description: 'Which accounts and regions deliver, and since when', Value: ref('DeliveryTable') },
    SilenceRoleArn: {
      Description: 'Allow this role kms:Decrypt and kms:GenerateDataKey in the policy of your key',
      Value: getArn('SilenceRole'),
    },
  }),
};
