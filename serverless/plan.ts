// What a deployment is made of, read from its parameters, its configuration file and the files that these name: all that is wrong is said at once.
import { type BusRule, busRulesOf, type SortedRules } from '../events/busrules/index.ts';
import { TrailbusError, UsageError } from '../events/errors.ts';
import { MAX_RULES_OF_BUS } from '../events/pattern/index.ts';
import { FileError } from '../events/yamlfile.ts';
import { type LoadedConfig, readConfig } from '../local/configfile.ts';
import { chosenDetections } from '../local/inforce.ts';
import { type RuleFiles, readRuleFiles } from '../local/rulefiles.ts';
import { asksRules } from './deployment.ts';
import { type DetectionsFile, detectionsFile } from './detections.ts';
import { DETECTIONS_FILE, RULES_FILE } from './lambda.ts';
import type { StackParameters } from './parameters.ts';
import { type ParameterTexts, readParameters } from './readparameters.ts';
import { rulesFile } from './rules.ts';

export interface StackPlan {
  parameters: StackParameters;
  /** Users' rules that are put on the bus. */
  rules: readonly BusRule[];
  /** Files that travel with functions, by name. */
  shipped: Readonly<Record<'process' | 'alert', Readonly<Record<string, Uint8Array>>>>;
  /** What a person should know of it, a line each. */
  notes: readonly string[];
}

/** A deployment that can't be: the reader mends parameters and files. The message has all that is wrong, in lines. */
export class PlanError extends UsageError {}

/** @throws PlanError with every fault of parameters and files, those of files in their places */
export async function planStack(texts: ParameterTexts): Promise<StackPlan> {
  const slips = new Slips();
  const config = await slips.noting('configuration', 'try it: npx trailbus config check', () => soundConfig(texts.config || undefined));
  const parameters = await slips.noting('parameters', undefined, () => readParameters(texts, config && configuredIn(config)));
  slips.raise();
  return planFiles(parameters!, config!, texts.rules !== '');
}

/** Of one with faults the detections' are told, too. @throws FileError, UsageError */
function soundConfig(path: string | undefined): LoadedConfig {
  const config = readConfig(path);
  if (config.faults.length > 0) chosenDetections(config, [], false);
  return config;
}

/** What the file says of parameters; paths in it begin at its folder. */
const configuredIn = ({ fields: { emit, rules }, pathOf }: LoadedConfig) => ({ emit, rules: rules?.map(pathOf) });

async function planFiles(parameters: StackParameters, config: LoadedConfig, isGiven: boolean): Promise<StackPlan> {
  const slips = new Slips();
  const sorted = await slips.noting('rules', `try them: npx trailbus rules lint ${parameters.rules.join(' ')}`, () =>
    sortRules(parameters, config, isGiven),
  );
  const found = parameters.detections
    ? await slips.noting('detections', 'try them: npx trailbus config check', () => detectionsFile(config))
    : undefined;
  slips.raise();
  const detections: Record<string, Uint8Array> = found === undefined ? {} : { [DETECTIONS_FILE]: found.bytes };
  const { deployed, elsewhere, bytes } = sorted!;
  return {
    parameters,
    rules: deployed,
    shipped: { process: { ...(bytes && { [RULES_FILE]: bytes }), ...detections }, alert: detections },
    notes: [...(found === undefined ? [] : [detectionsNote(found.asked)]), ...rulesNotes(deployed, elsewhere)],
  };
}

/** The rules of both uses: on the bus, and with the function. @throws TrailbusError when one is at fault */
async function sortRules(
  parameters: StackParameters,
  { fields }: LoadedConfig,
  isGiven: boolean,
): Promise<SortedRules & { bytes?: Uint8Array }> {
  if (parameters.rules.length === 0) return { deployed: [], elsewhere: [] };
  const read: RuleFiles = await readRuleFiles(parameters.rules);
  const bytes = asksRules({ parameters }) ? rulesFile(read.files) : undefined;
  const sorted = busRulesOf(read.rules, read.files, fields.targets);
  if (isGiven && bytes === undefined && sorted.deployed.length === 0)
    throw new UsageError('rules have no use with emit `all`: none of them has a target', {
      help: 'give them `targets`, take them out, or choose emit=matched',
    });
  return { ...sorted, ...(bytes && { bytes }) };
}

/** Names the detections that wait for a list: nobody would miss what they don't find. */
function detectionsNote({ count, off }: DetectionsFile['asked']): string {
  const without = off.length === 0 ? '' : `; not asked: ${off.map(({ id, why }) => `${id} (${why})`).join(', ')}`;
  return `detections that travel with the functions: ${count}${without}`;
}

function rulesNotes(deployed: SortedRules['deployed'], elsewhere: SortedRules['elsewhere']): string[] {
  const left = elsewhere.map(({ name, why }) => `rule \`${name}\` is not put on the bus: ${why}`);
  if (deployed.length <= MAX_RULES_OF_BUS) return left;
  return [...left, `${deployed.length} rules with targets: a bus takes ${MAX_RULES_OF_BUS}, unless its quota was raised`];
}

/** What is wrong in files and parameters. */
class Slips {
  private readonly said: string[] = [];

  /** Does something, and notes what is wrong instead of failing. */
  async noting<Result>(what: string, next: string | undefined, work: () => Result | Promise<Result>): Promise<Result | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof TrailbusError)) throw error;
      this.said.push(next === undefined ? [error.message, error.help].join('\n') : `wrong ${what}:\n${placed(error)}\n${next}`);
      return undefined;
    }
  }

  /** @throws PlanError when something is wrong */
  raise(): void {
    if (this.said.length > 0) throw new PlanError(this.said.join('\n'));
  }
}

/** Each fault on a line of its own; those of a file of ours have their places already. */
function placed(error: TrailbusError): string {
  if (error instanceof FileError) return error.message.replace(/^/gm, '  ');
  const place = error.source === undefined ? '' : `${error.source}: `;
  return `  ${place}${error.message}${error.help === undefined ? '' : `\n  next: ${error.help}`}`;
}
