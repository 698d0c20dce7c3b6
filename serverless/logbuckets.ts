// The buckets that log files are read from, and who must own them.
import { ACCOUNT, PARTITION, REGION, sub, type TemplateValue } from './cloudformation.ts';
import type { StackParameters } from './parameters.ts';

/** Both are texts that go through `sub`. */
export interface LogBucket {
  name: string;
  /** The account that is sent with every read, so that a bucket that changes hands is not read. */
  owner: string;
}

/** The bucket that this deployment reads first: the existing one, or the one it makes. Then the others, in their order. */
export function logBucketsOf(parameters: StackParameters, stackName: string): [LogBucket, ...LogBucket[]] {
  const { bucket, bucketOwner, moreBuckets } = parameters;
  const first = { name: bucket ?? `${stackName}-logs-${ACCOUNT}-${REGION}`, owner: bucketOwner ?? ACCOUNT };
  const others = moreBuckets.map((text) => {
    const [name = '', owner = ACCOUNT] = text.split('=');
    return { name, owner };
  });
  return [first, ...others];
}

/** Each owner once. */
export const ownersOf = (buckets: readonly LogBucket[]): TemplateValue[] => [...new Set(buckets.map(({ owner }) => owner))].map(sub);

export const bucketArn = (name: string, path = ''): TemplateValue => sub(`arn:${PARTITION}:s3:::${name}${path}`);

/** What is not below AWSLogs/ is no log file, and never read. */
export const logFileArn = (name: string): TemplateValue => bucketArn(name, '/*AWSLogs/*');
