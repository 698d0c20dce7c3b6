// Runs test suites with node:test and ends with `N passed, N failed, N skipped`: node --import tsx test/run.ts unit package localstack
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { bundle } from './bundle.ts';

// The SDK's notice about Node 20 would stand between the tests' lines.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

const ROOT = import.meta.dirname;

/** Folders under test/ that are suites of their own; every other test file belongs to `unit`. */
const APART = ['package', 'localstack'];

function filesOf(suite: string): string[] {
  const all = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.test.ts'));
  const inSuite = (name: string) =>
    suite === 'unit' ? !APART.some((folder) => name.startsWith(`${folder}/`)) : name.startsWith(`${suite}/`);
  return all
    .filter(inSuite)
    .sort()
    .map((name) => join(ROOT, name));
}

const tally = { passed: 0, failed: 0, skipped: 0 };

// What each test process is started with: no compiler, but errors that name the line of the source. Garbage is collected less often and
// without threads of its own, since every core has a test file to run: a tenth less processor time.
process.execArgv = ['--enable-source-maps', '--single-threaded-gc', '--max-semi-space-size=64'];

/** One file more than there are cores: some wait for what they have started. */
async function runFiles(files: string[], concurrency = availableParallelism() + 1): Promise<void> {
  const { sources } = await bundle(files);
  const stream = run({ files: [...sources.keys()], concurrency });
  stream.on('test:pass', (test) => {
    // A file without tests is itself given as one that passed.
    if (sources.has(test.name)) return failWithoutTests(sources.get(test.name)!);
    if (test.details.type === 'suite') return;
    if (test.skip !== undefined) tally.skipped++;
    else tally.passed++;
  });
  stream.on('test:fail', ({ details }) => {
    // A suite that failed by its tests is counted by them; one whose hook failed counts itself.
    const byItsTests = (details.error as { failureType?: string }).failureType === 'subtestsFailed';
    if (details.type !== 'suite' || !byItsTests) tally.failed++;
  });
  await new Promise<void>((done) => {
    const report = stream.pipe(new spec());
    report.on('end', done);
    report.pipe(process.stdout, { end: false });
  });
}

function failWithoutTests(file: string): void {
  tally.failed++;
  console.log(`✖ ${file} has no tests`);
}

// The command under test is the one that is shipped.
execFileSync(process.execPath, ['build.mjs'], { cwd: join(ROOT, '..'), stdio: 'inherit' });

const wanted = process.argv.slice(2);
const named = wanted.filter((name) => name.endsWith('.test.ts'));
if (named.length > 0) await runFiles(named.map((name) => resolve(name)));
for (const suite of wanted.length > 0 ? wanted.filter((name) => !named.includes(name)) : ['unit']) {
  if (suite === 'localstack') await runDeployed(filesOf(suite));
  else await runFiles(filesOf(suite));
}
console.log(`${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`);
process.exitCode = tally.failed > 0 ? 1 : 0;

/** Deployed tests share one LocalStack, one file after the other; without one they are skipped, in one line. */
async function runDeployed(files: string[]): Promise<void> {
  const { startLocalStack, stopLocalStack } = await import('./localstack/environment.ts');
  const { unavailable, startedHere } = await startLocalStack();
  if (unavailable !== undefined) return void console.log(`LocalStack tests skipped: ${unavailable}`);
  try {
    await runFiles(files, 1);
  } finally {
    if (startedHere) stopLocalStack();
  }
}
