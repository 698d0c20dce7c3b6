// KMS: reading encrypted logs and digests, writing to the stack's own encrypted stores.
import { rolePolicy } from '../cloudformation.ts';
import { hasDetections, isValidating, isWatchingSilence } from '../deployment.ts';
import { keyStatements, usesKeys } from '../encryption.ts';
import type { StackPiece } from '../piece.ts';

export const keys: StackPiece = {
  isPart: ({ parameters }) => usesKeys(parameters),
  resources: (deployment) => ({
    UseKeys: rolePolicy('ProcessRole', 'use-keys', ...keyStatements(deployment.parameters)),
    ...(hasDetections(deployment) &&
      deployment.parameters.kmsKeyArn !== undefined && {
        AlertUsesKeys: rolePolicy('AlertRole', 'use-keys', ...keyStatements({ ...deployment.parameters, logKmsKeyArns: [] })),
      }),
    ...(isWatchingSilence(deployment) &&
      deployment.parameters.kmsKeyArn !== undefined && {
        SilenceUsesKeys: rolePolicy('SilenceRole', 'use-keys', ...keyStatements({ ...deployment.parameters, logKmsKeyArns: [] })),
      }),
    ...(isValidating(deployment) && {
      ValidateUsesKeys: rolePolicy('ValidateRole', 'use-keys', ...keyStatements(deployment.parameters)),
    }),
  }),
};
