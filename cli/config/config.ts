// What `trailbus config check` and `config print` do.
import { Document } from 'yaml';
import { busRulesOf, targetFaultsIn } from '../../events/busrules/index.ts';
import {
  type ChosenDetections,
  compileDetections,
  type Detection,
  dayOf,
  type OffDetection,
  readDetections,
} from '../../events/detect/index.ts';
import { FileError, type FileFault, TrailbusError } from '../../events/errors.ts';
import { compileForEntries, readRules, withOwnNames } from '../../events/rules/index.ts';
import { valueAtPath } from '../../events/yamlfile.ts';
import { inFileOrder, type LoadedConfig, readConfig } from '../../local/configfile.ts';
import { yamlFilesAt } from '../../local/detectionfiles.ts';
import { checkedDetections, chosenDetections, unheardOf, withAnyAccount } from '../../local/inforce.ts';
import { ruleTexts } from '../../local/rulefiles.ts';
import { readText } from '../../local/textfile.ts';
import { ExitCode } from '../exitcode.ts';
import { faultText, jsonLine, printable, warnOf } from '../terminal.ts';
import { documentText } from '../yamltext.ts';

export interface ConfigOptions {
  config?: string;
  json?: boolean;
}

/** Checks everything that can be checked: what is wrong in one part doesn't hide what is wrong in another. */
export async function checkConfig({ config: path, json = false }: ConfigOptions): Promise<ExitCode> {
  const config = readConfig(path);
  const every = [...config.faults, ...detectionFaults(config), ...detectionTargetFaults(config), ...(await ruleFileFaults(config))];
  const faults = eachFaultOnce(inFileOrder(every, config.source));
  for (const fault of faults) process.stdout.write(json ? jsonLine(faultObject(fault)) : faultText(fault));
  if (!json && faults.length === 0) process.stdout.write(`${printable(config.source)}: sound\n`);
  return faults.length === 0 ? ExitCode.fine : ExitCode.found;
}

/** A file that is named twice, as rules and as detections, has its faults once. */
const eachFaultOnce = (faults: readonly FileFault[]): FileFault[] => [
  ...new Map(faults.map((fault) => [JSON.stringify(faultObject(fault)), fault])).values(),
];

function detectionFaults(config: LoadedConfig): FileFault[] {
  const { chosen, faults } = checkedDetections(config, [], false);
  // What a list's value does to the patterns of many is said where the value stands.
  if (!faults.some(({ path }) => path.startsWith('lists.')))
    noting(faults, () => compileDetections(chosen.on, { lists: config.lists, today: dayOf(new Date()) }));
  warnOf(unheardOf(chosen.on, config));
  return faults;
}

/** What is wrong with each rule by itself, then with those that are sound beside each other. */
async function ruleFileFaults({ fields, named, source, document, lists }: LoadedConfig): Promise<FileFault[]> {
  const faults: FileFault[] = [];
  const texts = await ruleTexts(named.rules);
  const sound = [...texts].flatMap(([name, text]) => {
    const before = faults.length;
    const read = noting(faults, () => readRules(text, name)) ?? [];
    const compiled = read.filter((rule) => noting(faults, () => compileForEntries([rule], texts)) !== undefined);
    if (faults.length === before && read.some(({ form }) => form === 'detection'))
      noting(faults, () => readDetections(text, name, [...lists.keys()]));
    return compiled;
  });
  const areTargetsKnown = fields.targets !== undefined || valueAtPath(document?.value, ['targets']) === undefined;
  if (areTargetsKnown) noting(faults, () => busRulesOf(withOwnNames(sound), texts, fields.targets), source);
  return faults;
}

/** A detection file that stands under `rules`, too, has its targets deployed. */
const detectionTargetFaults = ({ fields: { targets }, named }: LoadedConfig): FileFault[] =>
  named.detections.flatMap(yamlFilesAt).flatMap((file) => targetFaultsIn(readText(file), file, targets));

/** Does something, and notes what is wrong instead of failing. */
function noting<Result>(faults: FileFault[], work: () => Result, source = ''): Result | undefined {
  try {
    return work();
  } catch (error) {
    faults.push(...faultsOf(error, source));
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
  const config = readConfig(path);
  const chosen = chosenDetections(config, [], false);
  const lacking = compileDetections(chosen.on, { lists: withAnyAccount(config.lists), today: dayOf(new Date()) }).off;
  const shown = resolved(config, { ...chosen, off: [...chosen.off, ...lacking], on: without(chosen.on, lacking) });
  process.stdout.write(json ? jsonLine(shown) : documentText(new Document(shown), { lineWidth: 120 }));
}

const without = (on: readonly Detection[], off: readonly OffDetection[]): Detection[] =>
  on.filter(({ id }) => !off.some((each) => each.id === id));

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
