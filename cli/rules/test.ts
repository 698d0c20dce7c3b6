// What `trailbus rules test` does.
import { readdirSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import pc from 'picocolors';
import { type Detection, dayOf, isNamed, type SelfTestResult, selfTest } from '../../events/detect/index.ts';
import { TrailbusError, UsageError } from '../../events/errors.ts';
import { loadConfig } from '../../local/configfile.ts';
import { detectionsIn, packSources, recordsBeside, yamlFilesAt } from '../../local/detectionfiles.ts';
import { FileWatch } from '../../local/filewatch.ts';
import { MemoryFindingState } from '../../local/findingstate.ts';
import { ExitCode } from '../exitcode.ts';
import { writeJUnit } from '../junit.ts';
import { complain, jsonLine, printable } from '../terminal.ts';
import { testsAsJUnit } from './testjunit.ts';

export interface RulesTestOptions {
  json?: boolean;
  junit?: string;
  config?: string;
  /** Only detections of this id, `*` at its end for all that begin so. */
  rule?: string;
  /** Again whenever a file changes. */
  watch?: boolean;
}

/** Runs detections’ own tests. @returns `found` when one failed, or when there is none */
export async function testRules(given: string[], options: RulesTestOptions): Promise<ExitCode> {
  const paths = given.length > 0 ? given : [packSources()];
  return options.watch ? watchTests(paths, options) : (await runTests(paths, options)).code;
}

interface TestRun {
  code: ExitCode;
  /** Files that the tests name, besides the detections' own. */
  examples: string[];
}

async function runTests(paths: readonly string[], { json = false, junit, config, rule }: RulesTestOptions): Promise<TestRun> {
  const { lists } = loadConfig(config);
  const detections = chosen(detectionsIn(paths, [...lists.keys()]), rule);
  const today = dayOf(new Date());
  const results: SelfTestResult[] = [];
  for (const detection of detections) {
    const of = await selfTest(detection, { readRecords: recordsBeside, newState: () => new MemoryFindingState(), lists, today });
    results.push(...of);
    if (json) for (const result of of) process.stdout.write(jsonLine({ type: 'test', ...result }));
    else process.stdout.write(linesOf(detection, of));
  }
  if (junit !== undefined) await writeJUnit(junit, testsAsJUnit(results));
  const failed = results.filter(({ passed }) => !passed).length;
  if (!json) process.stdout.write(`${results.length - failed} passed, ${failed} failed\n`);
  return { code: failed > 0 || results.length === 0 ? ExitCode.found : ExitCode.fine, examples: detections.flatMap(examplesOf) };
}

function chosen(detections: Detection[], rule: string | undefined): Detection[] {
  const found = detections.filter(({ id }) => rule === undefined || isNamed(rule, id));
  if (found.length === 0 && rule !== undefined)
    throw new UsageError(`no detection is called \`${rule}\``, { help: 'see `trailbus rules list`' });
  return found;
}

function linesOf({ id, tests }: Detection, results: readonly SelfTestResult[]): string {
  if (tests.matches.length + tests.ignores.length === 0) return `${pc.yellow('-')} ${printable(id)} has no tests\n`;
  const failed = results.filter(({ passed }) => !passed);
  const mark = failed.length === 0 ? pc.green('✓') : pc.red('✗');
  const head = `${mark} ${printable(id)} ${pc.dim(`${results.length - failed.length} of ${results.length}`)}\n`;
  return head + failed.map(({ name, why = '' }) => `    ${pc.red(name)} ${printable(why)}\n`).join('');
}

const examplesOf = ({ tests, source }: Detection): string[] =>
  [...tests.matches, ...tests.ignores].flat().flatMap((event) => (typeof event === 'string' ? [join(dirname(source), event)] : []));

/** Runs the tests, and again whenever one of their files changes, until interrupted. @returns what the last run said */
async function watchTests(paths: readonly string[], options: RulesTestOptions): Promise<ExitCode> {
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupt.abort());
  const files = new FileWatch();
  let last: TestRun = { code: ExitCode.failed, examples: [] };
  for (const path of paths) yamlFilesAt(path);
  while (!interrupt.signal.aborted) {
    files.follow([...watchedFiles(paths), ...last.examples, options.config ?? 'trailbus.yml'], foldersBelow(paths));
    last = await runOrComplain(paths, options, last);
    files.follow([...watchedFiles(paths), ...last.examples, options.config ?? 'trailbus.yml'], foldersBelow(paths));
    process.stderr.write(pc.dim(`watching ${paths.map(printable).join(', ')}; end with Ctrl-C\n`));
    const changed = await files.next(interrupt.signal);
    if (changed.length > 0)
      process.stderr.write(`\nchanged: ${changed.map((path) => printable(relative(process.cwd(), path))).join(', ')}\n`);
  }
  files.end();
  return last.code;
}

/** A file in the middle of being written is no reason to end. */
async function runOrComplain(paths: readonly string[], options: RulesTestOptions, { examples }: TestRun): Promise<TestRun> {
  try {
    return await runTests(paths, options);
  } catch (error) {
    if (!(error instanceof TrailbusError)) throw error;
    complain(error);
    return { code: ExitCode.failed, examples };
  }
}

/** A file may be gone for a moment. */
const watchedFiles = (paths: readonly string[]): string[] =>
  paths.flatMap((path) => (statSync(path, { throwIfNoEntry: false }) === undefined ? [path] : yamlFilesAt(path)));

const foldersBelow = (paths: readonly string[]): string[] =>
  paths
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true)
    .flatMap((path) => [
      path,
      ...readdirSync(path, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
        .map((entry) => join(entry.parentPath, entry.name)),
    ]);
