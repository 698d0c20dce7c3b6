// What serverless.yml asks for: the defaults of the parameters, and the stack that follows from the parameters and the configuration file.
import { resolve } from 'node:path';
import { TrailbusError, UsageError } from '../events/errors.ts';
import { FileError } from '../events/yamlfile.ts';
import { type LoadedConfig, loadConfig } from '../local/configfile.ts';
import { type Assembled, assemble } from './assemble.ts';
import { type Artifacts, describeDeployment } from './deployment.ts';
import { type DetectionsFile, detectionsFile } from './detections.ts';
import { artifactOf, DETECTIONS_FILE, RULES_FILE } from './lambda.ts';
import { defaults, PARAMETER_NAMES, type StackParameters } from './parameters.ts';
import { type ParameterTexts, readParameters } from './readparameters.ts';
import { rulesFile } from './rules.ts';
import { ship } from './ship.ts';

export { defaults };

/** What osls gives a function that it reads a variable from. */
interface Variables {
  resolveVariable: (address: string) => Promise<unknown>;
}

interface StackOfFile extends Assembled {
  deploymentBucket: string | undefined;
}

let made: Promise<StackOfFile> | undefined;

/** The stack. Made once, though osls asks for every value anew; its first questions come before it knows the parameters, and fail here. */
export const stack = async ({ resolveVariable }: Variables): Promise<StackOfFile> => {
  const textOf = async (address: string) => String((await resolveVariable(address)) ?? '').trim();
  const stackName = `${await textOf('self:service')}-${await textOf('sls:stage')}`;
  const texts = await Promise.all(PARAMETER_NAMES.map(async (name) => [name, await textOf(`param:${name}`)] as const));
  made ??= makeStack(stackName, Object.fromEntries(texts) as ParameterTexts).catch(end);
  return made;
};

async function makeStack(stackName: string, texts: ParameterTexts): Promise<StackOfFile> {
  const slips = new Slips();
  const config = await slips.noting('configuration', 'try it: npx trailbus config check', () => loadConfig(texts.config || undefined));
  const parameters = await slips.noting('parameters', undefined, () => readParameters(texts, config && configuredIn(config)));
  slips.raise();
  const artifacts = await makeArtifacts(parameters!, config!);
  return { ...assemble(describeDeployment(stackName, parameters!, artifacts)), deploymentBucket: parameters!.deploymentBucket };
}

/** What the file says of parameters; paths in it begin at its folder. */
const configuredIn = ({ fields: { emit, rules }, pathOf }: LoadedConfig) => ({ emit, rules: rules?.map(pathOf) });

/** The functions' zips: with emit matched the rules travel with process, and detections with process and alert. */
async function makeArtifacts({ rules, detections }: StackParameters, config: LoadedConfig): Promise<Artifacts> {
  const slips = new Slips();
  const next = `try them: npx trailbus rules lint ${rules.join(' ')}`;
  const ruleBytes = rules.length === 0 ? undefined : await slips.noting('rules', next, () => rulesFile(rules));
  const found = detections
    ? await slips.noting('detections', 'try them: npx trailbus config check', () => detectionsFile(config))
    : undefined;
  slips.raise();
  if (found !== undefined) nameUnasked(found.asked);
  const shipped: Record<string, Uint8Array> = found === undefined ? {} : { [DETECTIONS_FILE]: found.bytes };
  return {
    process: artifactWith('process', { ...(ruleBytes && { [RULES_FILE]: ruleBytes }), ...shipped }),
    alert: artifactWith('alert', shipped),
  };
}

const artifactWith = (name: string, files: Record<string, Uint8Array>): string =>
  Object.keys(files).length === 0 ? artifactOf(name) : `.build/${ship(resolve('.build'), name, files)}`;

/** Names the detections that wait for a list: nobody would miss what they don't find. */
function nameUnasked({ count, off }: DetectionsFile['asked']): void {
  const without = off.length === 0 ? '' : `; not asked: ${off.map(({ id, why }) => `${id} (${why})`).join(', ')}`;
  process.stderr.write(`detections that travel with the functions: ${count}${without}\n`);
}

/** What is wrong in files and parameters: all of it is said at once. */
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

  /** @throws UsageError when something is wrong */
  raise(): void {
    if (this.said.length > 0) throw new UsageError(this.said.join('\n'));
  }
}

/** Each fault on a line of its own; those of a file of ours have their places already. */
function placed(error: TrailbusError): string {
  if (error instanceof FileError) return error.message.replace(/^/gm, '  ');
  const place = error.source === undefined ? '' : `${error.source}: `;
  return `  ${place}${error.message}${error.help === undefined ? '' : `\n  next: ${error.help}`}`;
}

/** Says what is wrong once, and ends: an error thrown here would be repeated by osls, with its stack, for each value that it asked for. */
function end(error: unknown): never {
  if (!(error instanceof TrailbusError)) throw error;
  process.stderr.write(`${error.message}\n${error.help === undefined ? '' : `${error.help}\n`}`);
  process.exit(1);
}
