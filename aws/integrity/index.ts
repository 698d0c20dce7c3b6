// Everything that checking integrity asks of AWS, connected: buckets, public keys, trails.
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import type { PublicKeys, TrailBuckets, Trails } from '../../events/digest/doors.ts';
import { FatalError } from '../../events/digest/index.ts';
import { S3TrailBuckets } from './digests.ts';
import { CloudTrailPublicKeys } from './publickeys.ts';
import { SignedRequests } from './signedrequests.ts';
import { CloudTrailTrails } from './trails.ts';

export { assertEndpointUrl, assertProfile, assertRegionName, defaultRegion } from './endpoints.ts';

export interface IntegrityDoors {
  buckets: TrailBuckets;
  keys: PublicKeys;
  trails: Trails;
  /** Lets go of idle connections. */
  close(): void;
}

/** Bytes of large answers held at once: with what inflating takes, the process stays below 200 MB. */
const MAX_HELD_BYTES = 32 * 2 ** 20;

/** botocore's default for connecting and reading. */
const SILENCE_MS = 60_000;

/** @throws FatalError for what is no number of attempts */
function toAttempts(named: string): number {
  if (!/^\s*[+-]?\d+\s*$/.test(named)) throw new FatalError({ code: 'ATTEMPTS_NOT_NUMBER', text: named });
  const attempts = Number(named);
  if (attempts < 1) throw new FatalError({ code: 'ATTEMPTS_TOO_FEW', attempts });
  return attempts;
}

/** The SDK's advice on credentials would stand between the lines of the check. */
const SILENT = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

/** botocore's legacy mode sends a request five times, its other modes three times, unless told a number. */
function maxAttempts(env: NodeJS.ProcessEnv): number {
  const named = env['AWS_MAX_ATTEMPTS'];
  if (named) return toAttempts(named);
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
    credentials: defaultProvider({ logger: SILENT }),
    maxAttempts: maxAttempts(process.env),
    maxHeldBytes: MAX_HELD_BYTES,
    silenceMs: SILENCE_MS,
    random: Math.random,
    sleep: (waitMs) => new Promise((resume) => setTimeout(resume, waitMs)),
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
