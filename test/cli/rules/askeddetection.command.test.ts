// `rules explain`, `rules match` and `run --rules` where the file is a detection that says more than a pattern.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { trailbus } from '../../command.ts';
import { folderOf } from '../../fakes/folders.ts';
import { logFile } from '../../fakes/records.ts';

const record = (userName: string, change: object = {}) => ({
  ...{ eventVersion: '1.10', eventTime: '2026-10-05T13:15:40Z', eventSource: 'iam.amazonaws.com', eventName: 'CreateAccessKey' },
  ...{ awsRegion: 'us-east-1', recipientAccountId: '111122223333', eventID: userName, eventType: 'AwsApiCall' },
  ...{ userIdentity: { type: 'IAMUser', userName: 'martin' }, requestParameters: { userName }, ...change },
});
const folder = folderOf({
  'd/key.yaml':
    'id: mine.key\nseverity: low\nsuccess: true\npattern:\n  detail:\n    eventName: [CreateAccessKey]\nwhere: { differ: [requestParameters.userName, userIdentity.userName] }\n',
  'd/region.yaml': 'id: mine.region\npattern: { detail: { awsRegion: [$regions] } }\n',
  'd/chain.yaml':
    'id: mine.chain\nwindow:\n  within: 1h\n  by: account\n  sequence:\n    - { pattern: { detail: { eventName: [CreateUser] } } }\n    - { pattern: { detail: { eventName: [CreateAccessKey] } } }\n',
  'd/plain.yaml': 'id: plain.key\npattern: { detail: { eventName: [CreateAccessKey] } }\n',
  'other.json': JSON.stringify(record('eve')),
  'own.json': JSON.stringify(record('martin')),
  'log.json.gz': logFile(record('eve'), record('martin'), record('zoe', { errorCode: 'AccessDenied' })),
  'trailbus.yml':
    'lists: { regions: [us-east-1] }\nexclusions: [{ rules: [mine.*], pattern: { detail: { eventID: [eve] } }, reason: known, owner: us }]\n',
});
const at = (name: string) => join(folder, name);

test('explain asks a detection whole, of a bare record as of an event, and ends with its verdict', async () => {
  const hit = await trailbus(['rules', 'explain', at('d/key.yaml'), at('other.json')]);
  assert.deepEqual(
    [hit.code, hit.stdout],
    [
      0,
      `✓ matches
✓ detail.eventName  wanted "CreateAccessKey"  got "CreateAccessKey"
✓ success   the call went well
✓ where[0]  differ of requestParameters.userName ("eve") and userIdentity.userName ("martin")
severity: low
`,
    ],
  );
  const event = JSON.stringify({ source: 'cloudtrail.iam', detail: record('martin') });
  const miss = await trailbus(['rules', 'explain', at('d/key.yaml'), event, '--json']);
  assert.equal(miss.code, 1);
  const { matches, leaves, parts, pattern } = JSON.parse(miss.stdout);
  assert.deepEqual(
    [matches, pattern, leaves[0].line, parts.map(({ part, holds }: { part: string; holds: boolean }) => [part, holds])],
    [
      false,
      'pattern',
      6,
      [
        ['success', true],
        ['where[0]', false],
      ],
    ],
  );
});

test('match writes the events that are hits of a detection, and its id', async () => {
  const { code, stdout } = await trailbus(['rules', 'match', at('d'), at('log.json.gz'), '--json']);
  const rules = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).rules);
  assert.equal(code, 1);
  assert.deepEqual(rules, [
    ['plain.key', 'mine.chain', 'mine.key'],
    ['plain.key', 'mine.chain'],
    ['plain.key', 'mine.chain'],
  ]);
});

test('lists and exclusions come from the configuration; without values the detection is said to be off', async () => {
  const off = await trailbus(['rules', 'explain', at('d/region.yaml'), at('other.json')]);
  assert.deepEqual([off.code, off.stdout], [1, '✗ no match: `$regions` has no values: the detection is off\n']);
  assert.match(
    (await trailbus(['rules', 'match', at('d/region.yaml'), at('other.json')])).stderr,
    /mine\.region is off: `\$regions` has no values/,
  );
  const config = ['--config', at('trailbus.yml')];
  assert.equal((await trailbus(['rules', 'explain', at('d/region.yaml'), at('own.json'), ...config])).code, 0);
  const excluded = await trailbus(['rules', 'explain', at('d/region.yaml'), at('other.json'), ...config]);
  assert.equal(excluded.code, 1);
  assert.match(excluded.stdout, /^✗ no match: excluded by exclusions\[0\] of the configuration: known \(us\)\n/);
});

test('the id of a detection stands for it where no file is called so', async () => {
  const { code, stdout } = await trailbus(['rules', 'explain', 'iam.key-for-other-user', at('own.json')]);
  assert.equal(code, 1);
  assert.match(stdout, /^✗ no match: the pattern matches, and `where` does not hold: differ of /);
  const matched = await trailbus(['rules', 'match', 'iam.key-for-*', at('other.json'), '--json']);
  assert.match(matched.stdout, /^\{"rules":\["iam\.key-for-other-user"\],/);
  const { stderr, code: refused } = await trailbus(['rules', 'explain', 'iam.key-for-othr-user', at('own.json')]);
  assert.equal(refused, 2);
  assert.match(stderr, /no such file or folder.*\n.*did you mean `iam\.key-for-other-user`\?/);
});

test('run --rules says which detections it asks in part, and refuses what has no pattern', async () => {
  const run = (name: string) => trailbus(['run', at('log.json.gz'), '--rules', at(name)]);
  assert.match(
    (await run('d/key.yaml')).stderr,
    /only patterns are asked, not what else stands there: where, success\n.*d\/key\.yaml\n.*--detections/,
  );
  assert.equal((await run('d/plain.yaml')).stderr, '');
  const sequence = await run('d/chain.yaml');
  assert.equal(sequence.code, 2);
  assert.match(sequence.stderr, /a sequence has no pattern of its own, and is no rule/);
});
