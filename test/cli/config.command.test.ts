// `config check`, and everybody else who reads the configuration: the same slips with the same words.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { trailbus } from '../command.ts';
import { folderOf } from '../fakes/folders.ts';

const folder = folderOf({
  'trailbus.yml': `lern: 7d
detections: { files: [mine], on: [root.activty] }
exclusions: [{ pattern: { detail: { eventName: [{ sufix: A }] } }, reason: x, owner: y, until: 2027-99-30 }]
storm: 5000
rules: [rules]
`,
  'mine/one.yaml': 'id: my.one\nseverity: hgh\npattern: { detail: { a: [b] } }\n',
  'rules/a.yaml': 'id: a\npattern: { detail: { a: [{ prefx: b }] } }\ntargets: []\n',
  'rules/b.yaml': 'title: b\n',
  'rules/c.yaml': 'id: c\npattern: { source: x }\n',
});
const config = join(folder, 'trailbus.yml');
/** Places and paths, by file in order. */
const OF_CONFIG = [
  ...['trailbus.yml:1:1 lern', 'trailbus.yml:2:35 detections.on[0]', 'trailbus.yml:3:51 exclusions[0].pattern.detail.eventName'],
  ...['trailbus.yml:3:96 exclusions[0].until', 'trailbus.yml:4:8 storm', 'mine/one.yaml:2:11 severity'],
];
const OF_RULES = ['rules/a.yaml:2:28', 'rules/b.yaml:1:1', 'rules/c.yaml:2:20'];

const placesIn = (text: string) =>
  [...text.replaceAll(`${folder}/`, '').matchAll(/^(?:trailbus: | {2})?(\S+:\d+:\d+)(?: `?([\w.[\]]+)`? )?/gm)].map(
    ([, place, path]) => `${place} ${path}`,
  );

test('config check says every slip of the configuration and of all files that it names, in one answer', async () => {
  const { code, stdout, stderr } = await trailbus(['config', 'check', '--config', config]);
  assert.deepEqual([code, stderr], [1, '']);
  assert.deepEqual(
    placesIn(stdout).map((place) => [...OF_CONFIG, ...OF_RULES].find((known) => place.startsWith(known)) ?? place),
    [...OF_CONFIG, ...OF_RULES],
    stdout,
  );
  for (const next of ['`learn`', '`root.activity`', '`high`']) assert.match(stdout, new RegExp(`\n  next: did you mean ${next}\\?\n`));
});

const others: [string, string[]][] = [
  ['run', ['run', 'samples/logs', '--config', config]],
  ['rules list', ['rules', 'list', '--config', config]],
  ['rules backtest', ['rules', 'backtest', 'samples/logs', '--config', config]],
  ['template', ['template', '--config', config]],
  ['template --as-rules', ['template', '--as-rules', '--config', config]],
  ['config print', ['config', 'print', '--config', config]],
];
for (const [name, args] of others)
  test(`${name} refuses the same slips at the same places`, async () => {
    const { code, stdout, stderr } = await trailbus(args);
    assert.deepEqual([code, stdout], [2, '']);
    assert.deepEqual(placesIn(stderr), OF_CONFIG, stderr);
  });

for (const args of [
  ['rules', 'test'],
  ['rules', 'lint'],
  ['rules', 'export', 'sigma'],
  ['rules', 'docs', '--out', join(folder, 'pages')],
])
  test(`${args.slice(0, 2).join(' ')} refuses what can be seen without detections`, async () => {
    const { code, stderr } = await trailbus([...args, '--config', config]);
    assert.equal(code, 2);
    assert.deepEqual(
      placesIn(stderr),
      OF_CONFIG.filter((place) => place.startsWith('trailbus.yml') && !place.includes('detections.on')),
    );
  });

test('a configuration with nothing wrong is sound, with exclusions, overrides and lists', async () => {
  const { code, stdout } = await trailbus(['config', 'check', '--config', 'samples/trailbus.yml']);
  assert.deepEqual([code, stdout], [0, 'samples/trailbus.yml: sound\n']);
});

test('config print shows as off what can’t be asked for want of a list', async () => {
  const { stdout } = await trailbus([
    'config',
    'print',
    '--json',
    '--config',
    join(folderOf({ 'trailbus.yml': 'lists: { regions: [eu-west-1] }\n' }), 'trailbus.yml'),
  ]);
  const { detections } = JSON.parse(stdout) as { detections: Record<'on' | 'off', { id: string; why?: string }[]> };
  const why = (id: string) => detections.off.find((each) => each.id === id)?.why;
  assert.equal(why('iam.admin-group-joined'), '`$adminGroups` has no values');
  assert.equal(why('region.unused'), undefined);
  assert.ok(detections.on.some(({ id }) => id === 'region.unused'));
});

test('a list’s value that detections can’t use is said where it stands, once, however many use it', async () => {
  const lists = 'lists:\n  automation: ["*:role/x/*", "a**b"]\n  office: { file: office.txt }\ndetections: { files: [mine.yaml] }\n';
  const mine =
    'id: mine\npattern: { detail: { eventName: [GetObject] } }\nwhere: { notInCidr: { field: sourceIPAddress, cidrs: [$office] } }\n';
  const place = folderOf({ 'trailbus.yml': lists, 'mine.yaml': mine, 'office.txt': '10.0.0.0/8\n10.0.0.0/33\n' });
  const { code, stdout } = await trailbus(['config', 'check', '--json', '--config', join(place, 'trailbus.yml')]);
  assert.equal(code, 1);
  const faults = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { line: number; path: string; message: string });
  assert.deepEqual(
    faults.map(({ line, path }) => `${line} ${path}`),
    ['2 lists.automation[1]', '3 lists.office.file'],
  );
  assert.match(faults[1]!.message, /^`10\.0\.0\.0\/33` is no block of addresses/);
});

test('a rule file in the form of a detection is read as one', async () => {
  const place = folderOf({ 'trailbus.yml': 'rules: [one.yaml]\n', 'one.yaml': 'severity: hihg\npattern: { source: [cloudtrail.iam] }\n' });
  const { stdout } = await trailbus(['config', 'check', '--config', join(place, 'trailbus.yml')]);
  assert.match(stdout, /one\.yaml:1:11 severity must be one of .*\n {2}next: did you mean `high`\?/);
});
