// What a function is told by its environment, checked once.
import * as z from 'zod';
import { TrailbusError } from '../events/errors.ts';

/** `bucket` or `bucket=account`, separated by commas: the buckets a notification may point at, and who must own them. */
const logBuckets = z.string().transform((text, context) => {
  const owners = new Map<string, string | undefined>();
  for (const part of text.split(',').map((piece) => piece.trim())) {
    const [, bucket, owner] = /^([a-z0-9.-]{3,63})(?:=(\d{12}))?$/.exec(part) ?? [];
    if (bucket === undefined) context.addIssue({ code: 'custom', message: `\`${part}\` is neither BUCKET nor BUCKET=ACCOUNT` });
    else owners.set(bucket, owner);
  }
  return owners;
});

const name = z.string().min(1, 'must not be empty');
const roleArn = z.string().regex(/^arn:[^:]+:iam::\d{12}:role\//, 'must be the ARN of an IAM role');
const count = z.coerce.number().int().positive();

const Settings = z.object({
  /** Name or ARN of the bus that entries go to. */
  BUS_NAME: name,
  LOG_BUCKETS: logBuckets,
  QUARANTINE_BUCKET: name,
  /** Queue for entries the bus refused for good. */
  PARKED_ENTRIES_QUEUE_URL: z.url(),
  /** DynamoDB table that remembers done files. */
  DONE_TABLE: name,
  DONE_DAYS: count.optional(),
  /** The role this runs under: its own calls are not published again. */
  OWN_ROLE_ARN: roleArn,
  /** The alert function's role: nor are that one's. */
  ALERT_ROLE_ARN: roleArn.optional(),
  /** Tables and queues of both, separated by commas: what a call of theirs has to be about to be hidden. */
  OWN_STORE_ARNS: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter((arn) => arn !== '')),
  /** Largest PutEvents call, in bytes as EventBridge counts them. */
  MAX_CALL_BYTES: count.optional(),
  MAX_STORED_BYTES: count.optional(),
  MAX_INFLATED_BYTES: count.optional(),
  /** `matched` puts only what some rule matches on the bus. */
  EMIT: z.enum(['all', 'matched'], { error: 'must be all or matched' }).default('all'),
  /** The file with those rules, from the function's own folder; packaging puts it there. */
  RULES: name.optional(),
  /** The file with the detections that each record is asked; packaging puts it there. */
  DETECTIONS: name.optional(),
  /** Queue for what they say. */
  HIT_QUEUE_URL: z.url().optional(),
  /** DynamoDB table that remembers which accounts and regions deliver. */
  DELIVERY_TABLE: name.optional(),
  /** Lambda's own; the events' `region` on the bus. */
  AWS_REGION: name.optional(),
});

const Environment = Settings.refine(({ EMIT, RULES, DETECTIONS }) => EMIT === 'all' || (RULES ?? DETECTIONS) !== undefined, {
  path: ['RULES'],
}).refine(({ DETECTIONS, HIT_QUEUE_URL }) => DETECTIONS === undefined || HIT_QUEUE_URL !== undefined, { path: ['HIT_QUEUE_URL'] });

export type Configuration = z.infer<typeof Environment>;

/**
 * The environment's settings, typed.
 * @throws TrailbusError that names every variable that is missing or wrong; values are not repeated, they may be secrets
 */
export function readConfiguration(environment: Record<string, string | undefined>): Configuration {
  const result = Environment.safeParse(environment);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => {
    const variable = String(issue.path[0]);
    return environment[variable] === undefined ? `${variable} is not set` : `${variable}: ${issue.message}`;
  });
  throw new TrailbusError(`the function's environment is wrong: ${faults.join('; ')}`, {
    source: 'environment',
    help: 'deploy again; a deployment sets it in serverless/pieces/process.ts',
  });
}
