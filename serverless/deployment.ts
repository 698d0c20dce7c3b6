// One deployment as its pieces see it: the parameters, and what follows from more than one of them.
import type { BusRule } from '../events/busrules/index.ts';
import type { WatchedTrail } from '../events/digest/index.ts';
import { ACCOUNT, PARTITION, REGION } from './cloudformation.ts';
import { type LogBucket, logBucketsOf } from './logbuckets.ts';
import type { StackParameters } from './parameters.ts';
import { trailsToValidate } from './trails.ts';

export interface Deployment {
  /** `trailbus-STAGE`: of the stack, its bus, its archive, its trail and its metrics. */
  readonly stackName: string;
  readonly parameters: StackParameters;
  /** The buckets that may be announced; the first is the trail's. */
  readonly buckets: readonly [LogBucket, ...LogBucket[]];
  /** ARN of the trail that the stack makes when it has no bucket; goes through `sub`. */
  readonly ownTrailArn: string;
  /** Trails whose log files are checked; none without validation. */
  readonly validatedTrails: readonly WatchedTrail[];
  /** Users' rules that have targets. */
  readonly rules: readonly BusRule[];
  readonly artifacts: Artifacts;
}

/** Where the code of functions is that something travels with: zips, from the folder of serverless.yml. */
export interface Artifacts {
  readonly process: string;
  readonly alert: string;
}

export function describeDeployment(
  stackName: string,
  parameters: StackParameters,
  artifacts: Artifacts,
  rules: readonly BusRule[] = [],
): Deployment {
  const buckets = logBucketsOf(parameters, stackName);
  const ownTrailArn = `arn:${PARTITION}:cloudtrail:${REGION}:${ACCOUNT}:trail/${stackName}`;
  const validatedTrails = trailsToValidate(parameters, { arn: ownTrailArn, bucket: buckets[0].name });
  return { stackName, parameters, buckets, ownTrailArn, validatedTrails, rules, artifacts };
}

export const isValidating = ({ validatedTrails }: Deployment) => validatedTrails.length > 0;

export const hasDetections = ({ parameters }: Deployment) => parameters.detections;

export const isWatchingSilence = ({ parameters }: Deployment) => parameters.silentAfter > 0;

export const hasRuleTargets = ({ rules }: Deployment) => rules.length > 0;

/** Whether the process function asks rules what to put on the bus. */
export const asksRules = ({ parameters: { emit, rules } }: Pick<Deployment, 'parameters'>) => emit === 'matched' && rules.length > 0;

/** Whether a queue stands between the notifications and the function. */
export const hasQueue = ({ parameters }: Deployment) => parameters.trigger === 'sqs';
