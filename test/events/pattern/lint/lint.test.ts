// Lint: each rule's own example, cases beyond it, and rules that cover each other.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { serviceOf } from '../../../../events/cloudtrail.ts';
import { DATED, EVENT_NAMES } from '../../../../events/pattern/lint/eventnames.ts';
import { LINT_RULES, type LintExample, lint } from '../../../../events/pattern/lint/index.ts';
import { hasEvent, isKnownService, isOpen } from '../../../../events/pattern/lint/known.ts';

const lintOne = (pattern: string | object) => lint([{ name: 'r', pattern }]);

/** What lint finds in a pattern, or in rules beside each other. */
const lintAll = (given: LintExample) =>
  Array.isArray(given)
    ? lint((given as { pattern: object }[]).map((rule, index) => ({ name: `r${index}`, ...rule })))
    : lintOne(given as string | object);
const findingsOf = (id: string, given: LintExample) => lintAll(given).filter((finding) => finding.id === id);
const call = (service: string, ...eventName: unknown[]) => ({ detail: { eventSource: [`${service}.amazonaws.com`], eventName } });
const trail = (detail: object) => ({ source: ['cloudtrail.ec2'], detail });

/** What is wrong, and beside it the like that is right: more than a rule's own example, where one doesn't show it all. */
const CASES: [id: string, wrong: LintExample, right: LintExample, words?: RegExp][] = [
  ['invalid-pattern', '{"source": "aws.iam"}', '{"source": ["cloudtrail.iam"]}', /must be an object or an array/],
  ['unknown-event-name', call('iam', 'CreateAcessKey'), call('iam', 'CreateAccessKey'), /did you mean `CreateAccessKey`/],
  ['unknown-event-name', call('iam', 'createUser'), call('iam', 'CreateUser'), /did you mean `CreateUser`/],
  ['unknown-event-name', call('ec2', 'CreateUser'), call('iam', 'CreateUser'), /it is an event of/],
  ['unknown-event-name', call('iam', 'FrobnicateUser'), call('iam', { prefix: 'Create' })],
  ['unknown-event-name', call('iam', { prefix: 'Frob' }), call('s3', { wildcard: '*Bucket*' })],
  [
    'unknown-event-name',
    { source: ['cloudtrail.kms'], detail: { eventName: ['DisableKye'] } },
    { source: ['cloudtrail.kms'], detail: { eventName: ['DisableKey'] } },
  ],
  [
    'unknown-event-name',
    { detail: { eventName: ['ConsoleLogon'] } },
    { detail: { eventName: ['ConsoleLogin'] } },
    /did you mean `ConsoleLogin`/,
  ],
  ['unknown-event-name', call('signin', 'CreateUser'), call('signin', 'ConsoleLogin', 'SwitchRole')],
  [
    'unknown-event-name',
    { 'detail-type': ['AWS Console Sign In'], ...call('iam', 'FrobnicateUser') },
    { 'detail-type': ['EC2 Instance State-change Notification'], ...call('iam', 'FrobnicateUser') },
  ],
  ['unknown-event-source', { detail: { eventSource: ['elb.amazonaws.com'] } }, { detail: { eventSource: ['monitoring.amazonaws.com'] } }],
  [
    'unknown-event-source',
    { detail: { eventSource: ['iam'] } },
    { detail: { eventSource: ['iam.amazonaws.com'] } },
    /write `iam\.amazonaws\.com`/,
  ],
  ['renamed-event', call('s3', 'PutBucketLifecycleConfiguration'), call('s3', 'PutBucketLifecycle'), /write `PutBucketLifecycle`/],
  ['dated-event', call('lambda', 'UpdateFunctionCode'), call('lambda', { prefix: 'UpdateFunctionCode' }), /prefix/],
  [
    'source-disagrees',
    { source: ['cloudtrail.ec2'], ...call('iam', 'CreateUser') },
    { source: ['cloudtrail.iam'], ...call('iam', 'CreateUser') },
  ],
  ['native-source', { source: ['aws.iam'] }, { source: ['cloudtrail.iam'] }, /write `cloudtrail\.iam`/],
  ['detail-type', { 'detail-type': ['AWS Console Signin via CloudTrail'] }, { 'detail-type': ['AWS Console Sign In via CloudTrail'] }],
  ['own-output', { detail: { severity: ['high'] } }, { source: [{ prefix: 'cloudtrail.' }], detail: { x: ['high'], eventName: ['y'] } }],
  ['own-output', { source: [{ 'anything-but': 'x' }] }, { source: ['trailbus'], 'detail-type': ['Trailbus Finding'] }],
  ['matches-everything', { source: [{ prefix: 'cloudtrail.' }] }, { source: [{ prefix: 'cloudtrail.i' }] }],
  [
    'matches-everything',
    { 'detail-type': [{ wildcard: 'AWS * via CloudTrail' }] },
    { 'detail-type': [{ wildcard: 'AWS Console * via CloudTrail' }] },
  ],
  ['matches-everything', { detail: { errorCode: [{ exists: true }, { exists: false }] } }, { detail: { errorCode: [{ exists: true }] } }],
  [
    'misplaced-field',
    { source: ['cloudtrail.iam'], eventName: ['CreateUser'] },
    { source: ['cloudtrail.iam'], detail: { eventName: ['CreateUser'] } },
    /write \{"detail"/,
  ],
  ['unknown-field', trail({ eventname: ['RunInstances'] }), trail({ eventName: ['RunInstances'] }), /did you mean `eventName`/],
  ['unknown-field', trail({ userName: ['bob'] }), trail({ userIdentity: { userName: ['bob'] } }), /userIdentity\.userName/],
  ['unknown-field', { details: { eventName: ['RunInstances'] } }, { detail: { eventName: ['RunInstances'] } }, /did you mean `detail`/],
  ['unknown-value', { detail: { userIdentity: { type: ['root'] } } }, { detail: { userIdentity: { type: ['Root'] } } }, /write `Root`/],
  ['envelope-account', { account: ['111122223333'] }, { detail: { recipientAccountId: ['111122223333'] } }],
  [
    'anything-but-absent',
    trail({ errorCode: [{ 'anything-but': 'AccessDenied' }] }),
    trail({ errorCode: [{ 'anything-but': 'AccessDenied' }, { exists: false }] }),
  ],
  [
    'anything-but-list',
    trail({ awsRegion: [{ 'anything-but': 'us-east-1' }, { 'anything-but': 'us-west-2' }] }),
    trail({ awsRegion: [{ 'anything-but': ['us-east-1', 'us-west-2'] }] }),
  ],
  [
    'number-as-string',
    trail({ requestParameters: { ipPermissions: { items: { fromPort: ['22'] } } } }),
    trail({ requestParameters: { ipPermissions: { items: { fromPort: [22] } } } }),
  ],
  ['number-as-string', trail({ readOnly: ['false'] }), trail({ readOnly: [false] }), /without quotes/],
  ['number-as-string', trail({ readOnly: ['false'] }), trail({ readOnly: ['false', false] })],
  [
    'string-as-number',
    trail({ recipientAccountId: [111122223333] }),
    trail({ recipientAccountId: ['111122223333'] }),
    /write "111122223333"/,
  ],
  [
    'string-as-number',
    trail({ userIdentity: { sessionContext: { attributes: { mfaAuthenticated: [false] } } } }),
    trail({ userIdentity: { sessionContext: { attributes: { mfaAuthenticated: ['false'] } } } }),
  ],
  [
    'cidr-service-name',
    trail({ sourceIPAddress: [{ cidr: '10.0.0.0/8' }] }),
    trail({ sourceIPAddress: [{ cidr: '10.0.0.0/8' }, { suffix: '.amazonaws.com' }] }),
  ],
  ['star-in-string', trail({ eventName: ['Run*'] }), trail({ eventName: [{ wildcard: 'Run*' }] })],
  ['pattern-too-long', trail({ eventID: Array.from({ length: 200 }, (_, index) => `aaaaaaaaaa${index}`) }), trail({ eventID: ['a'] })],
  // Complexity 11 and 10.
  [
    'too-many-wildcards',
    trail({ userAgent: [{ wildcard: '*001:*b8:0:*0:0:0*:0:*1*' }] }),
    trail({ userAgent: [{ wildcard: '*a*a*a*a*b*' }] }),
    /complexity of 11/,
  ],
  // Complexity 12, and 3 with eight stars.
  [
    'too-many-wildcards',
    trail({ userAgent: [{ 'anything-but': { wildcard: '*a*b*c*d*e*f*g*h*i*j*' } }] }),
    trail({ userAgent: [{ wildcard: 'a*b*' }, { wildcard: 'c*d*' }, { wildcard: 'e*f*' }, { wildcard: 'g*h*' }] }),
  ],
  [
    'unreachable-arm',
    trail({ $or: [{ awsRegion: ['us-east-1'] }, { awsRegion: [{ prefix: 'us-' }] }] }),
    trail({ $or: [{ awsRegion: ['us-east-1'] }, { awsRegion: [{ prefix: 'eu-' }] }] }),
  ],
  [
    'unreachable-arm',
    '{"source":["cloudtrail.ec2"],"$or":[{"account":["1"]},{"region":["b"]}],"account":["2"]}',
    '{"source":["cloudtrail.ec2"],"$or":[{"account":["1"]},{"region":["b"]}],"time":["2"]}',
  ],
  [
    'repeated-key',
    '{"source":["cloudtrail.ec2"],"detail":{"eventName":["RunInstances"],"eventName":["StopInstances"]}}',
    '{"source":["cloudtrail.ec2"],"detail":{"eventName":["RunInstances"]}}',
  ],
  ['too-many-targets', [{ pattern: call('iam', 'CreateUser'), targets: 6 }], [{ pattern: call('iam', 'CreateUser'), targets: 5 }]],
  ['too-many-rules', manyRules(301), manyRules(300), /301 rules, and a bus may have 300/],
  [
    'covered-rule',
    [{ pattern: call('iam', 'CreateUser') }, { pattern: call('iam', { prefix: 'Create' }) }],
    [{ pattern: call('iam', 'UpdateUser') }, { pattern: call('iam', { prefix: 'Create' }) }],
    /rule `r1` matches everything/,
  ],
];

/** Rules that have nothing in common. */
function manyRules(count: number) {
  return Array.from({ length: count }, (_, index) => ({ pattern: trail({ eventID: [`${index}`] }) }));
}

for (const [id, wrong, right, words = /./] of CASES)
  test(`${id}: ${JSON.stringify(wrong).slice(0, 100)}`, () => {
    const found = findingsOf(id, wrong);
    assert.equal(found.length, 1, `found ${JSON.stringify(lintAll(wrong))}`);
    assert.match(`${found[0]!.message}: ${found[0]!.help ?? ''}`, words);
    assert.deepEqual(findingsOf(id, right), []);
  });

test('every case is of a rule that there is', () => {
  const ids = LINT_RULES.map(({ id }) => id);
  assert.deepEqual(
    CASES.map(([id]) => id).filter((id) => !ids.includes(id)),
    [],
  );
});

for (const { id, example } of LINT_RULES)
  test(`${id} finds its own example, and not the near miss`, () => {
    assert.equal(findingsOf(id, example.wrong).length, 1);
    assert.deepEqual(findingsOf(id, example.right), []);
  });

test('a dead eventName is an error and a live one is nothing', () => {
  const [dead] = lintOne(call('iam', 'CreateAcessKey'));
  assert.deepEqual([dead?.id, dead?.severity], ['unknown-event-name', 'error']);
  assert.deepEqual(lintOne(call('iam', 'CreateAccessKey')), []);
});

test('an eventSource unknown to us is a softer finding than a dead eventName', () => {
  const found = lintOne({ detail: { eventSource: ['brandnewservice.amazonaws.com'], eventName: ['DoThings'] } });
  assert.deepEqual(
    found.map(({ id, severity }) => [id, severity]),
    [['unknown-event-source', 'note']],
  );
});

test('a finding stands at the value it is about', () => {
  const text = '{\n  "source": ["cloudtrail.iam", "aws.iam"]\n}';
  const [found] = lintOne(text);
  assert.equal(text.slice(found!.at, found!.end), '"aws.iam"');
});

const COVERED: [narrow: object, wide: object][] = [
  [{ source: ['a'], detail: { eventName: ['x'] } }, { source: ['a'] }],
  [{ detail: { eventName: ['CreateUser'] } }, { detail: { eventName: [{ prefix: 'Create' }, 'y'] } }],
  [{ detail: { n: [{ numeric: ['>', 5, '<', 7] }] } }, { detail: { n: [{ numeric: ['>=', 5] }] } }],
  [{ detail: { ip: [{ cidr: '10.1.0.0/16' }] } }, { detail: { ip: [{ cidr: '10.0.0.0/8' }] } }],
  [{ detail: { a: [{ 'anything-but': ['x', 'y'] }] } }, { detail: { a: [{ 'anything-but': 'x' }] } }],
  [{ detail: { a: ['x'] } }, { detail: { $or: [{ a: ['x'] }, { b: ['x'] }] } }],
  [{ detail: { a: ['x'] } }, { detail: { a: [{ exists: true }] } }],
];

for (const [narrow, wide] of COVERED)
  test(`${JSON.stringify(narrow)} is covered by ${JSON.stringify(wide)}, not the other way round`, () => {
    const found = lint([
      { name: 'narrow', pattern: narrow },
      { name: 'wide', pattern: wide },
    ]).filter(({ id }) => id === 'covered-rule');
    assert.deepEqual(
      found.map(({ rule }) => rule),
      ['narrow'],
    );
  });

test('of two equal rules the later one is covered', () => {
  const pattern = call('iam', 'CreateUser');
  assert.deepEqual(
    lint([
      { name: 'a', pattern },
      { name: 'b', pattern },
    ]).map(({ rule, id }) => [rule, id]),
    [['b', 'covered-rule']],
  );
});

const SAMPLES = join(import.meta.dirname, '../../../../samples/logs');

function recordsBelow(folder: string): Record<string, unknown>[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /_CloudTrail_.*\.json\.gz$/.test(name));
  return names.flatMap(
    (name) => (JSON.parse(gunzipSync(readFileSync(join(folder, name))).toString()) as { Records: Record<string, unknown>[] }).Records,
  );
}

test('every event of the sample logs is known', () => {
  const pairs = new Set(recordsBelow(SAMPLES).map(({ eventSource, eventName }) => `${eventSource} ${eventName}`));
  const unknown = [...pairs].filter((pair) => {
    const [host = '', name = ''] = pair.split(' ');
    const service = serviceOf(host);
    return service === undefined || !(hasEvent(service, name) || isOpen(service));
  });
  assert.ok(pairs.size >= 100, `${pairs.size} pairs`);
  assert.deepEqual(unknown, []);
});

test('the table has the services and the size it says', () => {
  assert.ok(EVENT_NAMES.split('\n').length > 390);
  for (const service of [
    'iam',
    'sts',
    'ec2',
    's3',
    'kms',
    'monitoring',
    'ses',
    'states',
    'logs',
    'elasticloadbalancing',
    'tagging',
    'signin',
    'rds',
    'ecr',
    'sagemaker',
  ])
    assert.ok(isKnownService(service), service);
  assert.ok(DATED.split(' ').includes('UpdateFunctionCode'));
  assert.ok(EVENT_NAMES.length < 400_000);
});

test('a rule stands in a file of its own id, and has a title and a link to AWS’s documentation', () => {
  const files = readdirSync(join(import.meta.dirname, '../../../../events/pattern/lint/rules'));
  assert.deepEqual(files.sort(), LINT_RULES.map(({ id }) => `${id.replaceAll('-', '')}.ts`).sort());
  for (const { id, title, link } of LINT_RULES) {
    assert.match(id, /^[a-z]+(-[a-z]+)*$/);
    assert.ok(title.length > 10);
    assert.match(link, /^https:\/\/docs\.aws\.amazon\.com\//);
  }
});

test('what is wrong beside what is right in one list does no harm, and is a note', () => {
  const severitiesOf = (pattern: object) => lintOne(pattern).map(({ id, severity }) => [id, severity]);
  assert.deepEqual(severitiesOf(call('s3', 'PutBucketLifecycleConfiguration', 'PutBucketLifecycle')), [['renamed-event', 'note']]);
  const sources = (...eventSource: string[]) => ({ detail: { eventSource, eventName: [{ prefix: 'Disable' }] } });
  assert.deepEqual(severitiesOf(sources('macie.amazonaws.com', 'macie2.amazonaws.com')), [['unknown-event-source', 'note']]);
  assert.deepEqual(severitiesOf(sources('macie.amazonaws.com')), [['unknown-event-source', 'warning']]);
});
