// `trailbus validate-logs` as a command: the guide's examples, the sample logs, and our own options.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { startTrailbus, trailbus } from '../../command.ts';
import { argumentsOf, CASES, worldOf } from './cases.ts';
import { startEndpoint } from './endpoint.ts';
import { environment, readRecordings, runProgram } from './record.ts';

const ROOT = join(import.meta.dirname, '../../..');
const LOCAL = ['validate-logs', '--local', 'samples/logs', '--public-keys', 'samples/public-keys.json'];
const scratch = mkdtempSync(join(tmpdir(), 'trailbus-validate-'));
after(() => rmSync(scratch, { recursive: true }));

/** A copy of the samples of one region to damage. */
function copyOfSamples(name: string): { folder: string; logs: string[]; digests: string[] } {
  const folder = join(scratch, name);
  const inPlace = (path: string) => !path.includes('.json') || path.includes('/us-west-2/');
  cpSync(join(ROOT, 'samples/logs'), folder, { recursive: true, filter: inPlace });
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const inWest = (kind: string) => files.filter((file) => file.includes(`111122223333/${kind}/us-west-2/`) && file.endsWith('.json.gz'));
  return { folder, logs: inWest('CloudTrail'), digests: inWest('CloudTrail-Digest') };
}

const checkWest = (folder: string, ...more: string[]) =>
  trailbus([
    'validate-logs',
    '--local',
    folder,
    '--public-keys',
    'samples/public-keys.json',
    '--account-id',
    '111122223333',
    '--region',
    'us-west-2',
    ...more,
  ]);

const jsonLines = (text: string) =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** Commands in the guide that are marked to be run, with the exit code they must have. */
const guide = readFileSync(join(ROOT, 'docs/validate-logs.md'), 'utf8');
const commands = [...guide.matchAll(/<!-- run: exit (\d) -->\n```sh\ntrailbus (.+)\n```/g)].map(([, code, words]) => ({
  code: Number(code),
  words: words!,
}));

test('the guide has commands to run', () => assert.ok(commands.length >= 3));
for (const { code, words } of commands)
  test(`the guide's command runs: ${words}`, async () => {
    const outcome = await trailbus(words.split(' '));
    assert.equal(outcome.code, code, outcome.stderr);
    assert.equal(outcome.stderr, '');
  });

for (const name of ['intact', 'log edited', 'organization trail without account', 'no such bucket', 'several logs damaged'])
  test(`the command itself says what awscli says: ${name}`, async () => {
    const chosen = CASES.find((one) => one.name === name)!;
    const recording = readRecordings().get(name)!;
    const endpoint = await startEndpoint(worldOf(chosen));
    try {
      const words = [join(ROOT, 'dist/cli/trailbus.js'), 'validate-logs', ...argumentsOf(chosen)];
      assert.deepEqual(await runProgram(process.execPath, words, environment(endpoint)), recording.quiet);
      assert.deepEqual(await runProgram(process.execPath, [...words, '--verbose'], environment(endpoint)), recording.verbose);
    } finally {
      await endpoint.close();
    }
  });

test('the sample logs are proven for all six places', async () => {
  const { stdout } = await trailbus(LOCAL);
  assert.equal(stdout.match(/^Proven: account \d{12}, region [a-z0-9-]+, trail example: .* \(\d+ digests, \d+ log files\)$/gm)?.length, 6);
});

test('--quiet says in one line what is proven', async () => {
  const { code, stdout } = await trailbus([...LOCAL, '--quiet']);
  assert.equal(code, 0);
  assert.match(
    stdout,
    /^Proven: 2 accounts, 3 regions, 2026-10-04T23:07:44Z to 2026-10-06T00:53:47Z: .* \(152 digests, 346 log files\)\n$/,
  );
});

test('a tampered copy of the sample logs is found out', async () => {
  const { folder, logs } = copyOfSamples('tampered');
  writeFileSync(join(folder, logs[3]!), gzipSync('{"Records":[]}'));
  const { code, stdout, stderr } = await checkWest(folder);
  assert.equal(code, 1);
  assert.equal(stderr, `Log file\ts3://example-trail-logs/${logs[3]}\tINVALID: hash value doesn't match\n\n`);
  assert.match(stdout, /^Not proven: account 111122223333, region us-west-2, trail example: .*: 1 fault /m);
  const quiet = await checkWest(folder, '--quiet');
  assert.equal(quiet.code, 1);
  assert.equal(quiet.stderr, stderr);
  assert.match(quiet.stdout, /^Not proven: account 111122223333, region us-west-2, trail example: .*: 1 fault [^\n]*\n$/);
});

test('a copy without metadata proves nothing', async () => {
  const { folder, digests } = copyOfSamples('bare');
  for (const digest of digests) rmSync(join(folder, `${digest}.metadata.json`));
  const { code, stdout, stderr } = await checkWest(folder);
  assert.equal(code, 1);
  assert.equal(stderr.match(/signature verification failed/g)?.length, digests.length);
  assert.match(stdout, /^Nothing proven: /m);
});

test('--strict finds what awscli lets pass: the newest digest deleted, a file planted', async () => {
  const { folder, logs, digests } = copyOfSamples('strict');
  const planted = logs.at(-3)!.replace(/_[^_]+\.json\.gz$/, '_AAAAAAAAAAAAAAAA.json.gz');
  writeFileSync(join(folder, planted), gzipSync('{"Records":[]}'));
  rmSync(join(folder, digests[5]!));
  rmSync(join(folder, digests[6]!));
  const { code, stderr } = await checkWest(folder, '--strict');
  assert.equal(code, 1);
  assert.match(stderr, /Missing digests\tINVALID: no valid digest covers .* \(2 hours\)/);
  assert.ok(stderr.includes(`Log file\ts3://example-trail-logs/${planted}\tINVALID: no digest lists it\n`));
});

test('--json gives one object a line, faults and a summary', async () => {
  const { folder, logs } = copyOfSamples('json');
  rmSync(join(folder, logs[0]!));
  const { code, stdout, stderr } = await checkWest(folder, '--json');
  assert.equal(code, 1);
  assert.equal(stderr, '');
  const [fault, summary, ...more] = jsonLines(stdout);
  const place = { account: '111122223333', region: 'us-west-2', trail: 'example' };
  assert.deepEqual(fault, { type: 'log', ...place, bucket: 'example-trail-logs', key: logs[0], valid: false, reason: 'not found' });
  assert.deepEqual(more, []);
  assert.equal(summary!['type'], 'summary');
  assert.deepEqual(summary!['logs'], { valid: logs.length - 1, invalid: 1 });
  assert.equal(summary!['proven'], false);
});

test('--json --verbose tells of every file', async () => {
  const { stdout } = await checkWest('samples/logs', '--json', '--verbose');
  const lines = jsonLines(stdout);
  assert.equal(lines.filter(({ type, valid }) => type === 'digest' && valid === true).length, 25);
  assert.equal(lines.at(-1)!['proven'], true);
});

test('--junit writes a case for each digest, with its faults', async () => {
  const { folder, logs } = copyOfSamples('junit');
  rmSync(join(folder, logs[0]!));
  const path = join(scratch, 'junit.xml');
  assert.equal((await checkWest(folder, '--junit', path)).code, 1);
  const text = readFileSync(path, 'utf8');
  assert.equal(text.match(/<testcase /g)?.length, 25);
  assert.match(text, /<testsuite name="[^"]+" tests="25" failures="1">/);
  assert.ok(text.includes(`<failure message="s3://example-trail-logs/${logs[0]}: not found"/>`));
});

test('a check that stops is an error in the JUnit file, not a success', async () => {
  const path = join(scratch, 'stopped.xml');
  const chosen = CASES.find(({ name }) => name === 'denied to read a log')!;
  const endpoint = await startEndpoint(worldOf(chosen));
  try {
    const words = [join(ROOT, 'dist/cli/trailbus.js'), 'validate-logs', ...argumentsOf(chosen), '--junit', path];
    assert.equal((await runProgram(process.execPath, words, environment(endpoint))).code, 255);
    assert.match(readFileSync(path, 'utf8'), /errors="1">[\s\S]*<error message="An error occurred \(AccessDenied\) /);
  } finally {
    await endpoint.close();
  }
});

test('what a planted file is named does not reach the terminal', async () => {
  const { folder, logs } = copyOfSamples('named');
  const planted = logs
    .at(-3)!
    .replace(/_[^_]+\.json\.gz$/, '_AAAAAAAAAAAAAAAA.json.gz')
    .replace(/([^/]+)$/, '\u001b[2J\u202e\u009b$1');
  writeFileSync(join(folder, planted), gzipSync('{"Records":[]}'));
  const { stdout, stderr } = await checkWest(folder, '--strict');
  assert.ok(stderr.includes('\\u{1b}[2J\\u{202e}\\u{9b}'));
  const json = (await checkWest(folder, '--strict', '--json')).stdout;
  assert.doesNotMatch(stdout + stderr + json, /[\u001b\u009b\u202e]/);
  assert.ok(jsonLines(json).some(({ key }) => key === planted));
});

test('a reader that goes away ends the check, without a stack', async () => {
  const child = startTrailbus([...LOCAL, '--verbose']);
  child.stdout.destroy();
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise((closed) => child.on('close', closed));
  assert.equal(code, 255);
  assert.equal(stderr, '\n[Errno 32] Broken pipe\n');
});

const wrongUses: [string, string[], RegExp][] = [
  ['no trail', ['validate-logs', '--start-time', '2026-01-01'], /`--trail-arn` must be given\n {2}next: name the trail/],
  ['no start', ['validate-logs', '--trail-arn', 'x'], /`--start-time` must be given/],
  ['a concurrency of none', ['validate-logs', '--concurrency', '0'], /write a whole number from 1 to 9999/],
  [
    'a folder that is none',
    ['validate-logs', '--local', 'no-such-folder', '--public-keys', 'samples/public-keys.json'],
    /`no-such-folder` is no folder/,
  ],
  ['a copy without keys', ['validate-logs', '--local', 'samples/logs'], /--local asks no AWS and so needs --public-keys/],
  [
    'keys that are none',
    ['validate-logs', '--local', 'samples/logs', '--public-keys', 'package.json'],
    /no `PublicKeyList` in the public keys/,
  ],
];
for (const [name, words, message] of wrongUses)
  test(`wrong use ends with 2 and says what is wrong: ${name}`, async () => {
    const { code, stdout, stderr } = await trailbus(words);
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assert.match(stderr, message);
  });
