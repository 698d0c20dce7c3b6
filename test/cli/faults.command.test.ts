// Files with faults, whatever the command: each fault on lines of its own, with what to do next, made safe for a terminal.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { trailbus } from '../command.ts';
import { folderOf } from '../fakes/folders.ts';

const BROKEN = 'id: a.b\ntitel: x\nseverity: hihg\npattern: { detail: { eventName: [A] } }\n';
const folder = folderOf({
  'few/one.yaml': BROKEN,
  'few/two.yaml': 'id: c.d\nseverity: high\npattern: { detail: { eventName: [] } }\n',
  'trailbus.yml': 'detections: { pack: false, files: [few] }\nlern: 7d\n',
  'only.yml': 'detections: { pack: false, files: [few] }\n',
});
const few = join(folder, 'few');
const config = join(folder, 'only.yml');
const FAULTS = [
  `trailbus: ${few}/one.yaml:2:1 titel is not known\n  next: did you mean \`title\`?\n`,
  `trailbus: ${few}/one.yaml:3:11 severity must be one of critical, high, medium, low, info\n  next: did you mean \`high\`?\n`,
  `trailbus: ${few}/two.yaml:3:34 pattern.detail.eventName Event pattern is not valid. Reason: Empty arrays are not allowed\n  next: `,
];

const commands: [string, string[]][] = [
  ['rules test', ['rules', 'test', few]],
  ['rules list', ['rules', 'list', few]],
  ['rules docs', ['rules', 'docs', few, '--out', join(folder, 'pages')]],
  ['rules backtest', ['rules', 'backtest', 'samples/logs', '--rule', few]],
  ['rules export', ['rules', 'export', 'sigma', few]],
  ['run --detections', ['run', 'samples/logs', '--detections', few]],
  ['run --config', ['run', 'samples/logs', '--config', config]],
  ['template --as-rules', ['template', '--as-rules', '--config', config]],
  ['config print', ['config', 'print', '--config', config]],
];
for (const [name, args] of commands)
  test(`${name} says every fault of every file on lines of its own`, async () => {
    const { code, stdout, stderr } = await trailbus(args);
    assert.deepEqual([code, stdout], [2, '']);
    for (const fault of FAULTS) assert.ok(stderr.includes(fault), stderr);
    assert.equal(stderr.match(/^trailbus: /gm)?.length, FAULTS.length, stderr);
    assert.doesNotMatch(stderr, /\\u\{a\}/);
  });

test('what a file’s author may have written to fool the reader stays on the line of its fault', async () => {
  const hostile = folderOf({ 'a\ntrailbus: all is well.yaml': BROKEN.replace('titel', '"\\e[2Jtitel"') });
  const { stderr } = await trailbus(['rules', 'test', hostile]);
  assert.equal(stderr.match(/^trailbus: /gm)?.length, 2, stderr);
  assert.match(stderr, /a\\u\{a\}trailbus: all is well\.yaml:2:1 \\u\{1b\}\[2Jtitel is not known/);
});

test('a deployment’s faults stay lines of their own too', async () => {
  const hostile = folderOf({ 'trailbus.yml': '"le\\nrn": 7d\n"\\e[2Jx": 1\n' });
  const { code, stderr } = await trailbus(['template', '--config', join(hostile, 'trailbus.yml')]);
  assert.equal(code, 2);
  assert.match(stderr, /^ {2}\S+trailbus\.yml:1:1 `le\\u\{a\}rn` is not known/m);
  assert.match(stderr, /^ {2}\S+trailbus\.yml:2:1 `\\u\{1b\}\[2Jx` is not known/m);
});
