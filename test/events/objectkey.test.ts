// What a key says of its object.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classifyKey, type ObjectKey, placeOrName, skipReason } from '../../events/objectkey.ts';

const file = (folder: string, region = 'us-east-1', account = '111122223333') =>
  `AWSLogs/${account}/${folder}/${region}/2026/10/05/${account}_${folder}_${region}_20261005T1205Z_abcDEF0123456789.json.gz`;
const log = (region = 'us-east-1'): ObjectKey => ({ kind: 'log', account: '111122223333', region, time: '2026-10-05T12:05:00Z' });

const cases: [string, string, ObjectKey][] = [
  ['a log file', file('CloudTrail'), log()],
  ['a log file below a prefix', `my/prefix/${file('CloudTrail')}`, log()],
  ['a prefix that looks like the layout', `AWSLogs/111122223333/CloudTrail-Digest/x/${file('CloudTrail')}`, log()],
  ['an organization trail', file('CloudTrail').replace('AWSLogs/', 'AWSLogs/o-abc123/'), { ...log(), organization: 'o-abc123' }],
  ['a region of three words', file('CloudTrail', 'us-gov-west-1'), log('us-gov-west-1')],
  ['an isolated region', file('CloudTrail', 'us-isob-east-1'), log('us-isob-east-1')],
  ['a Chinese region', file('CloudTrail', 'cn-north-1'), log('cn-north-1')],
  ['an Insight file', file('CloudTrail-Insight'), { ...log(), kind: 'insight' }],
  ['a network activity file', file('CloudTrail-NetworkActivity'), { ...log(), kind: 'network-activity' }],
  ['an aggregated file', file('CloudTrail-Aggregated'), { ...log(), kind: 'aggregated' }],
  ['a kind of file not known yet, as a log', file('CloudTrail-Novelty'), log()],
  [
    'a digest file',
    'AWSLogs/111122223333/CloudTrail-Digest/us-east-1/2026/10/05/111122223333_CloudTrail-Digest_us-east-1_example_us-east-1_20261005T120000Z.json.gz',
    { ...log(), kind: 'digest', time: '2026-10-05T12:00:00Z' },
  ],
  [
    'a backfill digest',
    'AWSLogs/111122223333/CloudTrail-Digest/us-east-1/2026/10/05/111122223333_CloudTrail-Digest_us-east-1_example_us-east-1_20261005T120000Z_backfill.json.gz',
    { ...log(), kind: 'digest', time: '2026-10-05T12:00:00Z' },
  ],
  [
    'a Config snapshot',
    'AWSLogs/111122223333/Config/us-east-1/2026/10/5/ConfigSnapshot/111122223333_Config_us-east-1_ConfigSnapshot_x.json.gz',
    { kind: 'other' },
  ],
  ['the Config writability check', 'AWSLogs/111122223333/Config/ConfigWritabilityCheckFile', { kind: 'other' }],
  ['the load balancer test file', 'AWSLogs/111122223333/ELBAccessLogTestFile', { kind: 'other' }],
  [
    'a flow log',
    'AWSLogs/111122223333/vpcflowlogs/us-east-1/2026/10/05/111122223333_vpcflowlogs_us-east-1_fl-1_20261005T1205Z_x.log.gz',
    { kind: 'other' },
  ],
  ['a folder marker', 'AWSLogs/111122223333/CloudTrail/', { kind: 'other' }],
  ['a file beside the layout', 'report.json.gz', { kind: 'other' }],
  ['the layout below another folder than AWSLogs', file('CloudTrail').replace('AWSLogs/', 'MyAWSLogs/'), { kind: 'other' }],
  ['a sidecar of a log file', `${file('CloudTrail')}.metadata.json`, { kind: 'other' }],
  ['a folder named after a prototype property', file('CloudTrail-constructor'), log()],
];
for (const [name, key, expected] of cases) test(`classifies ${name}`, () => assert.deepEqual(classifyKey(key), expected));

test('digests and other services’ files are skipped under a name of their own', () => {
  assert.deepEqual(
    ['log', 'insight', 'network-activity', 'aggregated', 'digest', 'other'].map((kind) => skipReason(kind as 'log')),
    [undefined, undefined, undefined, undefined, 'DIGEST_FILE', 'NOT_CLOUDTRAIL_LOG'],
  );
});

const NAME = '111122223333_CloudTrail_us-east-1_20261005T1205Z_abcDEF0123456789';
const named: [string, string, ObjectKey][] = [
  ['in a plain folder', `logs/${NAME}.json.gz`, { kind: 'other', ...facts('2026-10-05T12:05:00Z') }],
  ['alone and unpacked', `${NAME}.json`, { kind: 'other', ...facts('2026-10-05T12:05:00Z') }],
  ['of another kind', `x/${NAME.replace('CloudTrail', 'CloudTrail-Insight')}.json.gz`, { kind: 'other', ...facts('2026-10-05T12:05:00Z') }],
  ['where CloudTrail put it', file('CloudTrail'), log()],
  ['with something before its name', `logs/copy of ${NAME}.json.gz`, { kind: 'other' }],
  ['of another service', `logs/${NAME.replace('CloudTrail', 'Config')}.json.gz`, { kind: 'other' }],
];
for (const [name, key, expected] of named)
  test(`a file’s name says account, region and time: ${name}`, () => assert.deepEqual(placeOrName(key), expected));

function facts(time: string) {
  return { account: '111122223333', region: 'us-east-1', time };
}
