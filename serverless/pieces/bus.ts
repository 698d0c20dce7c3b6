// The bus that entries go to.
import { getArn, NO_VALUE, ref } from '../cloudformation.ts';
import { encryptionKeyOf } from '../encryption.ts';
import type { StackPiece } from '../piece.ts';

export const bus: StackPiece = {
  resources: ({ stackName, parameters }) => ({
    Bus: {
      Type: 'AWS::Events::EventBus',
      Properties: {
        Name: stackName,
        Description: 'CloudTrail records, one entry each',
        KmsKeyIdentifier: encryptionKeyOf(parameters),
        DeadLetterConfig: parameters.kmsKeyArn === undefined ? NO_VALUE : { Arn: getArn('ParkedEntriesQueue') },
      },
    },
  }),
  outputs: () => ({
    BusName: {
      Description: 'Put your rules on this bus; their source is cloudtrail.SERVICE where the native feed says aws.SERVICE',
      Value: ref('Bus'),
    },
    BusArn: { Value: getArn('Bus') },
  }),
};
