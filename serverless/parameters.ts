// The parameters of the stack, each declared once: osls' defaults, the checks and the tables in docs/deploy.md come from here.
import { accountId, anyText, either, type Kind, oneNumberOf, oneOf, optional, textList, wholeNumber } from './kinds.ts';
import { trailList } from './trails.ts';

/** Headings of the tables in docs/deploy.md, in their order. */
export const GROUPS = [
  'Log files',
  'Keys',
  'The bus',
  'Detections',
  'Validation',
  'The process function',
  'Watching',
  'The deployment',
] as const;

export interface Declaration<Value> {
  group: (typeof GROUPS)[number];
  /** What it means, on one line of Markdown. */
  means: string;
  default: string | number;
  kind: Kind<Value>;
}

/** Source: CloudWatch Logs API reference, PutRetentionPolicy, `retentionInDays`; those of them that osls takes (4.3.1). */
const LOG_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 2192, 2557, 2922, 3288, 3653];

/**
 * Bounds of numbers are those of who takes them: Lambda's quotas (`memory`, `timeout`), the SQS API reference, SetQueueAttributes
 * (`retryAfter`, `maxReceives`), functions/validate.ts (`validateHours`).
 */
export const PARAMETERS = {
  trigger: {
    group: 'Log files',
    means: 'How the notification of a log file reaches the function: `s3`, `sns`, `sqs` or `eventbridge`.',
    default: 'sqs',
    kind: oneOf('s3', 'sns', 'sqs', 'eventbridge'),
  },
  bucket: {
    group: 'Log files',
    means: 'Bucket your trail writes to. Empty: this stack makes a trail with a bucket of its own.',
    default: '',
    kind: optional(anyText),
  },
  bucketOwner: {
    group: 'Log files',
    means: 'Account that owns the bucket, when it is not this one.',
    default: '',
    kind: optional(accountId),
  },
  moreBuckets: {
    group: 'Log files',
    means: 'More buckets, comma-separated, whose files the topic or queue may announce: `BUCKET`, or `BUCKET=ACCOUNT` of another account.',
    default: '',
    kind: textList,
  },
  topicArn: {
    group: 'Log files',
    means: "SNS topic that announces the files (trigger `sns` or `sqs`): the trail's own, or one the bucket notifies.",
    default: '',
    kind: optional(anyText),
  },
  manageBucketNotifications: {
    group: 'Log files',
    means: "`true`: this stack adds its notification to the existing bucket's. Those already there stay.",
    default: 'false',
    kind: either('true', 'false'),
  },
  organizationId: {
    group: 'Log files',
    means: 'Organization of a new trail (`o-…`), to log all its accounts. Deploy in the management account.',
    default: '',
    kind: optional(anyText),
  },
  logKmsKeyArns: {
    group: 'Keys',
    means: 'KMS keys that the logs are encrypted with, comma-separated ARNs.',
    default: '',
    kind: textList,
  },
  kmsKeyArn: {
    group: 'Keys',
    means: 'KMS key for what this stack creates. Empty: keys that AWS owns.',
    default: '',
    kind: optional(anyText),
  },
  emit: {
    group: 'The bus',
    means:
      '`matched` puts only those records on the bus that a rule in `rules` matches; `all` puts every record. Empty: as the configuration file says, else `all`.',
    default: '',
    kind: optional(oneOf('all', 'matched')),
  },
  rules: {
    group: 'The bus',
    means:
      'Files of rules, or folders of them, comma-separated, in any form that `trailbus rules lint` takes. Those with targets are put on the bus; with `emit=matched` all of them travel with the function. Empty: those that the configuration file names.',
    default: '',
    kind: textList,
  },
  archive: {
    group: 'The bus',
    means: '`off` keeps no archive of the bus.',
    default: 'on',
    kind: either('on', 'off'),
  },
  archiveDays: {
    group: 'The bus',
    means: 'Days the archive keeps an entry; 0 keeps it for ever.',
    default: 30,
    kind: wholeNumber(0),
  },
  detections: {
    group: 'Detections',
    means: '`off` leaves out the detections, and the alert function that tells what they find.',
    default: 'on',
    kind: either('on', 'off'),
  },
  config: {
    group: 'Detections',
    means: 'The configuration file: which detections are on, lists, exclusions. Empty: `trailbus.yml` in this folder, where it is there.',
    default: '',
    kind: optional(anyText),
  },
  validate: {
    group: 'Validation',
    means:
      "`on` checks every hour that the trails' log files are those CloudTrail delivered. Empty: where the trails are known (a new one, or `validateTrails`).",
    default: '',
    kind: optional(either('on', 'off')),
  },
  validateTrails: {
    group: 'Validation',
    means:
      'Trails to check, comma-separated ARNs, or JSON: `[{"arn": "…", "bucket": "…", "prefix": "…", "accountId": "…"}]`, all but the ARN optional.',
    default: '',
    kind: trailList,
  },
  validateHours: {
    group: 'Validation',
    means: 'Hours that are checked every time.',
    default: 24,
    kind: wholeNumber(1, 720),
  },
  memory: {
    group: 'The process function',
    means: 'Its memory in MB; the processor grows with it.',
    default: 1024,
    kind: wholeNumber(128, 10_240),
  },
  timeout: {
    group: 'The process function',
    means: 'Seconds an invocation may take.',
    default: 300,
    kind: wholeNumber(1, 900),
  },
  retryAfter: {
    group: 'The process function',
    means:
      'Seconds until a failed message of the queue is given again. Empty: six times the timeout, as the Lambda developer guide advises for SQS.',
    default: '',
    kind: optional(wholeNumber(0, 43_200)),
  },
  maxReceives: {
    group: 'The process function',
    means: 'Deliveries of one message before it counts as failed and lies in the queue of failed notifications.',
    default: 5,
    kind: wholeNumber(1, 1_000),
  },
  reservedConcurrency: {
    group: 'The process function',
    means: 'Concurrent invocations set aside for the function. Empty: as many as the account has.',
    default: '',
    kind: optional(wholeNumber(0)),
  },
  doneDays: {
    group: 'The process function',
    means: 'Days a done file is remembered.',
    default: 30,
    kind: wholeNumber(1),
  },
  alarmTopicArn: {
    group: 'Watching',
    means: 'SNS topic for alarms; several are separated by commas.',
    default: '',
    kind: textList,
  },
  silentAfter: {
    group: 'Watching',
    means:
      'Hours without a log file or digest after which an account and region that used to deliver is told as silent; more where files used to come more rarely. 0 leaves that out.',
    default: 6,
    kind: wholeNumber(0, 720),
  },
  logDays: {
    group: 'Watching',
    means: "Days the functions' logs are kept: 1, 3, 5, 7, 14, 30, 60, 90 or another number that CloudWatch Logs knows.",
    default: 30,
    kind: oneNumberOf(...LOG_DAYS),
  },
  quarantineDays: {
    group: 'Watching',
    means: 'Days a file lies in quarantine.',
    default: 365,
    kind: wholeNumber(1),
  },
  tracing: {
    group: 'Watching',
    means: '`on` sends traces to X-Ray.',
    default: 'off',
    kind: either('on', 'off'),
  },
  deploymentBucket: {
    group: 'The deployment',
    means: "Bucket for the deployment's own files. Empty: this stack makes one.",
    default: '',
    kind: optional(anyText),
  },
} satisfies Record<string, Declaration<unknown>>;

export type ParameterName = keyof typeof PARAMETERS;

/** Parameters as they are given, each as its kind reads it. */
export type GivenParameters = { readonly [Name in ParameterName]: ReturnType<(typeof PARAMETERS)[Name]['kind']> };

/** The parameters of one deployment: what is not given comes from the configuration file, and else is the default. */
export type StackParameters = Omit<GivenParameters, 'emit'> & { readonly emit: NonNullable<GivenParameters['emit']> };

export const PARAMETER_NAMES = Object.keys(PARAMETERS) as ParameterName[];

/** What osls takes where neither the command line nor a stage gives a value. */
export const defaults = Object.fromEntries(PARAMETER_NAMES.map((name) => [name, PARAMETERS[name].default]));
