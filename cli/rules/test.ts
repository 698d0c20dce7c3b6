// What `trailbus rules test` does.
import { writeFile } from 'node:fs/promises';
import pc from 'picocolors';
import { type Detection, dayOf, isNamed, type SelfTestResult, selfTest } from '../../events/detect/index.ts';
import { UsageError } from '../../events/errors.ts';
import { loadConfig } from '../../local/configfile.ts';
import { detectionsIn, packSources, recordsBeside } from '../../local/detectionfiles.ts';
import { MemoryFindingState } from '../../local/findingstate.ts';
import { ExitCode } from '../exitcode.ts';
import { printable } from '../terminal.ts';
import { testsAsJUnit } from './testjunit.ts';

export interface RulesTestOptions {
  json?: boolean;
  junit?: string;
  config?: string;
  /** Only detections of this id, `*` at its end for all that begin so. */
  rule?: string;
}

/** Runs detections' own tests. @returns `found` when one failed, or when there is none */
export async function testRules(paths: string[], { json = false, junit, config, rule }: RulesTestOptions): Promise<ExitCode> {
  const { lists } = loadConfig(config);
  const detections = chosen(detectionsIn(paths.length > 0 ? paths : [packSources()], [...lists.keys()]), rule);
  const today = dayOf(new Date());
  const results: SelfTestResult[] = [];
  for (const detection of detections) {
    const of = await selfTest(detection, { readRecords: recordsBeside, newState: () => new MemoryFindingState(), lists, today });
    results.push(...of);
    if (json) for (const result of of) process.stdout.write(`${JSON.stringify({ type: 'test', ...result })}\n`);
    else process.stdout.write(linesOf(detection, of));
  }
  if (junit !== undefined) await writeFile(junit, testsAsJUnit(results));
  const failed = results.filter(({ passed }) => !passed).length;
  if (!json) process.stdout.write(`${results.length - failed} passed, ${failed} failed\n`);
  return failed > 0 || results.length === 0 ? ExitCode.found : ExitCode.fine;
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
