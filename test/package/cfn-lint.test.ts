// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of CloudFormation
// The templates that serverless.yml makes, for every trigger onto everything a user may have, as cfn-lint sees them.
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { parameterTexts, stackTemplate } from '../../serverless/template.ts';
import { buildFunctions, Service } from '../serverless/service.ts';

const KEY = 'arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555';
const TOPIC = 'arn:aws:sns:us-east-1:111122223333:trail-files';
const TRAIL = 'arn:aws:cloudtrail:us-east-1:222233334444:trail/main';
const RULES = join(import.meta.dirname, '../../samples/rules');
const ALARMS = 'arn:aws:sns:us-east-1:111122223333:alarms';

const situations: [string, Record<string, string>][] = [
  ['s3, a new trail', { trigger: 's3' }],
  [
    's3, a new trail that is not validated, no detections, silence not told',
    { trigger: 's3', validate: 'off', detections: 'off', silentAfter: '0' },
  ],
  ['s3, an existing bucket whose notifications it manages', { trigger: 's3', bucket: 'my-logs', manageBucketNotifications: 'true' }],
  ['sns, a new organization trail with a key', { trigger: 'sns', organizationId: 'o-abcdef1234', kmsKeyArn: KEY }],
  ['sns, an existing bucket and a new topic', { trigger: 'sns', bucket: 'my-logs', alarmTopicArn: ALARMS, tracing: 'on' }],
  ['sns, an existing bucket and topic', { trigger: 'sns', bucket: 'my-logs', topicArn: TOPIC, reservedConcurrency: '5', archive: 'off' }],
  ['sqs, a new trail', { trigger: 'sqs' }],
  ['sqs, an existing bucket of another account', { trigger: 'sqs', bucket: 'my-logs', bucketOwner: '222233334444', logKmsKeyArns: KEY }],
  [
    'sqs, what rules match of an existing bucket whose trails are validated',
    {
      trigger: 'sqs',
      bucket: 'my-logs',
      logKmsKeyArns: KEY,
      emit: 'matched',
      rules: RULES,
      validate: 'on',
      validateTrails: `${TRAIL},${TRAIL}2`,
    },
  ],
  [
    'eventbridge, a new trail validated beside one of another account, with a key',
    { trigger: 'eventbridge', kmsKeyArn: KEY, validateTrails: JSON.stringify([{ arn: TRAIL, bucket: 'their-logs', prefix: 'p' }]) },
  ],
  [
    'sqs, an existing topic of several buckets',
    { trigger: 'sqs', bucket: 'my-logs', topicArn: TOPIC, moreBuckets: 'b-logs,c-logs=222233334444' },
  ],
  [
    'sqs, an existing bucket whose notifications it manages',
    { trigger: 'sqs', bucket: 'my-logs', manageBucketNotifications: 'true', kmsKeyArn: KEY },
  ],
  ['rules with targets of every kind, with a key', { trigger: 'sqs', kmsKeyArn: KEY, rules: 'targets/' }],
  ['eventbridge, a new trail', { trigger: 'eventbridge', deploymentBucket: 'my-deployments' }],
  [
    'eventbridge, existing buckets',
    { trigger: 'eventbridge', bucket: 'my-logs', moreBuckets: 'b-logs', manageBucketNotifications: 'true' },
  ],
];

/** Parameters, and every complaint about them: all faults are told at once. test/serverless/parameters.test.ts has each of them. */
const wrong: [string, Record<string, string>, RegExp[]][] = [
  [
    'a trigger, notifications, an emit and a trail that are none',
    { trigger: 'kinesis', manageBucketNotifications: 'true', emit: 'matched', detections: 'off', validateTrails: 'main' },
    [
      /trigger is `kinesis`: give one of s3, sns, sqs, eventbridge/,
      /manageBucketNotifications is for an existing bucket/,
      /emit is `matched`, and no rules are given: name their file or folder in `rules`/,
      /validateTrails: `main` is no ARN of a trail/,
    ],
  ],
  [
    'rules that nobody asks and that have no targets',
    { rules: RULES },
    [/wrong rules:\n {2}rules have no use with emit `all`: none of them has a target/],
  ],
  ['rules that are not there', { emit: 'matched', rules: 'none.yml' }, [/wrong rules:\n {2}no such file or folder: `none\.yml`/]],
];

/** Rules as users have them, with a target of each kind. */
const TARGETS = `id: all.kinds
title: Every kind of target
pattern: { detail: { eventName: [StopLogging], $or: [{ awsRegion: [us-east-1] }, { errorCode: [{ exists: false }] }] } }
targets:
  - arn:aws:sns:us-east-1:111122223333:security
  - Arn: arn:aws:sqs:us-east-1:111122223333:alerts.fifo
    SqsParameters: { MessageGroupId: trail }
  - Arn: arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${AWS::AccountId}:function:page
    InputTransformer: { InputPathsMap: { name: $.detail.eventName }, InputTemplate: '{"text": "<name>"}' }
  - arn:aws:states:us-east-1:111122223333:stateMachine:respond
  - arn:aws:logs:us-east-1:111122223333:log-group:/aws/events/trail
---
id: others
pattern: { source: [{ prefix: cloudtrail. }] }
targets:
  - arn:aws:events:eu-west-1:111122223333:event-bus/central
  - Arn: arn:aws:events:us-east-1:111122223333:api-destination/chat/0d1f1f1f-2222-3333-4444-555555555555
    HttpParameters: { HeaderParameters: { x-from: trailbus } }
    RetryPolicy: { MaximumRetryAttempts: 3 }
  - Arn: arn:aws:kinesis:us-east-1:111122223333:stream/all
    RoleArn: arn:aws:iam::111122223333:role/to-stream
    KinesisParameters: { PartitionKeyPath: $.id }
`;

/** Files in a folder of a service's; gone with the service. */
function writeIn({ folder }: Service, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

interface PrintedStack {
  Resources: Record<string, { Properties: { Code?: unknown } }>;
  Outputs: Record<string, unknown>;
}

/** What a template makes and gives, without osls' own bucket and the places in it. */
function withoutCode({ Resources, Outputs }: PrintedStack): PrintedStack {
  const isOurs = ([id]: [string, unknown]) => !id.startsWith('ServerlessDeploymentBucket');
  for (const { Properties } of Object.values(Resources)) delete Properties.Code;
  return {
    Resources: Object.fromEntries(Object.entries(Resources).filter(isOurs)),
    Outputs: Object.fromEntries(Object.entries(Outputs).filter(isOurs)),
  };
}

const LOCALSTACK = join(import.meta.dirname, '../../localstack');
/** Exit code of localstack/install where a machine has no fitting Python. */
const NO_PYTHON = 3;

/** cfn-lint comes with LocalStack's own environment, from the same lock. */
function findCfnLint(): { program: string; missing: string | false } {
  const install = spawnSync(join(LOCALSTACK, 'install'), { encoding: 'utf8' });
  if (install.status === NO_PYTHON) return { program: '', missing: `no cfn-lint: ${install.stderr.trim()}` };
  // settings.sh looks for its neighbours beside `$0`.
  const where = spawnSync('sh', ['-c', `. "${LOCALSTACK}/settings.sh"; echo "$venv"`, join(LOCALSTACK, 'install')], { encoding: 'utf8' });
  assert.equal(install.status, 0, `localstack/install failed: ${install.stderr}`);
  return { program: join(where.stdout.trim(), 'bin/cfn-lint'), missing: false };
}

/** W3005: serverless writes `DependsOn` for a function's role although the reference is enough. */
const IGNORED = 'W3005';

interface Statement {
  Action: string | string[];
  Resource: unknown;
}

interface Finding {
  Filename: string;
  Message: string;
  Rule: { Id: string };
}

/** All templates in one run: most of cfn-lint's time goes into starting. */
async function lint(program: string, templates: string[]): Promise<Finding[]> {
  const run = promisify(execFile)(program, ['--format', 'json', '--ignore-checks', IGNORED, '--', ...templates], { maxBuffer: 1e8 });
  // cfn-lint ends with the kinds of findings as its exit code; what it found is on standard output all the same.
  const { stdout } = await run.catch((failure: { stdout: string }) => failure);
  return JSON.parse(stdout) as Finding[];
}

describe('the stack of serverless.yml', () => {
  let functions: string;
  let service: Service;
  const services = new Map<string, Service>();
  let findings: Finding[] = [];
  const { program, missing } = findCfnLint();

  before(async () => {
    functions = await buildFunctions();
    service = new Service(functions);
    if (missing) return;
    const pack = async ([name, parameters]: (typeof situations)[number]) => {
      services.set(name, new Service(functions));
      writeIn(services.get(name)!, { 'targets/rules.yml': TARGETS });
      await services.get(name)!.run('package', 'test', parameters);
    };
    await Promise.all(situations.map(pack));
    findings = await lint(
      program,
      [...services.values()].map(({ template }) => template),
    );
  });
  after(() => {
    for (const each of [service, ...services.values()]) each.remove();
    rmSync(functions, { recursive: true });
  });

  for (const [name] of situations)
    test(`passes cfn-lint: ${name}`, { skip: missing }, () => {
      const { template } = services.get(name)!;
      assert.ok(Object.keys((JSON.parse(readFileSync(template, 'utf8')) as { Resources: object }).Resources).length > 20);
      assert.deepEqual(
        findings.filter(({ Filename }) => Filename === template).map(({ Rule, Message }) => `${Rule.Id} ${Message}`),
        [],
      );
    });

  for (const [name, parameters] of situations)
    test(`is what \`trailbus template\` prints, the code's place aside: ${name}`, { skip: missing }, async () => {
      const { folder, template } = services.get(name)!;
      const given = parameters['rules'] === 'targets/' ? { ...parameters, rules: join(folder, 'targets') } : parameters;
      const texts = parameterTexts(Object.entries(given).map(([key, value]) => `${key}=${value}`));
      const printed = JSON.parse(JSON.stringify((await stackTemplate('trailbus-test', texts)).template)) as Parameters<
        typeof withoutCode
      >[0];
      assert.deepEqual(withoutCode(printed), withoutCode(JSON.parse(readFileSync(template, 'utf8')) as typeof printed));
    });

  for (const [name, parameters, complaints] of wrong)
    test(`refuses ${name}, once and in words`, async () => {
      const failure = await service.run('package', 'test', parameters).then(
        () => assert.fail('was accepted'),
        (error: { stderr: string }) => error,
      );
      for (const complaint of complaints) assert.equal(failure.stderr.match(new RegExp(complaint, 'g'))?.length, 1, failure.stderr);
      assert.doesNotMatch(failure.stderr, /\n\s+at /);
    });

  test('leaves the notifications of an existing bucket alone unless told', async () => {
    await service.run('package', 'test', { trigger: 's3', bucket: 'my-logs' });
    const { Resources } = JSON.parse(readFileSync(service.template, 'utf8')) as { Resources: Record<string, { Type: string }> };
    const touching = Object.values(Resources).filter(
      ({ Type }) => Type === 'Custom::BucketNotifications' || Type === 'AWS::CloudTrail::Trail',
    );
    assert.deepEqual(touching, []);
    assert.doesNotMatch(readFileSync(service.template, 'utf8'), /PutBucketNotification/);
  });

  test('names the owner of every bucket, this account where no other is given: it is sent with every read', () => {
    const { template } = services.get('sqs, an existing topic of several buckets')!;
    const { Resources } = JSON.parse(readFileSync(template, 'utf8')) as {
      Resources: Record<string, { Properties: { Environment?: { Variables: Record<string, unknown> } } }>;
    };
    const buckets = Resources['ProcessLambdaFunction']!.Properties.Environment!.Variables['LOG_BUCKETS'];
    assert.deepEqual(buckets, { 'Fn::Sub': 'my-logs=${AWS::AccountId},b-logs=${AWS::AccountId},c-logs=222233334444' });
  });

  test('reads nothing but what lies below AWSLogs/, and alarms of a notification that could not even be kept', async () => {
    await service.run('package', 'test', { trigger: 's3', bucket: 'my-logs', moreBuckets: 'b-logs' });
    const { Resources } = JSON.parse(readFileSync(service.template, 'utf8')) as {
      Resources: Record<string, { Properties: { MetricName?: string; Policies?: { PolicyDocument: { Statement: Statement[] } }[] } }>;
    };
    const statements = Resources['ProcessRole']!.Properties.Policies!.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
    const reading = statements.filter(({ Action }) => [Action].flat().some((action) => action.startsWith('s3:Get')));
    assert.deepEqual(
      reading.flatMap(({ Resource }) => Resource),
      ['my-logs', 'b-logs'].map((bucket) => ({ 'Fn::Sub': `arn:\${AWS::Partition}:s3:::${bucket}/*AWSLogs/*` })),
    );
    assert.equal(Resources['LostNotificationsAlarm']!.Properties.MetricName, 'DestinationDeliveryFailures');
  });

  test('refuses a rule that does not compile, with file, line and column', async () => {
    const rules = join(service.folder, 'rules.yml');
    writeFileSync(rules, 'id: odd\npattern:\n  detail:\n    eventName: [{ prefx: Delete }]\n');
    await assert.rejects(service.run('package', 'test', { emit: 'matched', rules }), ({ stderr }: { stderr: string }) => {
      assert.match(stderr, /wrong rules:\n {2}\S+rules\.yml:4:19: Event pattern is not valid\. Reason: Unrecognized match type prefx/);
      return true;
    });
  });

  test('refuses a rule with a value that only its own deployment knows', async () => {
    const rules = join(service.folder, 'rules.yml');
    writeFileSync(rules, 'id: odd\npattern: { detail: { recipientAccountId: [!Ref AWS::AccountId] } }\n');
    await assert.rejects(service.run('package', 'test', { emit: 'matched', rules }), /known only after its own deployment/);
  });

  /** What a packaged function consists of. */
  function functionZip(folder: string, name: 'process' | 'alert'): Record<string, Uint8Array> {
    const state = JSON.parse(readFileSync(join(folder, '.serverless/serverless-state.json'), 'utf8')) as {
      service: { functions: Record<string, { package: { artifact: string } }> };
    };
    return unzipSync(readFileSync(join(folder, state.service.functions[name]!.package.artifact)));
  }

  test('ships the rules with the function, as they stand in their files', async () => {
    await service.run('package', 'test', { emit: 'matched', rules: RULES });
    const files = functionZip(service.folder, 'process');
    const name = join(RULES, 'intrusion.yaml');
    assert.deepEqual(JSON.parse(Buffer.from(files['rules.json']!).toString()), { [name]: readFileSync(name, 'utf8') });
    assert.ok(files['index.mjs']);
    await service.run('package', 'test', {});
    assert.equal(functionZip(service.folder, 'process')['rules.json'], undefined);
  });

  const write = (files: Record<string, string>) => writeIn(service, files);

  test('takes in what trailbus.yml says: detections and lists travel with both functions, emit and rules count where no parameter says other', async (t) => {
    t.after(() => rmSync(join(service.folder, 'trailbus.yml')));
    write({
      'trailbus.yml':
        'lists: { regions: [eu-west-1] }\nemit: matched\nrules: [mine/rule.yml]\ndetections: { pack: false, files: [mine/one.yaml] }\n',
      'mine/rule.yml': 'id: one\npattern: { detail: { eventName: [StopLogging] } }\n',
      'mine/one.yaml': 'id: one\npattern: { detail: { awsRegion: [{ anything-but: [$regions] }] } }\n',
    });
    const said = await service.run('package', 'test', {});
    assert.match(said, /detections that travel with the functions: 1\n/);
    const [ofProcess, ofAlert] = [functionZip(service.folder, 'process'), functionZip(service.folder, 'alert')];
    assert.deepEqual(Object.keys(JSON.parse(Buffer.from(ofProcess['rules.json']!).toString()) as object), ['mine/rule.yml']);
    assert.deepEqual(ofProcess['detections.json'], ofAlert['detections.json']);
    const { detections, lists } = JSON.parse(Buffer.from(ofAlert['detections.json']!).toString()) as {
      detections: { id: string }[];
      lists: unknown;
    };
    assert.deepEqual([detections.map(({ id }) => id), lists], [['one'], [['regions', ['eu-west-1']]]]);
    await service.run('package', 'test', { emit: 'all', detections: 'off' });
    assert.deepEqual(
      Object.keys(functionZip(service.folder, 'process')).filter((name) => name.endsWith('.json')),
      [],
    );
  });

  test('ends at slips in the configuration file that is named, all of them and those of the parameters in their places', async () => {
    write({ 'other/other.yml': 'emmit: all\nlists:\n  accounts: [12]\n' });
    const { stderr } = await service.run('package', 'test', { config: 'other/other.yml', trigger: 'kinesis' }).then(
      () => assert.fail('was accepted'),
      (error: { stderr: string }) => error,
    );
    for (const said of [
      /other\/other\.yml:1:1 `emmit` is not known; did you mean `emit`\?/,
      /other\.yml:3:14 `lists\.accounts\[0\]`/,
      /trigger is `kinesis`/,
    ])
      assert.match(stderr, said);
  });

  test('puts rules with targets on the bus, as the configuration names them, and says which it leaves to their own templates', async () => {
    write({
      'other/other.yml': 'rules: [rules]\ntargets: { mine: arn:aws:sqs:us-east-1:111122223333:q }\ndetections: { pack: false }\n',
      'other/rules/one.yml': 'id: one\npattern: { source: [a] }\ntargets: [mine]\n',
      'other/rules/filter.yml': 'id: two\npattern: { source: [b] }\n',
      'other/rules/template.yml':
        'Resources:\n  Three:\n    Type: AWS::Events::Rule\n    Properties: { EventPattern: { source: [c] }, Targets: [{ Id: q, Arn: !Ref Topic }] }\n',
    });
    const said = await service.run('package', 'test', { config: 'other/other.yml' });
    assert.match(said, /rule `Three` is not put on the bus: its target is known to its template alone: `!Ref Topic`/);
    const { Resources } = JSON.parse(readFileSync(service.template, 'utf8')) as {
      Resources: Record<string, { Type: string; Properties: { EventBusName?: unknown; Name?: string } }>;
    };
    const onBus = Object.values(Resources).filter(({ Type, Properties }) => Type === 'AWS::Events::Rule' && Properties.EventBusName);
    assert.deepEqual(
      onBus.map(({ Properties }) => Properties.Name),
      ['one'],
    );
    assert.equal(functionZip(service.folder, 'process')['rules.json'], undefined);
  });

  test('ends at targets that can’t be, all of them in their places', async () => {
    write({ 'wrong.yml': 'id: one\npattern: { source: [a] }\ntargets:\n  - nobody\n  - arn:aws:sns:here\n' });
    const { stderr } = await service.run('package', 'test', { rules: 'wrong.yml' }).then(
      () => assert.fail('was accepted'),
      (error: { stderr: string }) => error,
    );
    assert.match(stderr, /wrong\.yml:4:5 `targets\[0\]` names no target: `nobody`; give an ARN/);
    assert.match(stderr, /wrong\.yml:5:5 `targets\[1\]\.Arn` is no ARN of a target/);
  });

  test('ends at slips in rules and detections that the configuration names, all of them in their places', async () => {
    write({
      'other/other.yml': 'emit: matched\nrules: [rule.yml]\ndetections: { files: [one.yaml] }\n',
      'other/rule.yml': 'id: one\npattern: { detail: { eventName: [{ prefx: a }] } }\n',
      'other/one.yaml': 'id: one\nseverty: high\npattern: { detail: { eventName: [$nams] } }\n',
    });
    const { stderr } = await service.run('package', 'test', { config: 'other/other.yml' }).then(
      () => assert.fail('was accepted'),
      (error: { stderr: string }) => error,
    );
    for (const said of [
      /wrong rules:\n {2}other\/rule\.yml:2:\d+: /,
      /wrong detections:\n {2}other\/one\.yaml:2:1 `severty`/,
      /one\.yaml:3:\d+ .*nams/,
    ])
      assert.match(stderr, said);
    assert.doesNotMatch(stderr, /\n\s+at /);
  });

  test('checks the trail it makes, with log file validation on', async () => {
    await service.run('package', 'test', {});
    const { Resources } = JSON.parse(readFileSync(service.template, 'utf8')) as {
      Resources: Record<string, { Properties: { EnableLogFileValidation?: boolean; Environment?: { Variables: { TRAILS: object } } } }>;
    };
    assert.equal(Resources['Trail']!.Properties.EnableLogFileValidation, true);
    assert.deepEqual(Resources['ValidateLambdaFunction']!.Properties.Environment!.Variables.TRAILS, {
      'Fn::Sub': JSON.stringify([
        {
          arn: 'arn:${AWS::Partition}:cloudtrail:${AWS::Region}:${AWS::AccountId}:trail/trailbus-test',
          bucket: 'trailbus-test-logs-${AWS::AccountId}-${AWS::Region}',
        },
      ]),
    });
  });

  test('gives the functions no more than their own resources: nothing on everything but what knows no resources', async () => {
    await service.run('package', 'test', { trigger: 'sqs', kmsKeyArn: KEY });
    const template = JSON.parse(readFileSync(service.template, 'utf8')) as {
      Resources: Record<string, { Type: string; Properties: { Policies?: { PolicyDocument: { Statement: Statement[] } }[] } }>;
    };
    const roles = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::IAM::Role');
    const statements = roles.flatMap(({ Properties }) =>
      (Properties.Policies ?? []).flatMap(({ PolicyDocument }) => PolicyDocument.Statement),
    );
    assert.ok(statements.length > 10);
    assert.deepEqual(
      statements.filter(({ Resource }) => Resource === '*').map(({ Action }) => Action),
      [['cloudtrail:DescribeTrails', 'cloudtrail:ListPublicKeys']],
    );
    assert.doesNotMatch(readFileSync(service.template, 'utf8'), /"Action":\s*"(?!s3:\*)[a-z0-9]+:\*"/);
  });
});
