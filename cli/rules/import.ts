// What `trailbus rules import sigma` does.
import pc from 'picocolors';
import { type ImportedRule, importSigma, type MadeDetection, type SigmaImport } from '../../events/sigma/index.ts';
import { FileError } from '../../events/yamlfile.ts';
import { yamlFilesAt } from '../../local/detectionfiles.ts';
import { readText } from '../../local/textfile.ts';
import { ExitCode } from '../exitcode.ts';
import { complain, jsonLine, printable } from '../terminal.ts';
import { counted, writeNew } from './writenew.ts';

export interface RulesImportOptions {
  out?: string;
  overwrite?: boolean;
  json?: boolean;
}

/** Makes detections of Sigma rules. @returns `found` when a rule was refused, `failed` when a file can't be read */
export async function importRules(paths: readonly string[], options: RulesImportOptions): Promise<ExitCode> {
  const files = paths.flatMap(yamlFilesAt);
  const made = importSigma(files.map((source) => ({ source, text: readText(source) })));
  await writeDetections(made, options);
  report(made, options);
  for (const fault of made.faults.flatMap(({ faults }) => faults)) complain(new FileError([fault]));
  if (made.faults.length > 0) return ExitCode.failed;
  return made.rules.some(({ outcome }) => outcome === 'refused') ? ExitCode.found : ExitCode.fine;
}

/** To a file each, or one after the other to standard output. */
async function writeDetections({ rules }: SigmaImport, { out, overwrite = false, json = false }: RulesImportOptions): Promise<void> {
  const detections = rules.flatMap((rule) => rule.detections);
  const files = detections.map(({ id, text }) => ({ name: `${id}.yaml`, text }));
  if (out !== undefined) await writeNew(out, files, overwrite);
  else if (!json) process.stdout.write(files.map(({ text }) => text).join('---\n'));
}

/** What was written to standard output leaves no room for the report there. */
function report({ rules }: SigmaImport, { out, json }: RulesImportOptions): void {
  if (json) for (const rule of rules) process.stdout.write(jsonLine(importedObject(rule, out === undefined)));
  else (out === undefined ? process.stderr : process.stdout).write(rules.map(importedLines).join('') + summaryOf(rules));
}

const importedObject = (
  { source, line, title, sigmaId, outcome, notes, remarks, detections, isPart }: ImportedRule,
  hasTexts: boolean,
) => ({
  ...{ type: 'imported', file: source, line, title },
  ...(sigmaId === undefined ? {} : { sigmaId }),
  ...{ outcome, notes, remarks, part: isPart, detections: detections.map((each: MadeDetection) => (hasTexts ? each : each.id)) },
});

const COLOUR = { exact: pc.green, relaxed: pc.yellow, refused: pc.red };

function importedLines({ source, line, title, outcome, notes, remarks, detections, isPart }: ImportedRule): string {
  const name = detections.length > 0 ? detections.map(({ id }) => id).join(', ') : `${source}:${line}`;
  const part = isPart ? pc.dim(' (counted by a correlation, not a detection of its own)') : '';
  const told = [...notes, ...remarks].map((note) => `    ${printable(note)}\n`).join('');
  return `${COLOUR[outcome](outcome.padEnd(7))} ${printable(name)}  ${pc.dim(printable(title))}${part}\n${told}`;
}

function summaryOf(rules: readonly ImportedRule[]): string {
  const outcomes = (['exact', 'relaxed', 'refused'] as const).map(
    (outcome) => `${rules.filter((rule) => rule.outcome === outcome).length} ${outcome}`,
  );
  return `${counted(rules.length, 'rule')}: ${outcomes.join(', ')}; ${counted(rules.flatMap(({ detections }) => detections).length, 'detection')} made\n`;
}
