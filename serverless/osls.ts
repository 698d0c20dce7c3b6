// What serverless.yml asks for: the defaults of the parameters, and the stack that follows from the parameters and the configuration file.
import { resolve } from 'node:path';
import { TrailbusError } from '../events/errors.ts';
import { type Assembled, assemble } from './assemble.ts';
import { describeDeployment } from './deployment.ts';
import { artifactOf } from './lambda.ts';
import { defaults, PARAMETER_NAMES } from './parameters.ts';
import { planStack } from './plan.ts';
import type { ParameterTexts } from './readparameters.ts';
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
  const { parameters, rules, shipped, notes } = await planStack(texts);
  for (const note of notes) process.stderr.write(`${note}\n`);
  const artifacts = { process: artifactWith('process', shipped.process), alert: artifactWith('alert', shipped.alert) };
  return { ...assemble(describeDeployment(stackName, parameters, artifacts, rules)), deploymentBucket: parameters.deploymentBucket };
}

const artifactWith = (name: string, files: Readonly<Record<string, Uint8Array>>): string =>
  Object.keys(files).length === 0 ? artifactOf(name) : `.build/${ship(resolve('.build'), name, files)}`;

/** Says what is wrong once, and ends: an error thrown here would be repeated by osls, with its stack, for each value that it asked for. */
function end(error: unknown): never {
  if (!(error instanceof TrailbusError)) throw error;
  process.stderr.write(`${error.message}\n${error.help === undefined ? '' : `${error.help}\n`}`);
  process.exit(1);
}
