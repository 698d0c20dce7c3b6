// Log file integrity in Lambda: checks the configured trails on a schedule and puts what is invalid on the bus.
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { eventBridgePut, realWaits } from '../aws/bus.ts';
import { connectIntegrity, type IntegrityDoors } from '../aws/integrity/index.ts';
import { EventBridgeFindings } from '../aws/integrityfindings.ts';
import { DynamoWatchState } from '../aws/watchstate.ts';
import { TRAIL_ARN } from '../events/cloudtrail.ts';
import { awscliReading } from '../events/digest/awscli/index.ts';
import type { FindingBus } from '../events/digest/doors.ts';
import { type WatchDoors, type WatchedTrail, type WatchTally, watchTrails } from '../events/digest/index.ts';
import { TrailbusError } from '../events/errors.ts';
import { handler, logger, metrics, traced } from './handler.ts';
import { readSettings } from './settings.ts';

const TrailsSetting = z.array(
  z.strictObject({
    arn: z.string().regex(TRAIL_ARN, 'must be the ARN of a trail'),
    bucket: z.string().min(3).optional(),
    prefix: z.string().optional(),
    accountId: z
      .string()
      .regex(/^\d{12}$/)
      .optional(),
  }),
);

const fromJson = z.string().transform((text, context) => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    context.addIssue({ code: 'custom', message: 'is not JSON' });
    return z.NEVER;
  }
});

const ValidateEnvironment = z.object({
  AWS_REGION: z.string().min(1),
  /** JSON: `[{"arn": …, "bucket"?: …, "prefix"?: …, "accountId"?: …}]`. */
  TRAILS: fromJson.pipe(TrailsSetting),
  BUS_NAME: z.string().min(1),
  /** DynamoDB table that remembers how far each trail was checked. */
  STATE_TABLE: z.string().min(1),
  /** Hours that are checked every time. */
  CHECK_HOURS: z.coerce.number().positive().max(720).default(24),
  CONCURRENCY: z.coerce.number().int().positive().max(256).default(32),
});
type ValidateEnvironment = z.infer<typeof ValidateEnvironment>;

/** The environment as settings. @throws TrailbusError that names every fault */
export const readEnvironment = (environment: Record<string, string | undefined>): ValidateEnvironment =>
  readSettings(ValidateEnvironment, environment, 'serverless/pieces/validate.ts');

/** Longest span checked at one go: a week of downtime is caught up in seven. */
const WINDOW_HOURS = 24;

export interface Watching {
  trails: WatchedTrail[];
  doors: Omit<WatchDoors, 'bus'>;
  /** Takes findings within an invocation. */
  busIn: (context: Context) => FindingBus;
  hours: number;
  concurrency: number;
}

function openWatch({ AWS_REGION, TRAILS, BUS_NAME, STATE_TABLE, CHECK_HOURS, CONCURRENCY }: ValidateEnvironment): Watching {
  const regions = new Map<string, IntegrityDoors>();
  const doorsIn = (region: string) => {
    if (!regions.has(region)) regions.set(region, connectIntegrity(region));
    return regions.get(region)!;
  };
  const { buckets, trails } = doorsIn(AWS_REGION);
  const put = eventBridgePut(traced(new EventBridgeClient({ maxAttempts: 1 })), BUS_NAME);
  const busIn = (context: Context) => new EventBridgeFindings(put, { ...realWaits, timeLeftMs: () => context.getRemainingTimeInMillis() });
  const state = new DynamoWatchState(traced(new DynamoDBClient({})), STATE_TABLE, Date.now);
  const doors = { buckets, trails, keysIn: (region: string) => doorsIn(region).keys, state };
  return { trails: TRAILS as WatchedTrail[], doors, busIn, hours: CHECK_HOURS, concurrency: CONCURRENCY };
}

function publish(tally: WatchTally): void {
  metrics.addMetric('DigestsProven', MetricUnit.Count, tally.digestsProven);
  metrics.addMetric('FilesProven', MetricUnit.Count, tally.filesProven);
  metrics.addMetric('FilesInvalid', MetricUnit.Count, tally.filesInvalid);
  if (tally.lagMs !== undefined) metrics.addMetric('ValidationLag', MetricUnit.Seconds, tally.lagMs / 1_000);
  logger.info('trails checked', { ...tally });
}

/** The handler over an opened watch. A trail that can't be checked fails the invocation after all others were checked. */
export function validateHandler(open: () => Watching, now: () => Date = () => new Date()) {
  let watching: Watching | undefined;
  return handler(async (_event, context): Promise<WatchTally> => {
    watching ??= open();
    const { trails, hours, concurrency } = watching;
    const doors = { ...watching.doors, bus: watching.busIn(context) };
    const time = now();
    const tally = await watchTrails(trails, doors, {
      ...{ hours, concurrency, now: time, reading: awscliReading(time), windowHours: WINDOW_HOURS },
      timeLeftMs: () => context.getRemainingTimeInMillis(),
      onFailure: ({ arn }, error) => logger.error('trail not checked', { trail: arn, error: error as Error }),
    });
    publish(tally);
    if (tally.trailsFailed > 0)
      throw new TrailbusError(`${tally.trailsFailed} of ${trails.length} trails could not be checked`, { source: 'TRAILS' });
    return tally;
  });
}

export const main = validateHandler(() => openWatch(readEnvironment(process.env)));
