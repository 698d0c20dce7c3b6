// Deployments for tests: parameters as texts, those that are not named at their defaults.
import { type Deployment, describeDeployment } from '../../serverless/deployment.ts';
import { defaults, type ParameterName, type StackParameters } from '../../serverless/parameters.ts';
import { type ConfiguredParameters, type ParameterTexts, readParameters } from '../../serverless/readparameters.ts';

export type GivenTexts = Partial<Record<ParameterName, string>>;

/** @throws UsageError with every fault */
export function parametersOf(given: GivenTexts, configured: ConfiguredParameters = {}): StackParameters {
  const texts = Object.entries({ ...defaults, ...given }).map(([name, value]) => [name, String(value)]);
  return readParameters(Object.fromEntries(texts) as ParameterTexts, configured);
}

export const deploymentOf = (given: GivenTexts): Deployment =>
  describeDeployment('trailbus-test', parametersOf(given), { process: '.build/process.zip', alert: '.build/alert.zip' });
