// Runs test suites with node:test and ends with `N passed, N failed, N skipped`: node --import tsx test/run.ts unit checks thorough command package localstack
import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { bundle } from './bundle.ts';

// The SDK's notice about Node 20 would stand between the tests' lines.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

const ROOT = import.meta.dirname;

/**
 * The suite of a test file: its folder, where that is a suite of its own; else what its name says, as in `run.command.test.ts`; else `unit`.
 * `command` starts the command, `thorough` tries very many cases, `checks` ask by the SDK: `unit` has none of them, and is over in seconds.
 */
function suiteOf(name: string): string {
  const [folder] = /^(?:checks|package|localstack)(?=\/)/.exec(name) ?? [];
  return folder ?? /\.(command|thorough)\.test\.ts$/.exec(name)?.[1] ?? 'unit';
}

function filesOf(suite: string): string[] {
  const all = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.test.ts'));
  return all
    .filter((name) => suiteOf(name) === suite)
    .sort()
    .map((name) => join(ROOT, name));
}

const tally = { passed: 0, failed: 0, skipped: 0 };

// What each test process is started with: no compiler, but errors that name the line of the source. Garbage is collected less often and
// without threads of its own, since every core has a test file to run: a tenth less processor time.
process.execArgv = ['--enable-source-maps', '--single-threaded-gc', '--max-semi-space-size=64'];

/** Test files that run in one process. */
interface TestProcess {
  /** The bundle it is started with. */
  path: string;
  files: string[];
}

/** Processes that the tests of the pure core share. */
const SHARED = 4;

/** A process for each file; of the pure core, where no test can stand in another's way, for many: starting one costs more than most tests. */
function processesOf(sources: ReadonlyMap<string, string>): TestProcess[] {
  const all = [...sources].map(([path, file]) => ({ path, files: [file] }));
  const isPure = ({ files: [file] }: TestProcess) => relative(ROOT, file!).startsWith('events/');
  const pure = all.filter(isPure);
  return pure.length <= SHARED ? all : [...sharedProcesses(pure), ...all.filter((each) => !isPure(each))];
}

const sharedProcesses = (all: TestProcess[]): TestProcess[] =>
  Array.from({ length: SHARED }, (_, turn) => {
    const some = all.filter((_, at) => at % SHARED === turn);
    const path = join(dirname(all[0]!.path), `shared-${turn}.mjs`);
    writeFileSync(path, some.map((each) => `import ${JSON.stringify(each.path)};\n`).join(''));
    return { path, files: some.flatMap(({ files }) => files) };
  });

/** One process more than there are cores: some wait for what they have started. */
async function runFiles(files: string[], concurrency = availableParallelism() + 1): Promise<void> {
  const processes = processesOf((await bundle(files)).sources);
  const byPath = new Map(processes.map((each) => [each.path, each]));
  const stream = run({ files: [...byPath.keys()], concurrency });
  const spoke = new Set<string>();
  stream.on('test:start', ({ file }) => void spoke.add(file ?? ''));
  stream.on('test:pass', (test) => {
    // A process without tests is itself given as one that passed.
    if (byPath.has(test.name)) return byPath.get(test.name)!.files.forEach(failWithoutTests);
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
  for (const shared of processes.filter(({ files }) => files.length > 1))
    for (const file of shared.files) if (!spoke.has(file)) failWithoutTests(file);
}

function failWithoutTests(file: string): void {
  tally.failed++;
  console.log(`✖ ${file} has no tests`);
}

/** Suites that need nothing built. */
const UNBUILT = ['unit', 'thorough', 'checks'];

const wanted = process.argv.length > 2 ? process.argv.slice(2) : ['unit'];
const named = wanted.filter((name) => name.endsWith('.test.ts'));
const suites = wanted.map((name) => (named.includes(name) ? suiteOf(relative(ROOT, resolve(name))) : name));
// The command under test is the one that is shipped.
if (suites.some((suite) => !UNBUILT.includes(suite)))
  execFileSync(process.execPath, ['build.mjs'], { cwd: join(ROOT, '..'), stdio: 'inherit' });
if (named.length > 0) await runFiles(named.map((name) => resolve(name)));
for (const suite of wanted.filter((name) => !named.includes(name))) {
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
