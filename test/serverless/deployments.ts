// Deployments for tests: parameters as texts, those that are not named at their defaults.
import { busRulesOf, type NamedTargets } from '../../events/busrules/index.ts';
import { readRules, withOwnNames } from '../../events/rules/index.ts';
import { type Deployment, describeDeployment } from '../../serverless/deployment.ts';
import { defaults, type ParameterName, type StackParameters } from '../../serverless/parameters.ts';
import { type ConfiguredParameters, type ParameterTexts, readParameters } from '../../serverless/readparameters.ts';

export type GivenTexts = Partial<Record<ParameterName, string>>;

/** @throws UsageError with every fault */
export function parametersOf(given: GivenTexts, configured: ConfiguredParameters = {}): StackParameters {
  const texts = Object.entries({ ...defaults, ...given }).map(([name, value]) => [name, String(value)]);
  return readParameters(Object.fromEntries(texts) as ParameterTexts, configured);
}

/** @param rules  users' rules, each the text of a file; their targets by name */
export function deploymentOf(given: GivenTexts, rules: readonly string[] = [], named: NamedTargets = {}): Deployment {
  const files = new Map(rules.map((text, at) => [`rules/${at}.yml`, text]));
  const read = [...files].flatMap(([name, text]) => readRules(text, name));
  const { deployed } = busRulesOf(withOwnNames(read), files, named);
  return describeDeployment('trailbus-test', parametersOf(given), { process: '.build/process.zip', alert: '.build/alert.zip' }, deployed);
}
