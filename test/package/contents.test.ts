// What the npm package holds, and that it works in an empty folder.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '../..');
const run = (command: string, args: string[], cwd: string) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

interface Packed {
  filename: string;
  size: number;
  files: { path: string; mode: number }[];
}

const target = mkdtempSync(join(tmpdir(), 'trailbus-pack-'));
const [packed] = JSON.parse(run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', target], ROOT)) as [Packed];
const paths = packed.files.map(({ path }) => path);

test('the package holds the command, the pattern engine, the detections with their schema, the sample logs and the papers, nothing else', () => {
  const strange = paths.filter(
    (path) =>
      !/^(dist\/.+\.(js|d\.ts|json)|detections\/.+|schema\/\w+\.schema\.json|samples\/(logs|rules)\/.+|samples\/(public-keys\.json|trailbus\.yml)|package\.json|README\.md|CHANGELOG\.md|LICENSE)$/.test(
        path,
      ),
  );
  assert.deepEqual(strange, []);
  for (const path of [
    'dist/cli/trailbus.js',
    'dist/cli/commands/run.js',
    'dist/cli/commands/template.js',
    'dist/events/pattern/index.js',
    'dist/events/pattern/index.d.ts',
    'schema/detection.schema.json',
    'schema/trailbus.schema.json',
    'README.md',
    'CHANGELOG.md',
    'LICENSE',
  ])
    assert.ok(paths.includes(path), `${path} is missing`);
});

test('the package is small', () => assert.ok(packed.size < 4_000_000, `${packed.size} bytes`));

test('installed elsewhere, the command runs and the pattern engine can be imported', () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'trailbus-user-'));
  writeFileSync(join(elsewhere, 'package.json'), '{"name":"user","type":"module","private":true}');
  run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', join(target, packed.filename)], elsewhere);
  cpSync(join(ROOT, 'samples/logs/AWSLogs/111122223333/CloudTrail'), join(elsewhere, 'logs'), { recursive: true });
  assert.match(run('npx', ['--no-install', 'trailbus', 'run', 'logs', '--exit-zero'], elsewhere), /\d log files\n[\d,]+ records/);
  assert.match(run('npx', ['--no-install', 'trailbus', '--version'], elsewhere), /^\d+\.\d+\.\d+/);
  const { Resources } = JSON.parse(run('npx', ['--no-install', 'trailbus', 'template'], elsewhere)) as { Resources: object };
  assert.ok('ProcessLambdaFunction' in Resources);
  const script =
    "import { compile } from 'trailbus/pattern'; console.log(compile([{ name: 'r', pattern: { a: [1] } }]).match({ a: 1 }).join());";
  assert.equal(run(process.execPath, ['--input-type=module', '-e', script], elsewhere).trim(), 'r');
});
