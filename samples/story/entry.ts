// First hour's beginning: passwords are guessed until one fits, then the intruder looks around.
import { IAM_USERS, SECRETS } from '../cast.ts';
import { repeat, type Step, step } from './step.ts';

const SIGN_IN = { type: 'AwsConsoleSignIn', readOnly: false } as const;
const FAILED = { ...SIGN_IN, error: ['', 'Failed authentication'] as const, response: { ConsoleLogin: 'Failure' } };
const without = (mfa: 'No' | 'Yes') => ({ LoginTo: 'https://console.aws.amazon.com/console/home', MobileVersion: 'No', MFAUsed: mfa });
const DENIED_READS = [
  'organizations:ListAccounts',
  'organizations:DescribeOrganization',
  'iam:GetAccountPasswordPolicy',
  'iam:GetCredentialReport',
  'iam:ListAccountAliases',
  'iam:ListSAMLProviders',
];

export const ENTRY: Step[] = [
  ...repeat(step('12:41:05', 'rootSigningIn', 'signin:ConsoleLogin', 'root.login-failures', FAILED), 6, 70, () => ({
    additional: without('No'),
  })),
  ...IAM_USERS.flatMap((user, turn) =>
    repeat(
      step(`12:${49 + Math.floor(turn / 3)}:1${turn % 3}`, `guess ${user}`, 'signin:ConsoleLogin', 'console.password-spray', FAILED),
      1,
      0,
      () => ({
        additional: without('No'),
      }),
    ),
  ),
  ...repeat(step('13:01:12', 'guess martin', 'signin:ConsoleLogin', 'console.failures', FAILED), 6, 31, () => ({
    additional: without('No'),
  })),
  step('13:04:41', 'martinSigningIn', 'signin:ConsoleLogin', 'console.no-mfa', {
    ...SIGN_IN,
    response: { ConsoleLogin: 'Success' },
    additional: without('No'),
  }),
  step('13:05:30', 'martin', 'sts:GetCallerIdentity', 'sts.identity-probe'),
  step('13:06:02', 'martin', 'iam:ListUsers', 'behave.discovery-burst'),
  step('13:06:09', 'martin', 'iam:ListRoles', 'behave.discovery-burst'),
  step('13:06:15', 'martin', 'iam:GetAccountAuthorizationDetails', 'behave.discovery-burst', { request: { maxItems: 1000 } }),
  step('13:06:22', 'martin', 's3:ListBuckets', 'behave.discovery-burst'),
  step('13:06:30', 'martin', 'ec2:DescribeInstances', 'behave.discovery-burst', {
    request: { maxResults: 100, instancesSet: {}, filterSet: {} },
  }),
  step('13:06:37', 'martin', 'secretsmanager:ListSecrets', 'behave.discovery-burst', { request: { maxResults: 100 } }),
  step('13:06:44', 'martin', 'kms:ListAliases', 'behave.discovery-burst'),
  step('13:06:52', 'martin', 'cloudtrail:DescribeTrails', 'behave.discovery-burst', {
    request: { includeShadowTrails: true, trailNameList: [] },
  }),
  step('13:07:01', 'martin', 'guardduty:ListDetectors', 'behave.discovery-burst'),
  step('13:07:08', 'martin', 'rds:DescribeDBInstances', 'behave.discovery-burst', { request: { maxRecords: 100 } }),
  ...DENIED_READS.flatMap((call, turn) =>
    repeat(step(`13:08:${10 + turn * 7}`, 'martin', call, 'iam.access-denied-burst'), 4, 45, () => ({
      error: ['AccessDenied', `User: arn:aws:iam::111122223333:user/martin is not authorized to perform: ${call}`] as const,
    })),
  ),
  ...SECRETS.slice(0, 2).map((secret, turn) =>
    step(`13:11:0${turn}`, 'martin', 'secretsmanager:DescribeSecret', '', { request: { secretId: secret } }),
  ),
];
