// What `trailbus config check` and `config print` do.
import { Document } from 'yaml';
import { busRulesOf, targetFaultsIn } from '../../events/busrules/index.ts';
import { type ChosenDetections, compileDetections, dayOf } from '../../events/detect/index.ts';
import { TrailbusError } from '../../events/errors.ts';
import { FileError, type FileFault } from '../../events/yamlfile.ts';
import { type LoadedConfig, loadConfig } from '../../local/configfile.ts';
import { yamlFilesAt } from '../../local/detectionfiles.ts';
import { chosenDetections } from '../../local/inforce.ts';
import { readRuleFiles } from '../../local/rulefiles.ts';
import { readText } from '../../local/textfile.ts';
import { ExitCode } from '../exitcode.ts';
import { jsonLine, printable } from '../terminal.ts';
import { documentText } from '../yamltext.ts';

export interface ConfigOptions {
  config?: string;
  json?: boolean;
}

/** Checks everything that can be checked: what is wrong in one part doesn't hide what is wrong in another. */
export async function checkConfig({ config: path, json = false }: ConfigOptions): Promise<ExitCode> {
  const faults: FileFault[] = [];
  const config = noting(faults, () => loadConfig(path));
  if (config !== undefined) await checkParts(config, faults);
  for (const fault of eachFaultOnce(faults)) process.stdout.write(json ? jsonLine(faultObject(fault)) : faultText(fault));
  if (!json && faults.length === 0) process.stdout.write(`${printable(config?.source ?? '')}: sound\n`);
  return faults.length === 0 ? ExitCode.fine : ExitCode.found;
}

/** A file that is named twice, as rules and as detections, has its faults once. */
const eachFaultOnce = (faults: readonly FileFault[]): FileFault[] => [
  ...new Map(faults.map((fault) => [JSON.stringify(faultObject(fault)), fault])).values(),
];

async function checkParts(config: LoadedConfig, faults: FileFault[]): Promise<void> {
  noting(faults, () => {
    const { on } = chosenDetections(config, [], false);
    compileDetections(on, { lists: config.lists, today: dayOf(new Date()) });
  });
  noting(faults, () => faults.push(...detectionTargetFaults(config)));
  const { rules = [] } = config.fields;
  if (rules.length === 0) return;
  const checkRuleFiles = async () => {
    const read = await readRuleFiles(rules.map(config.pathOf));
    busRulesOf(read.rules, read.files, config.fields.targets);
  };
  await checkRuleFiles().catch((error: unknown) => faults.push(...faultsOf(error, config.source)));
}

/** A detection file that stands under `rules`, too, has its targets deployed. */
const detectionTargetFaults = ({ fields: { detections, targets }, pathOf }: LoadedConfig): FileFault[] =>
  (detections?.files ?? []).flatMap((path) => yamlFilesAt(pathOf(path))).flatMap((file) => targetFaultsIn(readText(file), file, targets));

/** Does something, and notes what is wrong instead of failing. */
function noting<Result>(faults: FileFault[], work: () => Result): Result | undefined {
  try {
    return work();
  } catch (error) {
    faults.push(...faultsOf(error, 'trailbus.yml'));
    return undefined;
  }
}

function faultsOf(error: unknown, source: string): FileFault[] {
  if (error instanceof FileError) return [...error.faults];
  if (!(error instanceof TrailbusError)) throw error;
  const [, file, line, column] = /^(.*):(\d+):(\d+)$/.exec(error.source ?? '') ?? [];
  const help = error.help === undefined ? {} : { help: error.help };
  return [
    {
      source: file ?? error.source ?? source,
      line: Number(line ?? 1),
      column: Number(column ?? 1),
      path: error.path ?? '',
      message: error.message,
      ...help,
    },
  ];
}

const faultObject = ({ source, line, column, path, message, help }: FileFault) => ({
  type: 'fault',
  file: source,
  line,
  column,
  path,
  message,
  help,
});

const faultText = ({ source, line, column, path, message, help }: FileFault): string =>
  `${printable(`${source}:${line}:${column}`)} ${path === '' ? '' : `${printable(path)} `}${printable(message)}${help === undefined ? '' : `\n  next: ${printable(help)}`}\n`;

/** Shows what is in force. */
export function printConfig({ config: path, json = false }: ConfigOptions): void {
  const config = loadConfig(path);
  const shown = resolved(config, chosenDetections(config, [], false));
  process.stdout.write(json ? jsonLine(shown) : documentText(new Document(shown), { lineWidth: 120 }));
}

function resolved({ fields, lists, source }: LoadedConfig, { on, off }: ChosenDetections): object {
  return {
    source,
    ...fields,
    lists: Object.fromEntries(lists),
    detections: {
      ...fields.detections,
      on: on.map(({ id, severity }) => ({ id, severity })),
      off: off.map(({ id, why }) => ({ id, why })),
    },
  };
}
