import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileDetections, type DeploymentExclusion, type Hit, readDetections } from '../../../events/detect/index.ts';
import { toEntry } from '../../../events/entry.ts';
import { recordsOfWhole } from '../../../events/logfile/logfile.ts';
import { PatternError } from '../../../events/pattern/index.ts';
import { FileError } from '../../../events/yamlfile.ts';
import { KEY, logFile, REF, recordOf } from '../../fakes/records.ts';

const RECORD = {
  eventVersion: '1.10',
  userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/martin', accountId: '111122223333', userName: 'martin' },
  eventTime: '2026-10-05T13:15:40Z',
  eventSource: 'iam.amazonaws.com',
  eventName: 'CreateAccessKey',
  awsRegion: 'us-east-1',
  sourceIPAddress: '203.0.113.77',
  requestParameters: { userName: 'svc-monitoring' },
  eventID: '7c0e9e55-6d3f-4b6e-8a34-000000000001',
  readOnly: false,
  eventType: 'AwsApiCall',
  recipientAccountId: '111122223333',
};

interface Options {
  lists?: Record<string, string[]>;
  exclusions?: DeploymentExclusion[];
  key?: string;
}

const evaluatorOf = (file: string, { lists = {}, exclusions = [] }: Options = {}) =>
  compileDetections(readDetections(file, 'd.yaml'), { lists: new Map(Object.entries(lists)), exclusions, today: '2026-11-28' });

const ask = (file: string, record: object | string, options: Options = {}): Hit[] =>
  evaluatorOf(file, options).ask(toEntry(recordOf(record), { ...REF, key: options.key ?? KEY }));
const found = (...asked: Parameters<typeof ask>): string[] => ask(...asked).map(({ detection, severity }) => `${detection} ${severity}`);

const KEY_MADE = 'id: key\npattern: { detail: { eventName: [CreateAccessKey] } }\n';

test('a hit says who did what, from where, and where the record stands', () => {
  const file = `${KEY_MADE}title: "{who} made a key for {requestParameters.userName} ({requestParameters.none})"\nseverity: high\n`;
  assert.deepEqual(ask(file, { ...RECORD, resources: [{ ARN: 'arn:aws:iam::111122223333:user/svc-monitoring' }] }), [
    {
      ...{ detection: 'key', severity: 'high', title: 'martin made a key for svc-monitoring (unknown)', what: 'iam:CreateAccessKey' },
      ...{ resources: ['arn:aws:iam::111122223333:user/svc-monitoring'], who: 'martin', from: '203.0.113.77' },
      ...{ account: '111122223333', region: 'us-east-1', marks: [] },
      event: { time: '2026-10-05T13:15:40Z', bucket: 'trail-logs', key: KEY, index: 0, eventID: RECORD.eventID },
    },
  ]);
});

test('a detection that fails on a record is named, and the others are asked; without a listener the fault rises', () => {
  const entry = toEntry(recordOf(RECORD), REF);
  const failing = `id: odd\npattern: { detail: { eventName: [CreateAccessKey] } }\nwhere: { same: [userIdentity.userName, requestParameters.none] }\n`;
  const evaluator = evaluatorOf(`${failing}---\n${KEY_MADE}`);
  // Nothing that we know of makes a detection fail, so the record does, at the first question.
  const broken = () => {
    let asked = 0;
    const caller = () => (asked++ === 0 ? assert.fail('broken') : entry.record.caller());
    return { ...entry, record: Object.assign(Object.create(entry.record) as typeof entry.record, { caller }) };
  };
  const failed: string[] = [];
  const hits = evaluator.ask(broken(), (detection, error) => failed.push(`${detection}: ${(error as Error).message}`));
  assert.deepEqual([failed, hits.map(({ detection }) => detection)], [['odd: broken'], ['key']]);
  assert.throws(() => evaluator.ask(broken()), /broken/);
});

test('detections answer in their order, each once however many of its patterns match', () => {
  const file = `id: b\npattern: [{ source: [cloudtrail.iam] }, { detail: { readOnly: [false] } }]\n---\n${KEY_MADE}---\nid: other\npattern: { source: [x] }\n`;
  assert.deepEqual(found(file, RECORD), ['b medium', 'key medium']);
});

const successes: [string, object, boolean][] = [
  ['a call that went well', {}, true],
  ['an error code', { errorCode: 'AccessDenied' }, false],
  ['an error message alone, as failed sign-ins have it', { errorMessage: 'Failed authentication' }, false],
  ['an empty error code', { errorCode: '' }, false],
  ['nulls for errors, as copies of records have them', { errorCode: null, errorMessage: null }, true],
];
for (const [name, fields, wanted] of successes)
  test(`success with ${name}: ${wanted}`, () => {
    assert.equal(ask(`${KEY_MADE}success: true\n`, { ...RECORD, ...fields }).length === 1, wanted);
    assert.equal(ask(KEY_MADE, { ...RECORD, ...fields }).length, 1);
  });

const excluding = (pattern: string, more = '') => `${KEY_MADE}exclusions:\n  - { pattern: ${pattern}, reason: r, owner: o${more} }\n`;
const MARTIN = '{ detail: { userIdentity: { userName: [martin] } } }';
const exclusions: [string, string, Options, boolean][] = [
  ['its own exclusion', excluding(MARTIN), {}, false],
  ['an exclusion of somebody else', excluding('{ detail: { userIdentity: { userName: [alice] } } }'), {}, true],
  ['the second pattern of an exclusion', excluding(`[{ source: [x] }, ${MARTIN}]`), {}, false],
  ['an exclusion that holds to the end of today', excluding(MARTIN, ', until: 2026-11-28'), {}, false],
  ['an exclusion that ended yesterday', excluding(MARTIN, ', until: 2026-11-27'), {}, true],
  [
    'an exclusion by a list',
    excluding('{ detail: { userIdentity: { arn: [{ wildcard: $automation }] } } }'),
    { lists: { automation: ['*/x', '*/martin'] } },
    false,
  ],
  ['an exclusion by a list without values', excluding('{ detail: { userIdentity: { arn: [{ wildcard: $automation }] } } }'), {}, true],
  [
    'one pattern of an exclusion whose list has no values, and one that holds',
    excluding(`[{ detail: { awsRegion: [$regions] } }, ${MARTIN}]`),
    {},
    false,
  ],
  ['the deployment’s exclusion', KEY_MADE, { exclusions: [{ patterns: [{ detail: { awsRegion: ['us-east-1'] } }] }] }, false],
  [
    'the deployment’s exclusion of another detection',
    KEY_MADE,
    { exclusions: [{ patterns: [{ source: [{ exists: true }] }], rules: ['keys', 'k'] }] },
    true,
  ],
  [
    'the deployment’s exclusion by a beginning',
    KEY_MADE,
    { exclusions: [{ patterns: [{ source: [{ exists: true }] }], rules: ['x', 'ke*'] }] },
    false,
  ],
  [
    'the deployment’s exclusion in this account',
    KEY_MADE,
    { exclusions: [{ patterns: [{ source: [{ exists: true }] }], accounts: ['111122223333'] }] },
    false,
  ],
  [
    'the deployment’s exclusion in another account',
    KEY_MADE,
    { exclusions: [{ patterns: [{ source: [{ exists: true }] }], accounts: ['444455556666'] }] },
    true,
  ],
  [
    'the deployment’s exclusion that has ended',
    KEY_MADE,
    { exclusions: [{ patterns: [{ source: [{ exists: true }] }], until: '2026-11-27' }] },
    true,
  ],
];
for (const [name, file, options, wanted] of exclusions)
  test(`${name} ${wanted ? 'leaves the hit' : 'takes the hit away'}`, () => assert.equal(ask(file, RECORD, options).length === 1, wanted));

test('an exclusion in an account goes by the file where the record names none', () => {
  const { recipientAccountId: _, ...record } = RECORD;
  const exclusion = { patterns: [{ source: [{ exists: true }] }], accounts: ['111122223333'] };
  assert.deepEqual(found(KEY_MADE, record, { exclusions: [exclusion] }), []);
  assert.equal(ask(KEY_MADE, record)[0]!.account, '111122223333');
});

const raising = (...raises: string[]) => `${KEY_MADE}severity: low\nraise:\n${raises.map((raise) => `  - ${raise}\n`).join('')}`;
const raises: [string, string, object, string][] = [
  ['by a pattern', raising(`{ to: high, pattern: ${MARTIN} }`), {}, 'high'],
  ['by a pattern that does not match', raising('{ to: high, pattern: { source: [x] } }'), {}, 'low'],
  ['by a condition', raising('{ to: high, where: { differ: [requestParameters.userName, userIdentity.userName] } }'), {}, 'high'],
  [
    'by a pattern and a condition that does not hold',
    raising(`{ to: high, pattern: ${MARTIN}, where: { same: [requestParameters.userName, userIdentity.userName] } }`),
    {},
    'low',
  ],
  [
    'to the highest of several',
    raising(`{ to: medium, pattern: ${MARTIN} }`, `{ to: critical, pattern: ${MARTIN} }`, `{ to: high, pattern: ${MARTIN} }`),
    {},
    'critical',
  ],
  ['never downwards', raising(`{ to: info, pattern: ${MARTIN} }`), {}, 'low'],
  [
    'by a list without values: never',
    raising('{ to: high, pattern: { detail: { awsRegion: [{ anything-but: [$regions] }] } } }'),
    {},
    'low',
  ],
  [
    'by a condition with a list without values: never',
    raising('{ to: high, where: { notInCidr: { field: sourceIPAddress, cidrs: [$cidrs] } } }'),
    {},
    'low',
  ],
];
for (const [name, file, fields, wanted] of raises)
  test(`severity is raised ${name}`, () => assert.deepEqual(found(file, { ...RECORD, ...fields }), [`key ${wanted}`]));

test('a raise with a window gives a mark for it, and leaves the severity to whoever counts', () => {
  const [hit] = ask(
    raising(
      '{ to: high, pattern: { source: [x] } }',
      `{ to: high, pattern: ${MARTIN}, window: { threshold: 3, within: 5m, by: principal } }`,
    ),
    RECORD,
  );
  assert.deepEqual([hit!.severity, hit!.marks], ['low', [{ window: 'raise.1', key: ['arn:aws:iam::111122223333:user/martin'] }]]);
});

test('a list without values turns a detection off, by name; in any of its patterns, steps and conditions', () => {
  const off = (file: string, lists?: Record<string, string[]>) => {
    const evaluator = evaluatorOf(file, lists === undefined ? {} : { lists });
    return [evaluator.count, evaluator.off];
  };
  const regions = 'id: r\npattern: { detail: { awsRegion: [{ anything-but: [$regions] }], recipientAccountId: [$accounts] } }\n';
  assert.deepEqual(off(regions), [0, [{ id: 'r', why: '`$regions` has no values, `$accounts` has no values' }]]);
  assert.deepEqual(off(regions, { regions: ['us-east-1'], accounts: ['1'] }), [1, []]);
  const where = 'id: w\npattern: { source: [x] }\nwhere: { none: [{ inCidr: { field: sourceIPAddress, cidrs: [$cidrs] } }] }\n';
  assert.deepEqual(off(where), [0, [{ id: 'w', why: '`$cidrs` has no values' }]]);
  assert.deepEqual(off(where, { cidrs: ['10.0.0.0'] }), [1, []]);
  assert.deepEqual(off(where, { cidrs: ['10.0.0'] }), [0, [{ id: 'w', why: '`$cidrs` has `10.0.0`, which is no address or block' }]]);
  const step =
    'id: s\nwindow: { sequence: [{ pattern: { source: [x] } }, { pattern: { detail: { eventName: [$ownRules] } } }], within: 5m, by: account }\n';
  assert.deepEqual(off(step), [0, [{ id: 's', why: '`$ownRules` has no values' }]]);
});

const lists: [string, string, string[], boolean][] = [
  ['among values', '[x, $regions]', ['eu-west-1', 'us-east-1'], true],
  ['in anything-but', '[{ anything-but: [$regions] }]', ['eu-west-1', 'us-east-1'], false],
  ['as the whole of anything-but', '[{ anything-but: $regions }]', ['eu-west-1'], true],
  ['in a wildcard', '[{ wildcard: $regions }]', ['eu-*', 'us-*'], true],
  ['in a prefix of anything-but', '[{ anything-but: { prefix: $regions } }]', ['eu-', 'us-'], false],
  ['in a prefix of any case', '[{ prefix: { equals-ignore-case: $regions } }]', ['EU-', 'US-'], true],
];
for (const [name, matcher, values, wanted] of lists)
  test(`a list ${name} stands for its values`, () =>
    assert.equal(
      ask(`id: a\npattern: { detail: { awsRegion: ${matcher} } }\n`, RECORD, { lists: { regions: values } }).length === 1,
      wanted,
    ));

test('what lists make of a pattern is refused with the pattern’s place', () => {
  const file = 'id: a\npattern: { detail: { userAgent: [{ wildcard: $automation }] } }\n';
  assert.throws(
    () => evaluatorOf(file, { lists: { automation: ['a**b'] } }),
    (error) =>
      error instanceof FileError && /^d\.yaml:2:10 `pattern` .*Consecutive wildcard.*with the values of its lists/.test(error.message),
  );
  assert.throws(() => evaluatorOf(KEY_MADE, { exclusions: [{ patterns: [{ source: 'x' }] }] }), PatternError);
});

test('one id in two files is refused', () => {
  const [one, two] = ['a.yaml', 'b.yaml'].map((source) => readDetections(KEY_MADE, source)[0]!);
  assert.throws(
    () => compileDetections([one!, two!], { lists: new Map(), today: '2026-11-28' }),
    (error) =>
      error instanceof FileError &&
      error.message === 'b.yaml:1:1 `id` is `key` a second time: a.yaml:1 has it; give each detection an id of its own',
  );
});

const window = (fields: string) => `id: w\npattern: { detail: { eventName: [CreateAccessKey] } }\nwindow: { ${fields} }\n`;
const marks: [string, string, object, unknown][] = [
  [
    'counts by the caller',
    'threshold: 3, within: 5m, by: principal',
    {},
    [{ window: 'main', key: ['arn:aws:iam::111122223333:user/martin'] }],
  ],
  [
    'counts by several',
    'threshold: 3, within: 5m, by: [account, region, address, requestParameters.userName]',
    {},
    [{ window: 'main', key: ['111122223333', 'us-east-1', '203.0.113.77', 'svc-monitoring'] }],
  ],
  ['has no event where what it counts by is missing', 'threshold: 3, within: 5m, by: requestParameters.policyArn', {}, undefined],
  [
    'counts each value of a list once',
    'distinct: requestParameters.items.id, atLeast: 2, within: 5m, by: account',
    { requestParameters: { items: [{ id: 'a' }, { id: 2 }, { id: 'a' }, { id: { x: 1 } }, { no: 1 }] } },
    ['a', '2'].map((value) => ({ window: 'main', key: ['111122223333'], value })),
  ],
  [
    'counts keys with dots in them',
    'distinct: requestParameters.Rule.CidrIpv4, atLeast: 2, within: 5m, by: account',
    { requestParameters: { 'Rule.CidrIpv4': '0.0.0.0/0' } },
    [{ window: 'main', key: ['111122223333'], value: '0.0.0.0/0' }],
  ],
  [
    'counts different regions',
    'distinct: region, atLeast: 2, within: 5m, by: principal',
    {},
    [{ window: 'main', key: ['arn:aws:iam::111122223333:user/martin'], value: 'us-east-1' }],
  ],
  ['has no event without a value to count', 'distinct: requestParameters.none, atLeast: 2, within: 5m, by: account', {}, undefined],
  [
    'remembers values together',
    'firstSeen: [address, awsRegion], by: principal',
    {},
    [{ window: 'main', key: ['arn:aws:iam::111122223333:user/martin'], value: '["203.0.113.77","us-east-1"]' }],
  ],
  ['has nothing to remember where one is missing', 'firstSeen: [address, vpcEndpointId], by: principal', {}, undefined],
];
for (const [name, fields, record, wanted] of marks)
  test(`a window ${name}`, () => assert.deepEqual(ask(window(fields), { ...RECORD, ...record })[0]?.marks, wanted));

test('where the record says no account or region, a window counts by the file’s', () => {
  const { recipientAccountId: _, awsRegion: __, ...record } = RECORD;
  assert.deepEqual(ask(window('threshold: 3, within: 5m, by: [account, region]'), record)[0]!.marks[0]!.key, ['111122223333', 'us-east-1']);
});

test('a record is each step of a sequence that it matches, its conditions and the detection’s own asked', () => {
  const file = `id: s
where: { same: [userIdentity.accountId, recipientAccountId] }
success: true
window:
  sequence:
    - pattern: { detail: { eventName: [CreateUser] } }
    - pattern: [{ detail: { eventName: [CreateAccessKey] } }, { detail: { eventName: [CreateLoginProfile] } }]
    - { pattern: { source: [cloudtrail.iam] }, where: { differ: [requestParameters.userName, userIdentity.userName] } }
  within: 10m
  by: account
`;
  const steps = (fields: object) => ask(file, { ...RECORD, ...fields }).flatMap((hit) => hit.marks.map(({ step }) => step));
  assert.deepEqual(steps({}), [1, 2]);
  assert.deepEqual(steps({ eventName: 'CreateUser', requestParameters: { userName: 'martin' } }), [0]);
  assert.deepEqual(steps({ recipientAccountId: '444455556666' }), []);
  assert.deepEqual(steps({ errorCode: 'AccessDenied' }), []);
});

test('a record without an eventID has the hash of its bytes instead', () => {
  const { eventID: _, ...record } = RECORD;
  const [one] = ask(KEY_MADE, record);
  const [again] = ask(KEY_MADE, record);
  const [other] = ask(KEY_MADE, { ...record, awsRegion: 'eu-west-1' });
  assert.match(one!.fingerprint!, /^[0-9a-f]{64}$/);
  assert.equal(one!.event.eventID, undefined);
  assert.deepEqual([again!.fingerprint === one!.fingerprint, other!.fingerprint === one!.fingerprint], [true, false]);
});

test('an eventTime that can’t be read gives way to the time in the file’s name, and is unknown where that has none', () => {
  assert.equal(ask(KEY_MADE, { ...RECORD, eventTime: 'yesterday' })[0]!.event.time, '2026-10-05T12:00:00Z');
  assert.equal(ask(KEY_MADE, { ...RECORD, eventTime: 5 }, { key: 'some/file.json.gz' })[0]!.event.time, 'unknown');
});

const FOREIGN = 'id: f\npattern: { detail: { eventName: [AssumeRole] } }\nwhere: { foreignAccount: userIdentity.accountId }\n';
const accounts: [string, string, Options, string, boolean][] = [
  ['the record’s own account', '111122223333', {}, KEY, false],
  ['another account', '444455556666', {}, KEY, true],
  ['an account of the list', '444455556666', { lists: { accounts: ['444455556666'] } }, KEY, false],
  ['the account whose trail it is', '555566667777', {}, KEY.replaceAll('111122223333', '555566667777'), false],
  ['another account, with a list', '999988887777', { lists: { accounts: ['444455556666'] } }, KEY, true],
];
for (const [name, accountId, options, key, wanted] of accounts)
  test(`${name} is ${wanted ? 'foreign' : 'ours'}`, () =>
    assert.equal(
      ask(FOREIGN, { ...RECORD, eventName: 'AssumeRole', userIdentity: { type: 'AWSAccount', accountId } }, { ...options, key }).length ===
        1,
      wanted,
    ));

test('texts that callers write are bounded in every part of a hit', () => {
  const long = 'x'.repeat(100_000);
  const record = {
    ...RECORD,
    userIdentity: { type: 'IAMUser', arn: `arn:aws:iam::111122223333:user/${long}`, userName: `${long}😀` },
    ...{ awsRegion: long, sourceIPAddress: long, eventID: long, recipientAccountId: long, eventSource: long },
    requestParameters: { userName: long, names: Array.from({ length: 5_000 }, (_, at) => `${at}${long.slice(0, 500)}`) },
    resources: Array.from({ length: 100 }, () => ({ ARN: `arn:aws:s3:::${long}` })),
  };
  const file = `${KEY_MADE}title: "{who} {requestParameters.userName} {requestParameters.userName} {awsRegion}"\nwindow: { distinct: requestParameters.names, atLeast: 2, within: 5m, by: [principal, requestParameters.userName] }\n`;
  const [hit] = ask(file, record);
  assert.ok(JSON.stringify(hit).length < 200_000, `${JSON.stringify(hit).length} characters`);
  assert.ok(hit!.title.length <= 256 && hit!.who!.length <= 256);
  assert.equal(hit!.marks.length, 100);
  assert.equal(hit!.event.eventID, undefined);
  const [other] = ask(file, { ...record, requestParameters: { ...record.requestParameters, userName: `${long}y` } });
  assert.notEqual(other!.marks[0]!.key[1], hit!.marks[0]!.key[1], 'long values are told apart');
});

test('keys that a prototype has are read as data, and none of the prototype’s', () => {
  const record = `{"eventName":"CreateAccessKey","__proto__":{"errorCode":"x"},"constructor":{"name":"y"},"requestParameters":{"__proto__":{"userName":"z"}}}`;
  const file = `${KEY_MADE}success: true\ntitle: "{requestParameters.userName} {constructor.name} {requestParameters.toString} {requestParameters.__proto__.userName}"\n`;
  assert.equal(ask(file, record)[0]!.title, 'unknown y unknown z');
});

test('a record with odd keys is read whole, and answers as its parsed form does', () => {
  const odd =
    '{"eventName":"ListUsers","eventName":"CreateAccessKey","event\\u0049D":"e1","userIdentity.type":"Root","userIdentity":{"type":"IAMUser","userName":"alice"}}';
  const [hit] = ask(`${KEY_MADE}title: "{who} {eventID} {userIdentity.type}"\n`, odd);
  assert.equal(hit!.title, 'alice e1 IAMUser');
});

test('a bus’s account and region are those it was told', () => {
  const detections = readDetections('id: a\npattern: { account: ["111122223333"], region: [eu-west-1] }\n', 'd.yaml');
  const asked = (bus?: { account: string; region: string }) =>
    compileDetections(detections, { lists: new Map(), today: '2026-11-28', ...(bus === undefined ? {} : { bus }) }).ask(
      toEntry(recordOf(RECORD), REF),
    ).length;
  assert.deepEqual([asked(), asked({ account: '111122223333', region: 'eu-west-1' })], [0, 1]);
});

test('of one file only the earliest event with a value, and one an hour, is a hit for a window of values first seen', () => {
  const file = (more: string) => window(`firstSeen: address, by: principal${more}`);
  const at = (eventTime: string, more: object = {}) => ({ ...RECORD, eventTime, eventID: `e${eventTime}`, ...more });
  const records = [
    at('2026-10-05T13:15:40Z'),
    at('2026-10-05T13:15:41Z'),
    at('2026-10-05T13:15:39Z'),
    at('2026-10-05T13:15:42Z', { sourceIPAddress: '192.0.2.1' }),
    at('2026-10-05T14:00:00Z'),
    at('2026-10-05T14:10:00Z'),
  ];
  const entries = (ref: typeof REF) => [...recordsOfWhole(logFile(...records))!].map((record) => toEntry(record, ref));
  const indexes = (evaluator: ReturnType<typeof evaluatorOf>, ref: typeof REF) =>
    entries(ref).flatMap((entry) => evaluator.ask(entry).map(({ event }) => event.index));
  const evaluator = evaluatorOf(file(''));
  const kept = [0, 2, 3, 4];
  assert.deepEqual(indexes(evaluator, REF), kept);
  assert.deepEqual(indexes(evaluator, REF), kept, 'a file that is read again begins anew');
  assert.deepEqual(indexes(evaluator, { ...REF, key: `${KEY}2` }), kept, 'another file knows nothing of it');
  const all = records.map((_, index) => index);
  assert.deepEqual(indexes(evaluatorOf(file(', remember: 2h')), REF), all, 'where an hour matters every event counts');
  const raised = `${file('')}raise:\n  - { to: high, window: { threshold: 3, within: 5m, by: principal } }\n`;
  assert.deepEqual(indexes(evaluatorOf(raised), REF), all, 'where a raise counts them too every event counts');
});
