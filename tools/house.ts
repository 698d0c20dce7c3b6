// The house as a table: which rooms and wings there are, what each is, who may import whom, by which door. test/layers.test.ts enforces it.

export interface Room {
  /** Folder, or single file, from the repository's root. */
  path: string;
  /** What happens inside, in one line. */
  what: string;
  /** The files that others may import; all of them where none are named. */
  doors?: readonly string[];
  /** Folders inside that are no rooms of their own; any other folder must stand in the table itself. */
  folders?: readonly string[];
  /** The packages it may import; in the core, Node's own modules too. */
  packages?: readonly string[];
  /** Packages whose names begin so may be imported for their types alone: nothing of them is loaded. */
  typesOf?: string;
}

/**
 * The pure core in its order, from what knows nothing to what knows the whole corridor: each file and wing imports only from what stands before it,
 * and from a wing only its doors.
 */
export const CORE: readonly Room[] = [
  { path: 'events/filelimits.ts', what: 'how large a log file, and what is in it, may be' },
  { path: 'events/timeunits.ts', what: 'how long an hour and a day are' },
  { path: 'events/wildcards.ts', what: 'texts with wildcards, compared' },
  { path: 'events/reasons.ts', what: 'why a file or record is skipped or quarantined, in plain words, and what to do next' },
  { path: 'events/errors.ts', what: 'one class for each thing the reader does next' },
  { path: 'events/objectkey.ts', what: 'which object, and what its key says' },
  { path: 'events/cloudtrail.ts', what: 'CloudTrail’s facts: event types, detail-types, sources, fields, versions' },
  { path: 'events/finding.ts', what: 'what was found, and is told: one shape for all' },
  { path: 'events/deliveries.ts', what: 'which accounts and regions deliver, and when that is silence' },
  { path: 'events/silences.ts', what: 'the findings that places stopped delivering, or deliver again', packages: ['node:crypto'] },
  { path: 'events/json', what: 'the strict byte scanner' },
  { path: 'events/logfile', what: 'stored bytes to records, each as its own bytes', doors: ['logfile.ts'], packages: ['node:zlib'] },
  { path: 'events/pattern', what: 'the event-pattern engine, exported as `trailbus/pattern`; no dependencies', doors: ['index.ts'] },
  { path: 'events/pattern/explain', what: 'why a pattern matches an event or doesn’t', doors: ['index.ts'] },
  {
    path: 'events/pattern/lint',
    what: 'what is valid in a rule and still wrong; a file for each lint rule',
    doors: ['index.ts'],
    folders: ['rules'],
  },
  { path: 'events/notification.ts', what: 'any trigger’s payload to the objects it announces' },
  { path: 'events/duplicates.ts', what: 'records that were met before', packages: ['node:crypto'] },
  { path: 'events/owncall.ts', what: 'the loop guard' },
  { path: 'events/entry.ts', what: 'a record as an entry, its form on the wire, its event on the bus' },
  { path: 'events/doors.ts', what: 'what the corridor asks of the outside world' },
  { path: 'events/ledger.ts', what: 'the count of everything that came in' },
  { path: 'events/bus', what: 'entries to PutEvents calls: batching, retrying, parking, reducing', doors: ['delivery.ts'] },
  { path: 'events/yamlfile.ts', what: 'a YAML file of ours read by a schema, every fault with its place', packages: ['yaml', 'zod'] },
  {
    path: 'events/rules',
    what: 'rule files of every form to rules, and rules asked about entries',
    doors: ['index.ts'],
    packages: ['yaml'],
  },
  {
    path: 'events/detect',
    what: 'detections asked about entries; hits and state to findings',
    doors: ['index.ts', 'doors.ts'],
    packages: ['node:crypto', 'zod'],
  },
  {
    path: 'events/detect/lint',
    what: 'what is valid in a detection and still wrong; a file for each lint rule',
    doors: ['index.ts'],
    folders: ['rules'],
    packages: ['yaml'],
  },
  {
    path: 'events/sigma',
    what: 'Sigma rules to detections, and detections to Sigma rules',
    doors: ['index.ts'],
    packages: ['node:crypto', 'yaml', 'zod'],
  },
  { path: 'events/busrules', what: 'rules with targets, as they are put on the bus', doors: ['index.ts'], packages: ['yaml', 'zod'] },
  { path: 'events/advice', what: 'checks judged, and their results in Trusted Advisor’s shape', doors: ['index.ts'] },
  { path: 'events/configfile.ts', what: 'trailbus.yml as one typed value', packages: ['zod'] },
  {
    path: 'events/digest',
    what: 'log file integrity: the chain walk, signatures, verdicts with codes',
    doors: ['index.ts', 'doors.ts'],
    packages: ['node:buffer', 'node:crypto', 'node:zlib'],
  },
  { path: 'events/digest/awscli', what: 'the verdicts in awscli’s words, and its ways of reading dates and options', doors: ['index.ts'] },
  { path: 'events/process.ts', what: 'the corridor: one notification in, one entry out for every record' },
];

/** A room outside the core, with the rooms it may import from. */
export interface OuterRoom extends Room {
  mayImport: readonly string[];
}

export const OUTER: readonly OuterRoom[] = [
  {
    path: 'aws',
    what: 'the doors in the cloud',
    mayImport: ['events'],
    packages: [
      ...['@aws-lambda-powertools/idempotency', '@aws-sdk/client-cloudformation', '@aws-sdk/client-cloudwatch-logs'],
      ...['@aws-sdk/client-dynamodb', '@aws-sdk/client-eventbridge', '@aws-sdk/client-s3'],
      'aws-lambda',
    ],
  },
  {
    path: 'aws/integrity',
    what: 'signed requests to S3 and CloudTrail, for checking integrity',
    doors: ['index.ts'],
    mayImport: ['events'],
    packages: [
      ...['@aws-sdk/client-cloudtrail', '@aws-sdk/client-organizations', '@aws-sdk/client-s3', '@aws-sdk/credential-provider-node'],
      ...['@smithy/core', '@smithy/signature-v4'],
    ],
  },
  {
    path: 'aws/sqs',
    what: 'the doors that are queues',
    doors: ['index.ts'],
    mayImport: ['events', 'aws'],
    packages: ['@aws-sdk/client-sqs', 'zod'],
  },
  {
    path: 'aws/advice',
    what: 'accounts asked through the SDK, each call once',
    doors: ['index.ts'],
    mayImport: ['events'],
    packages: [
      ...[
        'accessanalyzer',
        'cloudformation',
        'cloudtrail',
        'cloudwatch',
        'cloudwatch-logs',
        'config-service',
        'ec2',
        'elastic-load-balancing',
      ],
      ...['elastic-load-balancing-v2', 'glacier', 'guardduty', 'iam', 'inspector2', 'rds', 'route-53', 's3', 's3-control'],
      ...['service-quotas', 'sns', 'sts'],
    ].map((service) => `@aws-sdk/client-${service}`),
  },
  {
    path: 'checks',
    what: 'a file for each check: what it asks, how it judges the answers',
    mayImport: ['events', 'checks/facts'],
    typesOf: '@aws-sdk/client-',
  },
  { path: 'checks/facts', what: 'what several checks ask for', mayImport: ['events'], typesOf: '@aws-sdk/client-' },
  { path: 'local', what: 'the same doors on this machine', mayImport: ['events'] },
  {
    path: 'functions',
    what: 'Lambda handlers, thin',
    mayImport: ['events', 'aws', 'aws/integrity', 'aws/sqs'],
    packages: [
      ...[
        '@aws-lambda-powertools/batch',
        '@aws-lambda-powertools/logger',
        '@aws-lambda-powertools/metrics',
        '@aws-lambda-powertools/tracer',
      ],
      ...['@aws-sdk/client-dynamodb', '@aws-sdk/client-eventbridge', '@aws-sdk/client-s3', '@aws-sdk/client-sqs', '@middy/core'],
      ...['aws-lambda', 'zod'],
    ],
  },
  {
    path: 'cli',
    what: 'the command; `cli/commands/` has a file for each sub-command, a folder for each noun',
    mayImport: ['events', 'aws', 'local', 'serverless', 'cli/rules'],
    packages: [
      ...['@aws-sdk/client-cloudformation', '@aws-sdk/client-cloudwatch-logs', '@aws-sdk/client-s3'],
      ...['cli-progress', 'cli-table3', 'commander', 'picocolors', 'yaml'],
    ],
  },
  {
    path: 'cli/commands',
    what: 'a file for each sub-command: its options and help',
    mayImport: ['cli', 'cli/validatelogs'],
    packages: ['commander'],
  },
  { path: 'cli/commands/advise', what: 'the sub-commands of `advise`', mayImport: ['cli', 'cli/advise'], packages: ['commander'] },
  {
    path: 'cli/advise',
    what: 'what `advise` and its sub-commands do',
    mayImport: ['events', 'aws/advice', 'local', 'cli'],
    packages: ['picocolors'],
  },
  { path: 'cli/commands/config', what: 'the sub-commands of `config`', mayImport: ['cli', 'cli/config'], packages: ['commander'] },
  {
    path: 'cli/commands/rules',
    what: 'the sub-commands of `rules`',
    mayImport: ['cli', 'cli/rules', 'cli/backtest', 'cli/catalogue'],
    packages: ['commander'],
  },
  { path: 'cli/config', what: 'what the sub-commands of `config` do', mayImport: ['events', 'local', 'cli'], packages: ['yaml'] },
  {
    path: 'cli/rules',
    what: 'what the sub-commands of `rules` do',
    mayImport: ['events', 'local', 'cli'],
    packages: ['cli-table3', 'picocolors', 'yaml'],
  },
  {
    path: 'cli/backtest',
    what: 'what `rules backtest` does',
    mayImport: ['events', 'local', 'cli'],
    packages: ['cli-table3', 'picocolors'],
  },
  { path: 'cli/catalogue', what: 'what `rules docs` does: pages of detections', mayImport: ['events', 'local', 'cli'], packages: ['yaml'] },
  {
    path: 'cli/validatelogs',
    what: 'what `validate-logs` does',
    mayImport: ['events', 'aws/integrity', 'local', 'cli'],
    packages: ['cli-progress'],
  },
  {
    path: 'serverless',
    what: 'the stack: parameters declared once, and put together of its pieces',
    mayImport: ['events', 'local', 'functions', 'serverless/pieces'],
    packages: ['esbuild', 'fflate'],
  },
  {
    path: 'serverless/pieces',
    what: 'the pieces of the stack, made of the parameters',
    doors: ['index.ts'],
    folders: ['trigger'],
    mayImport: ['events', 'serverless'],
  },
];
