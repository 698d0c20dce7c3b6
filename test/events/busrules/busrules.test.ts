// Users' rules with targets: which are put on the bus, with what, and everything that is refused beforehand.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of CloudFormation
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { busRulesOf, type NamedTargets, targetFaultsIn } from '../../../events/busrules/index.ts';
import { PatternError } from '../../../events/pattern/index.ts';
import { readRules, withOwnNames } from '../../../events/rules/index.ts';
import { FileError } from '../../../events/yamlfile.ts';

const QUEUE = 'arn:aws:sqs:us-east-1:111122223333:alerts';

function sorted(files: Record<string, string>, named: NamedTargets = {}) {
  const texts = new Map(Object.entries(files));
  return busRulesOf(withOwnNames([...texts].flatMap(([name, text]) => readRules(text, name))), texts, named);
}
const deployed = (text: string, named: NamedTargets = {}, name = 'rule.yml') => sorted({ [name]: text }, named).deployed;
const targetsIn = (text: string, named: NamedTargets = {}) => deployed(text, named).flatMap(({ targets }) => targets);

const rule = (more: string) => `id: stopped\ntitle: A trail stopped\npattern: { detail: { eventName: [StopLogging] } }\n${more}`;

test('a `$or` and AWS’s own `$` words are no lists', () =>
  assert.equal(deployed(`pattern: { detail: { $or: [{ a: [$LATEST] }, { b: [1] }] } }\ntargets: ${QUEUE}\n`).length, 1));

test('a rule without targets is none of the bus’s', () => {
  assert.deepEqual(deployed(rule('')), []);
  assert.deepEqual(deployed(rule('targets: []')), []);
});

test('a rule file’s target is an ARN, a name of trailbus.yml, or a target in EventBridge’s own words', () => {
  const text = rule(`targets:
  - ${QUEUE}
  - security-topic
  - Arn: arn:aws:lambda:us-east-1:111122223333:function:page
    Id: page
    InputTransformer:
      InputPathsMap: { name: $.detail.eventName }
      InputTemplate: '{"text": "<name>"}'
    RetryPolicy: { MaximumRetryAttempts: 3 }
`);
  const named = { 'security-topic': { Arn: 'arn:aws:sns:us-east-1:111122223333:security' } };
  const [only] = deployed(text, named);
  assert.deepEqual(
    [only?.name, only?.title, only?.pattern, only?.isDisabled],
    ['stopped', 'A trail stopped', { detail: { eventName: ['StopLogging'] } }, false],
  );
  assert.deepEqual(only?.targets, [
    { kind: 'queue', fields: { Arn: QUEUE, Id: 'target-1' } },
    { kind: 'topic', fields: { Arn: 'arn:aws:sns:us-east-1:111122223333:security', Id: 'target-2' } },
    {
      kind: 'function',
      fields: {
        ...{ Arn: 'arn:aws:lambda:us-east-1:111122223333:function:page', Id: 'page' },
        InputTransformer: { InputPathsMap: { name: '$.detail.eventName' }, InputTemplate: '{"text": "<name>"}' },
        RetryPolicy: { MaximumRetryAttempts: 3 },
      },
    },
  ]);
});

const kinds: [string, string][] = [
  ['topic', 'arn:aws:sns:us-east-1:111122223333:security'],
  ['queue', QUEUE],
  ['function', 'arn:aws:lambda:us-east-1:111122223333:function:page:live'],
  ['stateMachine', 'arn:aws:states:us-east-1:111122223333:stateMachine:respond'],
  ['logGroup', 'arn:aws:logs:us-east-1:111122223333:log-group:/aws/events/trail'],
  ['bus', 'arn:aws:events:eu-west-1:111122223333:event-bus/central'],
  ['apiDestination', 'arn:aws:events:us-east-1:111122223333:api-destination/chat/0d1f-22'],
  ['queue', 'arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:alerts'],
];
for (const [kind, arn] of kinds)
  test(`knows a ${kind} by ${arn}`, () =>
    assert.deepEqual(targetsIn(rule(`targets: "${arn}"`)), [{ kind, fields: { Arn: arn, Id: 'target-1' } }]));

test('a log group’s ARN is taken as CloudWatch Logs writes it too', () => {
  const [target] = targetsIn(rule('targets: "arn:aws:logs:us-east-1:111122223333:log-group:/x:*"'));
  assert.equal(target?.fields.Arn, 'arn:aws:logs:us-east-1:111122223333:log-group:/x');
});

test('what every stack knows may be substituted, in YAML’s form and in JSON’s', () => {
  const arn = 'arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:q';
  for (const form of [`!Sub "${arn}"`, `{ "Fn::Sub": "${arn}" }`])
    assert.deepEqual(
      targetsIn(rule(`targets: [${form}]`)).map(({ fields }) => fields.Arn),
      [arn],
      form,
    );
});

const template = (properties: string) =>
  `Resources:\n  Stopped:\n    Type: AWS::Events::Rule\n    Properties:\n      EventPattern: { detail: { eventName: [StopLogging] } }\n${properties}`;

test('a template’s rule keeps its description, its targets, and that it is switched off', () => {
  const [only] = deployed(
    template(`      Description: Stopped\n      State: DISABLED\n      Targets: [{ Id: q, Arn: "${QUEUE}", InputPath: $.detail }]\n`),
  );
  assert.deepEqual([only?.name, only?.title, only?.isDisabled], ['Stopped', 'Stopped', true]);
  assert.deepEqual(only?.targets, [{ kind: 'queue', fields: { Arn: QUEUE, Id: 'q', InputPath: '$.detail' } }]);
});

test('what awscli prints of a rule may have its targets beside it', () => {
  const printed = {
    ...{ Name: 'stopped', EventBusName: 'default', EventPattern: '{"source":["cloudtrail.iam"]}' },
    Targets: [{ Id: 'q', Arn: QUEUE }],
  };
  const [only] = deployed(JSON.stringify(printed), {}, 'rule.json');
  assert.deepEqual([only?.name, only?.pattern, only?.targets[0]?.fields.Id], ['stopped', { source: ['cloudtrail.iam'] }, 'q']);
});

const elsewhere: [string, string, RegExp][] = [
  ['names a bus', `      EventBusName: trailbus-prod\n      Targets: [{ Id: q, Arn: "${QUEUE}" }]\n`, /puts it on the bus `trailbus-prod`/],
  ['refers to a bus', `      EventBusName: !Ref Bus\n      Targets: [{ Id: q, Arn: "${QUEUE}" }]\n`, /puts it on/],
  [
    'sends to what it makes itself',
    '      Targets: [{ Id: q, Arn: !GetAtt Queue.Arn }]\n',
    /known to its template alone: `!GetAtt Queue\.Arn`/,
  ],
  ['sends to what it makes itself, in JSON’s form', '      Targets: [{ Id: q, Arn: { "Fn::GetAtt": [Queue, Arn] } }]\n', /Fn::GetAtt/],
  ['substitutes what it makes itself', '      Targets: [{ Id: q, Arn: !Sub "arn:aws:sqs:us-east-1:1:${Queue}" }]\n', /`Queue`/],
];
for (const [name, properties, why] of elsewhere)
  test(`a rule whose template ${name} is left to that template`, () => {
    const { deployed: none, elsewhere: left } = sorted({ 't.yml': template(properties) });
    assert.deepEqual([none, left.map((each) => each.name)], [[], ['Stopped']]);
    assert.match(left[0]!.why, why);
  });

/** All faults, each as file, line and words. */
function faultsOf(files: Record<string, string>, named: NamedTargets = {}): string[] {
  try {
    sorted(files, named);
  } catch (error) {
    assert.ok(error instanceof FileError, String(error));
    return error.faults.map(({ source, line, path, message }) => `${source}:${line} ${path} ${message}`);
  }
  return [];
}

const long = `pattern: { detail: { eventID: [${Array.from({ length: 170 }, (_, at) => `event-${1_000 + at}`).join(', ')}] } }\n`;
const wrong: [string, string, string[]][] = [
  ['a name that names no target', 'targets: [security-topic]', ['r.yml:4 targets[0] names no target: `security-topic`']],
  [
    'an ARN that is none, and one of another thing',
    'targets:\n  - arn:aws:sns:security\n  - arn:aws:lambda:us-east-1:111122223333:layer:x',
    [
      'r.yml:5 targets[0].Arn is no ARN of a target: write arn:aws:sns:REGION:ACCOUNT:NAME',
      'r.yml:6 targets[1].Arn is no ARN of a target: write arn:aws:lambda:REGION:ACCOUNT:function:NAME',
    ],
  ],
  [
    'a FIFO topic',
    'targets: arn:aws:sns:us-east-1:111122223333:t.fifo',
    ['r.yml:4 targets[0].Arn is no ARN of a target: write arn:aws:sns:REGION:ACCOUNT:NAME'],
  ],
  [
    'a word that EventBridge doesn’t have',
    `targets:\n  - Arn: ${QUEUE}\n    InputPth: $.detail`,
    ['r.yml:6 targets[0].InputPth is not known'],
  ],
  [
    'two inputs',
    `targets:\n  - Arn: ${QUEUE}\n    InputPath: $.detail\n    Input: "{}"`,
    ['r.yml:6 targets[0].InputPath doesn’t go with Input: a target takes one of them'],
  ],
  [
    'more targets than a rule takes',
    `targets: [${Array.from({ length: 6 }, (_, at) => `"${QUEUE}-${at}"`).join(', ')}]`,
    ['r.yml:3 targets of `stopped` are 6, and a rule takes 5'],
  ],
  [
    'an Id twice',
    `targets: [{ Arn: "${QUEUE}", Id: q }, { Arn: "${QUEUE}-2", Id: q }]`,
    ['r.yml:3 targets of `stopped` have the Id `q` twice'],
  ],
  [
    'what another service needs a role for',
    'targets: arn:aws:kinesis:us-east-1:111122223333:stream/s',
    ['r.yml:4 targets[0].Arn is of a service that needs a role: add RoleArn, which may call it'],
  ],
  [
    'a role for a log group',
    'targets:\n  - Arn: arn:aws:logs:us-east-1:111122223333:log-group:x\n    RoleArn: arn:aws:iam::111122223333:role/r',
    ['r.yml:6 targets[0].RoleArn has no use: a log group is written to by its own policy'],
  ],
  [
    'a FIFO queue without a group',
    `targets: ${QUEUE}.fifo`,
    ['r.yml:4 targets[0].Arn is a FIFO queue: add SqsParameters with a MessageGroupId'],
  ],
  ['a target of another template', 'targets: [!Ref Topic]', ['r.yml:4 targets[0] is known only after another deployment: `!Ref Topic`']],
  [
    'conditions that a rule can’t say',
    `where: { differ: [a, b] }\nsuccess: true\ntargets: ${QUEUE}`,
    [
      'r.yml:3 where of `stopped` can’t be said by a rule: its targets would get more',
      'r.yml:3 success of `stopped` can’t be said by a rule: its targets would get more',
    ],
  ],
];
for (const [name, more, faults] of wrong)
  test(`refuses ${name}, in its place`, () => assert.deepEqual(faultsOf({ 'r.yml': rule(more) }), faults));

test('refuses patterns that can’t be deployed as they are', () => {
  const withPattern = (pattern: string) => faultsOf({ 'r.yml': `id: r\n${pattern}targets: ${QUEUE}\n` });
  assert.deepEqual(withPattern(long), ['r.yml:2 pattern of `r` has 2234 characters, and EventBridge takes 2048']);
  assert.deepEqual(withPattern('pattern: { detail: { x: [1.0] } }\n'), [
    'r.yml:2 pattern of `r` has a number that CloudFormation would change: 1.0',
  ]);
  assert.deepEqual(withPattern('pattern: { account: [$accounts] }\n'), ['r.yml:2 pattern of `r` names a list: "$accounts"']);
  assert.deepEqual(withPattern('pattern: { account: [!Ref AWS::AccountId] }\n'), [
    'r.yml:2 pattern of `r` has a value that is known only after another deployment',
  ]);
  assert.throws(
    () => sorted({ 'r.yml': `pattern: { detail: { x: [{ prefx: a }] } }\ntargets: ${QUEUE}\n` }),
    (error) => error instanceof PatternError && /r\.yml:1:\d+/.test(error.source ?? ''),
  );
});

test('refuses names that EventBridge doesn’t take, and the same name twice', () => {
  const named = (id: string) => `id: ${id}\npattern: { source: [a] }\ntargets: ${QUEUE}\n`;
  assert.deepEqual(faultsOf({ 'r.yml': named('"a rule"') }), ['r.yml:2 id of `a rule` can’t be the name of a rule: `a rule`']);
  assert.deepEqual(faultsOf({ 'a.yml': named('same'), 'b.yml': named('same') }), [
    'b.yml:2 id of `same` is `same` again: rules on one bus have names of their own',
  ]);
});

test('the targets of detections are checked, whatever their patterns are', () => {
  const text = `id: a
pattern: [{ detail: { sourceIPAddress: [{ cidr: $cidrs }] } }, { detail: { eventName: [$names] } }]
targets: [securty-topic, ${QUEUE}, security-topic]
---
id: b
window: { within: 5m, by: account, sequence: [{ pattern: { detail: { eventName: [A] } } }] }
targets: [${Array.from({ length: 6 }, () => QUEUE).join(', ')}]
`;
  const faults = targetFaultsIn(text, 'd.yaml', { 'security-topic': { Arn: QUEUE } });
  assert.deepEqual(
    faults.map(({ source, line, path, message, help }) => [`${source}:${line} ${path} ${message}`, help]),
    [
      ['d.yaml:3 targets[0] names no target: `securty-topic`', 'did you mean `security-topic`?'],
      ['d.yaml:7 targets are 6, and a rule takes 5', 'make a second rule with the same pattern, or send to one SNS topic'],
    ],
  );
  assert.deepEqual(targetFaultsIn('not: [yaml', 'd.yaml'), []);
  assert.deepEqual(targetFaultsIn('- targets: 1\n---\nid: c\n', 'd.yaml'), []);
});
