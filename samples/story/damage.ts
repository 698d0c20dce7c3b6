// The end: backups and keys destroyed, machines rented, the root user taken, and AWS noticing the leaked key.
import { ACCOUNTS, keyArn, REGIONS } from '../cast.ts';
import { exampleId } from '../random.ts';
import { NEW_USER } from './actors.ts';
import { repeat, type Step, step } from './step.ts';

const [account] = ACCOUNTS;
const place = { account, region: REGIONS[0] };
const key = keyArn(place, 'backups');
const SIGN_IN = { type: 'AwsConsoleSignIn', readOnly: false } as const;

const destruction: Step[] = [
  step('14:23:02', 'newUser', 's3:PutBucketVersioning', 's3.protection-off', {
    request: { bucketName: 'example-orders', versioning: '', VersioningConfiguration: { Status: 'Suspended' } },
  }),
  step('14:23:21', 'newUser', 's3:DeleteBucketEncryption', 's3.protection-off', {
    request: { bucketName: 'example-orders', encryption: '' },
  }),
  ...repeat(step('14:24:00', 'newUser', 's3:DeleteObject', 's3.mass-delete', { category: 'Data' }), 60, 2, (turn) => ({
    request: { bucketName: 'example-orders', Host: 'example-orders.s3.us-east-1.amazonaws.com', key: `2026/10/05/item-${turn}.json` },
    resources: [{ type: 'AWS::S3::Object', ARN: `arn:aws:s3:::example-orders/2026/10/05/item-${turn}.json` }],
  })),
  step('14:26:10', 'newUser', 's3:PutObject', 's3.ransom-encrypt', {
    category: 'Data',
    request: { bucketName: 'example-orders', Host: 'example-orders.s3.us-east-1.amazonaws.com', key: 'HOW_TO_RECOVER_FILES.txt' },
  }),
  step('14:27:30', 'newUser', 'kms:DisableKey', 'kms.key-loss', {
    request: { keyId: key },
    resources: [{ accountId: account, type: 'AWS::KMS::Key', ARN: key }],
  }),
  step('14:27:49', 'newUser', 'kms:ScheduleKeyDeletion', 'kms.key-loss', {
    request: { keyId: key, pendingWindowInDays: 7 },
    response: { keyId: key, keyState: 'PendingDeletion', pendingWindowInDays: 7 },
  }),
  step('14:28:30', 'newUser', 'backup:DeleteRecoveryPoint', 'backup.destroyed', {
    request: { backupVaultName: 'Default', recoveryPointArn: `arn:aws:ec2:${REGIONS[0]}::snapshot/snap-0123456789example` },
  }),
  step('14:29:05', 'newUser', 'rds:DeleteDBInstance', 'rds.protection-off', {
    request: { dBInstanceIdentifier: 'billing-db', skipFinalSnapshot: true, deleteAutomatedBackups: true },
    response: { dBInstanceIdentifier: 'billing-db', dBInstanceStatus: 'deleting' },
  }),
  ...repeat(step('14:31:00', 'newUser', 'ec2:RunInstances', 'ec2.large-instance', { region: REGIONS[2] }), 2, 25, (turn) => ({
    request: {
      instancesSet: { items: [{ imageId: 'ami-0123456789example', minCount: 1, maxCount: 10 }] },
      instanceType: ['p5.48xlarge', 'g6.12xlarge'][turn]!,
    },
    ...(turn === 1
      ? { error: ['Client.VcpuLimitExceeded', 'You have requested more vCPU capacity than your current vCPU limit allows.'] as const }
      : {}),
  })),
];

const root: Step[] = [
  step('14:35:10', 'rootSigningIn', 'signin:PasswordRecoveryRequested', 'console.password-recovery', {
    ...SIGN_IN,
    response: { PasswordRecoveryRequested: 'Success' },
  }),
  step('14:36:40', 'rootSigningIn', 'signin:PasswordRecoveryCompleted', '', {
    ...SIGN_IN,
    response: { PasswordRecoveryCompleted: 'Success' },
  }),
  step('14:37:22', 'rootSigningIn', 'signin:ConsoleLogin', 'root.console-login', {
    ...SIGN_IN,
    response: { ConsoleLogin: 'Success' },
    additional: { LoginTo: 'https://console.aws.amazon.com/console/home', MobileVersion: 'No', MFAUsed: 'No' },
  }),
  step('14:38:15', 'root', 'signin:PasswordUpdated', 'root.password-or-profile-changed', {
    ...SIGN_IN,
    response: { PasswordUpdated: 'Success' },
  }),
  step('14:39:01', 'root', 'iam:CreateAccessKey', 'root.access-key-created', {
    response: { accessKey: { accessKeyId: exampleId('AKIA', 'a key for root'), status: 'Active', createDate: 'Oct 5, 2026, 2:39:01 PM' } },
  }),
  step('14:40:12', 'root', 'iam:ListUsers', 'root.activity'),
  step('14:49:30', 'aws', 'iam:AttachUserPolicy', 'iam.key-quarantined', {
    request: { userName: NEW_USER, policyArn: 'arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3' },
  }),
  step('14:50:05', 'newUser', 'ec2:DescribeInstances', '', {
    error: ['Client.UnauthorizedOperation', 'You are not authorized to perform this operation.'],
  }),
];

export const DAMAGE: Step[] = [...destruction, ...root];
