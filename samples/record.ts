// The shape of a CloudTrail record: what happened goes in, the record comes out with CloudTrail's fields in CloudTrail's order.
import type { Random } from './random.ts';

export interface Place {
  account: string;
  region: string;
}

/** Who makes a call: the `userIdentity` and how the request looked from outside. */
export interface Caller {
  identity: Record<string, unknown>;
  ip: string;
  agent: string;
  /** The call came over the network, so TLS details are recorded; services calling from inside have none. */
  tls: boolean;
  /** The credentials were made by a console session. */
  console?: boolean;
}

export interface Happening {
  /** Milliseconds since 1970; CloudTrail keeps whole seconds. */
  at: number;
  place: Place;
  caller: Caller;
  /** The service without `.amazonaws.com`. */
  source: string;
  name: string;
  request?: unknown;
  response?: unknown;
  error?: readonly [code: string, message: string];
  readOnly?: boolean;
  type?: string;
  category?: 'Management' | 'Data' | 'NetworkActivity';
  resources?: unknown[];
  additional?: unknown;
  serviceDetails?: unknown;
  version?: string;
  eventID?: string;
  sharedEventID?: string;
  /** Fields that stand after `recipientAccountId`, as they are. */
  more?: Record<string, unknown>;
}

export type TrailRecord = Record<string, unknown> & { eventTime?: string };

/** Services write the version they were built with, so a trail holds several at once; the rest write `1.09`. */
const VERSIONS: Record<string, string> = {
  elasticloadbalancing: '1.05',
  config: '1.06',
  monitoring: '1.07',
  sts: '1.08',
  signin: '1.08',
  rds: '1.08',
  autoscaling: '1.08',
  ec2: '1.10',
  lambda: '1.10',
  guardduty: '1.10',
  s3: '1.11',
  iam: '1.11',
  kms: '1.11',
  secretsmanager: '1.11',
};

const READS = /^(Describe|List|Get|Head|Lookup|BatchGet|Assume|Decrypt|GenerateDataKey|Filter|Search|Simulate|Test|View)/;

const minorOf = (version: string): number => Number(version.split('.')[1]);

export const secondOf = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

/** The services whose endpoint, and whose records, know no region but us-east-1. */
export const GLOBAL_SERVICES = new Set(['iam', 'organizations', 'route53', 'cloudfront', 'route53domains', 'billingconsole']);

const hostOf = (source: string, region: string): string =>
  GLOBAL_SERVICES.has(source) ? `${source}.amazonaws.com` : `${source}.${region}.amazonaws.com`;

const tlsOf = (happening: Happening) => ({
  tlsVersion: 'TLSv1.3',
  cipherSuite: 'TLS_AES_128_GCM_SHA256',
  clientProvidedHostHeader: hostOf(happening.source, happening.place.region),
});

function requestIdOf(happening: Happening, random: Random): string | undefined {
  if ((happening.type ?? 'AwsApiCall') !== 'AwsApiCall' && happening.category !== 'NetworkActivity') return undefined;
  return happening.source === 's3' ? random.hex(16).toUpperCase() : random.uuid();
}

/**
 * Makes the record of a happening. A field that is undefined is not written; `requestParameters` and `responseElements` of an API call
 * are null when empty. `managementEvent` came with version 1.06, `eventCategory` with 1.07, `tlsDetails` with 1.08.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export function toRecord(happening: Happening, random: Random): TrailRecord {
  const { place, caller, source, name, error } = happening;
  const category = happening.category ?? 'Management';
  const version = happening.version ?? VERSIONS[source] ?? '1.09';
  const minor = minorOf(version);
  const network = category === 'NetworkActivity';
  return {
    eventVersion: version,
    userIdentity: caller.identity,
    eventTime: secondOf(happening.at),
    eventSource: `${source}.amazonaws.com`,
    eventName: name,
    awsRegion: place.region,
    sourceIPAddress: caller.ip,
    userAgent: network ? undefined : caller.agent,
    errorCode: error?.[0],
    errorMessage: error?.[1],
    requestParameters: network ? undefined : (happening.request ?? null),
    responseElements: network ? undefined : error && !happening.response ? null : (happening.response ?? null),
    additionalEventData: happening.additional,
    requestID: requestIdOf(happening, random),
    eventID: happening.eventID ?? random.uuid(),
    readOnly: network ? undefined : (happening.readOnly ?? READS.test(name)),
    resources: happening.resources,
    eventType: happening.type ?? 'AwsApiCall',
    managementEvent: minor >= 6 && !network ? category === 'Management' : undefined,
    recipientAccountId: place.account,
    sharedEventID: happening.sharedEventID,
    serviceEventDetails: happening.serviceDetails,
    ...happening.more,
    eventCategory: minor >= 7 ? category : undefined,
    tlsDetails: minor >= 8 && caller.tls && !network ? tlsOf(happening) : undefined,
    sessionCredentialFromConsole: minor >= 8 && caller.console ? 'true' : undefined,
  };
}
