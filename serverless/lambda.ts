// A Lambda function as osls takes it, and the role that it runs under.
import {
  ACCOUNT,
  getArn,
  PARTITION,
  policyDocument,
  REGION,
  type Resource,
  type Statement,
  sub,
  type TemplateValue,
} from './cloudformation.ts';

export interface LambdaFunction {
  description: string;
  handler: string;
  package: { artifact: string };
  role: TemplateValue;
  memorySize: number;
  timeout: number;
  reservedConcurrency?: number;
  tracing?: 'Active';
  environment: Record<string, TemplateValue>;
}

/** The logical id that osls gives a function. */
export const functionId = (name: string) => `${name.slice(0, 1).toUpperCase()}${name.slice(1)}LambdaFunction`;

export const PROCESS_FUNCTION = functionId('process');
export const ALERT_FUNCTION = functionId('alert');

/** The zip that `npm run build:functions` makes, from the folder of serverless.yml. */
export const artifactOf = (name: string) => `.build/${name}.zip`;

/** The process function's own name for the rules that it is shipped with. */
export const RULES_FILE = 'rules.json';

/** The functions' own name for the detections that they are shipped with. */
export const DETECTIONS_FILE = 'detections.json';

/** What a function is told for its logs and metrics. */
export const powertools = (stackName: string) => ({
  POWERTOOLS_SERVICE_NAME: stackName,
  POWERTOOLS_METRICS_NAMESPACE: 'Trailbus',
});

const LAMBDA_MAY_TAKE_IT = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

/** A role that the function alone takes, and that may do what the statements say and nothing else. */
export const functionRole = (policyName: string, statements: Statement[], description?: string): Resource => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    ...(description !== undefined && { Description: description }),
    AssumeRolePolicyDocument: LAMBDA_MAY_TAKE_IT,
    Policies: [{ PolicyName: policyName, PolicyDocument: policyDocument(...statements) }],
  },
});

/** A rule that invokes a function again and again; it must be allowed to, see `mayInvoke`. @param rate  `30 minutes` */
export const scheduleOf = (name: string, rate: string, description: string): Resource => ({
  Type: 'AWS::Events::Rule',
  Properties: { Description: description, ScheduleExpression: `rate(${rate})`, Targets: [{ Id: name, Arn: getArn(functionId(name)) }] },
});

/** A function may write to its own log, which osls makes. */
export const ownLog = (stackName: string, name: string) => ({
  Effect: 'Allow' as const,
  Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource: sub(`arn:${PARTITION}:logs:${REGION}:${ACCOUNT}:log-group:/aws/lambda/${stackName}-${name}:*`),
});
