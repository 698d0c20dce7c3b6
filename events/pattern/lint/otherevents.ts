// Event names that no public API has: sign-in, console and service events, and calls that CloudTrail names its own way.

/**
 * Names by source, without `.amazonaws.com`; API names stand in `eventnames.ts`.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-non-api-events.html and each service's page on CloudTrail (read 2026-11-22)
 */
export const OTHER_NAMES: Record<string, string> = {
  signin:
    'ConsoleLogin CheckMfa SwitchRole ExitRole RenewRole GetSigninToken CredentialChallenge CredentialVerification UserAuthentication PasswordRecoveryRequested PasswordRecoveryCompleted PasswordUpdated EmailUpdated',
  kms: 'RotateKey DeleteKey SynchronizeMultiRegionKey DeleteExpiredKeyMaterial',
  secretsmanager:
    'RotationStarted RotationSucceeded RotationFailed RotationAbandoned StartSecretVersionDelete CancelSecretVersionDelete EndSecretVersionDelete StartSecretDelete SecretVersionDeletion',
  s3: 'GetBucketRequestPay PutBucketRequestPay GetBucketPublicAccessBlock PutBucketPublicAccessBlock DeleteBucketPublicAccessBlock GetAccountPublicAccessBlock PutAccountPublicAccessBlock DeleteAccountPublicAccessBlock GetBucketObjectLockConfiguration PutBucketObjectLockConfiguration GetAccelerateConfiguration PutAccelerateConfiguration PutAnalyticsConfiguration PostObject',
  ec2: 'BidEvictedEvent SharedSnapshotVolumeCreated SharedSnapshotCopyInitiated SharedSnapshotCopyCompleted',
  backup:
    'BackupJobStarted BackupJobCompleted BackupDeleted RecoveryPointDeleted RestoreStarted RestoreCompleted RestoreJobStarted RestoreJobCompleted CopyJobStarted CopyJobCompleted ReportJobStarted ReportJobCompleted',
  organizations: 'CreateAccountResult CloseAccountResult AccountJoinedOrganization AccountDepartedOrganization',
  controltower:
    'CreateManagedAccount UpdateManagedAccount SetupLandingZone EnableGuardrail DisableGuardrail RegisterOrganizationalUnit DeregisterOrganizationalUnit PrecheckOrganizationalUnit',
  sso: 'Authenticate Federate UpdateSsoConfiguration GetSsoStatus StartSSO AssociateDirectory DisassociateDirectory AssociateProfile DisassociateProfile EnableExternalIdPConfigurationForDirectory DisableExternalIdPConfigurationForDirectory',
  'sso-directory': 'EnableExternalIdPConfigurationForDirectory DisableExternalIdPConfigurationForDirectory',
  ssm: 'UpdateInstanceInformation UpdateInstanceAssociationStatus ListInstanceAssociations PutConfigurePackageResult',
  ecr: 'PolicyExecutionEvent',
  bedrock: 'PutFoundationModelEntitlement',
  lambda: 'InvokeExecution',
};

/**
 * Sources with events of consoles and of services themselves whose names are documented in part or not at all: only what looks misspelt is called unknown.
 * Source: each service's page on CloudTrail (read 2026-11-22).
 */
export const OPEN_SOURCES: ReadonlySet<string> = new Set([
  ...[
    'sso',
    'sso-directory',
    'sso-oauth',
    'awsssoportal',
    'identitystore',
    'cognito-idp',
    'cloudshell',
    'quicksight',
    'ssmmessages',
    'ec2messages',
  ],
  ...[
    'billingconsole',
    'aws-portal',
    'payments',
    'health',
    'support',
    'supportplans',
    'trustedadvisor',
    'codewhisperer',
    'codecatalyst',
    'q',
  ],
]);

/** API names that CloudTrail never writes, and what it writes instead. Source: S3 user guide, CloudTrail events (read 2026-11-22). */
export const RENAMED: Record<string, Record<string, string>> = {
  s3: {
    GetBucketLifecycleConfiguration: 'GetBucketLifecycle',
    PutBucketLifecycleConfiguration: 'PutBucketLifecycle',
    GetBucketNotificationConfiguration: 'GetBucketNotification',
    PutBucketNotificationConfiguration: 'PutBucketNotification',
    GetBucketRequestPayment: 'GetBucketRequestPay',
    PutBucketRequestPayment: 'PutBucketRequestPay',
  },
};
