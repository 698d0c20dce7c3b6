// Where a service answers, as the SDK's usual chain says: endpoint and region from environment, profile or rules.
import { FatalError, IntegrityError, SetupError } from '../../events/digest/index.ts';

/** The services that checking integrity calls. */
export type ServiceName = 's3' | 'cloudtrail' | 'organizations';

/** Where to send a request, and the region and service to sign it for. */
export interface Endpoint {
  /** Without a trailing slash; for a bucket on AWS, the bucket's own host. */
  url: string;
  region: string;
  /** The endpoint was named by the user: buckets then stand in the path. */
  isCustom: boolean;
}

const VARIABLES: Record<ServiceName, string> = {
  s3: 'AWS_ENDPOINT_URL_S3',
  cloudtrail: 'AWS_ENDPOINT_URL_CLOUDTRAIL',
  organizations: 'AWS_ENDPOINT_URL_ORGANIZATIONS',
};

const withoutSlash = (url: string) => url.replace(/\/+$/, '');

/** The endpoint the environment names for a service: its own variable, else the one for all. */
function environmentEndpoint(service: ServiceName, env: NodeJS.ProcessEnv): string | undefined {
  if (env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS']?.toLowerCase() === 'true') return undefined;
  return env[VARIABLES[service]] || env['AWS_ENDPOINT_URL'] || undefined;
}

/** The SDK would warn on stderr about the age of Node, where only the check's own text belongs. To be called before the SDK is imported. */
function quietSdk(): void {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
}

/** The SDK's own resolution: profile's endpoint_url, FIPS, dual stack, partition. Imported late: it costs a third of a second. */
async function sdkEndpoint(service: ServiceName, region: string, bucket: string | undefined): Promise<Endpoint> {
  quietSdk();
  const { getEndpointFromInstructions } = await import('@smithy/core/endpoints');
  const [config, command] = await SDK_CLIENTS[service](region);
  const resolved = await getEndpointFromInstructions(bucket ? { Bucket: bucket, Key: 'key' } : {}, command, config, {});
  const isCustom = Boolean((config as { isCustomEndpoint?: boolean }).isCustomEndpoint);
  const scheme = (resolved.properties?.['authSchemes'] as { signingRegion?: string }[] | undefined)?.[0];
  const ownHost = await (
    config as { endpoint?: () => Promise<{ protocol: string; hostname: string; port?: number; path: string }> }
  ).endpoint?.();
  const url =
    isCustom && ownHost
      ? `${ownHost.protocol}//${ownHost.hostname}${ownHost.port ? `:${ownHost.port}` : ''}${ownHost.path}`
      : resolved.url.href;
  return { url: withoutSlash(url), region: scheme?.signingRegion ?? region, isCustom };
}

type EndpointOf = Parameters<typeof import('@smithy/core/endpoints').getEndpointFromInstructions>;
type ClientOf = (region: string) => Promise<[EndpointOf[2], EndpointOf[1]]>;

const SDK_CLIENTS: Record<ServiceName, ClientOf> = {
  s3: async (region) => {
    const { S3Client, GetObjectCommand } = await import('@aws-sdk/client-s3');
    return [new S3Client({ region }).config as never, GetObjectCommand as never];
  },
  cloudtrail: async (region) => {
    const { CloudTrailClient, DescribeTrailsCommand } = await import('@aws-sdk/client-cloudtrail');
    return [new CloudTrailClient({ region }).config as never, DescribeTrailsCommand as never];
  },
  organizations: async (region) => {
    const { OrganizationsClient, DescribeOrganizationCommand } = await import('@aws-sdk/client-organizations');
    return [new OrganizationsClient({ region }).config as never, DescribeOrganizationCommand as never];
  },
};

/**
 * Resolves where a service answers in a region.
 *
 * @param bucket  for S3: the bucket that will be asked
 * @param override  what the user gave as `--endpoint-url`
 */
export async function resolveEndpoint(service: ServiceName, region: string, bucket?: string, override?: string): Promise<Endpoint> {
  const custom = override ?? environmentEndpoint(service, process.env);
  return custom ? { url: withoutSlash(custom), region, isCustom: true } : sdkEndpoint(service, region, bucket);
}

/** @throws FatalError for a text that names no scheme */
export function assertEndpointUrl(url: string): void {
  if (/^[a-z][a-z\d+.-]*:/i.test(url)) return;
  throw new FatalError({ code: 'ENDPOINT_WITHOUT_SCHEME', url });
}

/** What may be the name of a region, as botocore sees it. */
const REGION_NAME = /^(?!\d+$)(?!-)[a-zA-Z0-9-]{0,63}(?<!-)$/;

/** @throws IntegrityError for a text that names no region */
export function assertRegionName(region: string): void {
  if (!REGION_NAME.test(region)) throw new IntegrityError({ code: 'REGION_NAME_WRONG', region });
}

/** @throws FatalError when the profile that is named stands in no file */
export async function assertProfile(): Promise<void> {
  const profile = process.env['AWS_PROFILE'];
  if (!profile || profile === 'default') return;
  const { loadSharedConfigFiles } = await import('@smithy/core/config');
  const { configFile, credentialsFile } = await loadSharedConfigFiles();
  if (!configFile[profile] && !credentialsFile[profile]) throw new FatalError({ code: 'PROFILE_UNKNOWN', profile });
}

/** The region calls go to when none is given: environment, then profile. @throws SetupError when there is none */
export async function defaultRegion(): Promise<string> {
  const named = process.env['AWS_REGION'] || process.env['AWS_DEFAULT_REGION'];
  if (named) return named;
  quietSdk();
  const { CloudTrailClient } = await import('@aws-sdk/client-cloudtrail');
  try {
    return await new CloudTrailClient({}).config.region();
  } catch (cause) {
    throw new SetupError({ code: 'REGION_MISSING' }, cause);
  }
}
