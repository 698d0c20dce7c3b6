import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { trailbus } from '../../command.ts';
import { folderOf } from '../../fakes/folders.ts';

const OWN = folderOf({
  'key.made.yaml': 'id: key.made\npattern: { detail: { eventName: [CreateAccessKey] } }\n',
  'new.region.yaml': 'id: new.region\npattern: { detail: { eventName: [A] } }\nwindow: { firstSeen: awsRegion, by: account }\n',
});

test('export writes a file for each rule, and names the detections that can’t be said', async () => {
  const out = mkdtempSync(join(tmpdir(), 'trailbus-sigma-'));
  const { code, stdout } = await trailbus(['rules', 'export', 'sigma', OWN, '--out', out]);
  assert.deepEqual([code, readdirSync(out)], [1, ['key_made.yml']]);
  assert.equal(
    stdout,
    'exact   key.made\nrefused new.region\n    Sigma knows no values that were never seen before\n2 detections: 1 exact, 0 relaxed, 1 refused\n',
  );
});

test('--rule chooses, of the pack where no files are named; the rules go to standard output', async () => {
  const { code, stdout, stderr } = await trailbus(['rules', 'export', 'sigma', '--rule', 'cloudtrail.trail-deleted', 'nacl.*']);
  assert.equal(code, 0);
  assert.match(stdout, /^title: [^\n]+\nid: [0-9a-f-]{36}\n.*^---$/ms);
  assert.match(stderr, /exact {3}cloudtrail\.trail-deleted/);
  assert.equal((await trailbus(['rules', 'export', 'sigma', '--rule', 'nobody'])).code, 2);
});

test('--json is one object a detection', async () => {
  const { stdout } = await trailbus(['rules', 'export', 'sigma', OWN, '--json']);
  const [made, refused] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: string; outcome: string; text?: string });
  assert.match(made!.text!, /eventName: CreateAccessKey/);
  assert.deepEqual([refused!.id, refused!.outcome, refused!.text], ['new.region', 'refused', undefined]);
});

test('what was exported can be imported', async () => {
  const [out, back] = [mkdtempSync(join(tmpdir(), 'trailbus-sigma-')), mkdtempSync(join(tmpdir(), 'trailbus-sigma-'))];
  await trailbus(['rules', 'export', 'sigma', '--rule', 'iam.user-key-chain', '--out', out]);
  const { code, stdout } = await trailbus(['rules', 'import', 'sigma', out, '--out', back]);
  assert.equal(code, 0);
  assert.doesNotMatch(stdout, /one step holds for all/);
  assert.match(stdout, /^relaxed sigma\.iam-user-key-chain /m);
});

test('two detections that would have one file are refused, and nothing is written', async () => {
  const pattern = 'pattern: { detail: { eventName: [A] } }';
  const alike = folderOf({ 'one.yaml': `id: a.b\n${pattern}\n`, 'two.yaml': `id: a-b\n${pattern}\n` });
  const out = mkdtempSync(join(tmpdir(), 'trailbus-sigma-'));
  const { code, stderr } = await trailbus(['rules', 'export', 'sigma', alike, '--out', out]);
  assert.deepEqual([code, readdirSync(out)], [2, []]);
  assert.match(stderr, /two files would be called `a_b\.yml`/);
});
