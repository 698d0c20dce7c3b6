// How much memory a large file, and a bomb, may take: each is read in a process of its own.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';

const ROOT = join(import.meta.dirname, '../../..');
/** Reads a log file in a process of its own; says how many records came, under which reason it was refused, and the most memory it ever held. */
const READER = `
import { readFileSync } from 'node:fs';
import { readRecords } from './events/logfile/logfile.ts';
let records = 0, reason;
try { for await (const window of readRecords(readFileSync(process.argv[1]))) for (const record of window) records += record.bytes.length > 0 ? 1 : 0; }
catch (error) { reason = error.reason; }
console.log(JSON.stringify({ records, reason, megabytes: process.resourceUsage().maxRSS / 1024 }));`;

const { outputFiles } = buildSync({
  stdin: { contents: READER, resolveDir: ROOT },
  bundle: true,
  write: false,
  platform: 'node',
  format: 'esm',
});
const program = outputFiles[0]!.text;

function read(stored: Uint8Array): { records: number; reason?: string; megabytes: number } {
  const path = join(mkdtempSync(join(tmpdir(), 'trailbus-memory-')), 'log.json.gz');
  writeFileSync(path, stored);
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', program, path], { encoding: 'utf8' })) as ReturnType<
    typeof read
  >;
}

const MANY = `${'{"eventID":"e","pad":"'.padEnd(1000, 'x')}"},`.repeat(5_000);
/** A gzip may have many members: the same 5 MB again and again cost nothing to make. */
const large = (megabytes: number) =>
  Buffer.concat([gzipSync('{"Records":['), ...Array(megabytes / 5).fill(gzipSync(MANY)), gzipSync('{"eventID":"last"}]}')]);

test('an ordinary large file (50 MB inflated) is read in less than 256 MB', () => {
  const { records, megabytes } = read(large(50));
  assert.equal(records, 50_001);
  assert.ok(megabytes < 256, `${megabytes} MB`);
});

test('a file ten times larger takes no more memory', () => {
  const { records, megabytes } = read(large(500));
  assert.equal(records, 500_001);
  assert.ok(megabytes < 256, `${megabytes} MB`);
});

test('a bomb is refused at 1 GiB, in less than 256 MB', () => {
  const blanks = gzipSync(' '.repeat(16 * 1024 * 1024));
  const { records, reason, megabytes } = read(Buffer.concat([gzipSync('{"Records":['), ...Array(65).fill(blanks), gzipSync(']}')]));
  assert.deepEqual([records, reason], [0, 'TOO_LARGE']);
  assert.ok(megabytes < 256, `${megabytes} MB`);
});

test('a bomb of one endless string is refused as soon as it is no record', () => {
  const letters = gzipSync('x'.repeat(16 * 1024 * 1024));
  const { reason, megabytes } = read(Buffer.concat([gzipSync('{"Records":[{"a":"'), ...Array(60).fill(letters), gzipSync('"}]}')]));
  assert.equal(reason, 'TOO_LARGE');
  assert.ok(megabytes < 512, `${megabytes} MB`);
});
