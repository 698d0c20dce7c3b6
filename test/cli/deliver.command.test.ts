// trailbus deliver: the file it makes of records, and every wrong use, said before anything is delivered. test/localstack/rules.test.ts has the rest.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { deliveredFile } from '../../cli/deliveredfile.ts';
import { givenRecords, recordsOfFirstTest } from '../../cli/givenrecords.ts';
import { readDetections } from '../../events/detect/index.ts';
import { classifyKey } from '../../events/objectkey.ts';
import { trailbus } from '../command.ts';
import { folderOf } from '../fakes/folders.ts';

let serial = 0;
const facts = () => ({
  ...{ now: new Date('2026-11-28T14:05:09.250Z'), keep: false, account: '111122223333', region: 'eu-west-1' },
  newId: () => `0000-${++serial}`,
});
const recordsIn = ({ bytes }: { bytes: Uint8Array }) =>
  (JSON.parse(gunzipSync(bytes).toString()) as { Records: Record<string, unknown>[] }).Records;

test('records keep what they say, but for ids of their own, and times whose last is now', () => {
  const file = deliveredFile(
    [
      { eventName: 'A', eventID: 'x', eventTime: '2026-10-05T12:00:00Z' },
      { eventName: 'B', eventID: 'x', eventTime: '2026-10-05T12:04:00Z' },
      { eventName: 'C' },
    ],
    facts(),
  );
  const records = recordsIn(file);
  assert.deepEqual(
    records.map(({ eventName, eventTime }) => [eventName, eventTime]),
    [
      ['A', '2026-11-28T14:01:09Z'],
      ['B', '2026-11-28T14:05:09Z'],
      ['C', '2026-11-28T14:05:09Z'],
    ],
  );
  assert.equal(new Set(records.map(({ eventID }) => eventID)).size, 3);
});

test('with --keep nothing is changed', () => {
  const record = { eventName: 'A', eventID: 'x', eventTime: '2026-10-05T12:00:00Z' };
  assert.deepEqual(recordsIn(deliveredFile([record], { ...facts(), keep: true })), [record]);
});

test('the file is named as CloudTrail names it, by the record’s account and region, else the stack’s', () => {
  const { key } = deliveredFile([{ recipientAccountId: '444455556666', awsRegion: 'us-west-2' }], facts());
  assert.deepEqual(classifyKey(key), { kind: 'log', account: '444455556666', region: 'us-west-2', time: '2026-11-28T14:05:00Z' });
  assert.match(key, /_TrailbusDeliver\w+\.json\.gz$/);
  const odd = deliveredFile([{ recipientAccountId: '../4', awsRegion: 'x/../y' }], facts());
  const { account, region } = classifyKey(odd.key);
  assert.deepEqual([account, region], ['111122223333', 'eu-west-1']);
});

const RECORD = { eventName: 'StopLogging', eventSource: 'cloudtrail.amazonaws.com' };
const FILES = folderOf({
  'record.json': JSON.stringify(RECORD),
  'event.json': JSON.stringify({ source: 'cloudtrail.cloudtrail', detail: RECORD }),
  'log.json.gz': gzipSync(JSON.stringify({ Records: [RECORD, RECORD] })),
  'odd.json': '{"Records": [1]}',
  'broken.json': '{"Records": [',
});

for (const [what, given, count] of [
  ['a file with a record', join(FILES, 'record.json'), 1],
  ['an event of a bus', join(FILES, 'event.json'), 1],
  ['a log file', join(FILES, 'log.json.gz'), 2],
  ['the record itself', JSON.stringify(RECORD), 1],
] as const)
  test(`takes ${what}`, () =>
    assert.deepEqual(
      givenRecords(given),
      Array.from({ length: count }, () => RECORD),
    ));

test('takes the first example of a detection, all its events', () => {
  const detections = readDetections(
    'id: d\npattern: { source: [a] }\ntests: { matches: [[{ a: 1 }, { detail: { a: 2 } }], { a: 3 }] }\n',
    'd.yaml',
  );
  assert.deepEqual(recordsOfFirstTest('d', detections), [{ a: 1 }, { a: 2 }]);
});

const wrong: [string, string[], RegExp][] = [
  ['neither a record nor a test', ['--expect', 'r'], /give a record, or --from-test/],
  ['both of them', [join(FILES, 'record.json'), '--from-test', 'x'], /give a record, or --from-test/],
  ['no rule', [join(FILES, 'record.json')], /add --expect RULE/],
  ['a time that is none', [join(FILES, 'record.json'), '--expect', 'r', '--timeout', 'soon'], /write --timeout 90s, or 5m/],
  ['a file that is not there', ['nobody.json', '--expect', 'r'], /no such file: `nobody\.json`/],
  ['a file without records', [join(FILES, 'odd.json'), '--expect', 'r'], /no record in it/],
  ['what is no JSON', [join(FILES, 'broken.json'), '--expect', 'r'], /not JSON/],
  ['a detection that there is none of', ['--from-test', 'cloudtrail.loging-stopped'], /did you mean `cloudtrail\.logging-stopped`\?/],
];
for (const [name, args, said] of wrong)
  test(`refuses ${name}, and delivers nothing`, async () => {
    const { code, stdout, stderr } = await trailbus(['deliver', ...args, '--endpoint-url', 'http://127.0.0.1:1']);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, said);
  });
