// `trailbus run` as people call it: output, streams, following folders, exit codes.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { startTrailbus, trailbus, trailbusProcess } from '../command.ts';
import { emptyFolder, folderOf } from '../fakes/folders.ts';
import { KEY, logFile } from '../fakes/records.ts';

const ROOT = join(import.meta.dirname, '../..');
const lines = (text: string) =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, never>);

test('run says what was in the sample logs', async () => {
  const { code, stdout } = await trailbus(['run', 'samples/logs', '--no-rules']);
  assert.equal(code, 0);
  assert.match(stdout, /346 log files, 304 skipped \(DIGEST_FILE 152, NOT_CLOUDTRAIL_LOG 152\)/);
  assert.match(stdout, /^ {2}DIGEST_FILE: the file is one of CloudTrail’s digests; check it with `trailbus validate-logs`$/m);
  assert.match(stdout, /6,946 records, 6,946 emitted/);
  assert.match(stdout, /from 2026-10-05T00:00:05Z to 2026-10-05T23:49:24Z/);
  assert.match(stdout, /│ kms\.amazonaws\.com +│ +1,013 │/);
});

test('run --json gives the same as one object', async () => {
  const { code, stdout } = await trailbus(['run', 'samples/logs', '--json', '--no-rules']);
  const [summary] = lines(stdout) as unknown as [
    { files: Record<string, unknown>; records: Record<string, unknown>; accounts: Record<string, number> },
  ];
  assert.equal(code, 0);
  assert.deepEqual(summary.files, { done: 346, skipped: { DIGEST_FILE: 152, NOT_CLOUDTRAIL_LOG: 152 }, quarantined: {}, unread: 0 });
  assert.deepEqual(summary.records, { read: 6946, emitted: 6946, parked: 0, skipped: {}, quarantined: {} });
  assert.equal(
    Object.values(summary.accounts).reduce((sum, count) => sum + count),
    6946,
  );
});

const TRICKY = [
  '{"eventID":"1","eventSource":"s3.amazonaws.com","eventTime":"2026-10-05T12:00:00Z","resources":[{"ARN":"arn:aws:s3:::b"}],"n":1.0,"big":12345678901234567890}',
  '{ "eventID" : "2",\n\t"user" : "J\\u00fcrgen \\"q\\" \\\\ 東京 😀" }',
  '{"eventID":"3","__proto__":{"a":1},"eventTime":"never"}',
];

test('run --emit - writes every entry, each record’s text exactly', async () => {
  const root = folderOf({ 'a.json.gz': logFile(...TRICKY) });
  const { code, stdout, stderr } = await trailbus(['run', root, '--emit', '-']);
  const entries = lines(stdout);
  assert.equal(code, 0);
  assert.deepEqual(
    entries.map(({ Detail }) => Detail),
    TRICKY as never[],
  );
  assert.deepEqual(
    { ...entries[0], Detail: '' },
    {
      Source: 'cloudtrail.s3',
      DetailType: 'AWS API Call via CloudTrail',
      Time: '2026-10-05T12:00:00Z',
      Resources: ['arn:aws:s3:::b'],
      Detail: '',
    },
  );
  assert.deepEqual(Object.keys(entries[2]!), ['Source', 'DetailType', 'Resources', 'Detail']);
  assert.match(stderr, /3 records, 3 emitted/, 'the summary stays out of the entries');
});

test('run --emit FILE writes the entries there and the summary to standard output', async () => {
  const out = join(emptyFolder(), 'entries.ndjson');
  const { stdout } = await trailbus(['run', folderOf({ 'a.json.gz': logFile(...TRICKY) }), '--emit', out]);
  assert.match(stdout, /3 records, 3 emitted/);
  assert.deepEqual(
    lines(readFileSync(out, 'utf8')).map(({ Detail }) => Detail),
    TRICKY as never[],
  );
});

test('run --emit repairs invalid UTF-8 and keeps the rest', async () => {
  const bytes = Buffer.concat([
    Buffer.from('{"Records":[{"eventID":"1","a":"x'),
    Buffer.from([0xff]),
    Buffer.from('\\"é"},{"eventID":"2"}]}'),
  ]);
  const { stdout } = await trailbus(['run', folderOf({ 'a.json.gz': gzipSync(bytes) }), '--emit', '-']);
  assert.deepEqual(
    lines(stdout).map(({ Detail }) => Detail),
    ['{"eventID":"1","a":"x\ufffd\\"é"}', '{"eventID":"2"}'] as never[],
  );
});

test('run reads one file on standard input', () => {
  const { code, stdout } = trailbusProcess(['run', '-', '--emit', '-'], logFile(...TRICKY));
  assert.equal(code, 0);
  assert.equal(lines(stdout).length, 3);
});

test('run quarantines bad files and records, says why, goes on and exits with 1', async () => {
  const root = folderOf({ 'bad.json.gz': 'rubbish', 'good.json.gz': logFile({ eventID: '1' }, 'null') });
  const { code, stdout, stderr } = await trailbus(['run', root]);
  assert.equal(code, 1);
  assert.match(stderr, /quarantined \S*bad\.json\.gz: INVALID_JSON, wanted a value, found `r` at byte 0/);
  assert.match(stderr, /quarantined \S*good\.json\.gz record 1: RECORD_NOT_OBJECT/);
  assert.match(stdout, /1 log file, 1 quarantined \(INVALID_JSON 1\)\n2 records, 1 emitted, 1 quarantined \(RECORD_NOT_OBJECT 1\)/);
});

test('run --json gives each quarantined file and record as an object', async () => {
  const { stdout } = await trailbus(['run', folderOf({ 'bad.json.gz': 'rubbish', 'good.json.gz': logFile('7') }), '--json']);
  const objects = lines(stdout).map(({ type, reason, next, index }) => [type, reason, next, index]);
  assert.deepEqual(objects, [
    ['quarantined', 'INVALID_JSON', 'find who copied it; copy it again', undefined],
    ['quarantined', 'RECORD_NOT_OBJECT', 'find who writes it there', 0],
    ['summary', undefined, undefined, undefined],
  ] as never[]);
});

test('a file’s name cannot write to the terminal', async () => {
  const { stderr } = await trailbus(['run', folderOf({ 'x\u001b[31m.json.gz': 'rubbish' })]);
  assert.ok(!stderr.includes('\u001b'));
  assert.match(stderr, /x\\u\{1b\}\[31m\.json\.gz/);
});

test('in a copy of a bucket, digests and other services’ files are skipped; in loose folders, by their ending', async () => {
  const root = folderOf({
    [KEY]: logFile({ eventID: '1' }),
    [KEY.replaceAll('CloudTrail', 'CloudTrail-Digest')]: 'x',
    'AWSLogs/111122223333/Config/x.json.gz': 'x',
    'notes.txt': 'x',
    'loose.json': '{"Records":[{}]}',
  });
  const { code, stdout } = await trailbus(['run', root, '--json']);
  const [summary] = lines(stdout) as unknown as [{ files: unknown }];
  assert.deepEqual([code, summary.files], [0, { done: 2, skipped: { NOT_CLOUDTRAIL_LOG: 2, DIGEST_FILE: 1 }, quarantined: {}, unread: 0 }]);
});

test('run --max-inflated quarantines what inflates to more', async () => {
  const { stdout } = await trailbus(['run', folderOf({ 'a.json.gz': logFile({ pad: 'x'.repeat(10_000) }) }), '--max-inflated', '5000']);
  assert.match(stdout, /1 quarantined \(TOO_LARGE 1\)/);
});

const wrong: [string, string[], RegExp][] = [
  ['no source', ['run'], /missing required argument/],
  ['a source that is not there', ['run', '/no/such/place'], /no such file or folder: `\/no\/such\/place`\n {2}next: name a log file/],
  ['a folder without log files', ['run', folderOf({ 'a.txt': '' })], /no log files in/],
  ['an option it does not know', ['run', '.', '--frobnicate'], /unknown option/],
  ['a limit that is no number', ['run', '.', '--max-inflated', 'lots'], /whole number of bytes/],
  ['a bucket to follow', ['run', 's3://b', '--watch'], /follows folders/],
  ['an output it can’t write', ['run', 'samples/logs', '--emit', '/no/such/folder/x'], /can’t write to/],
  ['a command it does not know', ['walk'], /unknown command/],
];
for (const [name, args, message] of wrong)
  test(`exits with 2 for ${name}`, async () => {
    const { code, stdout, stderr } = await trailbus(args);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, message);
  });

test('a file that cannot be read does not stop the rest, and makes the exit code 2', async () => {
  const root = folderOf({ 'b.json.gz': logFile({ eventID: '2' }) });
  symlinkSync('/no/such/file', join(root, 'a.json.gz'));
  const { code, stdout, stderr } = await trailbus(['run', root]);
  assert.equal(code, 2);
  assert.match(stderr, /can’t be read/);
  assert.match(stdout, /1 log file, 1 not read/);
});

test('run --watch reads files as they come, once each, until interrupted', async () => {
  const root = folderOf({ 'first.json.gz': logFile({ eventID: '1' }) });
  const child = startTrailbus(['run', root, '--watch', '--json']);
  let stderr = '';
  let stdout = '';
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
  const seen = (pattern: RegExp) =>
    new Promise<void>((done) => {
      const look = (data?: Buffer) => {
        stderr += data?.toString() ?? '';
        if (pattern.test(stderr)) done();
      };
      child.stderr.on('data', look);
      look();
    });
  await seen(/following/);
  writeFileSync(join(root, 'half'), logFile({ eventID: '2' }, { eventID: '3' }));
  renameSync(join(root, 'half'), join(root, 'second.json.gz'));
  await seen(/read \S*second\.json\.gz/);
  child.kill('SIGINT');
  const code = await new Promise((done) => child.on('exit', done));
  const [summary] = lines(stdout) as unknown as [{ files: { done: number }; records: { read: number } }];
  assert.deepEqual([code, summary.files.done, summary.records.read], [0, 2, 3]);
});

test('run --watch hands on each file’s entries as it was read, and tells of bad files at once', async () => {
  const root = emptyFolder();
  const out = join(emptyFolder(), 'entries.ndjson');
  const child = startTrailbus(['run', root, '--watch', '--emit', out]);
  const told = new Promise<string>((done) => {
    let stderr = '';
    child.stderr.on('data', (data: Buffer) => {
      stderr += data.toString();
      if (/following/.test(stderr) && !existsSync(join(root, 'a.json.gz'))) {
        writeFileSync(join(root, 'a.json.gz'), logFile({ eventID: '1' }));
        writeFileSync(join(root, 'b.json.gz'), 'rubbish');
      }
      if (/quarantined .*b\.json\.gz: INVALID_JSON/.test(stderr)) done(stderr);
    });
  });
  assert.match(await told, /read .*a\.json\.gz/);
  assert.equal(lines(readFileSync(out, 'utf8')).length, 1, 'while it still follows');
  child.kill('SIGINT');
  assert.equal(await new Promise((done) => child.on('exit', done)), 1);
});

test('a folder may hold pipes, links in a circle and broken ones; nothing hangs', { skip: process.platform === 'win32' }, async () => {
  const root = folderOf({ 'day/a.json.gz': logFile({ eventID: '1' }), 'with blanks 🚌/b.json.gz': logFile({ eventID: '2' }) });
  execFileSync('mkfifo', [join(root, 'pipe.json.gz')]);
  symlinkSync('..', join(root, 'day/up'));
  const { code, stdout } = await trailbus(['run', root, '--json']);
  const [summary] = lines(stdout) as unknown as [{ files: { done: number; skipped: object } }];
  assert.deepEqual([code, summary.files.done, summary.files.skipped], [0, 2, { LINK_TO_FOLDER: 1, NOT_CLOUDTRAIL_LOG: 1 }]);
});

const isRoot = process.getuid?.() === 0;
test('a folder that may not be read does not stop the rest', { skip: isRoot && 'root may read everything' }, async () => {
  const root = folderOf({ 'a.json.gz': logFile({ eventID: '1' }), 'closed/b.json.gz': logFile({ eventID: '2' }) });
  chmodSync(join(root, 'closed'), 0);
  const { code, stdout, stderr } = await trailbus(['run', root]);
  chmodSync(join(root, 'closed'), 0o700);
  assert.equal(code, 2);
  assert.match(stderr, /EACCES[\s\S]*closed/);
  assert.match(stdout, /1 log file, 1 not read/);
});

/** What a shell says of the command in a line of its own; `$trailbus` is the command, `$logs` some log files with matches among them. */
const shell = (line: string) => {
  const words = { trailbus: `${process.execPath} dist/cli/trailbus.js`, logs: 'samples/logs/AWSLogs/111122223333/CloudTrail/us-east-1' };
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, ...words };
  return spawnSync('bash', ['-c', line], { cwd: ROOT, env, encoding: 'utf8' });
};

for (const [what, line] of [
  ['the summary', '$trailbus run $logs'],
  ['objects', '$trailbus run $logs --json'],
  ['matches', '$trailbus run $logs --rules samples/rules'],
  ['entries', '$trailbus run $logs --emit -'],
  ['help', '$trailbus --help'],
] as const)
  test(`a reader of ${what} may go away before the end`, () => {
    const { stderr, stdout } = shell(`{ ${line}; echo "code $?" >&2; } | true`);
    assert.equal(stdout, '');
    assert.match(stderr, /code [01]\n$/);
    assert.doesNotMatch(stderr, /EPIPE|Error|node:/);
  });

const noFull = existsSync('/dev/full') ? false : 'no /dev/full on this system';
for (const [what, line] of [
  ['summary', '$trailbus run $logs > /dev/full'],
  ['entries on standard output', '$trailbus run $logs --emit - > /dev/full'],
  ['entries in a file', '$trailbus run $logs --emit /dev/full'],
  ['matches', '$trailbus run $logs --rules samples/rules > /dev/full'],
] as const)
  test(`a full disk is told of, and is a failure: ${what}`, { skip: noFull }, () => {
    const { status, stderr } = shell(line);
    assert.equal(status, 2);
    assert.match(stderr, /^trailbus: can’t write to (standard output|`\/dev\/full`): ENOSPC/m);
    assert.doesNotMatch(stderr, /node:|\.json\.gz/);
  });

test('entries go into a named pipe, and a reader of it may go away', () => {
  const pipe = join(emptyFolder(), 'pipe');
  execFileSync('mkfifo', [pipe]);
  const { stdout } = shell(`head -1 ${pipe} | cut -c1-10 & $trailbus run $logs --emit ${pipe} > /dev/null; echo "code $?"; wait`);
  assert.deepEqual(stdout.trim().split('\n').sort(), ['code 0', '{"Source":']);
});

const PYTHON = ['python3', 'python3.11'].find((name) => spawnSync(name, ['-c', 'import pty']).status === 0);
/** Runs the command on a pseudo-terminal; interrupts it as soon as `interruptAt` was shown. @returns what the terminal got, and how the command ended */
function onTerminal(args: string[], interruptAt = ''): { shown: string; status: number } {
  const script = `
import os, pty, sys
pid, fd = pty.fork()
if pid == 0: os.execv(sys.argv[2], sys.argv[2:])
shown, stop = b'', sys.argv[1].encode()
while True:
    try: piece = os.read(fd, 65536)
    except OSError: break
    if not piece: break
    shown += piece
    if stop and stop in shown: os.write(fd, b'\\x03'); stop = b''
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
sys.stdout.flush(); sys.stdout.buffer.write(shown)`;
  const { stdout } = spawnSync(PYTHON!, ['-c', script, interruptAt, process.execPath, join(ROOT, 'dist/cli/trailbus.js'), ...args], {
    encoding: 'utf8',
    env: { ...process.env, TERM: 'xterm' },
    cwd: ROOT,
    maxBuffer: 1 << 26,
  });
  const [, status = '', shown = ''] = /^(-?\d+)\n([\s\S]*)$/.exec(stdout) ?? [];
  return { shown, status: Number(status) };
}

const HIDDEN = '\u001b[?25l';
const SHOWN = '\u001b[?25h';
const noPython = PYTHON === undefined && 'needs Python for a pseudo-terminal';
test('on a terminal a bar says what the run has done, and leaves no trace', { skip: noPython }, () => {
  const { shown, status } = onTerminal(['run', 'samples/logs', '--no-rules']);
  assert.equal(status, 0);
  // The bar is drawn at the start and the end, and in between only by runs that take longer than this one on a quick machine.
  assert.match(shown, /█{40} 650\/650 files · samples\/logs/);
  assert.ok(shown.lastIndexOf(SHOWN) > shown.lastIndexOf(HIDDEN));
});

test('interrupted in the middle, the terminal is as it was', { skip: noPython }, () => {
  // So many files that no machine is through with them before the interrupt comes, however busy it is with other things.
  const rounds = 60;
  const { shown, status } = onTerminal(['run', ...Array<string>(rounds).fill('samples/logs')], '█░');
  assert.equal(status, -2, 'ended by the signal');
  assert.match(shown, /█░+ \d+\/39000 files · samples\/logs/, 'the bar shows how far it was');
  assert.ok(shown.lastIndexOf(SHOWN) > shown.lastIndexOf(HIDDEN));
  assert.doesNotMatch(shown, /emitted/);
});

test('a bucket without region or credentials fails at once, and says what to set', () => {
  const bare = { AWS_EC2_METADATA_DISABLED: 'true', AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' };
  const env = { ...bare, AWS_REGION: '', AWS_DEFAULT_REGION: '', AWS_PROFILE: '', AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };
  const region = trailbusProcess(['run', 's3://some-bucket/x'], '', env);
  assert.deepEqual([region.code, region.stdout], [2, '']);
  assert.match(region.stderr, /next: .*set AWS_REGION/);
  const credentials = trailbusProcess(['run', 's3://some-bucket/x'], '', { ...env, AWS_REGION: 'us-east-1' });
  assert.match(credentials.stderr, /next: log in .*AWS_PROFILE/);
});

const REAL = join(ROOT, '../shared/data/stratus');
test(
  'real records come out once each, byte for byte',
  { skip: existsSync(REAL) ? false : 'real records are not in this checkout' },
  async () => {
    const held = readdirSync(REAL)
      .sort()
      .flatMap((name) => JSON.parse(gunzipSync(readFileSync(join(REAL, name))).toString()).Records as object[]);
    const { stdout } = await trailbus(['run', REAL, '--emit', '-']);
    const emitted = lines(stdout).map(({ Detail }) => String(Detail));
    const texts = readdirSync(REAL)
      .sort()
      .map((name) => gunzipSync(readFileSync(join(REAL, name))).toString());
    assert.deepEqual(
      emitted.map((text) => JSON.parse(text) as object),
      held,
    );
    for (const text of emitted) assert.ok(texts.some((file) => file.includes(text)));
  },
);
