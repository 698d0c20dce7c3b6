// Users' rules that have targets, on the stack's bus: permissions for the targets, and a queue for what can't be delivered.
// What each kind of target needs: EventBridge user guide, "Using resource-based policies", "IAM roles for sending events to targets" (read 2026-11-28).
import { createHash } from 'node:crypto';
import type { BusRule, BusTarget, TargetKind } from '../../events/busrules/index.ts';
import {
  ACCOUNT,
  getArn,
  maySend,
  PARTITION,
  policyDocument,
  REGION,
  type Resource,
  type Resources,
  ref,
  type Statement,
  sub,
  type TemplateObject,
} from '../cloudformation.ts';
import { type Deployment, hasRuleTargets } from '../deployment.ts';
import type { StackPiece } from '../piece.ts';
import { keepingQueue } from '../storage.ts';

/** The longest that EventBridge tries. Source: API reference, `RetryPolicy` (read 2026-11-28). */
const RETRY_POLICY = { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 };

/** Most characters of a rule's description. Source: API reference, PutRule, `Description` (read 2026-11-28). */
const MAX_DESCRIPTION = 512;

/** What EventBridge calls as a role; `other` targets bring their own. */
const ROLE_ACTIONS: Partial<Record<TargetKind, string>> = {
  stateMachine: 'states:StartExecution',
  bus: 'events:PutEvents',
  apiDestination: 'events:InvokeApiDestination',
};

/** ARN of every rule on the stack's bus: who may call the targets. */
const rulesArn = ({ stackName }: Deployment) => sub(`arn:${PARTITION}:events:${REGION}:${ACCOUNT}:rule/${stackName}/*`);

const targetsOf = ({ rules }: Deployment, ...kinds: TargetKind[]): BusTarget[] =>
  rules.flatMap(({ targets }) => targets).filter(({ kind }) => kinds.includes(kind));

/** Each ARN once, of the targets that bring no role. */
const arnsOf = (deployment: Deployment, ...kinds: TargetKind[]): string[] => [
  ...new Set(targetsOf(deployment, ...kinds).flatMap(({ fields: { Arn, RoleArn } }) => (RoleArn === undefined ? [Arn] : []))),
];

const withRole = Object.keys(ROLE_ACTIONS) as TargetKind[];

/** `RuleTrailStopped3f2a1c`: the same for the same name, whatever other rules there are. */
const idFor = (prefix: string, name: string): string => {
  const words = name.split(/[^A-Za-z0-9]+/).map((word) => word.slice(0, 1).toUpperCase() + word.slice(1));
  return `${prefix}${words.join('')}${createHash('sha256').update(name).digest('hex').slice(0, 6)}`;
};

function targetProperties({ kind, fields }: BusTarget): TemplateObject {
  const { Id, Arn, RoleArn, DeadLetterConfig, RetryPolicy, ...rest } = fields;
  const role = RoleArn === undefined ? (withRole.includes(kind) ? getArn('TargetsRole') : undefined) : sub(RoleArn);
  return {
    ...{ Id, Arn: sub(Arn) },
    ...(role !== undefined && { RoleArn: role }),
    ...(rest as TemplateObject),
    RetryPolicy: { ...RETRY_POLICY, ...(RetryPolicy as TemplateObject | undefined) },
    DeadLetterConfig: { Arn: DeadLetterConfig === undefined ? getArn('FailedEventsQueue') : sub(DeadLetterConfig.Arn) },
  };
}

const ruleResource = ({ name, title, pattern, isDisabled, targets }: BusRule): Resource => ({
  Type: 'AWS::Events::Rule',
  Properties: {
    Name: name,
    ...(title !== undefined && { Description: title.slice(0, MAX_DESCRIPTION) }),
    EventBusName: ref('Bus'),
    EventPattern: pattern as TemplateObject,
    State: isDisabled ? 'DISABLED' : 'ENABLED',
    Targets: targets.map(targetProperties),
  },
});

/** One for each function, whatever number of rules: its policy has a largest size. */
const invocations = (deployment: Deployment): Resources =>
  Object.fromEntries(
    arnsOf(deployment, 'function').map((arn) => [
      idFor('RulesMayInvoke', arn.split(':function:')[1]!),
      {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          Action: 'lambda:InvokeFunction',
          FunctionName: sub(arn),
          Principal: 'events.amazonaws.com',
          SourceArn: rulesArn(deployment),
        },
      },
    ]),
  );

/** An API destination's ARN ends with an id that its policy's resource doesn't have. Source: CloudFormation, `ArnForPolicy` (read 2026-11-28). */
const policyResource = (arn: string) => sub(arn.replace(/(:api-destination\/[^/]+)\/.*$/, '$1'));

const roleStatements = (deployment: Deployment): Statement[] =>
  withRole.flatMap((kind) => {
    const arns = arnsOf(deployment, kind);
    return arns.length === 0 ? [] : [{ Effect: 'Allow' as const, Action: ROLE_ACTIONS[kind]!, Resource: arns.map(policyResource) }];
  });

const targetsRole = (deployment: Deployment): Resource => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    Description: 'Lets rules on the bus call their targets',
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'sts:AssumeRole',
          Condition: { ArnLike: { 'aws:SourceArn': rulesArn(deployment) } },
        },
      ],
    },
    Policies: [{ PolicyName: 'call-targets', PolicyDocument: policyDocument(...roleStatements(deployment)) }],
  },
});

/** One for all groups: a Region takes ten of them. Source: CloudWatch Logs API reference, PutResourcePolicy (read 2026-11-28). */
const logsPolicy = (deployment: Deployment, arns: readonly string[]): Resource => ({
  Type: 'AWS::Logs::ResourcePolicy',
  Properties: {
    PolicyName: `${deployment.stackName}-rules`,
    PolicyDocument: sub(
      JSON.stringify(
        policyDocument({
          Effect: 'Allow',
          Principal: { Service: ['events.amazonaws.com', 'delivery.logs.amazonaws.com'] },
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: arns.map((arn) => `${arn}:*`),
        }),
      ),
    ),
  },
});

/** Who owns a queue or a topic has to allow it there: this stack doesn't take over others' policies. */
function neededPolicies(deployment: Deployment): object[] {
  const allowed = { Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' } };
  const Condition = { ArnLike: { 'aws:SourceArn': `arn:${PARTITION}:events:${REGION}:${ACCOUNT}:rule/${deployment.stackName}/*` } };
  const [queues, topics] = [arnsOf(deployment, 'queue'), arnsOf(deployment, 'topic')];
  return [
    ...queues.map((Resource) => ({ ...allowed, Action: 'sqs:SendMessage', Resource, Condition })),
    // A topic's policy takes no condition here. Source: user guide, "Amazon SNS permissions" (read 2026-11-28).
    ...topics.map((Resource) => ({ ...allowed, Action: 'sns:Publish', Resource })),
  ];
}

/** Most characters of an output's value. Source: CloudFormation user guide, "Quotas" (read 2026-11-28). */
const MAX_OUTPUT = 4_096;

export const busRules: StackPiece = {
  isPart: hasRuleTargets,
  resources: (deployment) => {
    const logGroups = arnsOf(deployment, 'logGroup');
    return {
      ...Object.fromEntries(deployment.rules.map((rule) => [idFor('Rule', rule.name), ruleResource(rule)])),
      ...invocations(deployment),
      ...(arnsOf(deployment, ...withRole).length > 0 && { TargetsRole: targetsRole(deployment) }),
      ...(logGroups.length > 0 && { RulesMayLog: logsPolicy(deployment, logGroups) }),
      FailedEventsQueue: keepingQueue(deployment.parameters),
      RulesMayKeepFailed: maySend('FailedEventsQueue', 'events.amazonaws.com', { ArnLike: { 'aws:SourceArn': rulesArn(deployment) } }),
    };
  },
  outputs: (deployment) => {
    const needed = neededPolicies(deployment);
    const text = JSON.stringify(needed);
    return {
      FailedEventsQueueUrl: { Description: 'Events that a target of your rules did not take', Value: ref('FailedEventsQueue') },
      ...(needed.length > 0 && {
        TargetPolicies: {
          Description: 'What the policies of the queues and topics that your rules send to have to allow',
          Value: text.length > MAX_OUTPUT ? 'too many to be told here: docs/deploy.md, Rules with targets' : sub(text),
        },
      }),
    };
  },
};
