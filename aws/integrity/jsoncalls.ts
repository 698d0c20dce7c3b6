// Calls to services that speak JSON 1.1: CloudTrail and Organizations.
import { resolveEndpoint, type ServiceName } from './endpoints.ts';
import { jsonBody, jsonError, type SignedRequests } from './signedrequests.ts';

/** The name in front of the operation in `X-Amz-Target`. */
const TARGETS: Record<Exclude<ServiceName, 's3'>, string> = {
  cloudtrail: 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101',
  organizations: 'AWSOrganizationsV20161128',
};

/** Where and how a service is called. */
export interface JsonService {
  requests: SignedRequests;
  name: Exclude<ServiceName, 's3'>;
  region: string;
  /** What the user gave as `--endpoint-url`. */
  endpointUrl?: string;
}

/** Members that are null count as absent, as botocore takes them. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const present = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(present.map(([name, inner]) => [name, withoutNulls(inner)]));
}

/** Calls an operation and gives its answer. @throws ServiceError when the service says no; IntegrityError when no answer came, or none that can be read */
export async function callJson(service: JsonService, operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>> {
  const { requests, name } = service;
  const { url, region } = await resolveEndpoint(name, service.region, undefined, service.endpointUrl);
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `${TARGETS[name]}.${operation}` };
  const call = {
    operation,
    service: name,
    region,
    endpoint: url,
    method: 'POST',
    path: '/',
    headers,
    body: JSON.stringify(input),
  } as const;
  const { body } = await requests.send(call, jsonError);
  return withoutNulls(jsonBody(body)) as Record<string, unknown>;
}
