// Rule files of every form, read with the place of each character.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from '../../../events/pattern/index.ts';
import { placeOf, type Rule, RuleError, readRules, withOwnNames } from '../../../events/rules/rulefile.ts';

const summary = (rules: Rule[]) => rules.map(({ name, pattern, form }) => [name, form, pattern]);

const FORMS: [name: string, source: string, text: string, wanted: unknown[]][] = [
  ['a bare pattern in JSON, as it is', 'x/root.json', '\n{"source": [1.0, 1.0]}', [['root', 'pattern', '\n{"source": [1.0, 1.0]}']]],
  ['a bare pattern in YAML', 'root.yml', 'source: [cloudtrail.iam]\n', [['root', 'pattern', '{"source":["cloudtrail.iam"]}']]],
  [
    'a detection',
    'trail-stopped.yaml',
    'id: trail.stopped\ntitle: Stopped\nseverity: high\npattern: { detail: { eventName: [StopLogging] } }\n',
    [['trail.stopped', 'detection', '{"detail":{"eventName":["StopLogging"]}}']],
  ],
  [
    'several detections in one file',
    'two.yaml',
    'id: a\npattern: { source: [a] }\n---\nid: b\npattern: { source: [b] }\n',
    [
      ['a', 'detection', '{"source":["a"]}'],
      ['b', 'detection', '{"source":["b"]}'],
    ],
  ],
  [
    'a CloudFormation template in YAML',
    'template.yml',
    'Resources:\n  Bucket:\n    Type: AWS::S3::Bucket\n  Root:\n    Type: AWS::Events::Rule\n    Properties:\n      EventBusName: !Ref Bus\n      EventPattern:\n        source: [aws.iam]\n        account: [!Ref AWS::AccountId]\n  Nightly:\n    Type: AWS::Events::Rule\n    Properties: { ScheduleExpression: rate(1 day) }\n',
    [['Root', 'cloudformation', '{"source":["aws.iam"],"account":["$' + '{!Ref AWS::AccountId}"]}']],
  ],
  [
    'a CloudFormation template in JSON',
    'template.json',
    '{"Resources": {"R": {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": {"detail": {"n": [1.50, {"Ref": "X"}]}}}}}}',
    [['R', 'cloudformation', `{"detail":{"n":[1.50,${JSON.stringify(`$${'{{"Ref": "X"}}'}`)}]}}`]],
  ],
  [
    'functions and resources of serverless.yml',
    'serverless.yml',
    'service: s\nresources:\n  Resources:\n    R:\n      Type: AWS::Events::Rule\n      Properties: { EventPattern: { source: [r] } }\nfunctions:\n  f:\n    events:\n      - sns: topic\n      - eventBridge: { pattern: { source: [f] } }\n',
    [
      ['R', 'serverless', '{"source":["r"]}'],
      ['f', 'serverless', '{"source":["f"]}'],
    ],
  ],
  [
    'what aws events describe-rule prints',
    'rule.json',
    '{"Name": "n", "EventPattern": "{\\"source\\":[\\"x\\"]}"}',
    [['n', 'aws-cli', '{"source":["x"]}']],
  ],
];

for (const [name, source, text, wanted] of FORMS) test(`reads ${name}`, () => assert.deepEqual(summary(readRules(text, source)), wanted));

test('keeps number spellings and repeated keys of YAML', () => {
  const [rule] = readRules('pattern:\n  detail: { n: [1.0, 5e0, 9007199254740993] }\n  source: [a]\n  source: [b]\n', 'r.yaml');
  assert.equal(rule!.pattern, '{"detail":{"n":[1.0,5e0,9007199254740993]},"source":["a"],"source":["b"]}');
});

test('follows anchors and merges', () => {
  const [rule] = readRules('x: &base { source: [a] }\npattern:\n  <<: *base\n  detail: { n: &n [1], m: *n }\n', 'r.yaml');
  assert.equal(rule!.pattern, '{"source":["a"],"detail":{"n":[1],"m":[1]}}');
});

test('what a map says itself counts before what it merges, and the first of several', () => {
  const bases = 'x: &x { source: [a], region: [a] }\ny: &y { region: [b], account: [b] }\n';
  const [rule] = readRules(`${bases}pattern:\n  source: [own]\n  <<: [*x, *y]\n`, 'r.yaml');
  assert.equal(rule!.pattern, '{"source":["own"],"region":["a"],"account":["b"]}');
});

/** `«x»` stands for a variable. */
const ONLY_DEPLOYED: [name: string, properties: string, wanted: string][] = [
  ['the list of a field', '{ detail: { n: !If [a, [b], [c]] } }', '{"detail":{"n":["«!If [a, [b], [c]]»"]}}'],
  ['a part of the pattern', '{ detail: { Ref: X } }', '{"detail":["«{ Ref: X }»"]}'],
  ['a variable for a list', '{ source: "«param:sources»" }', '{"source":["«param:sources»"]}'],
  ['an operator’s value', '{ source: [{ prefix: !Ref X }] }', '{"source":[{"prefix":"«!Ref X»"}]}'],
  ['an arm of $or', '{ $or: [!Ref X, { source: [a] }] }', '{"$or":[{"source":["«!Ref X»"]},{"source":["a"]}]}'],
  ['the whole pattern', '!If [a, { source: [b] }, { source: [c] }]', '{"source":["«!If [a, { source: [b] }, { source: [c] }]»"]}'],
  ['the whole pattern as a variable', '"«self:custom.pattern»"', '{"source":["«self:custom.pattern»"]}'],
  ['JSON in Fn::Sub', '{ "Fn::Sub": \'{"source": ["«X»"]}\' }', '{"source": ["«X»"]}'],
  ['JSON in !Sub with values', '!Sub [\'{"source": ["«X»"]}\', { X: y }]', '{"source": ["«X»"]}'],
];

const variables = (text: string): string => text.replaceAll('«', '$'.concat('{')).replaceAll('»', '}');

for (const [name, pattern, wanted] of ONLY_DEPLOYED)
  test(`stands in for what only a deployment knows with something that matches nothing: ${name}`, () => {
    const file = `Resources: { R: { Type: AWS::Events::Rule, Properties: { EventPattern: ${pattern} } } }\n`;
    const [rule] = readRules(variables(file), 't.yml');
    assert.equal(rule!.pattern, variables(wanted));
    assert.equal(rule!.unresolved.length, 1);
    assert.deepEqual(compile([rule!]).matchText('{"source":"b","detail":{"n":"b"}}'), []);
  });

test('knows the place in the file of everything in a pattern', () => {
  const file = 'id: x\npattern:\n  source: [cloudtrail.iam]\n  detail:\n    eventName:\n      - "Create*"\n';
  const [rule] = readRules(file, 'r.yaml');
  const at = (text: string) => placeOf(rule!, file, rule!.pattern.indexOf(text));
  assert.deepEqual(at('"source"'), { line: 3, column: 3 });
  assert.deepEqual(at('cloudtrail.iam'), { line: 3, column: 12 });
  assert.deepEqual(at('Create*'), { line: 6, column: 10 });
});

test('knows the lines of a pattern in a block of JSON', () => {
  const file =
    'Resources:\n  R:\n    Type: AWS::Events::Rule\n    Properties:\n      EventPattern: |\n        {\n          "source": ["aws.iam"]\n        }\n';
  const [rule] = readRules(file, 'r.yaml');
  assert.deepEqual(placeOf(rule!, file, rule!.pattern.indexOf('aws.iam')), { line: 7, column: 23 });
});

test('marks values that only a deployment knows', () => {
  const [rule] = readRules(`pattern: { account: ["$${'{aws:accountId}'}", "111122223333"] }`, 'r.yaml');
  assert.equal(rule!.unresolved.length, 1);
});

test('names of two files don’t mix', () => {
  const rules = withOwnNames([...readRules('{"source":["a"]}', 'a/x.json'), ...readRules('{"source":["b"]}', 'b/x.json')]);
  assert.deepEqual(compile(rules).matchText('{"source":"b"}'), ['b/x.json: x']);
  const twice = 'id: a\npattern: { source: [a] }\n---\nid: a\npattern: { source: [b] }\n';
  assert.throws(() => withOwnNames(readRules(twice, 'r.yaml')), /a second rule is named/);
});

const REFUSED: [name: string, text: string, message: RegExp][] = [
  ['an empty file', '', /no rule in it/],
  ['YAML without a rule', 'name: x\n', /no rule in it/],
  ['YAML that is none', 'pattern: { source: [a\n', /not YAML/],
  ['a number that JSON has no word for', 'pattern: { detail: { n: [.inf] } }', /no number a pattern can have/],
  [
    'aliases of aliases',
    `a: &a [x,x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi'].map((each, at) => `${each}: &${each} [${Array(10).fill(`*${'abcdefghi'[at]}`)}]`).join('\n')}\npattern: { x: *i }\n`,
    /too large|alias/,
  ],
];

for (const [name, text, message] of REFUSED)
  test(`refuses ${name} with its place`, () => {
    assert.throws(
      () => readRules(text, 'rules.yaml'),
      (error: unknown) => error instanceof RuleError && message.test(error.message) && error.source!.startsWith('rules.yaml:'),
    );
  });
