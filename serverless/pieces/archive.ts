// Every entry put on the bus, kept for replays.
import { getArn } from '../cloudformation.ts';
import { encryptionKeyOf } from '../encryption.ts';
import type { StackPiece } from '../piece.ts';

export const archive: StackPiece = {
  isPart: ({ parameters }) => parameters.archive,
  resources: ({ stackName, parameters }) => ({
    Archive: {
      Type: 'AWS::Events::Archive',
      Properties: {
        ArchiveName: stackName,
        Description: 'Every entry put on the bus',
        SourceArn: getArn('Bus'),
        RetentionDays: parameters.archiveDays,
        KmsKeyIdentifier: encryptionKeyOf(parameters),
      },
    },
  }),
  outputs: () => ({ ArchiveArn: { Value: getArn('Archive') } }),
};
