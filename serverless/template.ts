// What would be deployed, as CloudFormation has it: without an account, and without packaging functions.
import { asRules, type DetectionsAsRules, type NativeRule } from '../events/busrules/index.ts';
import type { Feed } from '../events/cloudtrail.ts';
import { dayOf } from '../events/detect/index.ts';
import { UsageError } from '../events/errors.ts';
import { nearest } from '../events/pattern/index.ts';
import type { LoadedConfig } from '../local/configfile.ts';
import { chosenDetections, inForce } from '../local/inforce.ts';
import { assemble } from './assemble.ts';
import type { Outputs, Resource, Resources, TemplateObject, TemplateValue } from './cloudformation.ts';
import { describeDeployment } from './deployment.ts';
import { functionId, type LambdaFunction } from './lambda.ts';
import { defaults, PARAMETER_NAMES, type ParameterName } from './parameters.ts';
import { planStack } from './plan.ts';
import type { ParameterTexts } from './readparameters.ts';

export { PlanError } from './plan.ts';

export interface StackTemplate {
  AWSTemplateFormatVersion: '2010-09-09';
  Description: string;
  Resources: Resources;
  Outputs?: Outputs;
}

export interface MadeTemplate {
  template: StackTemplate;
  /** What a person should know of it, a line each. */
  notes: readonly string[];
}

/** Stands for the bucket and folder that a deployment uploads the functions to. */
const CODE_BUCKET = 'PLACEHOLDER-OF-THE-CODE-BUCKET';
const CODE_FOLDER = 'PLACEHOLDER-OF-THE-CODE-FOLDER';

/**
 * Parameters as `name=value`, those that are not given at their defaults.
 * @throws UsageError for a name that there is none of
 */
export function parameterTexts(given: readonly string[]): ParameterTexts {
  const texts = Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, String(value)]));
  for (const each of given) {
    const [, name = each, value] = /^([^=]+)=([\s\S]*)$/.exec(each) ?? [];
    if (value === undefined || !PARAMETER_NAMES.includes(name as ParameterName)) throw noParameter(name, value);
    texts[name] = value.trim();
  }
  return texts as ParameterTexts;
}

function noParameter(name: string, value: string | undefined): UsageError {
  if (value === undefined) return new UsageError(`\`--param\` without a value: \`${name}\``, { help: 'write --param name=value' });
  const meant = nearest(name, PARAMETER_NAMES);
  const help = meant === undefined ? `there are ${PARAMETER_NAMES.join(', ')}` : `did you mean \`${meant}\`?`;
  return new UsageError(`no parameter is called \`${name}\``, { help });
}

/**
 * The template of a stack, as `serverless deploy` makes it, but for where the functions' code lies.
 * @throws PlanError with every fault of parameters and files
 */
export async function stackTemplate(stackName: string, texts: ParameterTexts): Promise<MadeTemplate> {
  const { parameters, rules, notes } = await planStack(texts);
  const deployment = describeDeployment(stackName, parameters, { process: 'process.zip', alert: 'alert.zip' }, rules);
  const { functions, resources } = assemble(deployment);
  const place = { stackName, bucket: parameters.deploymentBucket ?? CODE_BUCKET, logDays: parameters.logDays };
  const made = Object.entries(functions).map(([name, lambda]) => functionResources(name, lambda, place));
  return {
    template: {
      AWSTemplateFormatVersion: '2010-09-09',
      Description: `Trailbus: the stack ${stackName}`,
      Resources: Object.assign({}, ...made, withDependencyLists(resources.Resources)) as Resources,
      Outputs: resources.Outputs,
    },
    notes,
  };
}

/** `DependsOn` as osls writes it. */
const withDependencyLists = (resources: Resources): Resources =>
  Object.fromEntries(
    Object.entries(resources).map(([id, { DependsOn, ...rest }]) => [
      id,
      DependsOn === undefined ? rest : { ...rest, DependsOn: [DependsOn].flat() },
    ]),
  );

interface FunctionPlace {
  stackName: string;
  bucket: string;
  logDays: number;
}

/** A function and its log, as osls writes them (4.3.1). */
function functionResources(name: string, lambda: LambdaFunction, { stackName, bucket, logDays }: FunctionPlace): Resources {
  const logGroup = functionId(name).replace(/LambdaFunction$/, 'LogGroup');
  return {
    [logGroup]: {
      Type: 'AWS::Logs::LogGroup',
      Properties: { LogGroupName: `/aws/lambda/${stackName}-${name}`, RetentionInDays: logDays },
    },
    [functionId(name)]: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Code: { S3Bucket: bucket, S3Key: `${CODE_FOLDER}/${name}.zip` },
        ...{ Handler: lambda.handler, Runtime: 'nodejs22.x', FunctionName: `${stackName}-${name}` },
        ...{ MemorySize: lambda.memorySize, Timeout: lambda.timeout, Architectures: ['arm64'], Description: lambda.description },
        ...(lambda.tracing !== undefined && { TracingConfig: { Mode: lambda.tracing } }),
        Environment: { Variables: Object.fromEntries(Object.entries(lambda.environment).map(([key, value]) => [key, asVariable(value)])) },
        Role: lambda.role,
        ...(lambda.reservedConcurrency !== undefined && { ReservedConcurrentExecutions: lambda.reservedConcurrency }),
      },
      DependsOn: [logGroup, ...roleIn(lambda.role)],
    },
  };
}

const asVariable = (value: TemplateValue): TemplateValue => (typeof value === 'object' ? value : String(value));

const roleIn = (role: TemplateValue): string[] => {
  const [id] = (role as { 'Fn::GetAtt'?: [string, string] })['Fn::GetAtt'] ?? [];
  return id === undefined ? [] : [id];
};

/** The detections that a configuration turns on, as far as EventBridge rules can say them. @throws UsageError, FileError */
export function detectionsAsRules(config: LoadedConfig, feed: Feed): DetectionsAsRules {
  const { on } = chosenDetections(config, [], false);
  const { exclusions } = inForce(on, config);
  return asRules(on, { feed, lists: config.lists, exclusions, today: dayOf(new Date()) });
}

/** Most characters of a rule's description. Source: EventBridge API reference, PutRule, `Description` (read 2026-11-28). */
const MAX_DESCRIPTION = 512;

/** Those rules as a template to add targets to. @param busName  the bus they stand on; without one the account's own */
export const rulesTemplate = (rules: readonly NativeRule[], busName: string | undefined): StackTemplate => ({
  AWSTemplateFormatVersion: '2010-09-09',
  Description: `Detections of Trailbus as rules on ${busName === undefined ? 'the default bus' : `the bus ${busName}`}`,
  Resources: Object.fromEntries(rules.map((rule) => [logicalId(rule.name), nativeResource(rule, busName)])),
});

const logicalId = (name: string): string =>
  name
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');

/**
 * The default bus gets calls that only read for those rules alone that ask for them.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html (read-only management events)
 */
const nativeResource = ({ name, severity, title, pattern }: NativeRule, busName: string | undefined): Resource => ({
  Type: 'AWS::Events::Rule',
  Properties: {
    Name: name,
    Description: `${severity}: ${title}`.slice(0, MAX_DESCRIPTION),
    ...(busName !== undefined && { EventBusName: busName }),
    EventPattern: pattern as TemplateObject,
    State: busName === undefined ? 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS' : 'ENABLED',
  },
});
