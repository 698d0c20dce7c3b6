// Detections that are sound and would find nothing: patterns of another bus, and files with nothing in them.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { trailbus } from '../command.ts';
import { folderOf } from '../fakes/folders.ts';

const LOGS = 'samples/logs/AWSLogs/111122223333/CloudTrail/us-west-2';
const NAMED = 'detail: { eventName: [CreateUser] }';
const folder = folderOf({
  'trailbus.yml':
    'lists: { mine: [cloudtrail.x] }\ndetections: { pack: false, files: [mine] }\nexclusions: [{ pattern: { source: [aws.ec2] }, reason: r, owner: o }]\n',
  'mine/pasted.yaml': `pattern:\n  - { source: [aws.iam], ${NAMED} }\n  - { source: [aws.sts], ${NAMED} }\n`,
  'mine/other.yaml': `pattern: { source: [{ prefix: my. }], ${NAMED} }\n`,
  'mine/type.yaml': `pattern: { detail-type: [AWS API Call via Cloudtrail], ${NAMED} }\n`,
  'mine/fine.yaml': `pattern:
  - { source: [aws.iam, cloudtrail.iam], ${NAMED} }
  - { source: [$mine] }
  - { $or: [{ source: [aws.x] }, { detail: { eventName: [a] } }] }
  - { source: [{ suffix: .s3 }] }
  - { source: [{ anything-but: cloudtrail.iam }] }
  - { source: [cloudtrail.brandnew], detail-type: [{ prefix: AWS }] }
`,
  'mine/lifted.yaml': `pattern: { ${NAMED} }\nraise: [{ to: high, pattern: { source: [aws.iam] } }]\n`,
});
const config = join(folder, 'trailbus.yml');
const WARNINGS = [
  'trailbus.yml:3:25 exclusions[0].pattern.source excludes nothing: this bus never says `aws.ec2`',
  'mine/lifted.yaml:2:30 raise[0].pattern.source raises nothing: this bus never says `aws.iam`',
  'mine/other.yaml:1:10 pattern.source finds nothing: no entry of Trailbus has such a source',
  'mine/pasted.yaml:2:5 pattern[0].source finds nothing: this bus never says `aws.iam`',
  'mine/type.yaml:1:10 pattern.detail-type finds nothing: no event has the detail-type',
];

for (const [name, args] of [
  ['config check', ['config', 'check']],
  ['run', ['run', LOGS]],
  ['rules backtest', ['rules', 'backtest', LOGS]],
] as const)
  test(`${name} warns of patterns that no entry matches, once for each detection`, async () => {
    const { stderr } = await trailbus([...args, '--config', config]);
    const warned = stderr.replaceAll(`${folder}/`, '').match(/^warning: .*/gm) ?? [];
    assert.deepEqual(
      warned.map((line) => WARNINGS.find((each) => line.startsWith(`warning: ${each}`)) ?? line),
      WARNINGS,
    );
    assert.match(stderr, /\n {2}next: write `cloudtrail\.iam`/);
    assert.match(stderr, /\n {2}next: write `AWS API Call via CloudTrail`/);
  });

test('what is warned of is no fault, and changes nothing on standard output', async () => {
  const checked = await trailbus(['config', 'check', '--config', config]);
  assert.deepEqual([checked.code, checked.stdout], [0, `${config}: sound\n`]);
  const { stdout } = await trailbus(['run', LOGS, '--config', config, '--json']);
  for (const line of stdout.trim().split('\n')) assert.match((JSON.parse(line) as { type: string }).type, /^(finding|summary|quarantined)/);
});

test('nothing is warned of the pack', async () => {
  const { stderr } = await trailbus(['run', LOGS, '--all-rules']);
  assert.doesNotMatch(stderr, /warning:/);
});

test('files without a detection are named, one by itself and in a folder, and so is a folder without files', async () => {
  const files = folderOf({ 'a.yaml': '', 'b.yaml': '# nothing\n', 'c.yaml': `pattern: { ${NAMED} }\n`, 'none/note.txt': '' });
  const one = await trailbus(['rules', 'test', join(files, 'a.yaml')]);
  assert.deepEqual([one.code, one.stdout], [2, '']);
  assert.match(one.stderr, /a\.yaml:1:1 has no detection in it/);
  const all = await trailbus(['rules', 'test', files]);
  assert.deepEqual(
    [...all.stderr.matchAll(/(\w)\.yaml:1:1 has no detection in it/g)].map(([, name]) => name),
    ['a', 'b'],
  );
  const none = await trailbus(['rules', 'test', join(files, 'none')]);
  assert.deepEqual([none.code, none.stdout], [2, '']);
  assert.match(none.stderr, /no detection files in `\S+none`/);
});

for (const extra of [['--all-rules'], ['--detections', join(folder, 'mine')]])
  test(`--no-rules beside ${extra[0]} is wrong use`, async () => {
    const { code, stdout, stderr } = await trailbus(['run', LOGS, '--no-rules', ...extra]);
    assert.deepEqual([code, stdout], [2, '']);
    assert.ok(stderr.includes(`\`${extra[0]}\``) && stderr.includes('next: take one of them out'), stderr);
  });

test('a JUnit file that can’t be written is told with what to do next', async () => {
  for (const args of [
    ['rules', 'test', 'detections/root.activity.yaml'],
    ['validate-logs', '--local', 'samples/logs', '--public-keys', 'samples/public-keys.json'],
  ]) {
    const { code, stderr } = await trailbus([...args, '--junit', join(folder, 'not/there.xml')]);
    assert.equal(code, 2, stderr);
    assert.match(stderr, /can’t write the JUnit file: ENOENT.*\n {2}in \S+there\.xml\n {2}next: name a file in a folder that is there/);
  }
});

test('one detection is one', async () => {
  const one = join(folder, 'mine/lifted.yaml');
  const only = join(folderOf({ 'trailbus.yml': `detections: { pack: false, files: [${one}] }\n` }), 'trailbus.yml');
  assert.match((await trailbus(['rules', 'list', '--config', only])).stdout, /\n1 detection on, 0 off\n/);
});
