// The intruder settles: a user of their own with a key and all rights, and more ways back in.
import { ACCOUNTS, FOREIGN_ACCOUNT, functionArn, instanceId, REGIONS } from '../cast.ts';
import { exampleId } from '../random.ts';
import { NEW_KEY, NEW_USER } from './actors.ts';
import { repeat, type Step, step } from './step.ts';

const [account, second] = ACCOUNTS;
const place = { account, region: REGIONS[0] };
const ADMIN = 'arn:aws:iam::aws:policy/AdministratorAccess';
const EVERYTHING = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });
const TRUST_FOREIGNER = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${FOREIGN_ACCOUNT}:root` }, Action: 'sts:AssumeRole' }],
});
const SIGN_IN = { type: 'AwsConsoleSignIn', readOnly: false } as const;
const CONSOLE = { LoginTo: 'https://console.aws.amazon.com/console/home', MobileVersion: 'No', MFAUsed: 'No' };

const users: Step[] = [
  step('13:15:03', 'martin', 'iam:CreateUser', 'iam.user-created', {
    request: { userName: NEW_USER, tags: [{ key: 'team', value: 'observability' }] },
    response: {
      user: {
        path: '/',
        arn: `arn:aws:iam::${account}:user/${NEW_USER}`,
        userName: NEW_USER,
        createDate: 'Oct 5, 2026, 1:15:03 PM',
        userId: exampleId('AIDA', account + NEW_USER),
      },
    },
  }),
  step('13:15:40', 'martin', 'iam:CreateAccessKey', 'iam.key-for-other-user', {
    request: { userName: NEW_USER },
    response: { accessKey: { accessKeyId: NEW_KEY, status: 'Active', userName: NEW_USER, createDate: 'Oct 5, 2026, 1:15:40 PM' } },
  }),
  step('13:16:12', 'martin', 'iam:AttachUserPolicy', 'iam.admin-attached', { request: { userName: NEW_USER, policyArn: ADMIN } }),
  step('13:20:26', 'newUser', 'sts:GetCallerIdentity', 'creds.key-new-ip'),
  step('13:20:58', 'newUserColoured', 'iam:ListAttachedUserPolicies', '', { request: { userName: NEW_USER } }),
  step('13:22:10', 'newUser', 'iam:PutUserPolicy', 'iam.inline-admin', {
    request: { userName: 'oscar', policyName: 'ops', policyDocument: EVERYTHING },
  }),
  step('13:22:44', 'newUser', 'iam:CreateLoginProfile', 'iam.login-profile-for-other', {
    request: { userName: 'petra', passwordResetRequired: false },
    response: { loginProfile: { userName: 'petra', createDate: 'Oct 5, 2026, 1:22:44 PM', passwordResetRequired: false } },
  }),
  step('13:23:05', 'newUser', 'iam:UpdateLoginProfile', 'iam.login-profile-for-other', { request: { userName: 'nadia' } }),
  step('13:23:31', 'newUser', 'iam:DeactivateMFADevice', 'iam.mfa-deactivated', {
    request: { userName: 'nadia', serialNumber: `arn:aws:iam::${account}:mfa/nadia` },
  }),
  step('13:24:02', 'newUser', 'iam:DeleteAccountPasswordPolicy', 'iam.password-policy-weakened'),
];

const roles: Step[] = [
  step('13:25:15', 'newUser', 'iam:UpdateAssumeRolePolicy', 'iam.trust-policy-changed', {
    request: { roleName: 'pipeline-deploy', policyDocument: TRUST_FOREIGNER },
  }),
  step('13:25:48', 'newUser', 'iam:CreateRole', 'iam.trust-external', {
    request: { roleName: 'support-readonly', assumeRolePolicyDocument: TRUST_FOREIGNER },
    response: {
      role: {
        path: '/',
        roleName: 'support-readonly',
        roleId: exampleId('AROA', `${account}support-readonly`),
        arn: `arn:aws:iam::${account}:role/support-readonly`,
      },
    },
  }),
  step('13:26:01', 'newUser', 'iam:AttachRolePolicy', 'iam.admin-attached', {
    request: { roleName: 'support-readonly', policyArn: ADMIN },
  }),
  step('13:26:33', 'newUser', 'iam:CreatePolicyVersion', 'iam.default-version-swapped', {
    request: { policyArn: `arn:aws:iam::${account}:policy/orders`, policyDocument: EVERYTHING, setAsDefault: true },
    response: { policyVersion: { versionId: 'v7', isDefaultVersion: true } },
  }),
  step('13:27:10', 'newUser', 'iam:DeleteRolePermissionsBoundary', 'iam.boundary-changed', { request: { roleName: 'web-server' } }),
  step('13:27:52', 'newUser', 'iam:CreateSAMLProvider', 'iam.federation-provider', {
    request: { name: 'corp-sso', sAMLMetadataDocument: 'HIDDEN_DUE_TO_SECURITY_REASONS' },
    response: { sAMLProviderArn: `arn:aws:iam::${account}:saml-provider/corp-sso` },
  }),
  step('13:28:20', 'newUser', 'iam:PutRolePolicy', 'cloudtrail.params-omitted', {
    request: { omitted: true, originalSize: 110_312, reason: 'requestParameters too large' },
  }),
  step('13:29:14', 'newUser', 'rolesanywhere:CreateTrustAnchor', 'iam.roles-anywhere', {
    request: {
      name: 'anchor',
      enabled: true,
      source: { sourceType: 'CERTIFICATE_BUNDLE', sourceData: { x509CertificateData: 'EXAMPLE' } },
    },
    response: { trustAnchor: { name: 'anchor', enabled: true } },
  }),
  step('13:30:40', 'foreigner', 'sts:AssumeRole', 'sts.external-account-assume', {
    request: { roleArn: `arn:aws:iam::${account}:role/support-readonly`, roleSessionName: 'maintenance' },
    response: { assumedRoleUser: { assumedRoleId: `${exampleId('AROA', `${account}support-readonly`)}:maintenance` } },
  }),
  step('13:31:19', 'newUser', 'sts:GetFederationToken', 'sts.federation-token', {
    request: { name: 'admin', policyArns: [{ arn: ADMIN }], durationSeconds: 43_200 },
    response: { federatedUser: { federatedUserId: `${account}:admin`, arn: `arn:aws:sts::${account}:federated-user/admin` } },
  }),
  step('13:31:44', 'federated', 'signin:GetSigninToken', 'console.signin-token-abuse', {
    ...SIGN_IN,
    response: { GetSigninToken: 'Success' },
    additional: CONSOLE,
  }),
  step('13:32:01', 'federated', 'signin:ConsoleLogin', 'sts.federation-token', {
    ...SIGN_IN,
    response: { ConsoleLogin: 'Success' },
    additional: CONSOLE,
  }),
  step('13:33:30', 'webServerKeys', 'sts:GetCallerIdentity', 'creds.instance-outside'),
  step('13:33:52', 'webServerSigningIn', 'signin:ConsoleLogin', 'console.login-by-instance-role', {
    ...SIGN_IN,
    response: { ConsoleLogin: 'Success' },
    additional: CONSOLE,
  }),
];

const machines: Step[] = [
  step('13:35:02', 'newUser', 'lambda:AddPermission20150331v2', 'lambda.public', {
    request: { functionName: 'token-refresh', statementId: 'open', action: 'lambda:InvokeFunction', principal: '*' },
  }),
  step('13:35:25', 'newUser', 'lambda:CreateFunctionUrlConfig', 'lambda.public', {
    request: { functionName: 'token-refresh', authType: 'NONE' },
    response: { functionUrl: 'https://token-refresh.example.com/', functionArn: functionArn(place, 'token-refresh'), authType: 'NONE' },
  }),
  step('13:36:11', 'newUser', 'lambda:UpdateFunctionCode20150331v2', 'lambda.code-changed', {
    request: { functionName: 'orders-billing', publish: true, dryRun: false },
    response: { functionArn: functionArn(place, 'orders-billing'), runtime: 'nodejs20.x', codeSize: 41_233, version: '12' },
  }),
  ...repeat(step('13:37:00', 'newUser', 'ec2-instance-connect:SendSSHPublicKey', 'ec2.instance-connect'), 3, 40, (turn) => ({
    request: {
      instanceId: instanceId(['web-1', 'web-2', 'bastion-1'][turn]!),
      instanceOSUser: 'ec2-user',
      sSHPublicKey: 'ssh-ed25519 EXAMPLE',
    },
    response: { success: true },
  })),
  step('13:39:10', 'newUser', 'ec2:EnableSerialConsoleAccess', 'ec2.instance-connect', {
    request: { EnableSerialConsoleAccessRequest: '' },
  }),
  ...repeat(step('13:40:02', 'newUser', 'ssm:SendCommand', 'ssm.remote-exec'), 3, 25, (turn) => ({
    request: {
      documentName: 'AWS-RunShellScript',
      instanceIds: [instanceId(['web-1', 'web-2', 'web-3'][turn]!)],
      parameters: 'HIDDEN_DUE_TO_SECURITY_REASONS',
    },
    response: { command: { documentName: 'AWS-RunShellScript', status: 'Pending' } },
  })),
  step('13:41:30', 'newUser', 'ssm:StartSession', 'ssm.remote-exec', {
    request: { target: instanceId('bastion-1') },
    response: { sessionId: `${NEW_USER}-0a1b2c3d` },
  }),
  step('13:42:18', 'newUser', 'ec2:ModifyInstanceAttribute', 'ec2.startup-script', {
    request: { instanceId: instanceId('worker-2'), userData: '<sensitiveDataRemoved>' },
    response: { _return: true },
  }),
  step('13:42:49', 'newUser', 'ec2:ReplaceIamInstanceProfileAssociation', 'ec2.profile-swapped', {
    request: {
      ReplaceIamInstanceProfileAssociationRequest: { IamInstanceProfile: { Name: 'admin' }, AssociationId: 'iip-assoc-0example' },
    },
  }),
  step('13:43:30', 'newUser', 'eks:AssociateAccessPolicy', 'eks.admin-access', {
    request: {
      name: 'orders',
      principalArn: `arn:aws:iam::${account}:user/${NEW_USER}`,
      policyArn: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy',
      accessScope: { type: 'cluster' },
    },
  }),
];

/** In the second account. The AssumeRole that leads there is in rare.ts: it is two records, one for each account. */
const member: Step[] = [
  step('13:46:40', 'memberAdmin', 'iam:ListUsers', '', { account: second }),
  step('13:47:12', 'memberAdmin', 'sso:CreateAccountAssignment', 'sso.permission-set-changed', {
    account: second,
    request: { instanceArn: 'arn:aws:sso:::instance/ssoins-example', targetId: second, targetType: 'AWS_ACCOUNT', principalType: 'USER' },
  }),
  step('13:47:50', 'memberAdmin', 'sso-directory:EnableExternalIdPConfigurationForDirectory', 'sso.idp-changed', {
    account: second,
    request: { directoryId: 'd-90example', configurationId: 'c-example' },
  }),
];

export const FOOTHOLD: Step[] = [...users, ...roles, ...machines, ...member];
