// trailbus template: what would be deployed, and detections as rules, without an account.
import assert from 'node:assert/strict';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { trailbus } from '../command.ts';
import { folderOf } from '../fakes/folders.ts';

const FOLDER = folderOf({
  'trailbus.yml':
    'rules: [rule.yml]\ntargets: { security: arn:aws:sns:us-east-1:111122223333:security }\ndetections: { pack: false, files: [mine.yaml] }\n',
  'rule.yml': 'id: stopped\npattern: { detail: { eventName: [StopLogging] } }\ntargets: [security]\n',
  'mine.yaml': `id: key.made
title: "{who} made a key"
severity: low
raise: [{ to: high, pattern: { detail: { userIdentity: { type: [Root] } } } }]
pattern: { detail: { eventSource: [iam.amazonaws.com], eventName: [CreateAccessKey] } }
---
id: keys.made
pattern: { detail: { eventName: [CreateAccessKey] } }
window: { threshold: 3, within: 5m, by: account }
`,
  'wrong.yml': 'rules: [wrong-rule.yml]\nemit: sometimes\n',
  'wrong-target.yml': 'rules: [wrong-rule.yml]\n',
  'wrong-detection.yml': `detections: { pack: false, files: [wrong-mine.yaml, wrong-rule.yml] }
rules: [wrong-rule.yml]
targets: { security-topic: arn:aws:sns:us-east-1:111122223333:security }
lists: { office: [10.0.0.0/33] }
`,
  'wrong-mine.yaml':
    'id: m\npattern: { detail: { eventName: [A], sourceIPAddress: [{ cidr: $office }] } }\ntargets:\n  - securty-topic\n  - arn:aws:sqs:nowhere\n',
  'wrong-rule.yml': 'id: r\npattern: { source: [a] }\ntargets: [nobody]\n',
});
const config = (name = 'trailbus.yml') => ['--config', join(FOLDER, name)];

interface Template {
  Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
}
const rulesIn = ({ Resources }: Template) =>
  Object.values(Resources).filter(({ Type, Properties }) => Type === 'AWS::Events::Rule' && Properties['ScheduleExpression'] === undefined);

test('prints the template of a deployment, users’ rules in it, code in places that are named placeholders', async () => {
  const { code, stdout, stderr } = await trailbus(['template', '--param', 'bucket=my-logs', ...config(), '--stage', 'test']);
  assert.equal(code, 0);
  const template = JSON.parse(stdout) as Template;
  assert.deepEqual(template.Resources['ProcessLambdaFunction']?.Properties['Code'], {
    S3Bucket: 'PLACEHOLDER-OF-THE-CODE-BUCKET',
    S3Key: 'PLACEHOLDER-OF-THE-CODE-FOLDER/process.zip',
  });
  assert.deepEqual(
    rulesIn(template).map(({ Properties }) => Properties['Name']),
    ['stopped'],
  );
  assert.equal(template.Resources['Bus']?.Properties['Name'], 'trailbus-test');
  assert.match(stderr, /^detections that travel with the functions: 2\n$/);
});

test('--yaml and --json are the same template', async () => {
  const [json, yaml] = [await trailbus(['template', ...config(), '--json']), await trailbus(['template', ...config(), '--yaml'])];
  assert.equal(json.stdout.split('\n').length, 2);
  assert.deepEqual(parse(yaml.stdout), JSON.parse(json.stdout));
  assert.match(yaml.stdout, /TRACING: "off"/);
});

test('names all that is wrong, in lines with their places, and prints nothing', async () => {
  const parameters = await trailbus(['template', '--param', 'trigger=kinesis', ...config('wrong.yml')]);
  assert.deepEqual([parameters.code, parameters.stdout], [2, '']);
  assert.match(parameters.stderr, /wrong\.yml:2:7 `emit` must be one of all, matched/);
  assert.match(parameters.stderr, /^ {2}trigger is `kinesis`/m);
  const files = await trailbus(['template', ...config('wrong-target.yml')]);
  assert.equal(files.code, 2);
  assert.match(files.stderr, /^ {2}.*wrong-rule\.yml:3:11 `targets\[0\]` names no target: `nobody`/m);
});

const wrong: [string, string[], RegExp][] = [
  ['a parameter that there is none of', ['--param', 'bukcet=x'], /no parameter is called `bukcet`\n.*did you mean `bucket`\?/],
  ['a parameter without a value', ['--param', 'bucket'], /write --param name=value/],
  ['parameters for rules', ['--as-rules', '--param', 'bucket=x'], /`--param` has no use with `--as-rules`/],
  ['the native feed for a stack', ['--native'], /add --as-rules/],
  ['two forms at once', ['--yaml', '--json'], /two forms of one answer/],
];
for (const [name, args, said] of wrong)
  test(`refuses ${name}`, async () => {
    const { code, stdout, stderr } = await trailbus(['template', ...args]);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, said);
  });

test('--as-rules prints detections as rules on the stack’s bus, and names those that can’t be said', async () => {
  const { code, stdout, stderr } = await trailbus(['template', '--as-rules', ...config()]);
  assert.equal(code, 0);
  assert.deepEqual(
    rulesIn(JSON.parse(stdout) as Template).map(({ Properties }) => Properties),
    [
      {
        ...{ Name: 'key.made', Description: 'low: {who} made a key', EventBusName: 'trailbus-prod', State: 'ENABLED' },
        EventPattern: {
          source: ['cloudtrail.iam'],
          detail: { eventSource: ['iam.amazonaws.com'], eventName: ['CreateAccessKey'] },
        },
      },
    ],
  );
  assert.match(stderr, /key\.made: always low: what raises it can’t be said\n/);
  assert.match(stderr, /keys\.made can’t be said by a rule: `window`: /);
  assert.match(stderr, /1 rule of 1 detection; 1 can’t be said\n$/);
});

test('--native is for the account’s own bus, which tells of calls that only read where it is asked to', async () => {
  const { stdout } = await trailbus(['template', '--as-rules', '--native', ...config()]);
  const [rule] = rulesIn(JSON.parse(stdout) as Template);
  const { source } = rule!.Properties['EventPattern'] as { source: string[] };
  assert.deepEqual(source, ['aws.iam']);
  assert.equal(rule!.Properties['EventBusName'], undefined);
  assert.equal(rule!.Properties['State'], 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS');
});

test('--as-rules --json is one object a line', async () => {
  const { stdout, stderr } = await trailbus(['template', '--as-rules', '--json', ...config()]);
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; detection: string });
  assert.deepEqual(
    lines.map(({ type, detection }) => [type, detection]),
    [
      ['rule', 'key.made'],
      ['unsaid', 'keys.made'],
    ],
  );
  assert.equal(stderr, '');
});

test('the rules of the whole pack have names and places of their own', async () => {
  const { stdout } = await trailbus(['template', '--as-rules', '--native']);
  assert.ok(rulesIn(JSON.parse(stdout) as Template).length > 100);
});

test('config check says what is wrong with targets beforehand', async () => {
  const { code, stdout } = await trailbus(['config', 'check', ...config('wrong-target.yml')]);
  assert.equal(code, 1);
  assert.match(stdout, /wrong-rule\.yml:3:11 targets\[0\] names no target: `nobody`\n {2}next: give an ARN/);
  assert.equal((await trailbus(['config', 'check', ...config()])).code, 0);
});

test('config check says what is wrong with the targets of detections, with all else and once', async () => {
  const { code, stdout } = await trailbus(['config', 'check', '--json', ...config('wrong-detection.yml')]);
  assert.equal(code, 1);
  const faults = stdout.trimEnd().split('\n');
  const said = faults.map((line) => JSON.parse(line) as Record<'file' | 'line' | 'path' | 'message' | 'help', string>);
  assert.deepEqual(
    said.filter(({ path }) => path.startsWith('targets')).map(({ file, line, path, help }) => [basename(file), line, path, help]),
    [
      ['wrong-mine.yaml', 4, 'targets[0]', 'did you mean `security-topic`?'],
      ['wrong-mine.yaml', 5, 'targets[1].Arn', undefined],
      ['wrong-rule.yml', 3, 'targets[0]', 'give an ARN, or add the name under `targets` in trailbus.yml'],
    ],
  );
  assert.ok(
    said.some(({ message }) => message.includes('IPv4 mask bits')),
    stdout,
  );
});
