// X-Ray. Its actions know no resources: Service Authorization Reference, "Actions, resources, and condition keys for AWS X-Ray".
import { rolePolicy } from '../cloudformation.ts';
import type { Piece } from '../piece.ts';

export const tracing: Piece = {
  isPart: ({ parameters }) => parameters.tracing,
  resources: () => ({
    SendTraces: rolePolicy('ProcessRole', 'send-traces', {
      Effect: 'Allow',
      Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
      Resource: '*',
    }),
  }),
};
