// Everything that checking integrity asks of AWS, connected: buckets, public keys, trails.
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import type { PublicKeys, TrailBuckets, Trails } from '../events/digest/ports.ts';
import { S3TrailBuckets } from './digests.ts';
import { CloudTrailPublicKeys } from './publickeys.ts';
import { SignedRequests } from './signedrequests.ts';
import { CloudTrailTrails } from './trails.ts';

export interface IntegrityDoors {
  buckets: TrailBuckets;
  keys: PublicKeys;
  trails: Trails;
  /** Lets go of idle connections. */
  close(): void;
}

/** Bytes of large answers held at once: with what inflating takes, the process stays below 200 MB. */
const MAX_HELD_BYTES = 32 * 2 ** 20;

/** botocore's legacy mode sends a request five times, its other modes three times, unless told a number. */
function maxAttempts(env: NodeJS.ProcessEnv): number {
  const named = Number(env['AWS_MAX_ATTEMPTS']);
  if (named >= 1) return Math.floor(named);
  return env['AWS_RETRY_MODE'] && env['AWS_RETRY_MODE'] !== 'legacy' ? 3 : 5;
}

/**
 * Connects to AWS with the SDK's usual credentials.
 *
 * @param region  where CloudTrail and Organizations are called, and where a bucket's region is asked for
 * @param cloudTrailEndpointUrl  `--endpoint-url`: for CloudTrail alone, as in awscli
 */
export function connectIntegrity(region: string, cloudTrailEndpointUrl?: string): IntegrityDoors {
  const requests = new SignedRequests({
    credentials: defaultProvider(),
    maxAttempts: maxAttempts(process.env),
    maxHeldBytes: MAX_HELD_BYTES,
    random: Math.random,
    sleep: (milliseconds) => new Promise((resume) => setTimeout(resume, milliseconds)),
  });
  const cloudtrail = {
    requests,
    name: 'cloudtrail',
    region,
    ...(cloudTrailEndpointUrl !== undefined && { endpointUrl: cloudTrailEndpointUrl }),
  } as const;
  return {
    buckets: new S3TrailBuckets(requests, region),
    keys: new CloudTrailPublicKeys(cloudtrail),
    trails: new CloudTrailTrails(cloudtrail, { requests, name: 'organizations', region }),
    close: () => requests.close(),
  };
}
