// `rules new`: detections made of events, of records of log files and of other detections, whose tests pass at once.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { entryOfText } from '../../../cli/rules/events.ts';
import { draftOf, draftText } from '../../../cli/rules/newdetection.ts';
import { templateText } from '../../../cli/rules/template.ts';
import { readDetections, selfTest } from '../../../events/detect/index.ts';
import type { Entry } from '../../../events/entry.ts';
import { recordsBeside } from '../../../local/detectionfiles.ts';
import { MemoryFindingState } from '../../../local/findingstate.ts';
import { trailbus, trailbusProcess } from '../../command.ts';
import { folderOf } from '../../fakes/folders.ts';
import { logFile } from '../../fakes/records.ts';

const record = {
  eventSource: 'iam.amazonaws.com',
  eventName: 'CreateUser',
  eventTime: '2026-10-05T12:00:00Z',
  eventID: 'aaaaaaaa-0000-0000-0000-000000000001',
  userIdentity: { type: 'IAMUser', userName: 'martin' },
  requestParameters: { userName: 'eve' },
};
const refused = { ...record, eventName: 'DeleteUser', errorCode: 'AccessDenied', eventID: 'aaaaaaaa-0000-0000-0000-000000000002' };

const testsOf = (text: string) =>
  selfTest(readDetections(text, 'new.yaml')[0]!, {
    readRecords: recordsBeside,
    newState: () => new MemoryFindingState(),
    today: '2026-11-28',
  });
const failuresOf = async (text: string) => (await testsOf(text)).filter(({ passed }) => !passed);

const GIVEN: [what: string, event: (folder: string) => string, id: string][] = [
  ['a file with a record', (folder) => join(folder, 'record.json'), 'iam.create-user'],
  ['a file with an event of a bus', (folder) => join(folder, 'event.json'), 'iam.create-user'],
  ['the first record of a log file', (folder) => join(folder, 'log.json.gz'), 'iam.create-user'],
  ['a record of a log file by its place', (folder) => `${join(folder, 'log.json.gz')}#1`, 'iam.delete-user'],
  ['a record of a log file by its eventID', (folder) => `${join(folder, 'log.json.gz')}#${refused.eventID}`, 'iam.delete-user'],
  ['the event itself', () => JSON.stringify(record), 'iam.create-user'],
];
for (const [what, event, id] of GIVEN)
  test(`a detection is made of ${what}, and its tests pass`, async () => {
    const folder = folderOf({
      'record.json': JSON.stringify(record, null, 1),
      'event.json': JSON.stringify({ source: 'aws.iam', detail: record }),
      'log.json.gz': logFile(record, refused),
    });
    const out = join(folder, 'new.yaml');
    const made = await trailbus(['rules', 'new', event(folder), '--out', out]);
    assert.equal(made.code, 0, made.stderr);
    const { code, stdout } = await trailbus(['rules', 'test', out]);
    assert.deepEqual([code, stdout.includes(`✓ ${id} 3 of 3\n`)], [0, true], stdout);
  });

test('a detection is made of standard input', () => {
  const { stdout } = trailbusProcess(['rules', 'new', '-'], JSON.stringify(record));
  assert.match(
    stdout,
    /^# yaml-language-server: \$schema=\.\/schema\/detection\.schema\.json\nid: iam\.create-user\ntitle: "\{who\} called CreateUser: \{requestParameters\.userName\}"\n/,
  );
});

test('an event that failed is looked for as failed, and the near miss is the same gone well', async () => {
  const { stdout } = await trailbus(['rules', 'new', JSON.stringify(refused)]);
  assert.match(stdout, /\n {4}errorCode: \[AccessDenied\]\n/);
  assert.match(stdout, /\n {4}- # gone well\n {6}<<: \*event\n {6}errorCode: null\n/);
  assert.doesNotMatch(stdout, /^success/m);
});

test('of every kind of call in the sample logs a detection finds its event and not the near misses', async () => {
  const root = join(import.meta.dirname, '../../../samples/logs');
  const kinds = new Map<string, Entry>();
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((each) => /_CloudTrail_.*\.json\.gz$/.test(each)))
    for (const each of (JSON.parse(gunzipSync(readFileSync(join(root, name))).toString()) as { Records: Record<string, unknown>[] })
      .Records)
      kinds.set(`${each['eventSource']} ${each['eventName']} ${each['errorCode']}`, entryOfText(JSON.stringify(each), 'sample'));
  assert.ok(kinds.size > 150, `only ${kinds.size} kinds`);
  for (const [kind, entry] of kinds) assert.deepEqual(await failuresOf(draftText(draftOf(entry, []), 'schema.json')), [], kind);
});

test('lint asks of a new detection what only people know', async () => {
  const out = join(folderOf({}), 'new.yaml');
  await trailbus(['rules', 'new', JSON.stringify(record), '--out', out]);
  const { stdout } = await trailbus(['rules', 'lint', out]);
  assert.match(stdout, /warning iam\.create-user: has no tags, no falsePositives, no runbook incomplete\n/);
  assert.match(stdout, /\n1 detection, 1 warning\n$/);
});

test('an id that is there already is not taken again', async () => {
  const { stdout } = await trailbus([
    'rules',
    'new',
    JSON.stringify({ ...record, eventSource: 'root.amazonaws.com', eventName: 'Activity' }),
  ]);
  assert.match(stdout, /^id: root\.activity-2$/m);
  assert.match((await trailbus(['rules', 'new', JSON.stringify(record), '--id', 'mine.one'])).stdout, /^id: mine\.one$/m);
});

test('what callers write stays what it is in the file, and is shown safely', async () => {
  const hostile = { ...record, userAgent: 'a\u001b[31m\u202e"\n- b: c', requestParameters: { 'x\u001b: y': 'yes', userName: '*event' } };
  const { stdout } = await trailbus(['rules', 'new', JSON.stringify(hostile)]);
  assert.ok(!/[\u001b\u202e]/.test(stdout));
  const [detection] = readDetections(stdout, 'new.yaml');
  assert.deepEqual(detection!.tests.matches, [hostile]);
  assert.deepEqual(await failuresOf(stdout), []);
});

test('a detection of Trailbus is a beginning under an id of one’s own, its tests with it', async () => {
  const { stdout } = await trailbus(['rules', 'new', '--from', 'cloudtrail.logging-stopped']);
  assert.match(stdout, /\n# Made of cloudtrail\.logging-stopped, which goes on beside it/);
  for (const id of ['cloudtrail.logging-stopped', 's3.mass-delete', 'iam.user-key-chain', 'creds.key-new-ip']) {
    const text = templateText(id, { id: 'mine.copy' });
    assert.equal(readDetections(text, 'copy.yaml')[0]!.id, 'mine.copy');
    assert.deepEqual(await failuresOf(text), [], id);
    assert.ok((await testsOf(text)).length >= 4, id);
  }
});

test('nothing is overwritten, and what is not there is said', async () => {
  const folder = folderOf({ 'log.json.gz': logFile(record), 'new.yaml': 'mine' });
  const there = await trailbus(['rules', 'new', JSON.stringify(record), '--out', join(folder, 'new.yaml')]);
  assert.deepEqual([there.code, readFileSync(join(folder, 'new.yaml'), 'utf8')], [2, 'mine']);
  assert.match((await trailbus(['rules', 'new', `${join(folder, 'log.json.gz')}#7`])).stderr, /no event `7` in `.*log\.json\.gz`/);
  assert.match(
    (await trailbus(['rules', 'new', '--from', 'cloudtrail.logging-stoped'])).stderr,
    /did you mean `cloudtrail\.logging-stopped`\?/,
  );
  assert.match((await trailbus(['rules', 'new'])).stderr, /name an event, or `--from`/);
  assert.ok(!existsSync(join(folder, 'other.yaml')));
});
