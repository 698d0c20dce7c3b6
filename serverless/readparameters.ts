// From the parameters' texts to their values: all that is wrong is said at once.
import { UsageError } from '../events/errors.ts';
import { faultsBetween } from './contradictions.ts';
import { Misfit } from './kinds.ts';
import { type GivenParameters, PARAMETER_NAMES, PARAMETERS, type ParameterName, type StackParameters } from './parameters.ts';

export type ParameterTexts = Readonly<Record<ParameterName, string>>;

/** What the configuration file says where no parameter does. */
export interface ConfiguredParameters {
  emit?: StackParameters['emit'] | undefined;
  rules?: readonly string[] | undefined;
}

/**
 * The values of the parameters.
 * @throws UsageError with every fault on a line of its own
 */
export function readParameters(texts: ParameterTexts, configured: ConfiguredParameters = {}): StackParameters {
  const faults = new Map<ParameterName, readonly string[]>();
  const read = (name: ParameterName) => {
    try {
      return PARAMETERS[name].kind(texts[name]);
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      faults.set(name, error.faults);
      return PARAMETERS[name].kind(String(PARAMETERS[name].default));
    }
  };
  const given = Object.fromEntries(PARAMETER_NAMES.map((name) => [name, read(name)])) as unknown as GivenParameters;
  const parameters = withConfigured(given, configured);
  const alone = [...faults].flatMap(([name, said]) => said.map((words) => name + words));
  const all = [...alone, ...faultsBetween(parameters, new Set(faults.keys()))];
  if (all.length > 0)
    throw new UsageError(`wrong parameters:\n  ${all.join('\n  ')}`, {
      help: 'all parameters, and what to give in which situation: docs/deploy.md',
    });
  return parameters;
}

/** Rules of the configuration, where no parameter names others; with emit `all` only those with targets have a use. */
function withConfigured(given: GivenParameters, configured: ConfiguredParameters): StackParameters {
  const emit = given.emit ?? configured.emit ?? 'all';
  const rules = given.rules.length === 0 ? [...(configured.rules ?? [])] : given.rules;
  return { ...given, emit, rules };
}
