// Puts small faults into events/, one at a time, and says which of them no test notices: npm run mutants -- [--sample N] [--seed N] [FILE…]
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { transformSync } from 'esbuild';
import { type Bundles, bundle, bundleFolder } from '../test/bundle.ts';
import { type Mutant, mutantsOf } from './mutations.ts';

const ROOT = join(import.meta.dirname, '..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { sample: { type: 'string' }, seed: { type: 'string', default: '1' } },
});

const filesBelow = (folder: string, ending: string) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(folder, name));

/** A table that a script wrote holds no logic. */
const files = positionals.length > 0 ? positionals : filesBelow('events', '.ts').filter((file) => !file.endsWith('eventnames.ts'));
const testFiles = filesBelow('test', '.test.ts').filter((file) => !/^test\/(?:localstack|package)\//.test(file));

/** How a test file went. */
interface Outcome {
  passed: boolean;
  elapsedMs: number;
}

/** Runs one bundle; what takes longer than `limit` has failed. */
function runBundle(path: string, limit = 120_000): Promise<Outcome> {
  const started = Date.now();
  const env = { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
  const child = spawn(process.execPath, [path], { cwd: ROOT, env, stdio: 'ignore', detached: true });
  // What a test has started goes with it.
  const timer = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), limit);
  return new Promise((done) =>
    child.on('exit', (code) => {
      clearTimeout(timer);
      done({ passed: code === 0, elapsedMs: Date.now() - started });
    }),
  );
}

/** The sources that a bundle is made of, those of its chunks included. */
function inputsOf(bundlePath: string, { outputs }: Bundles['metafile'], seen = new Set<string>()): Set<string> {
  const output = outputs[relative(ROOT, bundlePath)];
  for (const input of Object.keys(output?.inputs ?? {})) seen.add(input);
  for (const { path } of output?.imports ?? [])
    if (path.endsWith('.mjs') && !seen.has(path)) inputsOf(join(ROOT, path), { inputs: {}, outputs }, seen.add(path));
  return seen;
}

/** A test file with what it needs and how long it takes. */
interface Suite {
  file: string;
  inputs: Set<string>;
  elapsedMs: number;
}

/** Runs every test file that can notice a fault once, unchanged: all must pass, and this says how long each may take. */
async function measure(): Promise<Suite[]> {
  const { sources, metafile } = await bundle(testFiles.map((file) => join(ROOT, file)));
  const suites: Suite[] = [];
  await eachOf([...sources], async ([path, source]) => {
    const inputs = inputsOf(path, metafile);
    // Tests of the built command meet no fault: it was built before.
    if (inputs.has('test/command.ts') || !files.some((file) => inputs.has(file))) return;
    const { passed, elapsedMs } = await runBundle(path);
    if (!passed) throw new Error(`${relative(ROOT, source)} fails without any fault`);
    suites.push({ file: relative(ROOT, source), inputs, elapsedMs });
  });
  return suites.sort((a, b) => a.elapsedMs - b.elapsedMs);
}

/** Does the work for all items, one per core at a time. */
async function eachOf<T>(items: T[], work: (item: T, worker: number) => Promise<void>): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: availableParallelism() }, async (_, worker) => {
      for (const item of queue) await work(item, worker);
    }),
  );
}

/** The tests that can notice a fault in a file: its own first, then those beside it, then the others, the quick ones first. */
function suitesFor({ file }: Mutant, suites: Suite[]): Suite[] {
  const own = file.replace(/^events/, 'test/events').replace(/\.ts$/, '');
  const wing = dirname(own);
  const rank = (suite: Suite) => (suite.file.startsWith(`${own}.`) ? 0 : dirname(suite.file) === wing ? 1 : 2);
  return suites.filter(({ inputs }) => inputs.has(file)).sort((a, b) => rank(a) - rank(b));
}

/** True when a test fails because of the fault. */
async function isNoticed(mutant: Mutant, suites: Suite[], folder: string): Promise<boolean> {
  const able = suitesFor(mutant, suites);
  if (able.length === 0) return false;
  const instead = new Map([[join(ROOT, mutant.file), mutant.text]]);
  const { sources } = await bundle(
    able.map(({ file }) => join(ROOT, file)),
    folder,
    instead,
  );
  for (const [index, path] of [...sources.keys()].entries()) {
    const { passed } = await runBundle(path, 5_000 + 5 * able[index]!.elapsedMs);
    if (!passed) return true;
  }
  return false;
}

/** The same numbers for the same seed: mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function isSound({ text }: Mutant): boolean {
  try {
    transformSync(text, { loader: 'js' });
    return true;
  } catch {
    return false;
  }
}

/** Some of them, drawn by the seed; all without `--sample`. */
function drawn(mutants: Mutant[]): Mutant[] {
  if (values.sample === undefined) return mutants;
  const random = randomOf(Number(values.seed));
  return mutants
    .map((mutant) => ({ mutant, order: random() }))
    .sort((a, b) => a.order - b.order)
    .slice(0, Number(values.sample))
    .map(({ mutant }) => mutant);
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ').slice(0, 70);

const suites = await measure();
const mutants = drawn(files.flatMap((file) => mutantsOf(file, readFileSync(join(ROOT, file), 'utf8'))).filter(isSound));
const folders = Array.from({ length: availableParallelism() }, () => bundleFolder());
let [done, unnoticed] = [0, 0];
await eachOf(mutants, async (mutant, worker) => {
  if (++done % 20 === 0) process.stderr.write(`${done} of ${mutants.length}\n`);
  if (await isNoticed(mutant, suites, folders[worker]!)) return;
  unnoticed++;
  const { file, line, column, was, becomes } = mutant;
  console.log(`${file}:${line}:${column}  ${oneLine(was)}  →  ${oneLine(becomes) || 'nothing'}`);
});
const noticed = mutants.length - unnoticed;
console.log(`${noticed} of ${mutants.length} faults noticed (${((100 * noticed) / mutants.length).toFixed(1)} %), seed ${values.seed}`);
