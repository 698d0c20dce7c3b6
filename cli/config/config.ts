// What `trailbus config check` and `config print` do.
import { stringify } from 'yaml';
import { busRulesOf } from '../../events/busrules/index.ts';
import { type ChosenDetections, compileDetections, dayOf } from '../../events/detect/index.ts';
import { TrailbusError } from '../../events/errors.ts';
import { FileError, type FileFault } from '../../events/yamlfile.ts';
import { type LoadedConfig, loadConfig } from '../../local/configfile.ts';
import { chosenDetections } from '../../local/inforce.ts';
import { readRuleFiles } from '../../local/rulefiles.ts';
import { ExitCode } from '../exitcode.ts';
import { faultText, printable } from '../terminal.ts';

export interface ConfigOptions {
  config?: string;
  json?: boolean;
}

/** Checks everything that can be checked: what is wrong in one part doesn't hide what is wrong in another. */
export async function checkConfig({ config: path, json = false }: ConfigOptions): Promise<ExitCode> {
  const faults: FileFault[] = [];
  const config = noting(faults, () => loadConfig(path));
  if (config !== undefined) await checkParts(config, faults);
  for (const fault of faults) process.stdout.write(json ? `${JSON.stringify(faultObject(fault))}\n` : faultText(fault));
  if (!json && faults.length === 0) process.stdout.write(`${printable(config?.source ?? '')}: sound\n`);
  return faults.length === 0 ? ExitCode.fine : ExitCode.found;
}

async function checkParts(config: LoadedConfig, faults: FileFault[]): Promise<void> {
  noting(faults, () => {
    const { on } = chosenDetections(config, [], false);
    compileDetections(on, { lists: config.lists, today: dayOf(new Date()) });
  });
  const { rules = [] } = config.fields;
  if (rules.length === 0) return;
  const checkRuleFiles = async () => {
    const read = await readRuleFiles(rules.map(config.pathOf));
    busRulesOf(read.rules, read.files, config.fields.targets);
  };
  await checkRuleFiles().catch((error: unknown) => faults.push(...faultsOf(error, config.source)));
}

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

/** Shows what is in force. */
export function printConfig({ config: path, json = false }: ConfigOptions): void {
  const config = loadConfig(path);
  const shown = resolved(config, chosenDetections(config, [], false));
  process.stdout.write(json ? `${JSON.stringify(shown)}\n` : stringify(shown, { lineWidth: 120 }));
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
