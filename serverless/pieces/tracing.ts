// X-Ray. Its actions know no resources: Service Authorization Reference, "Actions, resources, and condition keys for AWS X-Ray".
import { rolePolicy } from '../cloudformation.ts';
import type { StackPiece } from '../piece.ts';

export const tracing: StackPiece = {
  isPart: ({ parameters }) => parameters.tracing,
  resources: () => ({
    SendTraces: rolePolicy('ProcessRole', 'send-traces', {
      Effect: 'Allow',
      Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
      Resource: '*',
    }),
  }),
};
