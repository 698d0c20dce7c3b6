// What `trailbus rules export sigma` does.
import pc from 'picocolors';
import { isNamed } from '../../events/detect/index.ts';
import { UsageError } from '../../events/errors.ts';
import { type ExportedDetection, exportSigma } from '../../events/sigma/index.ts';
import { loadConfig } from '../../local/configfile.ts';
import { detectionsIn, packSources } from '../../local/detectionfiles.ts';
import { ExitCode } from '../exitcode.ts';
import { jsonLine, printable } from '../terminal.ts';
import { counted, writeNew } from './writenew.ts';

export interface RulesExportOptions {
  /** Ids, `*` at the end for all that begin so. */
  rule?: string[];
  config?: string;
  out?: string;
  overwrite?: boolean;
  json?: boolean;
}

/** Makes Sigma rules of detections. @returns `found` when one can't be said */
export async function exportRules(paths: readonly string[], options: RulesExportOptions): Promise<ExitCode> {
  const { lists } = loadConfig(options.config);
  const detections = detectionsIn(paths.length > 0 ? paths : [packSources()], [...lists.keys()]);
  const wanted = detections.filter(({ id }) => options.rule === undefined || options.rule.some((name) => isNamed(name, id)));
  if (wanted.length === 0) throw new UsageError('no detection is called so', { help: 'see `trailbus rules list`' });
  const exported = exportSigma(wanted);
  await writeRules(exported, options);
  reportExport(exported, options);
  return exported.some(({ outcome }) => outcome === 'refused') ? ExitCode.found : ExitCode.fine;
}

/** Sigma's files are called with underscores. */
const fileNameOf = (id: string): string => `${id.toLowerCase().replace(/[^a-z0-9]+/g, '_')}.yml`;

async function writeRules(
  exported: readonly ExportedDetection[],
  { out, overwrite = false, json = false }: RulesExportOptions,
): Promise<void> {
  const files = exported.flatMap(({ id, text }) => (text === undefined ? [] : [{ name: fileNameOf(id), text }]));
  if (out !== undefined) await writeNew(out, files, overwrite);
  else if (!json) process.stdout.write(files.map(({ text }) => text).join('---\n'));
}

function reportExport(exported: readonly ExportedDetection[], { out, json }: RulesExportOptions): void {
  if (json) for (const each of exported) process.stdout.write(jsonLine(exportedObject(each, out === undefined)));
  else (out === undefined ? process.stderr : process.stdout).write(exported.map(exportedLines).join('') + exportSummary(exported));
}

const exportedObject = ({ id, outcome, notes, text }: ExportedDetection, hasText: boolean) => ({
  ...{ type: 'exported', id, outcome, notes },
  ...(text === undefined ? {} : hasText ? { text } : { file: fileNameOf(id) }),
});

const OUTCOME_COLOUR = { exact: pc.green, relaxed: pc.yellow, refused: pc.red };

const exportedLines = ({ id, outcome, notes }: ExportedDetection): string =>
  `${OUTCOME_COLOUR[outcome](outcome.padEnd(7))} ${printable(id)}\n${notes.map((note) => `    ${printable(note)}\n`).join('')}`;

function exportSummary(exported: readonly ExportedDetection[]): string {
  const outcomes = (['exact', 'relaxed', 'refused'] as const).map(
    (outcome) => `${exported.filter((each) => each.outcome === outcome).length} ${outcome}`,
  );
  return `${counted(exported.length, 'detection')}: ${outcomes.join(', ')}\n`;
}
