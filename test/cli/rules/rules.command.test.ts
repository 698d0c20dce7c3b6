// `trailbus rules` as people call it: output, places in files, exit codes.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { DETECTION_LINT_RULES } from '../../../events/detect/lint/index.ts';
import { LINT_RULES } from '../../../events/pattern/lint/index.ts';
import { trailbus, trailbusProcess } from '../../command.ts';
import { folderOf } from '../../fakes/folders.ts';
import { logFile } from '../../fakes/records.ts';

type Fields = Record<string, unknown>;
const jsonLines = (text: string) =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Fields);

const record = {
  eventVersion: '1.08',
  eventSource: 'iam.amazonaws.com',
  eventName: 'CreateUser',
  eventType: 'AwsApiCall',
  eventTime: '2026-10-05T12:00:00Z',
};
const event = { source: 'cloudtrail.iam', 'detail-type': 'AWS API Call via CloudTrail', detail: record };
const RULE = '{"source": ["cloudtrail.iam"], "detail": {"eventName": ["CreateUser"]}}';

test('match writes the lines that match as they came, and says by its code that some did', () => {
  const lines = [
    `{"source" : "cloudtrail.iam", "detail": {"eventName":"CreateUser","n":1.00}}`,
    '{"source":"other"}',
    '',
    JSON.stringify(event),
  ];
  const { code, stdout } = trailbusProcess(['rules', 'match', RULE], lines.join('\n'));
  assert.deepEqual([code, stdout], [1, `${lines[0]}\n${lines[3]}\n`]);
  assert.equal(trailbusProcess(['rules', 'match', RULE], '{"source":"other"}').code, 0);
});

test('match reads log files, single documents, bare records, emitted entries and inline events', async () => {
  const pretty = JSON.stringify(event, null, 2);
  const root = folderOf({
    'log.json.gz': logFile(record, { ...record, eventName: 'DeleteUser' }),
    'log.json': JSON.stringify({ Records: [record] }),
    'event.json': pretty,
    'records.ndjson': `${JSON.stringify(record)}\n${JSON.stringify(record)}\n`,
    'entries.ndjson': `${JSON.stringify({ Source: 'cloudtrail.iam', DetailType: 'x', Resources: [], Detail: JSON.stringify(record) })}\n`,
  });
  const count = async (...args: string[]) => {
    const { code, stdout } = await trailbus(['rules', 'match', RULE, ...args]);
    return [code, stdout.split('\n').length - 1];
  };
  assert.deepEqual(await count(join(root, 'log.json.gz')), [1, 1]);
  assert.deepEqual(await count(join(root, 'log.json')), [1, 1]);
  assert.deepEqual(await count(join(root, 'event.json')), [1, 1]);
  assert.deepEqual(await count(join(root, 'records.ndjson')), [0, 0]);
  assert.deepEqual(await count(join(root, 'records.ndjson'), '--record'), [1, 2]);
  assert.deepEqual(await count(join(root, 'entries.ndjson')), [1, 1]);
  assert.deepEqual(await count(JSON.stringify(event), JSON.stringify(event)), [1, 2]);
});

test('match --json names the rules', async () => {
  const rules =
    'id: a\npattern: { source: [cloudtrail.iam] }\n---\nid: b\npattern: { detail: { eventName: [CreateUser] } }\n---\nid: c\npattern: { source: [c] }\n';
  const root = folderOf({ 'rules.yaml': rules });
  const { stdout } = await trailbus(['rules', 'match', root, '--json', JSON.stringify(event)]);
  assert.deepEqual(jsonLines(stdout), [{ rules: ['a', 'b'], event }]);
});

test('match goes on after a line that is no event, says where it was and ends with 2', () => {
  const { code, stdout, stderr } = trailbusProcess(
    ['rules', 'match', RULE],
    `{"source":\n${JSON.stringify(event)}\n[]\n`.replace('{"source":\n', `${JSON.stringify(event)}\n{"source":\n`),
  );
  assert.equal(code, 2);
  assert.equal(stdout.split('\n').length - 1, 2);
  assert.match(stderr, /standard input:2: /);
  assert.match(stderr, /standard input:4: .*must be a JSON object/);
});

test('a pattern EventBridge refuses is shown with its place in the file', async () => {
  const root = folderOf({ 'rules.yaml': 'id: a\npattern:\n  source: [a]\n  detail:\n    eventName: CreateUser\n' });
  const { code, stderr } = await trailbus(['rules', 'match', root, '{}']);
  assert.equal(code, 2);
  assert.match(stderr, /"eventName" must be an object or an array/);
  assert.match(stderr, /rules\.yaml:5:\d+/);
  assert.match(stderr, /next: put the value in a list/);
});

test('what is no rule and what is no file is said plainly', async () => {
  assert.match((await trailbus(['rules', 'match', 'nowhere.yaml', '{}'])).stderr, /no such file or folder: `nowhere\.yaml`/);
  assert.match((await trailbus(['rules', 'match', RULE, 'nowhere.json'])).stderr, /no such file: `nowhere\.json`/);
  assert.match(trailbusProcess(['rules', 'explain', RULE], '').stderr, /no event to explain/);
  assert.match(trailbusProcess(['rules', 'match', '-'], RULE).stderr, /can’t both come from standard input/);
  assert.match((await trailbus(['rules', 'port', RULE, '--to', 'moon'])).stderr, /no feed is called `moon`/);
});

test('explain shows what was wanted beside what came', async () => {
  const pattern = '{"detail": {"userIdentity": {"type": ["Root"]}, "eventName": ["CreateUser"]}}';
  const { code, stdout } = await trailbus([
    'rules',
    'explain',
    pattern,
    '--record',
    JSON.stringify({ ...record, userIdentity: { type: 'IAMUser' } }),
  ]);
  assert.equal(code, 1);
  assert.equal(
    stdout,
    '✗ no match: `detail.userIdentity.type` is "IAMUser", wanted "Root"\n' +
      '✗ detail.userIdentity.type  wanted "Root"        got "IAMUser"\n' +
      '✓ detail.eventName          wanted "CreateUser"  got "CreateUser"\n',
  );
  assert.equal((await trailbus(['rules', 'explain', RULE, JSON.stringify(event)])).code, 0);
});

test('explain names missing brackets as the reason', async () => {
  const { code, stdout } = await trailbus(['rules', 'explain', '{"detail": {"eventName": "CreateUser"}}', JSON.stringify(event)]);
  assert.equal(code, 2);
  assert.match(
    stdout.split('\n')[0]!,
    /the pattern is not valid, "eventName" must be an object or an array: put the value in a list: \["value"\]/,
  );
});

test('explain --json gives the leaves with their places in the rule’s file', async () => {
  const root = folderOf({ 'r.yaml': 'id: a\npattern:\n  detail:\n    eventName: [createUser]\n' });
  const [answer] = jsonLines((await trailbus(['rules', 'explain', root, '--json', JSON.stringify(event)])).stdout);
  const { rule, matches, leaves } = answer as { rule: string; matches: boolean; leaves: Fields[] };
  assert.deepEqual([rule, matches, leaves[0]?.['line'], leaves[0]?.['column']], ['a', false, 4, 5]);
});

test('explain makes what a log says safe to show', async () => {
  const { stdout } = await trailbus([
    'rules',
    'explain',
    '{"detail": {"userAgent": ["x"]}}',
    JSON.stringify({ detail: { userAgent: 'a\u001b[31mb\u202ec' } }),
  ]);
  assert.ok(!stdout.includes('\u001b') && !stdout.includes('\u202e'));
});

const TEMPLATE = `Resources:
  # keys of yesterday
  Keys:
    Type: AWS::Events::Rule
    Properties:
      EventPattern:
        source:   [ "aws.iam", aws.sts ]   # two
        detail-type: ['AWS API Call via CloudTrail']
        detail: { eventName: [CreateAcessKey] }
  Instances:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: { source: [aws.ec2], detail-type: [EC2 Instance State-change Notification] }
`;

test('lint points at the line, and its code says that something was found', async () => {
  const root = folderOf({ 'template.yaml': TEMPLATE });
  const { code, stdout } = await trailbus(['rules', 'lint', root]);
  assert.equal(code, 1);
  assert.match(
    stdout,
    /template\.yaml:9:31 error Keys: `iam\.amazonaws\.com` or `sts\.amazonaws\.com` has no event `CreateAcessKey` unknown-event-name\n {2}next: did you mean `CreateAccessKey`\?/,
  );
  assert.match(stdout, /template\.yaml:7:21 error Keys: .*native-source/);
  assert.equal((await trailbus(['rules', 'lint', 'samples/rules'])).code, 0);
});

test('lint --json gives one object a finding', async () => {
  const root = folderOf({ 'template.yaml': TEMPLATE });
  const findings = jsonLines((await trailbus(['rules', 'lint', root, '--json'])).stdout);
  assert.deepEqual(
    findings.map(({ id, rule, line }) => [id, rule, line]),
    [
      ['native-source', 'Keys', 7],
      ['native-source', 'Keys', 7],
      ['unknown-event-name', 'Keys', 9],
      ['native-source', 'Instances', 13],
    ],
  );
  for (const { link } of findings) assert.match(String(link), /^https:\/\/docs\.aws/);
});

test('lint --sarif gives what code scanning reads', async () => {
  const root = folderOf({ 'template.yaml': TEMPLATE });
  const sarif = JSON.parse((await trailbus(['rules', 'lint', root, '--sarif'])).stdout) as {
    version: string;
    runs: { tool: { driver: { name: string; rules: Fields[] } }; results: Fields[] }[];
  };
  const [run] = sarif.runs;
  assert.equal(sarif.version, '2.1.0');
  assert.deepEqual(
    run!.tool.driver.rules.map(({ id }) => id),
    [...LINT_RULES.map(({ id }) => id), ...DETECTION_LINT_RULES.map(({ id }) => id), 'invalid-detection'].sort(),
  );
  const [first] = run!.results as {
    ruleId: string;
    ruleIndex: number;
    level: string;
    message: Fields;
    locations: { physicalLocation: { artifactLocation: Fields; region: Fields } }[];
  }[];
  assert.equal(run!.tool.driver.rules[first!.ruleIndex]!['id'], first!.ruleId);
  assert.equal(first!.level, 'error');
  assert.deepEqual(first!.locations[0]!.physicalLocation.region, { startLine: 7, startColumn: 21, endLine: 7, endColumn: 30 });
  assert.match(String(first!.locations[0]!.physicalLocation.artifactLocation['uri']), /^file:\/\/\/.*template\.yaml$/);
  const own = JSON.parse((await trailbus(['rules', 'lint', '{"source":["aws.iam"]}', '--sarif'])).stdout) as typeof sarif;
  assert.equal(own.runs[0]!.results.length, 1);
});

const DETECTION = `id: mine.user-made
title: "{who} made {requestParameters.usrName}"
severity: medium
tags: [attack.persistence]
description: somebody made a user
falsePositives: none
runbook: ask
pattern: { detail: { eventSource: [iam.amazonaws.com], eventName: [CreateUsr] } }
tests: { matches: [event.json], ignores: [{ eventName: DeleteUser }] }
`;

test('lint looks at detections, the rules beside them, and leaves the events of their tests alone', async () => {
  const root = folderOf({ 'mine.yaml': DETECTION, 'event.json': JSON.stringify(record), 'rule.yaml': 'pattern: { source: [aws.iam] }' });
  const { code, stdout } = await trailbus(['rules', 'lint', root]);
  assert.equal(code, 1);
  assert.match(stdout, /rule\.yaml:1:21 error rule: .* native-source\n/);
  assert.match(stdout, /mine\.yaml:8:68 error mine\.user-made: `iam\.amazonaws\.com` has no event `CreateUsr` unknown-event-name\n/);
  assert.match(
    stdout,
    /mine\.yaml:2:8 warning mine\.user-made title: no event under `tests\.matches` has `requestParameters\.usrName` title-field-absent\n/,
  );
  assert.match(stdout, /\n1 rule, 1 detection, 2 errors, 1 warning\n$/);
  const objects = jsonLines((await trailbus(['rules', 'lint', root, '--json'])).stdout);
  assert.deepEqual(objects[1]!['path'], 'title');
});

test('lint says what is wrong in a detection that can’t be read, and looks at the others', async () => {
  const broken = DETECTION.replace('severity: medium', 'severity: mediun').replace('runbook', 'runbok');
  const root = folderOf({ 'broken.yaml': broken, 'mine.yaml': DETECTION, 'event.json': JSON.stringify(record) });
  const { code, stdout } = await trailbus(['rules', 'lint', root]);
  assert.equal(code, 1);
  assert.match(
    stdout,
    /broken\.yaml:3:11 error broken\.yaml severity: must be one of .* invalid-detection\n {2}next: did you mean `medium`\?/,
  );
  assert.match(stdout, /broken\.yaml:7:1 error broken\.yaml runbok: is not known invalid-detection\n {2}next: did you mean `runbook`\?/);
  assert.match(stdout, /mine\.yaml:8:68 error/);
});

test('lint knows the lists of the configuration', async () => {
  const root = folderOf({
    'mine.yaml': `${DETECTION.replace('[CreateUsr]', '[$mine]')}`,
    'event.json': JSON.stringify(record),
    'trailbus.yml': 'lists: { mine: [CreateUser] }\n',
  });
  const file = join(root, 'mine.yaml');
  assert.match((await trailbus(['rules', 'lint', file])).stdout, /names no list: `\$mine` invalid-detection/);
  assert.doesNotMatch((await trailbus(['rules', 'lint', file, '--config', join(root, 'trailbus.yml')])).stdout, /\$mine/);
});

test('a rule that has a title is told that it could have tests, as a note', async () => {
  const root = folderOf({ 'rule.yaml': 'id: a\ntitle: b\npattern: { source: [cloudtrail.iam] }\n' });
  const { code, stdout } = await trailbus(['rules', 'lint', root]);
  assert.equal(code, 0);
  assert.match(stdout, /rule\.yaml:3:10 note a: has no tests .* no-tests\n.*\n1 rule, 1 note\n$/);
});

test('port changes the prefix and nothing else', async () => {
  const root = folderOf({ 'template.yaml': TEMPLATE });
  const file = join(root, 'template.yaml');
  const { code, stdout, stderr } = await trailbus(['rules', 'port', file]);
  assert.equal(code, 0);
  assert.equal(stdout, TEMPLATE.replace('"aws.iam", aws.sts', '"cloudtrail.iam", cloudtrail.sts'));
  assert.match(stderr, /changed Keys\nleft Instances/);
  await trailbus(['rules', 'port', file, '--write']);
  assert.equal(readFileSync(file, 'utf8'), stdout);
  assert.equal((await trailbus(['rules', 'port', file, '--to', 'native'])).stdout, TEMPLATE);
});

const PORTED: [name: string, native: string, ours: string][] = [
  ['a bare pattern', '{ "source": ["aws.iam", {"prefix": "aws."}] }\n', '{ "source": ["cloudtrail.iam", {"prefix": "cloudtrail."}] }\n'],
  [
    'anything-but and wildcards',
    '{"source":[{"anything-but":["aws.s3"]},{"wildcard":"aws.*"}]}',
    '{"source":[{"anything-but":["cloudtrail.s3"]},{"wildcard":"cloudtrail.*"}]}',
  ],
  [
    'values that merely begin so',
    '{"source":["aws.iam","awsome"],"detail":{"x":["aws.iam"]}}',
    '{"source":["cloudtrail.iam","awsome"],"detail":{"x":["aws.iam"]}}',
  ],
  [
    'a block of JSON in YAML',
    'pattern: |\n  {\n    "source": [ "aws.iam" ]\n  }\n',
    'pattern: |\n  {\n    "source": [ "cloudtrail.iam" ]\n  }\n',
  ],
  [
    'an anchor used twice',
    'id: a\npattern: { source: &s [aws.iam], detail: { x: *s } }\n',
    'id: a\npattern: { source: &s [cloudtrail.iam], detail: { x: *s } }\n',
  ],
];

for (const [name, native, ours] of PORTED)
  test(`port takes ${name} there and back`, async () => {
    const root = folderOf({ native, ours });
    assert.equal((await trailbus(['rules', 'port', join(root, 'native')])).stdout, ours);
    assert.equal((await trailbus(['rules', 'port', join(root, 'ours'), '--to', 'native'])).stdout, native);
  });

test('port names the line of a pattern that EventBridge refuses', async () => {
  const root = folderOf({ 'refused.yaml': 'id: x\npattern:\n  source: [aws.iam]\n  detail:\n    eventName: CreateUser\n' });
  const { code, stderr } = await trailbus(['rules', 'port', join(root, 'refused.yaml')]);
  assert.equal(code, 2);
  assert.match(stderr, /refused\.yaml:5:16, detail\.eventName/);
});

test('a byte order mark before rules or events is no part of them', async () => {
  const root = folderOf({
    'rule.json': '\ufeff{"source":["cloudtrail.iam"]}\r\n',
    'events.ndjson': '\ufeff{"source":"cloudtrail.iam"}\r\n{"source":"cloudtrail.iam"}\r\n',
  });
  const { stdout } = await trailbus(['rules', 'match', join(root, 'rule.json'), join(root, 'events.ndjson')]);
  assert.equal(stdout, '{"source":"cloudtrail.iam"}\n'.repeat(2));
});

test('lint says nothing of values that only a deployment knows', async () => {
  const detail = '{ eventSource: [iam.amazonaws.com], eventName: !If [a, [b], [c]] }';
  const root = folderOf({ 'variables.yaml': `pattern:\n  source: [cloudtrail.iam]\n  detail: ${detail}\n` });
  const { code, stdout } = await trailbus(['rules', 'lint', join(root, 'variables.yaml')]);
  assert.deepEqual([code, stdout], [0, '1 rule, nothing found\n']);
});

test('port reads standard input', () => {
  assert.equal(trailbusProcess(['rules', 'port', '-'], '{"source":["aws.iam"]}').stdout, '{"source":["cloudtrail.iam"]}');
});

test('port refuses what it can’t change in place', () => {
  const { code, stderr } = trailbusProcess(['rules', 'port', '-'], '{"Name":"n","EventPattern":"{\\"source\\":[\\"aws.iam\\"]}"}');
  assert.equal(code, 2);
  assert.match(stderr, /can’t be changed in place/);
});

test('new proposes a rule that matches its event', async () => {
  const given = {
    ...record,
    userIdentity: { type: 'IAMUser', userName: 'alice' },
    requestParameters: { userName: 'eve', policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
  };
  const root = folderOf({ 'record.json': JSON.stringify(given, null, 1) });
  const { stdout } = await trailbus(['rules', 'new', '--from', join(root, 'record.json'), '--record']);
  assert.deepEqual(JSON.parse(stdout), {
    source: ['cloudtrail.iam'],
    'detail-type': ['AWS API Call via CloudTrail'],
    detail: {
      eventSource: ['iam.amazonaws.com'],
      eventName: ['CreateUser'],
      userIdentity: { type: ['IAMUser'] },
      requestParameters: { policyArn: ['arn:aws:iam::aws:policy/AdministratorAccess'] },
    },
  });
  const yaml = (await trailbus(['rules', 'new', '--from', join(root, 'record.json'), '--record', '--yaml'])).stdout;
  assert.equal(trailbusProcess(['rules', 'match', '-', '--record', JSON.stringify(given)], yaml).code, 1);
});

const SAMPLES = join(import.meta.dirname, '../../../samples/logs');
const sampleRecords = () =>
  readdirSync(SAMPLES, { recursive: true, encoding: 'utf8' })
    .filter((name) => /_CloudTrail_.*\.json\.gz$/.test(name))
    .flatMap((name) => (JSON.parse(gunzipSync(readFileSync(join(SAMPLES, name))).toString()) as { Records: Fields[] }).Records);

test('run --rules prints each match, counts them by rule and ends with 1', async () => {
  const { code, stdout } = await trailbus(['run', 'samples/logs', '--rules', 'samples/rules']);
  assert.equal(code, 1);
  assert.match(
    stdout,
    /^2026-10-05T13:04:41Z console\.no-mfa signin:ConsoleLogin by martin from 203\.0\.113\.77 in samples\/logs\/\S+\.json\.gz record \d+$/m,
  );
  assert.match(stdout, /org\.leave organizations:LeaveOrganization \(AccessDeniedException\) by svc-monitoring/);
  assert.match(stdout, /│ cloudtrail\.logging-stopped +│ +2 │/);
});

test('run --rules --json finds what a search of the records finds', async () => {
  const objects = jsonLines((await trailbus(['run', 'samples/logs', '--rules', 'samples/rules', '--json'])).stdout);
  const summary = objects.at(-1) as { rules: Record<string, number>; records: { emitted: number } };
  const matches = objects.filter(({ type }) => type === 'match');
  const stopped = sampleRecords().filter(
    ({ eventName, errorCode }) => ['StopLogging', 'DeleteTrail'].includes(String(eventName)) && errorCode === undefined,
  );
  assert.ok(stopped.length > 0);
  assert.deepEqual(
    matches.flatMap(({ rule, eventID }) => (rule === 'cloudtrail.logging-stopped' ? [eventID] : [])).sort(),
    stopped.map(({ eventID }) => eventID).sort(),
  );
  assert.equal(summary.records.emitted, 6946);
  assert.equal(Object.keys(summary.rules).length, 12);
  assert.equal(
    Object.values(summary.rules).reduce((sum, count) => sum + count),
    matches.length,
  );
});

test('run --rules with rules that match nothing ends with 0', async () => {
  const root = folderOf({ 'none.json': '{"source": ["cloudtrail.none"]}' });
  const { code, stdout } = await trailbus(['run', 'samples/logs', '--rules', root, '--json']);
  assert.equal(code, 0);
  assert.deepEqual((jsonLines(stdout)[0] as { rules: unknown }).rules, { none: 0 });
});

test('run --rules shows what a record says safely, and keeps entries on standard output apart', async () => {
  const root = folderOf({ 'logs/a.json.gz': logFile({ ...record, sourceIPAddress: '\u001b]0;x\u0007' }), 'r.json': RULE });
  const { stdout } = await trailbus(['run', join(root, 'logs'), '--rules', join(root, 'r.json')]);
  assert.ok(!stdout.includes('\u001b'));
  const emitting = await trailbus(['run', join(root, 'logs'), '--rules', join(root, 'r.json'), '--emit', '-']);
  assert.equal(jsonLines(emitting.stdout).length, 1);
  assert.match(emitting.stderr, /r iam:CreateUser by/);
});

test('run --rules says which rules have values that only a deployment knows', async () => {
  const root = folderOf({ 'template.yaml': TEMPLATE.replace('[CreateAcessKey]', '[!Ref Name]') });
  assert.match(
    (await trailbus(['run', 'samples/logs', '--rules', root])).stderr,
    /rule Keys in .*template\.yaml: 1 value\(s\) are known only after deployment/,
  );
});

test('run --rules refuses a bad rule before it reads a log', async () => {
  const root = folderOf({ 'bad.yaml': 'id: bad\npattern: { source: aws }\n' });
  const { code, stderr, stdout } = await trailbus(['run', 'samples/logs', '--rules', root]);
  assert.deepEqual([code, stdout], [2, '']);
  assert.match(stderr, /bad\.yaml:2:\d+/);
});
