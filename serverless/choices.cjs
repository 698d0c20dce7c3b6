// What follows from the parameters of serverless.yml: which fragments a deployment is made of, and the values in them that depend on more than one parameter.
// CommonJS, because osls reads variables from nothing else.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of CloudFormation and of osls

const { join } = require('node:path');
const { faultsOfTrails, trailsToValidate } = require('./trails.cjs');

const NO_VALUE = { Ref: 'AWS::NoValue' };
const TRIGGERS = ['s3', 'sns', 'sqs', 'eventbridge'];

const list = (text) =>
  String(text)
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

const sub = (text) => (text.includes('${') ? { 'Fn::Sub': text } : text);
const getArn = (resource) => ({ 'Fn::GetAtt': [resource, 'Arn'] });

/** The parameters as they stand in serverless.yml or on the command line, all as text. */
async function readParameters(resolveVariable) {
  const read = async (name) => String((await resolveVariable(`param:${name}`)) ?? '').trim();
  const names = [
    ...[
      'trigger',
      'bucket',
      'bucketOwner',
      'moreBuckets',
      'topicArn',
      'manageBucketNotifications',
      'logKmsKeyArns',
      'kmsKeyArn',
      'organizationId',
    ],
    ...['emit', 'rules', 'validate', 'validateTrails'],
    ...['alarmTopicArn', 'timeout', 'retryAfter', 'reservedConcurrency', 'archive', 'tracing', 'deploymentBucket'],
  ];
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await read(name)])));
}

/**
 * Says what is wrong with the parameters, once, and ends: an error thrown here would be repeated by osls, with its stack,
 * for each value that was asked for.
 */
function refuseFaults(p) {
  const faults = [];
  const check = (isRight, fault) => isRight || faults.push(fault);
  check(TRIGGERS.includes(p.trigger), `trigger is \`${p.trigger}\`: give one of ${TRIGGERS.join(', ')}`);
  check(
    !p.topicArn || p.trigger === 'sns' || p.trigger === 'sqs',
    `topicArn has no use with trigger \`${p.trigger}\`: take it out, or choose sns or sqs`,
  );
  check(!p.topicArn || p.bucket, 'topicArn without bucket: name the bucket whose files the topic announces');
  check(['true', 'false'].includes(p.manageBucketNotifications), 'manageBucketNotifications must be true or false');
  check(p.manageBucketNotifications === 'false' || p.bucket, 'manageBucketNotifications is for an existing bucket: name it in `bucket`');
  check(
    p.manageBucketNotifications === 'false' || !p.topicArn,
    'manageBucketNotifications with topicArn: the topic announces the files already; take one out',
  );
  check(!p.organizationId || !p.bucket, 'organizationId is for a new trail: take out `bucket`, or organizationId');
  check(!p.bucketOwner || /^\d{12}$/.test(p.bucketOwner), 'bucketOwner must be an account id of 12 digits');
  check(['on', 'off'].includes(p.archive), 'archive must be on or off');
  check(['on', 'off'].includes(p.tracing), 'tracing must be on or off');
  check(['all', 'matched'].includes(p.emit), 'emit must be all or matched');
  check(p.emit !== 'matched' || p.rules, 'emit is `matched`, and no rules are given: name their file or folder in `rules`');
  check(p.emit === 'matched' || !p.rules, 'rules have no use with emit `all`: take them out, or choose emit=matched');
  faults.push(...faultsOfTrails(p));
  if (faults.length === 0) return;
  end(`wrong parameters:\n  ${faults.join('\n  ')}\nparameters: serverless.yml; what to give in which situation: docs/deploy.md`);
}

function end(complaint) {
  process.stderr.write(`${complaint}\n`);
  process.exit(1);
}

const BUILT = join(__dirname, '../.build');
let shipped;

/** The process function's zip; with emit matched, one that has the rules in it. Made once, though osls asks for every value anew. */
async function processArtifact(p) {
  if (p.emit === 'all') return '.build/process.zip';
  const { shipRules } = await import('./rules.mjs');
  shipped ??= shipRules(BUILT, p.rules).catch((error) => {
    const place = error.source ? `${error.source}: ` : '';
    end(
      `wrong rules:\n  ${place}${error.message}\n${error.help ? `  next: ${error.help}\n` : ''}try them: npx trailbus rules lint ${p.rules}`,
    );
  });
  return `.build/${await shipped}`;
}

/** Fn::Sub text of the bucket this deployment reads first: the existing one, or the one it makes. */
const trailBucket = (p, service, stage) => p.bucket || `${service}-${stage}-logs-\${AWS::AccountId}-\${AWS::Region}`;

/** Each bucket with the account that must own it, `BUCKET=ACCOUNT`: this one where no other is named. */
const bucketsOf = (p, first) =>
  [p.bucketOwner ? `${first}=${p.bucketOwner}` : first, ...list(p.moreBuckets)].map((bucket) =>
    bucket.includes('=') ? bucket : `${bucket}=\${AWS::AccountId}`,
  );

/** What S3 has to be told so that a new object reaches the trigger. The filter keeps everything but compressed JSON out; digests are skipped by name. */
function notificationConfiguration(p) {
  const filtered = (destination) => [
    { Event: 's3:ObjectCreated:*', Filter: { S3Key: { Rules: [{ Name: 'suffix', Value: '.json.gz' }] } }, ...destination },
  ];
  const byTrigger = {
    s3: { LambdaConfigurations: filtered({ Function: getArn('ProcessLambdaFunction') }) },
    sns: { TopicConfigurations: filtered({ Topic: { Ref: 'NewsTopic' } }) },
    sqs: { QueueConfigurations: filtered({ Queue: getArn('NewsQueue') }) },
    eventbridge: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
  };
  return byTrigger[p.trigger];
}

/** The same for the custom resource that tells an existing bucket. */
const listenerOf = {
  s3: { kind: 'function', arn: getArn('ProcessLambdaFunction') },
  sns: { kind: 'topic', arn: { Ref: 'NewsTopic' } },
  sqs: { kind: 'queue', arn: getArn('NewsQueue') },
  eventbridge: { kind: 'eventbus' },
};

/** What must stand before S3 accepts the notification: it tests the destination's permission. */
const permissionOf = { s3: ['BucketMayInvoke'], sns: ['NewsTopicPolicy'], sqs: ['NewsQueuePolicy'], eventbridge: [] };

/** Fragments of a deployment, in the order a reader would want them. */
function fragments(p, isValidating) {
  const isDirect = p.trigger !== 'sqs';
  const hasKeys = p.logKmsKeyArns || p.kmsKeyArn;
  return [
    'bus',
    ...(p.archive === 'on' ? ['archive'] : []),
    'role',
    'stores',
    `trigger/${p.trigger}`,
    ...(isDirect ? ['trigger/direct'] : []),
    ...(p.trigger === 'sns' && !p.topicArn ? ['trigger/newtopic'] : []),
    ...(p.trigger === 'sqs' ? [p.topicArn ? 'trigger/queuefromtopic' : 'trigger/queuefrombucket'] : []),
    ...(p.bucket ? [] : ['newtrail']),
    ...(isValidating ? ['validate'] : []),
    ...(isValidating && hasKeys ? ['validatekeys'] : []),
    ...(p.manageBucketNotifications === 'true' ? ['bucketnotifications'] : []),
    ...(hasKeys ? ['keys'] : []),
    ...(p.kmsKeyArn ? ['buskey'] : []),
    ...(p.tracing === 'on' ? ['tracing'] : []),
    'alarms',
  ];
}

module.exports = async ({ resolveVariable }) => {
  const p = await readParameters(resolveVariable);
  refuseFaults(p);
  const service = await resolveVariable('self:service');
  const stage = await resolveVariable('sls:stage');
  const buckets = bucketsOf(p, trailBucket(p, service, stage));
  const arnsOf = (names, path) => names.map((name) => sub(`arn:\${AWS::Partition}:s3:::${name}${path}`));
  const names = buckets.map((bucket) => bucket.split('=')[0]);
  const arns = (path) => arnsOf(names, path);
  const trailArn = `arn:\${AWS::Partition}:cloudtrail:\${AWS::Region}:\${AWS::AccountId}:trail/${service}-${stage}`;
  const trails = trailsToValidate(p, { arn: trailArn, bucket: names[0] });
  const validatedBuckets = [...new Set([...names, ...trails.flatMap(({ bucket }) => bucket ?? [])])];
  const owners = [...new Set(buckets.map((bucket) => bucket.split('=')[1]))];
  const key = p.kmsKeyArn || NO_VALUE;

  return {
    resources: fragments(p, trails.length > 0).map((name) => `\${file(serverless/${name}.yml)}`),
    processArtifact: await processArtifact(p),
    bucketNotificationsFunction: p.manageBucketNotifications === 'true' ? '${file(serverless/bucketnotifications.function.yml)}' : {},
    validateFunction: trails.length > 0 ? '${file(serverless/validate.function.yml)}' : {},
    deploymentBucket: p.deploymentBucket || undefined,
    reservedConcurrency: p.reservedConcurrency ? Number(p.reservedConcurrency) : undefined,
    tracingMode: p.tracing === 'on' ? 'Active' : undefined,
    retryAfter: p.retryAfter ? Number(p.retryAfter) : 6 * Number(p.timeout),
    // Lists of buckets, as the environment, IAM and patterns want them.
    logBuckets: sub(buckets.join(',')),
    bucketName: sub(trailBucket(p, service, stage)),
    bucketNames: names.map(sub),
    bucketArn: arns('')[0],
    bucketArns: arns(''),
    // What is not below AWSLogs/ is no log file, and never read.
    objectArns: arns('/*AWSLogs/*'),
    bucketOwner: sub(owners[0]),
    bucketOwners: owners.map(sub),
    topicArn: p.topicArn || { Ref: 'NewsTopic' },
    notificationConfiguration: notificationConfiguration(p),
    listener: listenerOf[p.trigger],
    notificationPermission: permissionOf[p.trigger],
    // A new trail.
    trailArn: sub(trailArn),
    logPrefixArns: ['${AWS::AccountId}', ...list(p.organizationId)].map((id) =>
      sub(`arn:\${AWS::Partition}:s3:::${trailBucket(p, service, stage)}/AWSLogs/${id}/*`),
    ),
    isOrganizationTrail: p.organizationId !== '',
    // Trails to validate.
    validatedTrails: sub(JSON.stringify(trails)),
    validatedBucketArns: arnsOf(validatedBuckets, ''),
    validatedObjectArns: arnsOf(validatedBuckets, '/*AWSLogs/*'),
    // Encryption of what this stack creates.
    key,
    busDeadLetters: p.kmsKeyArn ? { Arn: getArn('ParkedEntriesQueue') } : NO_VALUE,
    usesSqsKey: p.kmsKeyArn ? NO_VALUE : true,
    tableEncryption: p.kmsKeyArn ? { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: p.kmsKeyArn } : { SSEEnabled: false },
    bucketEncryption: {
      ServerSideEncryptionConfiguration: [
        p.kmsKeyArn
          ? { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: p.kmsKeyArn } }
          : { ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
      ],
    },
    keyStatements: [
      { Effect: 'Allow', Action: 'kms:Decrypt', Resource: [...list(p.logKmsKeyArns), ...list(p.kmsKeyArn)] },
      ...(p.kmsKeyArn ? [{ Effect: 'Allow', Action: 'kms:GenerateDataKey', Resource: p.kmsKeyArn }] : []),
    ],
    alarmActions: list(p.alarmTopicArn),
  };
};
