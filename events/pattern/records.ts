// What is known of the events on the bus and of CloudTrail records: their fields, what they hold, when they are left out.
// Source of all of it: CloudTrail user guide, record contents, userIdentity element, sign-in events (read 2026-11-22).

/** Fields of every event on a bus. */
export const ENVELOPE_FIELDS: readonly string[] = [
  ...['version', 'id', 'detail-type', 'source', 'account', 'time', 'region', 'resources', 'detail', 'replay-name'],
];

/** Top-level fields of a record. */
export const RECORD_FIELDS: readonly string[] = [
  ...['eventVersion', 'userIdentity', 'eventTime', 'eventSource', 'eventName', 'awsRegion', 'sourceIPAddress', 'userAgent', 'errorCode'],
  ...['errorMessage', 'requestParameters', 'responseElements', 'additionalEventData', 'requestID', 'eventID', 'eventType', 'apiVersion'],
  ...['managementEvent', 'readOnly', 'resources', 'recipientAccountId', 'serviceEventDetails', 'sharedEventID', 'vpcEndpointId'],
  ...[
    'vpcEndpointAccountId',
    'eventCategory',
    'addendum',
    'sessionCredentialFromConsole',
    'eventContext',
    'edgeDeviceDetails',
    'tlsDetails',
  ],
  ...['insightDetails', 'accountId', 'eventId', 'summary', 'eventAggregation', 'insightType', 'networkActivityEvent'],
];

/** Fields of `userIdentity`. */
export const IDENTITY_FIELDS: readonly string[] = [
  ...['type', 'principalId', 'arn', 'accountId', 'accessKeyId', 'userName', 'sessionContext', 'invokedBy', 'identityProvider'],
  ...['credentialId', 'onBehalfOf', 'inScopeOf', 'invokedByDelegate', 'userId', 'identityStoreArn'],
];

/** The detail-types of the feed. @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html */
export const DETAIL_TYPES: readonly string[] = [
  'AWS API Call via CloudTrail',
  'AWS Console Sign In via CloudTrail',
  'AWS Service Event via CloudTrail',
  'AWS Console Action via CloudTrail',
  'AWS Insight via CloudTrail',
  'AWS Network Activity Event via CloudTrail',
  'AWS Aggregated Event via CloudTrail',
];

/** Fields with few values. */
export const VALUES: Record<string, readonly string[]> = {
  'detail.userIdentity.type': [
    ...['Root', 'IAMUser', 'AssumedRole', 'Role', 'FederatedUser', 'Directory', 'AWSAccount', 'AWSService', 'IdentityCenterUser'],
    ...['SAMLUser', 'WebIdentityUser', 'Unknown'],
  ],
  'detail.eventType': [
    ...[
      'AwsApiCall',
      'AwsServiceEvent',
      'AwsConsoleAction',
      'AwsConsoleSignIn',
      'AwsCloudTrailInsight',
      'AwsVpceEvent',
      'AwsAggregatedEvent',
    ],
  ],
  'detail.eventCategory': ['Management', 'Data', 'NetworkActivity', 'Insight', 'Aggregated'],
  'detail.responseElements.ConsoleLogin': ['Success', 'Failure'],
  'detail.additionalEventData.MFAUsed': ['Yes', 'No'],
};

/** Paths that hold strings, whatever they look like. */
export const STRING_PATHS =
  /(^|\.)(account|region|source|detail-type|id|version|accountId|recipientAccountId|vpcEndpointAccountId|eventVersion|eventName|eventSource|eventTime|awsRegion|errorCode|errorMessage|userAgent|sourceIPAddress|eventID|requestID|eventType|eventCategory|mfaAuthenticated|sessionCredentialFromConsole|MFAUsed|ConsoleLogin|userName|principalId|arn|accessKeyId|apiVersion)$/;

/** Paths that hold numbers. */
export const NUMBER_PATHS =
  /(^|\.)(fromPort|toPort|port|minCount|maxCount|maxResults|maxSessionDuration|durationSeconds|retentionInDays|pendingWindowInDays|volumeSize|bytesTransferredIn|bytesTransferredOut|minimumPasswordLength|maxPasswordAge|passwordReusePrevention)$/;

/** Paths that hold booleans. */
export const BOOLEAN_PATHS =
  /(^detail\.(readOnly|managementEvent)|\.(isMultiRegionTrail|isOrganizationTrail|enableLogFileValidation|includeManagementEvents|includeGlobalServiceEvents|publiclyAccessible|setAsDefault|omitted))$/;

/** Fields that CloudTrail leaves out, and when. */
export const OMITTED: [path: RegExp, why: string][] = [
  [/^detail\.error(Code|Message)$/, 'CloudTrail writes it for a failed call only, and this call went well'],
  [/^detail\.responseElements(\.|$)/, 'CloudTrail writes `responseElements` as null for calls that only read, and for failed ones'],
  [
    /^detail\.userIdentity\.userName$/,
    'CloudTrail omits it for this kind of caller; a role’s name is `detail.userIdentity.sessionContext.sessionIssuer.userName`',
  ],
  [/^detail\.userIdentity\.sessionContext(\.|$)/, 'CloudTrail writes `sessionContext` for temporary credentials only'],
  [/^detail\.userIdentity\.invokedBy$/, 'CloudTrail writes it only where an AWS service made the call'],
  [/^detail\.userIdentity\.(arn|accountId|accessKeyId|principalId)$/, 'CloudTrail omits it for AWS services and some console sessions'],
  [
    /^detail\.requestParameters(\.|$)/,
    'CloudTrail leaves out parameters that were not given, and all of them where there are none or they are too large',
  ],
  [/^detail\.additionalEventData(\.|$)/, 'CloudTrail writes `additionalEventData` for some events only'],
  [/^detail\.vpcEndpoint(Id|AccountId)$/, 'CloudTrail writes it only for calls through a VPC endpoint'],
  [
    /^detail\.(readOnly|managementEvent|eventCategory|tlsDetails|sessionCredentialFromConsole|sharedEventID|resources|serviceEventDetails)(\.|$)/,
    'CloudTrail writes it for some events or in newer records only',
  ],
];

/** Fields that every event on our bus has, a record in `detail`. */
export const ALWAYS_THERE: ReadonlySet<string> = new Set([
  ...['version', 'id', 'detail-type', 'source', 'account', 'time', 'region'],
  ...['detail.eventVersion', 'detail.eventTime', 'detail.awsRegion', 'detail.eventType'],
]);
