// What serverless.yml asks for: the defaults of the parameters, and the stack that follows from the parameters given.
import { resolve } from 'node:path';
import { TrailbusError, UsageError } from '../events/errors.ts';
import { type Assembled, assemble } from './assemble.ts';
import { describeDeployment } from './deployment.ts';
import { artifactOf } from './lambda.ts';
import { defaults, PARAMETER_NAMES, type StackParameters } from './parameters.ts';
import { type ParameterTexts, readParameters } from './readparameters.ts';
import { shipRules } from './rules.ts';

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
  const parameters = readParameters(texts);
  const deployment = describeDeployment(stackName, parameters, await processArtifact(parameters));
  return { ...assemble(deployment), deploymentBucket: parameters.deploymentBucket };
}

/** The process function's zip; with emit matched, one that has the rules in it. */
async function processArtifact({ emit, rules }: StackParameters): Promise<string> {
  if (emit === 'all' || rules === undefined) return artifactOf('process');
  const zip = await shipRules(resolve('.build'), rules).catch((error: unknown) => {
    throw wrongRules(error, rules);
  });
  return `.build/${zip}`;
}

function wrongRules(error: unknown, rules: string): unknown {
  if (!(error instanceof TrailbusError)) return error;
  const place = error.source === undefined ? '' : `${error.source}: `;
  const next = error.help === undefined ? '' : `\n  next: ${error.help}`;
  return new UsageError(`wrong rules:\n  ${place}${error.message}${next}`, {
    help: `try them: npx trailbus rules lint ${rules}`,
    cause: error,
  });
}

/** Says what is wrong once, and ends: an error thrown here would be repeated by osls, with its stack, for each value that it asked for. */
function end(error: unknown): never {
  if (!(error instanceof TrailbusError)) throw error;
  process.stderr.write(`${[error.message, error.help].join('\n')}\n`);
  process.exit(1);
}
