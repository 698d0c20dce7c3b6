import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { startTrailbus, trailbus } from '../command.ts';
import { KEY, logFile } from '../fakes/records.ts';

const ROOT = join(import.meta.dirname, '../..');
const folder = () => mkdtempSync(join(tmpdir(), 'trailbus-'));
const lines = (text: string) =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, never>);

function folderOf(files: Record<string, Uint8Array | string>): string {
  const root = folder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(root, name, '..'), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  return root;
}

test('run says what was in the sample logs', () => {
  const { code, stdout } = trailbus(['run', 'samples/logs']);
  assert.equal(code, 0);
  assert.match(stdout, /346 log files, 304 skipped \(DIGEST_FILE 152, NOT_CLOUDTRAIL_LOG 152\)/);
  assert.match(stdout, /6,946 records, 6,946 emitted/);
  assert.match(stdout, /from 2026-10-05T00:00:05Z to 2026-10-05T23:49:24Z/);
  assert.match(stdout, /│ kms\.amazonaws\.com +│ +1,013 │/);
});

test('run --json gives the same as one object', () => {
  const { code, stdout } = trailbus(['run', 'samples/logs', '--json']);
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

test('run --emit - writes every entry, each record’s text exactly', () => {
  const root = folderOf({ 'a.json.gz': logFile(...TRICKY) });
  const { code, stdout, stderr } = trailbus(['run', root, '--emit', '-']);
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

test('run --emit FILE writes the entries there and the summary to standard output', () => {
  const out = join(folder(), 'entries.ndjson');
  const { stdout } = trailbus(['run', folderOf({ 'a.json.gz': logFile(...TRICKY) }), '--emit', out]);
  assert.match(stdout, /3 records, 3 emitted/);
  assert.deepEqual(
    lines(readFileSync(out, 'utf8')).map(({ Detail }) => Detail),
    TRICKY as never[],
  );
});

test('run --emit repairs invalid UTF-8 and keeps the rest', () => {
  const bytes = Buffer.concat([
    Buffer.from('{"Records":[{"eventID":"1","a":"x'),
    Buffer.from([0xff]),
    Buffer.from('\\"é"},{"eventID":"2"}]}'),
  ]);
  const { stdout } = trailbus(['run', folderOf({ 'a.json.gz': gzipSync(bytes) }), '--emit', '-']);
  assert.deepEqual(
    lines(stdout).map(({ Detail }) => Detail),
    ['{"eventID":"1","a":"x\ufffd\\"é"}', '{"eventID":"2"}'] as never[],
  );
});

test('run reads one file on standard input', () => {
  const { code, stdout } = trailbus(['run', '-', '--emit', '-'], logFile(...TRICKY));
  assert.equal(code, 0);
  assert.equal(lines(stdout).length, 3);
});

test('run quarantines bad files and records, says why, goes on and exits with 1', () => {
  const root = folderOf({ 'bad.json.gz': 'rubbish', 'good.json.gz': logFile({ eventID: '1' }, 'null') });
  const { code, stdout, stderr } = trailbus(['run', root]);
  assert.equal(code, 1);
  assert.match(stderr, /quarantined \S*bad\.json\.gz: INVALID_JSON, wanted a value, found `r` at byte 0/);
  assert.match(stderr, /quarantined \S*good\.json\.gz record 1: RECORD_NOT_OBJECT/);
  assert.match(stdout, /1 log file, 1 quarantined \(INVALID_JSON 1\)\n2 records, 1 emitted, 1 quarantined \(RECORD_NOT_OBJECT 1\)/);
});

test('run --json gives each quarantined file and record as an object', () => {
  const { stdout } = trailbus(['run', folderOf({ 'bad.json.gz': 'rubbish', 'good.json.gz': logFile('7') }), '--json']);
  const objects = lines(stdout).map(({ type, reason, index }) => [type, reason, index]);
  assert.deepEqual(objects, [
    ['quarantined', 'INVALID_JSON', undefined],
    ['quarantined', 'RECORD_NOT_OBJECT', 0],
    ['summary', undefined, undefined],
  ] as never[]);
});

test('a file’s name cannot write to the terminal', () => {
  const { stderr } = trailbus(['run', folderOf({ 'x\u001b[31m.json.gz': 'rubbish' })]);
  assert.ok(!stderr.includes('\u001b'));
  assert.match(stderr, /x\\u\{1b\}\[31m\.json\.gz/);
});

test('in a copy of a bucket, digests and other services’ files are skipped; in loose folders, by their ending', () => {
  const root = folderOf({
    [KEY]: logFile({ eventID: '1' }),
    [KEY.replaceAll('CloudTrail', 'CloudTrail-Digest')]: 'x',
    'AWSLogs/111122223333/Config/x.json.gz': 'x',
    'notes.txt': 'x',
    'loose.json': '{"Records":[{}]}',
  });
  const { code, stdout } = trailbus(['run', root, '--json']);
  const [summary] = lines(stdout) as unknown as [{ files: unknown }];
  assert.deepEqual([code, summary.files], [0, { done: 2, skipped: { NOT_CLOUDTRAIL_LOG: 2, DIGEST_FILE: 1 }, quarantined: {}, unread: 0 }]);
});

test('run --max-inflated quarantines what inflates to more', () => {
  const { stdout } = trailbus(['run', folderOf({ 'a.json.gz': logFile({ pad: 'x'.repeat(10_000) }) }), '--max-inflated', '5000']);
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
  test(`exits with 2 for ${name}`, () => {
    const { code, stdout, stderr } = trailbus(args);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, message);
  });

test('a file that cannot be read does not stop the rest, and makes the exit code 2', () => {
  const root = folderOf({ 'b.json.gz': logFile({ eventID: '2' }) });
  symlinkSync('/no/such/file', join(root, 'a.json.gz'));
  const { code, stdout, stderr } = trailbus(['run', root]);
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

const REAL = join(ROOT, '../shared/data/stratus');
test('real records come out once each, byte for byte', { skip: existsSync(REAL) ? false : 'real records are not in this checkout' }, () => {
  const held = readdirSync(REAL)
    .sort()
    .flatMap((name) => JSON.parse(gunzipSync(readFileSync(join(REAL, name))).toString()).Records as object[]);
  const { stdout } = trailbus(['run', REAL, '--emit', '-']);
  const emitted = lines(stdout).map(({ Detail }) => String(Detail));
  const texts = readdirSync(REAL)
    .sort()
    .map((name) => gunzipSync(readFileSync(join(REAL, name))).toString());
  assert.deepEqual(
    emitted.map((text) => JSON.parse(text) as object),
    held,
  );
  for (const text of emitted) assert.ok(texts.some((file) => file.includes(text)));
});
