// X-Ray. Its actions know no resources: Service Authorization Reference, "Actions, resources, and condition keys for AWS X-Ray".
import { rolePolicy, type Statement } from '../cloudformation.ts';
import { hasDetections } from '../deployment.ts';
import type { StackPiece } from '../piece.ts';

const SEND_TRACES: Statement = { Effect: 'Allow', Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], Resource: '*' };

export const tracing: StackPiece = {
  isPart: ({ parameters }) => parameters.tracing,
  resources: (deployment) => ({
    SendTraces: rolePolicy('ProcessRole', 'send-traces', SEND_TRACES),
    ...(hasDetections(deployment) && { AlertSendsTraces: rolePolicy('AlertRole', 'send-traces', SEND_TRACES) }),
  }),
};
