// Detections in a run, as the command line and trailbus.yml ask for them.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { trailbus } from '../command.ts';
import { folderOf } from '../fakes/folders.ts';
import { logFile } from '../fakes/records.ts';

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

const call = (eventName: string, eventID: string, eventTime: string) => ({
  ...{ eventVersion: '1.08', eventTime, eventSource: 'iam.amazonaws.com', eventName, eventType: 'AwsApiCall', eventID },
  ...{ awsRegion: 'us-east-1', recipientAccountId: '111122223333', userIdentity: { type: 'IAMUser', userName: 'martin' } },
});
const calls = (count: number, day = '05') =>
  Array.from({ length: count }, (_, at) => call('CreateUser', `e${day}-${at}`, `2026-10-${day}T12:00:${String(at).padStart(2, '0')}Z`));
const MADE = 'id: mine.made\nseverity: low\ntitle: made\npattern: { detail: { eventName: [CreateUser] } }\n';

test('findings of a detection on trial are shown with a mark, counted apart, and end with 0', async () => {
  const folder = folderOf({
    'd/mine.yaml': `${MADE}dryRun: true\n`,
    'logs/a.json.gz': logFile(...calls(1)),
    'trailbus.yml': 'detections: { pack: false, files: [d] }\n',
  });
  const args = ['run', join(folder, 'logs'), '--config', join(folder, 'trailbus.yml')];
  for (const options of [[], ['--sort']]) {
    const { stdout, code } = await trailbus([...args, ...options]);
    assert.match(stdout, /^2026-10-05T12:00:00Z low +on trial: made · martin/m);
    assert.match(stdout, /\n0 findings; 1 on trial\n$/);
    assert.equal(code, 0);
  }
  const json = await trailbus([...args, '--json']);
  assert.match(json.stdout, /"detail":\{"dryRun":true\}/);
  assert.match(json.stdout, /"findings":\{"critical":0,"high":0,"medium":0,"low":0,"info":0\},"onTrial":1/);
});

test('--all-rules turns on what trailbus.yml turns off, and keeps its overrides', async () => {
  const folder = folderOf({
    'd/mine.yaml': `${MADE}off: noisy\n`,
    'logs/a.json.gz': logFile(...calls(1)),
    'trailbus.yml': 'detections: { pack: false, files: [d], off: [mine.made], override: { mine.made: { severity: high } } }\n',
  });
  const config = ['--config', join(folder, 'trailbus.yml'), '--json'];
  const severities = async (...args: string[]) =>
    [...(await trailbus([...args, ...config])).stdout.matchAll(/"type":"(?:finding|detection|backtest-rule)".*?"severity":"(\w+)"/g)].map(
      ([, severity]) => severity,
    );
  const logs = join(folder, 'logs');
  assert.deepEqual(await severities('run', logs), []);
  assert.deepEqual(await severities('run', logs, '--all-rules'), ['high']);
  assert.deepEqual(await severities('rules', 'backtest', logs, '--all-rules'), ['high']);
  assert.match((await trailbus(['rules', 'list', '--all-rules', ...config])).stdout, /"on":true/);
});

test('with --state a run tells what it opens or lifts itself, and ends with 0 where that is nothing', async () => {
  const window =
    'id: mine.many\ntitle: many\npattern: { detail: { eventName: [CreateUser] } }\nwindow: { threshold: 3, within: 5m, by: principal }\n';
  const folder = folderOf({
    'd/mine.yaml': `${MADE}---\n${window}`,
    'first/a.json.gz': logFile(...calls(4)),
    'more/a.json.gz': logFile(...calls(5)),
    'many/a.json.gz': logFile(...calls(10)),
    'trailbus.yml': 'detections: { pack: false, files: [d] }\n',
  });
  const runs = async (from: string, ...options: string[]) => {
    const args = ['run', join(folder, from), '--config', join(folder, 'trailbus.yml'), '--state', join(folder, 'state'), ...options];
    const { stdout, code } = await trailbus(args);
    const found = [...stdout.matchAll(/"rule":"(mine\.\w+)".*?"state":"(\w+)".*?"count":(\d+)/g)].map(([, ...rest]) => rest.join(' '));
    return { code, found: found.sort(), stdout };
  };
  const first = await runs('first', '--json');
  assert.deepEqual(
    [first.code, first.found],
    [1, ['mine.made open 1', 'mine.made open 1', 'mine.made open 1', 'mine.made open 1', 'mine.many open 4']],
  );
  const again = await runs('first', '--json');
  assert.deepEqual([again.code, again.found], [0, []]);
  assert.match((await runs('first')).stdout, /\n0 findings\n/);
  const more = await runs('more', '--json');
  assert.deepEqual([more.code, more.found], [1, ['mine.made open 1']]);
  const many = await runs('many', '--json');
  assert.deepEqual(many.found.at(-1), 'mine.many updated 10');
  assert.equal(many.found.length, 6);
});

test('where eventTime can’t be read, account, region and time are those in the file’s name, wherever it lies', async () => {
  const window =
    'id: mine.many\ntitle: many\npattern: { detail: { eventName: [CreateUser] } }\nwindow: { threshold: 3, within: 5m, by: [account, region] }\n';
  const bare = calls(3).map(({ recipientAccountId: _, awsRegion: __, ...rest }) => ({ ...rest, eventTime: 'yesterday' }));
  const folder = folderOf({
    'd/mine.yaml': window,
    'logs/111122223333_CloudTrail_eu-west-1_20261005T1205Z_abcDEF0123456789.json.gz': logFile(...bare),
    'trailbus.yml': 'detections: { pack: false, files: [d] }\n',
  });
  const { stdout } = await trailbus(['run', join(folder, 'logs'), '--config', join(folder, 'trailbus.yml'), '--json']);
  const { account, region, firstTime } = JSON.parse(stdout.split('\n')[0]!) as Record<string, string>;
  assert.deepEqual([account, region, firstTime], ['111122223333', 'eu-west-1', '2026-10-05T12:05:00Z']);
});

test('of an event whose time nothing says, no time is told', async () => {
  const folder = folderOf({
    'd/mine.yaml': MADE,
    'logs/a.json.gz': logFile({ ...calls(1)[0], eventTime: 'yesterday' }, ...calls(1, '06')),
    'trailbus.yml': 'detections: { pack: false, files: [d] }\n',
  });
  const options = [join(folder, 'logs'), '--config', join(folder, 'trailbus.yml')];
  assert.match((await trailbus(['run', ...options])).stdout, /^no time {14}low +made/m);
  const [finding] = (await trailbus(['run', ...options, '--json'])).stdout.split('\n').map((line) => JSON.parse(line || '{}'));
  assert.deepEqual([finding.firstTime, finding.lastTime, finding.events[0].time], [undefined, undefined, 'unknown']);
  const [backtested] = (await trailbus(['rules', 'backtest', ...options, '--json'])).stdout
    .split('\n')
    .map((line) => JSON.parse(line || '{}'));
  assert.deepEqual(Object.keys(backtested.days).sort(), ['2026-10-06', 'unknown']);
  assert.equal(backtested.days.unknown.findings, 1);
});
