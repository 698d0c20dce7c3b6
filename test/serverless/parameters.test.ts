// The parameters of the stack: what is read from their texts, and every complaint about them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../events/errors.ts';
import { type Declaration, GROUPS, PARAMETERS } from '../../serverless/parameters.ts';
import { type GivenTexts, parametersOf } from './deployments.ts';

const TRAIL = 'arn:aws:cloudtrail:us-east-1:222233334444:trail/main';
const TOPIC = 'arn:aws:sns:us-east-1:111122223333:trail-files';

/** What is complained about, one fault a line. */
function faultsOf(texts: GivenTexts): string[] {
  try {
    parametersOf(texts);
  } catch (error) {
    assert.ok(error instanceof UsageError);
    assert.match(error.help ?? '', /docs\/deploy\.md/);
    const [first, ...faults] = error.message.split('\n  ');
    assert.equal(first, 'wrong parameters:');
    return faults;
  }
  return [];
}

test('what is not given has its default: numbers as numbers, switches as booleans, nothing as undefined', () => {
  const { trigger, bucket, moreBuckets, manageBucketNotifications, archive, timeout, retryAfter, validate, validateTrails } = parametersOf(
    {},
  );
  assert.deepEqual([trigger, bucket, moreBuckets, manageBucketNotifications], ['sqs', undefined, [], false]);
  assert.deepEqual([archive, timeout, retryAfter, validate, validateTrails], [true, 300, undefined, undefined, []]);
});

test('what is given is read by its kind', () => {
  const parameters = parametersOf({
    ...{ bucket: 'my-logs', moreBuckets: 'b-logs, c-logs=222233334444,', manageBucketNotifications: 'true' },
    ...{ archive: 'off', timeout: '20', retryAfter: '0', validate: 'on', validateTrails: `${TRAIL}, ${TRAIL}2` },
  });
  assert.deepEqual(parameters.moreBuckets, ['b-logs', 'c-logs=222233334444']);
  assert.deepEqual([parameters.manageBucketNotifications, parameters.archive, parameters.validate], [true, false, true]);
  assert.deepEqual([parameters.timeout, parameters.retryAfter], [20, 0]);
  assert.deepEqual(parameters.validateTrails, [{ arn: TRAIL }, { arn: `${TRAIL}2` }]);
});

test('what is on the bus is said by the parameter, else by the configuration file, else it is every record', () => {
  const emitted = (...given: Parameters<typeof parametersOf>) => {
    const { emit, rules } = parametersOf(...given);
    return [emit, rules];
  };
  const configured = { emit: 'matched' as const, rules: ['their/rules', 'more.yml'] };
  assert.deepEqual(emitted({}), ['all', []]);
  assert.deepEqual(emitted({}, configured), ['matched', ['their/rules', 'more.yml']]);
  assert.deepEqual(emitted({ rules: 'mine/, other.yml' }, configured), ['matched', ['mine/', 'other.yml']]);
  assert.deepEqual(emitted({ emit: 'all' }, configured), ['all', ['their/rules', 'more.yml']]);
  assert.deepEqual(emitted({ emit: 'matched' }, { rules: ['r'] }), ['matched', ['r']]);
  assert.deepEqual(emitted({}, { rules: ['r'] }), ['all', ['r']]);
});

test('with detections nothing need match: then findings alone are on the bus', () =>
  assert.deepEqual(parametersOf({ emit: 'matched' }).rules, []));

test('trails are given as JSON too, one or several', () => {
  const trail = { arn: TRAIL, bucket: 'their-logs', prefix: 'p', accountId: '111122223333' };
  assert.deepEqual(parametersOf({ validateTrails: JSON.stringify(trail) }).validateTrails, [trail]);
  assert.deepEqual(parametersOf({ validateTrails: JSON.stringify([trail, { arn: TRAIL }]) }).validateTrails, [trail, { arn: TRAIL }]);
});

const alone: [string, GivenTexts, string][] = [
  ['a trigger that is none', { trigger: 'kinesis' }, 'trigger is `kinesis`: give one of s3, sns, sqs, eventbridge'],
  ['an owner that is no account', { bucketOwner: '1234' }, 'bucketOwner must be an account id of 12 digits'],
  ['a switch that is neither', { manageBucketNotifications: 'yes' }, 'manageBucketNotifications must be true or false'],
  ['an emit that is none', { emit: 'some' }, 'emit must be all or matched'],
  ['detections that are neither', { detections: 'yes' }, 'detections must be on or off'],
  ['an archive that is neither', { archive: 'no' }, 'archive must be on or off'],
  ['tracing that is neither', { tracing: 'true' }, 'tracing must be on or off'],
  ['a validation that is neither', { validate: 'maybe' }, 'validate must be on or off'],
  ['an ARN of no trail', { validateTrails: 'main' }, 'validateTrails: `main` is no ARN of a trail'],
  ['a trail without an ARN', { validateTrails: '[{}]' }, 'validateTrails: `undefined` is no ARN of a trail'],
  ['trails that are nothing', { validateTrails: '[null]' }, 'validateTrails: `undefined` is no ARN of a trail'],
  [
    'a setting that trails have not',
    { validateTrails: `{"arn":"${TRAIL}","buckets":"x"}` },
    `validateTrails: \`buckets\` of ${TRAIL} is none of arn, bucket, prefix, accountId, as text`,
  ],
  [
    'a setting that is no text',
    { validateTrails: `{"arn":"${TRAIL}","accountId":1}` },
    `validateTrails: \`accountId\` of ${TRAIL} is none of arn, bucket, prefix, accountId, as text`,
  ],
  ['no number', { archiveDays: 'y' }, 'archiveDays is `y`: give a whole number of at least 0'],
  ['half a number', { doneDays: '1.5' }, 'doneDays is `1.5`: give a whole number of at least 1'],
  ['a number below', { timeout: '0' }, 'timeout is `0`: give a whole number from 1 to 900'],
  ['a number above', { memory: '10241' }, 'memory is `10241`: give a whole number from 128 to 10240'],
  ['more hours than the function takes', { validateHours: '721' }, 'validateHours is `721`: give a whole number from 1 to 720'],
  ['a time longer than SQS hides a message', { retryAfter: '43201' }, 'retryAfter is `43201`: give a whole number from 0 to 43200'],
  ['no delivery at all', { maxReceives: '0' }, 'maxReceives is `0`: give a whole number from 1 to 1000'],
  ['a quarantine of no days', { quarantineDays: '0' }, 'quarantineDays is `0`: give a whole number of at least 1'],
  ['a silence of more than a month', { silentAfter: '721' }, 'silentAfter is `721`: give a whole number from 0 to 720'],
  ['a concurrency that is none', { reservedConcurrency: 'q' }, 'reservedConcurrency is `q`: give a whole number of at least 0'],
];

const together: [string, GivenTexts, string][] = [
  [
    'a topic that the trigger ignores',
    { trigger: 's3', bucket: 'my-logs', topicArn: TOPIC },
    'topicArn has no use with trigger `s3`: take it out, or choose sns or sqs',
  ],
  ['a topic of unknown files', { topicArn: TOPIC }, 'topicArn without bucket: name the bucket whose files the topic announces'],
  [
    'notifications of no bucket',
    { manageBucketNotifications: 'true' },
    'manageBucketNotifications is for an existing bucket: name it in `bucket`',
  ],
  [
    'files that would be announced twice',
    { bucket: 'my-logs', topicArn: TOPIC, manageBucketNotifications: 'true' },
    'manageBucketNotifications with topicArn: the topic announces the files already; take one out',
  ],
  [
    'an organization without a new trail',
    { organizationId: 'o-abcdef1234', bucket: 'my-logs' },
    'organizationId is for a new trail: take out `bucket`, or organizationId',
  ],
  [
    'matched by nothing',
    { emit: 'matched', detections: 'off' },
    'emit is `matched`, and no rules are given: name their file or folder in `rules`',
  ],
  ['trails for nothing', { validate: 'off', validateTrails: TRAIL }, 'validateTrails have no use with validate `off`: take one out'],
  [
    'validation of an unknown trail',
    { validate: 'on', bucket: 'my-logs' },
    'validate is `on`, and no trail is known: give the ARN of the trail that writes to `bucket` in validateTrails',
  ],
];
for (const [what, texts, fault] of [...alone, ...together]) test(`refuses ${what}`, () => assert.deepEqual(faultsOf(texts), [fault]));

test('refuses trails that are no JSON, with what is wrong in it', () =>
  assert.match(faultsOf({ validateTrails: '[{' }).join(), /^validateTrails is neither a list of ARNs nor JSON: .*JSON/));

test('refuses days that CloudWatch Logs does not know', () =>
  assert.match(faultsOf({ logDays: '31' }).join(), /^logDays is `31`: give one of 1, 3, 5, 7, 14, 30, /));

test('tells all faults at once, of each parameter and between them', () => {
  assert.deepEqual(
    faultsOf({ trigger: 'kinesis', manageBucketNotifications: 'true', emit: 'matched', detections: 'off', validateTrails: 'main,other' }),
    [
      'trigger is `kinesis`: give one of s3, sns, sqs, eventbridge',
      'validateTrails: `main` is no ARN of a trail',
      'validateTrails: `other` is no ARN of a trail',
      'manageBucketNotifications is for an existing bucket: name it in `bucket`',
      'emit is `matched`, and no rules are given: name their file or folder in `rules`',
    ],
  );
});

test('one slip is one fault: what is wrong by itself is not wrong together with others too', () => {
  assert.deepEqual(faultsOf({ trigger: 'kinesis', bucket: 'my-logs', topicArn: TOPIC }).length, 1);
  assert.deepEqual(faultsOf({ validate: 'on', bucket: 'my-logs', validateTrails: 'main' }).length, 1);
});

const declarations = Object.entries<Declaration<unknown>>(PARAMETERS);

test('every parameter has a meaning on one line, in a group that has a table', () => {
  for (const [name, { means, group }] of declarations) {
    assert.match(means, /^[^\n|]+\.$/, name);
    assert.ok(GROUPS.includes(group), name);
  }
  for (const group of GROUPS)
    assert.ok(
      declarations.some(([, declaration]) => declaration.group === group),
      group,
    );
});
