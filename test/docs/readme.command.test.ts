// The README's commands and examples do what it says.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fencesOf } from './consolepage.ts';

const ROOT = join(import.meta.dirname, '../..');
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const scripts = (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> }).scripts;

/** Commands whose arguments stand on this machine: no bucket, no ARN, no word in capitals to be filled in. */
const commands = fencesOf(readme, 'sh')
  .flatMap((fence) => fence.split('\n'))
  .map((line) => line.replace(/\s+#.*$/, '').trim())
  .filter((line) => line.startsWith('npx trailbus') && !/s3:\/\/|\b[A-Z]{2,}\b/.test(line));

test('there are commands to try', () => assert.ok(commands.length >= 3));

const jqIsMissing = spawnSync('jq', ['--version']).error !== undefined;

for (const command of commands)
  test(`works as written: ${command}`, { skip: command.includes('jq') && jqIsMissing ? 'jq is not on this machine' : false }, () => {
    const line = command.replaceAll('npx trailbus', `"${process.execPath}" dist/cli/trailbus.js`);
    const { status, stdout, stderr } = spawnSync('sh', ['-c', line], {
      cwd: ROOT,
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1' },
    });
    assert.ok(status === 0 || status === 1, `exit ${status}: ${stderr}`);
    assert.ok(stdout.length > 0);
  });

test('the pattern example says what it gives', () => {
  for (const example of fencesOf(readme, 'js')) {
    const checked = example.replace(/^(\w+\.[\w]+\(.*\));\s*\/\/ (.+)$/gm, 'results.push([$1, $2]);');
    const script = `const results = [];\n${checked}\nconsole.log(JSON.stringify(results));`;
    const results = JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: ROOT, encoding: 'utf8' })) as [
      unknown,
      unknown,
    ][];
    assert.ok(results.length >= 2);
    for (const [got, said] of results) assert.deepEqual(got, said);
  }
});

test('every npm script it names is there', () => {
  const named = [...readme.matchAll(/npm run ([\w:]+)/g)].map((match) => match[1]!);
  assert.deepEqual(
    named.filter((name) => scripts[name] === undefined),
    [],
  );
});

test('every page and folder it points to is there', () => {
  const targets = [...readme.matchAll(/\]\((?!http)([^)#]+)/g)].map((match) => match[1]!);
  assert.ok(targets.length > 8);
  assert.deepEqual(
    targets.filter((target) => !existsSync(join(ROOT, target))),
    [],
  );
});
