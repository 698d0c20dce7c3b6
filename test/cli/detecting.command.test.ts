// Detections in a run, as the command line and trailbus.yml ask for them.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { trailbus } from '../command.ts';
import { folderOf } from '../fakes/folders.ts';

const STOPPED = 'id: mine.stopped\ntitle: stopped\nseverity: high\npattern: { detail: { eventName: [$mine] } }\n';

const idsIn = (stdout: string) =>
  stdout
    .split('\n')
    .filter((line) => line.startsWith('{"type":"finding"'))
    .map((line) => (JSON.parse(line) as { rule: string }).rule);

test('a detection of one’s own may name a list of one’s own', async () => {
  const folder = folderOf({
    'mine.yaml': STOPPED,
    'trailbus.yml': 'lists: { mine: [StopLogging] }\ndetections: { pack: false, files: [mine.yaml] }\n',
  });
  const config = join(folder, 'trailbus.yml');
  const { stdout, stderr, code } = await trailbus(['run', 'samples/logs', '--config', config, '--json']);
  assert.deepEqual([code, idsIn(stdout)], [1, ['mine.stopped']], stderr);
  const checked = await trailbus(['config', 'check', '--config', config]);
  assert.equal(checked.code, 0, checked.stdout);
  const listed = await trailbus(['rules', 'list', '--config', config, '--json']);
  assert.deepEqual(
    listed.stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { id: string; on: boolean }).on),
    [true],
  );
});

test('a list that neither the configuration nor Trailbus has is refused, with its place', async () => {
  const folder = folderOf({ 'mine.yaml': STOPPED });
  const { code, stderr } = await trailbus(['run', 'samples/logs', '--detections', join(folder, 'mine.yaml')]);
  assert.equal(code, 2);
  assert.match(stderr, /mine\.yaml:4:.*names no list: `\$mine`/);
});

test('a severity that is none is refused before a file is written', async () => {
  const out = join(folderOf({}), 'entries.ndjson');
  const { code, stderr } = await trailbus(['run', 'samples/logs', '--emit', out, '--severity', 'hihg']);
  assert.deepEqual([code, existsSync(out)], [2, false]);
  assert.match(stderr, /no severity is called `hihg`/);
});

test('a run names the detections that it can’t ask for want of a list', async () => {
  const { stdout } = await trailbus(['run', 'samples/logs', '--all-rules']);
  assert.match(stdout, /\nnot asked: region\.unused, `\$regions` has no values\n/);
});

test('detections are asked, unless the run writes entries, asks rules or is told to ask none', async () => {
  const logs = 'samples/logs/AWSLogs/111122223333/CloudTrail/us-west-2';
  const findingsOf = async (...options: string[]) =>
    (await trailbus(['run', logs, '--json', ...options])).stdout.match(/^\{"type":"finding"/gm)?.length ?? 0;
  const found = await findingsOf();
  assert.ok(found > 0);
  const entries = join(folderOf({}), 'entries');
  assert.deepEqual(
    [await findingsOf('--no-rules'), await findingsOf('--rules', 'samples/rules'), await findingsOf('--emit', entries)],
    [0, 0, 0],
  );
  assert.equal(await findingsOf('--emit', entries, '--severity', 'info'), found);
});

test('--exit-zero ends with 0 though something was found', async () => {
  const args = ['run', 'samples/logs/AWSLogs/111122223333/CloudTrail/us-west-2'];
  assert.deepEqual([(await trailbus(args)).code, (await trailbus([...args, '--exit-zero'])).code], [1, 0]);
});
