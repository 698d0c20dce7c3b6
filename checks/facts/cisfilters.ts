// What the metric filters of CIS must match: events of each control, and such as they must leave alone.

export interface CisControl {
  /** Of Security Hub: `CloudWatch.5`. */
  id: string;
  title: string;
  /** What a filter must match, by what it is called when it doesn't. */
  matches: Readonly<Record<string, object>>;
  /** What it must not: an alarm on everything tells nothing. */
  leaves: readonly object[];
}

const BY_SOMEBODY = { userIdentity: { type: 'IAMUser', userName: 'ann' }, eventType: 'AwsApiCall', sourceIPAddress: '203.0.113.9' };
const HARMLESS = { ...BY_SOMEBODY, eventSource: 'sts.amazonaws.com', eventName: 'GetCallerIdentity' };

/** A control of calls, each by its name. */
const ofCalls = (number: number, title: string, service: string, calls: readonly string[]): CisControl => ({
  id: `CloudWatch.${number}`,
  title,
  matches: Object.fromEntries(
    calls.map((eventName) => [eventName, { ...BY_SOMEBODY, eventSource: `${service}.amazonaws.com`, eventName }]),
  ),
  leaves: [HARMLESS, { ...BY_SOMEBODY, eventSource: `${service}.amazonaws.com`, eventName: 'ListNothing' }],
});

const SIGN_IN = {
  ...{ userIdentity: { type: 'IAMUser', userName: 'ann' }, eventType: 'AwsConsoleSignIn', sourceIPAddress: '203.0.113.9' },
  ...{ eventSource: 'signin.amazonaws.com', eventName: 'ConsoleLogin' },
};
const signIn = (MFAUsed: string, ConsoleLogin: string, more: object = {}) => ({
  ...{ ...SIGN_IN, additionalEventData: { MFAUsed }, responseElements: { ConsoleLogin } },
  ...more,
});
const FAILED = { errorMessage: 'Failed authentication' };

const each = (verbs: readonly string[], things: readonly string[]): string[] =>
  verbs.flatMap((verb) => things.map((thing) => verb + thing));

/** @see https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html */
export const CIS_CONTROLS: readonly CisControl[] = [
  {
    ...{ id: 'CloudWatch.1', title: 'use of the root user' },
    matches: { 'what the root user does': { ...HARMLESS, userIdentity: { type: 'Root' } } },
    leaves: [HARMLESS],
  },
  {
    ...{ id: 'CloudWatch.2', title: 'unauthorized API calls' },
    matches: {
      AccessDenied: { ...HARMLESS, errorCode: 'AccessDenied' },
      AccessDeniedException: { ...HARMLESS, errorCode: 'AccessDeniedException' },
      'Client.UnauthorizedOperation': { ...HARMLESS, errorCode: 'Client.UnauthorizedOperation' },
    },
    leaves: [HARMLESS],
  },
  {
    ...{ id: 'CloudWatch.3', title: 'console sign-in without MFA' },
    matches: { 'a sign-in without MFA': signIn('No', 'Success') },
    leaves: [HARMLESS, signIn('Yes', 'Success')],
  },
  ofCalls(4, 'IAM policy changes', 'iam', [
    ...each(['Delete', 'Put'], ['GroupPolicy', 'RolePolicy', 'UserPolicy']),
    ...['CreatePolicy', 'DeletePolicy', 'CreatePolicyVersion', 'DeletePolicyVersion'],
    ...each(['Attach', 'Detach'], ['RolePolicy', 'UserPolicy', 'GroupPolicy']),
  ]),
  ofCalls(5, 'CloudTrail configuration changes', 'cloudtrail', [
    ...['CreateTrail', 'UpdateTrail', 'DeleteTrail', 'StartLogging', 'StopLogging'],
  ]),
  {
    ...{ id: 'CloudWatch.6', title: 'failed console sign-in' },
    matches: { 'a failed sign-in': signIn('No', 'Failure', FAILED), 'a failed sign-in with MFA': signIn('Yes', 'Failure', FAILED) },
    leaves: [HARMLESS, signIn('Yes', 'Success'), signIn('No', 'Success')],
  },
  ofCalls(7, 'disabling or deleting KMS keys', 'kms', ['DisableKey', 'ScheduleKeyDeletion']),
  ofCalls(8, 'S3 bucket policy changes', 's3', [
    ...each(['Put'], ['BucketAcl', 'BucketPolicy', 'BucketCors', 'BucketLifecycle', 'BucketReplication']),
    ...each(['Delete'], ['BucketPolicy', 'BucketCors', 'BucketLifecycle', 'BucketReplication']),
  ]),
  ofCalls(9, 'AWS Config changes', 'config', [
    ...['StopConfigurationRecorder', 'DeleteDeliveryChannel', 'PutDeliveryChannel', 'PutConfigurationRecorder'],
  ]),
  ofCalls(10, 'security group changes', 'ec2', [
    ...each(['Authorize', 'Revoke'], ['SecurityGroupIngress', 'SecurityGroupEgress']),
    ...each(['Create', 'Delete'], ['SecurityGroup']),
  ]),
  ofCalls(11, 'network ACL changes', 'ec2', [
    ...each(['Create', 'Delete'], ['NetworkAcl', 'NetworkAclEntry']),
    ...['ReplaceNetworkAclEntry', 'ReplaceNetworkAclAssociation'],
  ]),
  ofCalls(12, 'network gateway changes', 'ec2', [
    ...each(['Create', 'Delete'], ['CustomerGateway', 'InternetGateway']),
    ...each(['Attach', 'Detach'], ['InternetGateway']),
  ]),
  ofCalls(13, 'route table changes', 'ec2', [
    ...['CreateRoute', 'CreateRouteTable', 'ReplaceRoute', 'ReplaceRouteTableAssociation', 'DeleteRouteTable', 'DeleteRoute'],
    'DisassociateRouteTable',
  ]),
  ofCalls(14, 'VPC changes', 'ec2', [
    ...['CreateVpc', 'DeleteVpc', 'ModifyVpcAttribute'],
    ...each(['Accept', 'Create', 'Delete', 'Reject'], ['VpcPeeringConnection']),
    ...['AttachClassicLinkVpc', 'DetachClassicLinkVpc', 'DisableVpcClassicLink', 'EnableVpcClassicLink'],
  ]),
];
