// Users' rules with targets in the stack: what each kind of target is given, and what it may be called by.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of CloudFormation
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assemble } from '../../serverless/assemble.ts';
import type { Resource, TemplateObject } from '../../serverless/cloudformation.ts';
import { deploymentOf } from './deployments.ts';

const RULES_OF_BUS = { 'Fn::Sub': 'arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/trailbus-test/*' };
const IN = 'us-east-1:111122223333';
const QUEUE = `arn:aws:sqs:${IN}:alerts`;

/** The stack of one rule with these targets, in YAML's flow form. */
const stackWith = (...targets: string[]) =>
  assemble(deploymentOf({}, [`id: trail.stopped\ntitle: Stopped\npattern: { source: [a] }\ntargets: [${targets.join(', ')}]\n`])).resources;

const ofType = (resources: Record<string, Resource>, type: string) => Object.values(resources).filter(({ Type }) => Type === type);

const ruleIn = (resources: Record<string, Resource>) =>
  Object.entries(resources).find(([, { Type, Properties }]) => Type === 'AWS::Events::Rule' && Properties['Name'] === 'trail.stopped')!;
const targetsIn = (resources: Record<string, Resource>) => ruleIn(resources)[1].Properties['Targets'] as TemplateObject[];

test('a rule stands on the stack’s bus under its own name; what its target doesn’t take is kept', () => {
  const { Resources, Outputs } = stackWith(QUEUE);
  const [id, { Properties }] = ruleIn(Resources);
  assert.match(id, /^RuleTrailStopped[0-9a-f]{6}$/);
  assert.deepEqual(Properties, {
    ...{ Name: 'trail.stopped', Description: 'Stopped', EventBusName: { Ref: 'Bus' }, EventPattern: { source: ['a'] }, State: 'ENABLED' },
    Targets: [
      {
        ...{ Id: 'target-1', Arn: QUEUE },
        RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['FailedEventsQueue', 'Arn'] } },
      },
    ],
  });
  const policy = JSON.stringify(Resources['RulesMayKeepFailed']);
  assert.ok(policy.includes('"Service":"events.amazonaws.com"') && policy.includes(JSON.stringify(RULES_OF_BUS)), policy);
  assert.deepEqual(Outputs['FailedEventsQueueUrl']?.Value, { Ref: 'FailedEventsQueue' });
});

test('a stack without such rules has none of it', () => {
  const { Resources, Outputs } = assemble(deploymentOf({}, ['pattern: { source: [a] }\n'])).resources;
  assert.deepEqual(
    Object.keys({ ...Resources, ...Outputs }).filter((id) => /Failed(Events)|TargetsRole|RulesMay|TargetPolicies/.test(id)),
    [],
  );
});

test('a function may be invoked by the rules of the bus: one permission, however many rules', () => {
  const lambda = `arn:aws:lambda:${IN}:function:page`;
  const rules = ['a', 'b'].map((id) => `id: ${id}\npattern: { source: [a] }\ntargets: ["${lambda}"]\n`);
  const { Resources } = assemble(deploymentOf({ validate: 'off', silentAfter: '0' }, rules)).resources;
  assert.deepEqual(
    ofType(Resources, 'AWS::Lambda::Permission').map(({ Properties }) => Properties),
    [{ Action: 'lambda:InvokeFunction', FunctionName: lambda, Principal: 'events.amazonaws.com', SourceArn: RULES_OF_BUS }],
  );
});

test('what is called as a role has one that may call just these targets, taken by the rules of the bus alone', () => {
  const machine = `arn:aws:states:${IN}:stateMachine:respond`;
  const bus = `arn:aws:events:${IN}:event-bus/central`;
  const api = `arn:aws:events:${IN}:api-destination/chat/0d1f-22`;
  const { Resources } = stackWith(`"${machine}"`, `"${bus}"`, `"${api}"`);
  const { AssumeRolePolicyDocument, Policies } = Resources['TargetsRole']!.Properties as Record<string, TemplateObject>;
  assert.deepEqual(AssumeRolePolicyDocument!['Statement'], [
    {
      ...{ Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sts:AssumeRole' },
      Condition: { ArnLike: { 'aws:SourceArn': RULES_OF_BUS } },
    },
  ]);
  const [{ PolicyDocument }] = Policies as unknown as [{ PolicyDocument: { Statement: TemplateObject[] } }];
  assert.deepEqual(
    PolicyDocument.Statement.map(({ Action, Resource }) => [Action, Resource]),
    [
      ['states:StartExecution', [machine]],
      ['events:PutEvents', [bus]],
      ['events:InvokeApiDestination', [`arn:aws:events:${IN}:api-destination/chat`]],
    ],
  );
  for (const target of targetsIn(Resources)) assert.deepEqual(target['RoleArn'], { 'Fn::GetAtt': ['TargetsRole', 'Arn'] });
});

test('a role that the file gives is taken, and nothing is allowed beside it', () => {
  const role = 'arn:aws:iam::111122223333:role/mine';
  const { Resources } = stackWith(
    `{ Arn: "arn:aws:lambda:${IN}:function:page", RoleArn: "${role}" }`,
    `{ Arn: "arn:aws:states:${IN}:stateMachine:respond", RoleArn: "${role}" }`,
    `{ Arn: "arn:aws:kinesis:${IN}:stream/s", RoleArn: "${role}", KinesisParameters: { PartitionKeyPath: $.id } }`,
  );
  assert.deepEqual(
    targetsIn(Resources).map(({ RoleArn }) => RoleArn),
    [role, role, role],
  );
  assert.deepEqual(targetsIn(Resources)[2]!['KinesisParameters'], { PartitionKeyPath: '$.id' });
  assert.equal(Resources['TargetsRole'], undefined);
  assert.deepEqual(
    Object.keys(Resources).filter((id) => id.startsWith('RulesMayInvoke')),
    [],
  );
});

test('log groups are written to by one policy of their own, and without a role', () => {
  const { Resources } = stackWith(...['a', 'b'].map((name) => `"arn:aws:logs:${IN}:log-group:/aws/events/${name}"`));
  const [policy] = ofType(Resources, 'AWS::Logs::ResourcePolicy');
  const { Statement } = JSON.parse(policy!.Properties['PolicyDocument'] as string) as { Statement: TemplateObject[] };
  assert.deepEqual(
    Statement.map(({ Principal, Resource }) => [Principal, Resource]),
    [
      [
        { Service: ['events.amazonaws.com', 'delivery.logs.amazonaws.com'] },
        ['a', 'b'].map((name) => `arn:aws:logs:${IN}:log-group:/aws/events/${name}:*`),
      ],
    ],
  );
  assert.deepEqual(
    targetsIn(Resources).map(({ RoleArn }) => RoleArn),
    [undefined, undefined],
  );
});

test('what queues and topics of others have to allow is told', () => {
  const topic = 'arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:security';
  const { Outputs } = stackWith(`"${topic}"`, QUEUE);
  const told = JSON.parse((Outputs['TargetPolicies']!.Value as { 'Fn::Sub': string })['Fn::Sub']) as TemplateObject[];
  assert.deepEqual(
    told.map(({ Action, Resource, Condition }) => [Action, Resource, Condition]),
    [
      ['sqs:SendMessage', QUEUE, { ArnLike: { 'aws:SourceArn': RULES_OF_BUS['Fn::Sub'] } }],
      ['sns:Publish', topic, undefined],
    ],
  );
});

test('settings that a target has take the place of ours', () => {
  const own = `{ Arn: ${QUEUE}, RetryPolicy: { MaximumRetryAttempts: 1 }, DeadLetterConfig: { Arn: "${QUEUE}-dead" }, InputPath: $.detail }`;
  const [target] = targetsIn(stackWith(own).Resources);
  assert.deepEqual(target!['RetryPolicy'], { MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 86_400 });
  assert.deepEqual([target!['DeadLetterConfig'], target!['InputPath']], [{ Arn: `${QUEUE}-dead` }, '$.detail']);
});
