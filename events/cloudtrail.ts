// What is known of CloudTrail: its events' types, what they are called on the bus, the fields of a record, its versions.
// Source where nothing else is said: CloudTrail user guide, record contents, userIdentity element, sign-in events (read 2026-11-22).

/** The detail-type of management and data events, and of whatever is unknown. */
export const API_CALL = 'AWS API Call via CloudTrail';

/**
 * Every eventType with its detail-type on the native feed, which the bus keeps. Note `Sign In`: the documentation also spells it `Signin`, the feed
 * doesn't. Of two spellings of one eventType both are known.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html (eventType)
 */
export const DETAIL_TYPE_BY_EVENT_TYPE: ReadonlyMap<string, string> = new Map([
  ['AwsApiCall', API_CALL],
  ['AwsConsoleSignIn', 'AWS Console Sign In via CloudTrail'],
  ['AwsConsoleSignin', 'AWS Console Sign In via CloudTrail'],
  ['AwsServiceEvent', 'AWS Service Event via CloudTrail'],
  ['AwsConsoleAction', 'AWS Console Action via CloudTrail'],
  ['AwsCloudTrailInsight', 'AWS Insight via CloudTrail'],
  ['AwsVpceEvent', 'AWS Network Activity Event via CloudTrail'],
  ['AwsVpceEvents', 'AWS Network Activity Event via CloudTrail'],
]);

/** Every eventCategory with its detail-type, for an eventType that is new or missing. */
export const DETAIL_TYPE_BY_CATEGORY: ReadonlyMap<string, string> = new Map([
  ['Management', API_CALL],
  ['Data', API_CALL],
  ['NetworkActivity', 'AWS Network Activity Event via CloudTrail'],
  ['Insight', 'AWS Insight via CloudTrail'],
  ['Aggregated', 'AWS Aggregated Event via CloudTrail'],
]);

/** The detail-types that events on the bus may have. */
export const DETAIL_TYPES: readonly string[] = [...new Set([...DETAIL_TYPE_BY_EVENT_TYPE.values(), ...DETAIL_TYPE_BY_CATEGORY.values()])];

/** Whether a detail-type is one of CloudTrail's, or meant as one: misspelt, or without its end. `EC2 Instance State-change Notification` is none. */
export const isCloudTrailType = (detailType: string): boolean =>
  /cloudtrail/i.test(detailType) || detailType.startsWith('AWS Console Sign');

/** The eventType of Insights events, which name no source of their own. */
export const INSIGHT_EVENT_TYPE = 'AwsCloudTrailInsight';

/** The ARN of a trail. Source: Service Authorization Reference, "Resource types defined by AWS CloudTrail" (read 2026-11-28). */
export const TRAIL_ARN = /^arn:[^:]+:cloudtrail:[^:]+:\d{12}:trail\/.+$/;

/** What an ARN says after partition, service, region and account: `user/alice`; other text as it stands. */
export const nameInArn = (arn: string): string => arn.replace(/^arn:[^:]*:[^:]*:[^:]*:[^:]*:/, '');

/** What every host name in `eventSource` ends with. */
const HOST_END = /\.amazonaws\.com(?:\.cn)?$/;

/** `iam` of `iam.amazonaws.com`; what is no host name of AWS as it stands. */
export const withoutHost = (eventSource: string): string => eventSource.replace(HOST_END, '');

/** `iam` of `iam.amazonaws.com`; undefined for what doesn't end so. */
export const serviceOf = (eventSource: string): string | undefined =>
  HOST_END.test(eventSource) ? withoutHost(eventSource) || undefined : undefined;

/** The bus that CloudTrail's events are on: the native feed, or ours. */
export type Feed = 'native' | 'trailbus';

/** What sources begin with: `aws.iam` on the native feed is `cloudtrail.iam` on our bus, for PutEvents refuses a source that begins with `aws.`. */
export const SOURCE_PREFIX: Readonly<Record<Feed, string>> = { native: 'aws', trailbus: 'cloudtrail' };

/** The source of a service on our bus. */
export const sourceFor = (service: string): string => `${SOURCE_PREFIX.trailbus}.${service}`;

/** Whether a source, or the beginning of one, belongs to a feed. */
export const isSourceOf = (feed: Feed, source: string): boolean =>
  source === SOURCE_PREFIX[feed] || source.startsWith(`${SOURCE_PREFIX[feed]}.`);

/** A source as another feed says it. */
export const sourceOn = (feed: Feed, source: string): string => source.replace(/^[^.]+/, SOURCE_PREFIX[feed]);

/** The service that a source of either feed names; undefined for other sources. */
export function serviceOfSource(source: string): string | undefined {
  const [prefix, ...service] = source.split('.');
  return Object.values(SOURCE_PREFIX).includes(prefix!) && service.length > 0 ? service.join('.') || undefined : undefined;
}

/**
 * Whether the major number of a record's version is one we know. It is text: "1.10" is newer than "1.9". A minor one only adds fields; a record
 * without a version is of an early or an aggregated kind.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html (eventVersion)
 */
export const isKnownVersion = (eventVersion: string | undefined): boolean => eventVersion === undefined || /^1(\.\d+)*$/.test(eventVersion);

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

/** Fields with few values. */
export const VALUES_BY_PATH: Record<string, readonly string[]> = {
  'detail.userIdentity.type': [
    ...['Root', 'IAMUser', 'AssumedRole', 'Role', 'FederatedUser', 'Directory', 'AWSAccount', 'AWSService', 'IdentityCenterUser'],
    ...['SAMLUser', 'WebIdentityUser', 'Unknown'],
  ],
  'detail.eventType': [...DETAIL_TYPE_BY_EVENT_TYPE.keys()],
  'detail.eventCategory': [...DETAIL_TYPE_BY_CATEGORY.keys()],
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
