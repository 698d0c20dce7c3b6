// A record as an entry: source, detail-type, time, resources, and its own text.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toEntry } from '../../events/entry.ts';
import { lint } from '../../events/pattern/lint/index.ts';
import { REF, recordOf } from '../fakes/records.ts';

const entryOf = (record: object | string) => toEntry(recordOf(record), REF);

const sources: [unknown, string][] = [
  ['ec2.amazonaws.com', 'cloudtrail.ec2'],
  ['signin.amazonaws.com', 'cloudtrail.signin'],
  ['ec2.amazonaws.com.cn', 'cloudtrail.ec2'],
  ['cloudtrail-data.amazonaws.com', 'cloudtrail.cloudtrail-data'],
  ['example.com', 'cloudtrail.example.com'],
  ['aws.evil', 'cloudtrail.aws.evil'],
  ['two words', 'cloudtrail.unknown'],
  ['"],"x":["', 'cloudtrail.unknown'],
  [5, 'cloudtrail.unknown'],
  [undefined, 'cloudtrail.unknown'],
];
for (const [eventSource, expected] of sources)
  test(`the source of ${JSON.stringify(eventSource)} is ${expected}`, () => assert.equal(entryOf({ eventSource }).source, expected));

const types: [object, string][] = [
  [{ eventType: 'AwsApiCall' }, 'AWS API Call via CloudTrail'],
  [{ eventType: 'AwsServiceEvent' }, 'AWS Service Event via CloudTrail'],
  [{ eventType: 'AwsConsoleAction' }, 'AWS Console Action via CloudTrail'],
  [{ eventType: 'AwsConsoleSignIn' }, 'AWS Console Sign In via CloudTrail'],
  [{ eventType: 'AwsConsoleSignin' }, 'AWS Console Sign In via CloudTrail'],
  [{ eventType: 'AwsCloudTrailInsight' }, 'AWS Insight via CloudTrail'],
  [{ eventType: 'AwsVpceEvent', eventCategory: 'NetworkActivity' }, 'AWS Network Activity Event via CloudTrail'],
  [{ eventType: 'AwsVpceEvents' }, 'AWS Network Activity Event via CloudTrail'],
  [{ eventType: 'AwsNovelty', eventCategory: 'Data' }, 'AWS API Call via CloudTrail'],
  [{ eventType: 'AwsNovelty', eventCategory: 'NetworkActivity' }, 'AWS Network Activity Event via CloudTrail'],
  [{ eventType: 'AwsNovelty', eventCategory: 'Insight' }, 'AWS Insight via CloudTrail'],
  [{ eventCategory: 'Aggregated' }, 'AWS Aggregated Event via CloudTrail'],
  [{ eventType: 'AwsNovelty' }, 'AWS API Call via CloudTrail'],
  [{}, 'AWS API Call via CloudTrail'],
];
for (const [record, expected] of types)
  test(`${JSON.stringify(record)} is an ${expected}`, () => assert.equal(entryOf(record).detailType, expected));

test('an Insight event without a source of its own comes from CloudTrail', () =>
  assert.equal(entryOf({ eventType: 'AwsCloudTrailInsight' }).source, 'cloudtrail.cloudtrail'));

test('lint takes every type of event that the corridor knows for possible', () => {
  for (const [{ eventType, eventCategory }, detailType] of types as [Record<string, string>, string][]) {
    const detail = {
      ...(eventType === undefined || eventType === 'AwsNovelty' ? {} : { eventType: [eventType] }),
      ...(eventCategory === undefined ? {} : { eventCategory: [eventCategory] }),
    };
    const pattern = { source: ['cloudtrail.ec2'], 'detail-type': [detailType], detail: { ...detail, eventID: ['x'] } };
    assert.deepEqual(lint([{ name: 'r', pattern }]), []);
  }
});

const times: [unknown, boolean][] = [
  ['2026-10-05T12:00:00Z', true],
  ['2026-10-05T12:00:00.123Z', true],
  ['2024-02-29T00:00:00Z', true],
  ['2026-02-29T00:00:00Z', false],
  ['2026-10-05T23:59:60Z', false],
  ['2026-10-05T12:00:00.123456789Z', false],
  ['9999-12-31T23:59:59Z', false],
  ['2026-10-05T24:00:00Z', false],
  ['2026-13-05T12:00:00Z', false],
  ['2026-10-05 12:00:00', false],
  ['', false],
  [1790000000, false],
  [undefined, false],
];
for (const [eventTime, sent] of times)
  test(`eventTime ${JSON.stringify(eventTime)} is sent ${sent ? 'as Time' : 'without Time'}`, () =>
    assert.equal(entryOf({ eventTime }).time, sent ? eventTime : undefined));

test('the resources are the record’s ARNs, whatever else stands there', () => {
  const resources = [
    { ARN: 'arn:aws:s3:::b', type: 'AWS::S3::Bucket' },
    { ARN: '' },
    { ARN: 5 },
    null,
    'x',
    { accountId: '1' },
    { ARN: 'arn:aws:s3:::b/é' },
  ];
  assert.deepEqual(entryOf({ resources }).resources, ['arn:aws:s3:::b', 'arn:aws:s3:::b/é']);
  assert.deepEqual(entryOf({ resources: 'arn:aws:s3:::b' }).resources, []);
  assert.deepEqual(entryOf('{"resources":[{"__proto__":{"ARN":"arn:x"}}]}').resources, []);
});

test('the detail is the record’s own text', () => {
  const text = '{"eventSource":"ec2.amazonaws.com", "a":1.0,"b":1e400}';
  assert.equal(entryOf(text).record.text(), text);
});
