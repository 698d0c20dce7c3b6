import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { trailbus } from '../../command.ts';
import { folderOf } from '../../fakes/folders.ts';

const rule = (title: string, search: string, product = 'aws, service: cloudtrail') =>
  `title: ${title}\nlogsource: { product: ${product} }\ndetection:\n  selection: ${search}\n  condition: selection\n`;

const RULES = folderOf({
  'keys/new_key.yml': rule('A key was made', '{ eventName: CreateAccessKey }'),
  'agent.yml': rule('An odd agent', '{ userAgent|contains: nmap }'),
  'other.yml': rule('Not CloudTrail', '{ a: b }', 'okta'),
  'notes.txt': 'no rule',
});

test('import writes a file for each detection, and reports on every rule', async () => {
  const out = mkdtempSync(join(tmpdir(), 'trailbus-sigma-'));
  const { code, stdout, stderr } = await trailbus(['rules', 'import', 'sigma', RULES, '--out', out]);
  assert.deepEqual([code, stderr], [1, '']);
  assert.deepEqual(readdirSync(out).sort(), ['sigma.agent.yaml', 'sigma.new-key.yaml']);
  assert.equal(
    stdout,
    [
      'relaxed sigma.agent  An odd agent',
      '    finds less: `userAgent`: a text inside another is looked for as it is written, in lower and in upper case',
      'exact   sigma.new-key  A key was made',
      `refused ${RULES}/other.yml:1  Not CloudTrail`,
      '    its log source is product okta, not product aws, service cloudtrail',
      '3 rules: 1 exact, 1 relaxed, 1 refused; 2 detections made',
      '',
    ].join('\n'),
  );
});

test('without a folder the detections go to standard output, the report to standard error', async () => {
  const { code, stdout, stderr } = await trailbus(['rules', 'import', 'sigma', join(RULES, 'keys')]);
  assert.equal(code, 0);
  assert.match(stdout, /^# Made by trailbus of the Sigma rule .*\nid: sigma\.new-key$/ms);
  assert.match(stderr, /1 rule: 1 exact, 0 relaxed, 0 refused; 1 detection made/);
});

test('--json is one object a rule, with the text of its detections where they are written nowhere', async () => {
  const { stdout } = await trailbus(['rules', 'import', 'sigma', '--json', join(RULES, 'keys'), join(RULES, 'other.yml')]);
  const [made, refused] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { outcome: string; title: string; detections: { id: string; text: string }[]; notes: string[] });
  assert.deepEqual([made!.outcome, made!.title, made!.detections[0]!.id], ['exact', 'A key was made', 'sigma.new-key']);
  assert.match(made!.detections[0]!.text, /CreateAccessKey/);
  assert.deepEqual([refused!.outcome, refused!.detections, refused!.notes.length], ['refused', [], 1]);
});

test('a file that is no Sigma rule ends with 2, its place is told, and the others are imported', async () => {
  const folder = folderOf({ 'good.yml': rule('Good', '{ eventName: A }'), 'bad.yml': 'title: Bad\ndetection:\n  selection: { a: b }\n' });
  const { code, stdout, stderr } = await trailbus(['rules', 'import', 'sigma', folder]);
  assert.equal(code, 2);
  assert.match(stdout, /id: sigma\.good/);
  assert.match(stderr, /bad\.yml:\d+:\d+ detection\.condition is missing/);
});

test('a detection that somebody has changed is not written over, unless that is wanted', async () => {
  const out = mkdtempSync(join(tmpdir(), 'trailbus-sigma-'));
  const args = ['rules', 'import', 'sigma', join(RULES, 'keys'), '--out', out];
  assert.equal((await trailbus(args)).code, 0);
  assert.equal((await trailbus(args)).code, 0);
  const file = join(out, 'sigma.new-key.yaml');
  writeFileSync(file, `${readFileSync(file, 'utf8')}off: noisy\n`);
  const { code, stderr } = await trailbus(args);
  assert.equal(code, 2);
  assert.match(stderr, /sigma\.new-key\.yaml` is there already, and says something else/);
  assert.equal((await trailbus([...args, '--overwrite'])).code, 0);
  assert.doesNotMatch(readFileSync(file, 'utf8'), /noisy/);
});

test('a title can’t reach the terminal', async () => {
  const folder = folderOf({ 'bad.yml': rule('"\\u001b[2Jx"', '{ eventName: A }') });
  const { stderr, stdout } = await trailbus(['rules', 'import', 'sigma', folder]);
  assert.doesNotMatch(stderr + stdout, /\u001b/);
});

test('other formats, and files that aren’t there, are wrong use', async () => {
  assert.equal((await trailbus(['rules', 'import', 'splunk', RULES])).code, 2);
  assert.equal((await trailbus(['rules', 'import', 'sigma', '/nowhere'])).code, 2);
});
