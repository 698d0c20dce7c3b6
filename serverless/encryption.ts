// How what the stack makes is encrypted: with the key in `kmsKeyArn`, or with keys that AWS owns.
import { NO_VALUE, type Statement, type TemplateObject, type TemplateValue } from './cloudformation.ts';
import type { StackParameters } from './parameters.ts';

type Keys = Pick<StackParameters, 'kmsKeyArn' | 'logKmsKeyArns'>;

/** The key as most resources want it. */
export const encryptionKeyOf = ({ kmsKeyArn }: Keys): TemplateValue => kmsKeyArn ?? NO_VALUE;

export const usesKeys = ({ kmsKeyArn, logKmsKeyArns }: Keys) => kmsKeyArn !== undefined || logKmsKeyArns.length > 0;

export const queueEncryption = (keys: Keys): TemplateObject => ({
  KmsMasterKeyId: encryptionKeyOf(keys),
  SqsManagedSseEnabled: keys.kmsKeyArn === undefined ? true : NO_VALUE,
});

export const tableEncryption = ({ kmsKeyArn }: Keys): TemplateObject =>
  kmsKeyArn === undefined ? { SSEEnabled: false } : { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: kmsKeyArn };

export const bucketEncryption = ({ kmsKeyArn }: Keys): TemplateObject => ({
  ServerSideEncryptionConfiguration: [
    kmsKeyArn === undefined
      ? { ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }
      : { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: kmsKeyArn } },
  ],
});

/** For a role that reads encrypted logs and writes to the stack's own encrypted stores. The keys' own policies must allow the role too. */
export const keyStatements = ({ kmsKeyArn, logKmsKeyArns }: Keys): Statement[] => [
  { Effect: 'Allow', Action: 'kms:Decrypt', Resource: kmsKeyArn === undefined ? logKmsKeyArns : [...logKmsKeyArns, kmsKeyArn] },
  ...(kmsKeyArn === undefined ? [] : [{ Effect: 'Allow' as const, Action: 'kms:GenerateDataKey', Resource: kmsKeyArn }]),
];
