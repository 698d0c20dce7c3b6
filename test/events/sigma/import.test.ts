// What becomes of Sigma rules, shape by shape.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDetections } from '../../../events/detect/index.ts';
import { importSigma } from '../../../events/sigma/index.ts';

const HEAD = 'title: A rule\nlogsource: { product: aws, service: cloudtrail }\n';
const imported = (text: string, source = 'rules/my_rule.yml') => importSigma([{ source, text }]).rules;
const ruleOf = (detection: string) => imported(`${HEAD}detection:\n  ${detection.trim().replaceAll('\n', '\n  ')}\n`)[0]!;
const detectionOf = (detection: string) => {
  const rule = ruleOf(detection);
  return { ...rule, detection: readDetections(rule.detections[0]!.text, 'made.yaml')[0]! };
};
const patternsOf = (detection: string) => {
  const made = detectionOf(detection);
  return [made.outcome, ...made.detection.patterns.map(({ text }) => (JSON.parse(text) as { detail: object }).detail)];
};
const one = (field: string, value: string) => patternsOf(`s: { '${field}': ${value} }\ncondition: s`);

const equal = (value: string) => ({ 'equals-ignore-case': value });

const values: [string, string, string, unknown, string?][] = [
  ['text is compared whatever its case', 'eventName', 'GetUser', { eventName: [equal('GetUser')] }],
  ['text that may be a flag is typed too', 'readOnly', "'true'", { readOnly: [equal('true'), true] }],
  ['a number is text too', 'requestParameters.port', '22', { requestParameters: { port: ['22', 22] } }],
  ['text that may be a number is typed too', 'requestParameters.port', "'22'", { requestParameters: { port: ['22', 22] } }],
  ['text like a number that is written otherwise stays text', 'requestParameters.port', "'022'", { requestParameters: { port: ['022'] } }],
  ['an empty text is a text', 'errorCode', "''", { errorCode: [''] }],
  ['null is absent too', 'errorCode', '~', { errorCode: [null, { exists: false }] }],
  ['a star at the end is a prefix', 'eventName', 'Get*', { eventName: [{ prefix: equal('Get') }] }],
  ['a star at the beginning is a suffix', 'eventName', "'*User'", { eventName: [{ suffix: equal('User') }] }],
  ['an escaped star is a star', 'eventName', "'a\\*'", { eventName: [equal('a*')] }],
  ['startswith', 'eventName|startswith', 'Get', { eventName: [{ prefix: equal('Get') }] }],
  ['endswith', 'eventName|endswith', 'User', { eventName: [{ suffix: equal('User') }] }],
  ['contains without letters', 'userAgent|contains', "'/1.*'", { userAgent: [{ wildcard: '*/1.*' }] }],
  [
    'contains of few letters, in every spelling',
    'userAgent|contains',
    "':i-'",
    { userAgent: [{ wildcard: '*:i-*' }, { wildcard: '*:I-*' }] },
  ],
  ['contains|cased', 'userAgent|contains|cased', 'Boto', { userAgent: [{ wildcard: '*Boto*' }] }],
  ['any text', 'errorCode', "'*'", { errorCode: [{ prefix: '' }] }],
  ['exists', 'errorCode|exists', 'true', { errorCode: [{ exists: true }] }],
  ['does not exist', 'errorCode|exists', 'false', { errorCode: [{ exists: false }] }],
  ['cidr', 'sourceIPAddress|cidr', '10.0.0.0/8', { sourceIPAddress: [{ cidr: '10.0.0.0/8' }] }],
  ['cidr of one address', 'sourceIPAddress|cidr', '10.0.0.1/32', { sourceIPAddress: ['10.0.0.1'] }],
  ['gt', 'requestParameters.days|gt', '7', { requestParameters: { days: [{ numeric: ['>', 7] }] } }],
  ['lte', 'requestParameters.days|lte', '7', { requestParameters: { days: [{ numeric: ['<=', 7] }] } }],
  ['neq', 'eventName|neq', 'GetUser', { eventName: [{ 'anything-but': equal('GetUser') }, { exists: false }] }, 'exact'],
  ['re that is a choice', 'eventName|re', "'^(Get|List)User$'", { eventName: ['GetUser', 'ListUser'] }],
  ['re that is found anywhere', 'eventName|re', 'Policy', { eventName: [{ wildcard: '*Policy*' }] }],
  ['re without case', 'eventName|re|i', "'^get'", { eventName: [{ prefix: equal('get') }] }],
  ['an IPv6 address is text', 'sourceIPAddress', "'::1'", { sourceIPAddress: [{ wildcard: '::1' }] }],
];
for (const [name, field, value, detail] of values)
  test(`a value: ${name}`, () => {
    const [outcome, ...patterns] = one(field, value);
    const wanted = { ...(detail as Record<string, unknown[] | object>) };
    if (name === 'neq')
      (wanted['eventName'] as { 'anything-but': object }[])[0] = { 'anything-but': { 'equals-ignore-case': ['GetUser'] } };
    assert.deepEqual([outcome, ...patterns], ['exact', wanted]);
  });

const relaxed: [string, string, string, RegExp][] = [
  [
    'contains',
    'userAgent|contains',
    'Kali Linux',
    /^finds less: `userAgent`: a text inside another is looked for as it is written, in lower and in upper/,
  ],
  ['?', 'userAgent', "'a?b'", /^finds more: `userAgent`: where one character must stand, any text may/],
  ['.+', 'userAgent|re', "'^1.+2$'", /^finds more: .*line break/],
  ['exists of what may be an object', 'requestParameters.x|exists', 'true', /^finds less: .*object or an empty list/],
];
for (const [name, field, value, note] of relaxed)
  test(`relaxed, and told how: ${name}`, () => {
    const { outcome, notes } = ruleOf(`s: { '${field}': ${value} }\ncondition: s`);
    assert.equal(outcome, 'relaxed');
    assert.match(notes[0]!, note);
  });

const refused: [string, string, RegExp][] = [
  ['keywords', 's: [evil, worse]\ncondition: s', /^keywords look through the whole event/],
  ['text anywhere in an object', 's: { requestParameters|contains: x }\ncondition: s', /`requestParameters` is an object/],
  ['windash', 's: { userAgent|contains|windash: -x }\ncondition: s', /windash` is for command lines/],
  ['base64', 's: { userAgent|base64: x }\ncondition: s', /base64` is for command lines/],
  ['a part of a time', 's: { eventTime|hour: 3 }\ncondition: s', /takes a part out of a time/],
  ['an unknown modifier', 's: { eventName|near: x }\ncondition: s', /is no modifier that is known/],
  ['a rich regular expression', "s: { eventName|re: '^Get\\w+$' }\ncondition: s", /the regular expression has `\\w`/],
  ['a count in the condition', 's: { eventName: x }\ncondition: s | count() > 5', /given them up for correlation rules/],
  ['a contradiction', 's: { eventName: x }\nf: { eventName: x }\ncondition: s and not f', /no event can fulfil/],
  ['a text that is a list’s name here', 's: { eventName: $FOO }\ncondition: s', /would be read as the name of a list/],
  ['a placeholder without a list', "s: { eventName|expand: '%Nobody%' }\ncondition: s", /there is no list for/],
];
for (const [name, detection, why] of refused)
  test(`refused, and told why: ${name}`, () => {
    const { outcome, notes, detections } = ruleOf(detection);
    assert.deepEqual([outcome, detections], ['refused', []]);
    assert.match(notes[0]!, why);
  });

test('alternatives that share fields become one pattern with $or; those that differ in one field, one list', () => {
  const detection = `
source: { eventSource: guardduty.amazonaws.com }
action_delete: { eventName: DeleteDetector }
action_update: { eventName: UpdateDetector, requestParameters.enable: 'false' }
condition: source and 1 of action_*`;
  const eventSource = [equal('guardduty.amazonaws.com')];
  assert.deepEqual(patternsOf(detection), [
    'exact',
    {
      eventSource,
      $or: [
        { eventName: [equal('DeleteDetector')] },
        { eventName: [equal('UpdateDetector')], requestParameters: { enable: [equal('false'), false] } },
      ],
    },
  ]);
  assert.deepEqual(patternsOf('s: [{ eventName: A, errorCode: X }, { eventName: B, errorCode: X }]\ncondition: s'), [
    'exact',
    { eventName: [equal('A'), equal('B')], errorCode: [equal('X')] },
  ]);
});

test('alternatives that share nothing are a list of patterns', () =>
  assert.deepEqual(patternsOf('s: [{ eventName: A }, { errorCode: X }]\ncondition: s'), [
    'exact',
    { eventName: [equal('A')] },
    { errorCode: [equal('X')] },
  ]));

test('what must not hold is part of the pattern, absent fields too', () =>
  assert.deepEqual(patternsOf('s: { eventName: A }\nf: { errorCode: [X, Y] }\ncondition: s and not f'), [
    'exact',
    { eventName: [equal('A')], errorCode: [{ 'anything-but': { 'equals-ignore-case': ['X', 'Y'] } }, { exists: false }] },
  ]));

test('two conditions on one field leave the values that fulfil both', () => {
  const searches = 'a: { eventName: [GetUser, ListUser] }\nb: { eventName|startswith: get }';
  for (const condition of ['a and b', 'b and a'])
    assert.deepEqual(patternsOf(`${searches}\ncondition: ${condition}`), ['exact', { eventName: [equal('GetUser')] }]);
});

test('what patterns can’t deny is an exclusion: several fields at once, and fields that may be lists', () => {
  const { outcome, detection } = detectionOf('s: { eventName: A }\nf: { eventSource: b, requestParameters.c: d }\ncondition: s and not f');
  assert.deepEqual(
    [outcome, detection.exclusions.map(({ patterns }) => patterns.map(({ text }) => JSON.parse(text) as unknown))],
    ['exact', [[{ detail: { eventSource: [equal('b')], requestParameters: { c: [equal('d')] } } }]]],
  );
  const list = detectionOf('s: { eventName: A }\nf: { requestParameters.c: d }\ncondition: s and not f');
  assert.deepEqual([list.outcome, list.detection.exclusions.length], ['exact', 1]);
});

test('a field compared with another is a condition of where', () => {
  const { outcome, detection } = detectionOf(
    's: { eventName: A }\nf: { userIdentity.userName|fieldref: requestParameters.userName }\ncondition: s and not f',
  );
  assert.deepEqual(
    [outcome, detection.where],
    ['relaxed', [{ none: [{ same: ['userIdentity.userName', 'requestParameters.userName'] }] }]],
  );
});

test('a placeholder is a list of the deployment', () =>
  assert.deepEqual(one('userIdentity.arn|expand', "'%automation%'"), [
    'relaxed',
    { userIdentity: { arn: [{ wildcard: '$automation' }] } },
  ]));

test('fields called as operators stand outside $or', () => {
  const [outcome, ...patterns] = patternsOf(
    's: { eventName: A }\nx: [{ requestParameters.prefix: b }, { errorCode: c }]\ncondition: s and x',
  );
  assert.deepEqual([outcome, patterns.length], ['exact', 2]);
});

test('too many alternatives are refused', () => {
  const searches = ['s', 't'].flatMap((name) =>
    Array.from({ length: 11 }, (_, at) => `${name}${at}: [{ requestParameters.${name}a${at}: x }, { requestParameters.${name}b${at}: y }]`),
  );
  const { outcome, notes } = ruleOf(`${searches.join('\n')}\ncondition: all of s* or not all of t*`);
  assert.deepEqual([outcome, notes], ['refused', ['it has more than 1000 alternatives once its conditions are multiplied out']]);
});

test('a rule keeps its author, licence, level, tags and references', () => {
  const [rule] = imported(
    `${HEAD}id: 0b9f6fd1-4bd0-4c9f-8a52-59d4e6a5a1b1\nauthor: Ada, Bob\nlicense: MIT\nlevel: informational\ntags: [attack.t1526]\nreferences:\n  - https://example.com/a\nfalsepositives:\n  - people\ndescription: what it is\ndetection: { s: { eventName: A }, condition: s }\n`,
  );
  const [detection] = readDetections(rule!.detections[0]!.text, 'made.yaml');
  const { id, severity, tags, references, falsePositives, description } = detection!;
  assert.deepEqual(
    [id, severity, tags, references, falsePositives],
    ['sigma.my-rule', 'info', ['attack.t1526'], ['https://example.com/a'], ['people']],
  );
  assert.match(description, /what it is\n\nSigma rule 0b9f6fd1-\S+, by Ada, Bob, licence MIT/);
  assert.match(rule!.detections[0]!.text, /^# Made by trailbus of the Sigma rule 0b9f6fd1-\S+ by Ada, Bob, licence MIT\.\n/);
});

test('hostile titles stay one line of YAML and name no field', () => {
  const [rule] = imported(
    'title: "a {userIdentity.arn}\\n---\\npattern: {}"\nlogsource: { product: aws, service: cloudtrail }\ndetection: { s: { eventName: A }, condition: s }\n',
  );
  const [detection, ...more] = readDetections(rule!.detections[0]!.text, 'made.yaml');
  assert.deepEqual([detection!.title, more], ['a (userIdentity.arn)\n---\npattern: ()', []]);
});

test('rules of other products are refused, and deprecated ones are off', () => {
  const [other] = imported('title: x\nlogsource: { product: azure, service: signinlogs }\ndetection: { s: { a: b }, condition: s }\n');
  assert.deepEqual(
    [other!.outcome, other!.notes],
    ['refused', ['its log source is product azure, service signinlogs, not product aws, service cloudtrail']],
  );
  const [old] = imported(`${HEAD}status: deprecated\ndetection: { s: { eventName: A }, condition: s }\n`);
  assert.equal(readDetections(old!.detections[0]!.text, 'made.yaml')[0]!.off, 'the Sigma rule is deprecated');
});

test('a field that no record has is said, and remarked on', () => {
  const { outcome, remarks } = ruleOf('s: { eventName: A, status: success }\ncondition: s');
  assert.deepEqual([outcome, remarks], ['exact', ['no record has `status`: look where CloudTrail writes it']]);
});

test('a field that no record has is remarked on in an exception too', () =>
  assert.equal(ruleOf('s: { eventName: A }\nf: { status: x }\ncondition: s and not f').remarks.length, 1));

test('an account without quotes keeps its zero', () =>
  assert.deepEqual(one('recipientAccountId', '012345678901'), ['exact', { recipientAccountId: ['012345678901'] }]));

const faults: [string, string, RegExp][] = [
  ['what is no YAML', 'title: [', /^rules\/my_rule\.yml:1:\d+ is not YAML/],
  ['no condition', `${HEAD}detection: { s: { eventName: A } }\n`, /^rules\/my_rule\.yml:3:\d+ `detection\.condition` is missing/],
  [
    'a search that isn’t there',
    `${HEAD}detection:\n  s: { eventName: A }\n  condition: s and t\n`,
    /:5:14 `detection\.condition` names `t`, which stands nowhere in the detection/,
  ],
  [
    'a pattern of searches that fits none',
    `${HEAD}detection:\n  s: { eventName: A }\n  condition: 1 of t*\n`,
    /names `t\*`, which stands nowhere/,
  ],
  [
    'a condition that nests without end',
    `${HEAD}detection:\n  s: { eventName: A }\n  condition: ${'('.repeat(200)}s${')'.repeat(200)}\n`,
    /is nested too deep/,
  ],
  ['an open bracket', `${HEAD}detection:\n  s: { eventName: A }\n  condition: (s\n`, /has a bracket that isn’t closed/],
];
for (const [name, text, message] of faults)
  test(`a file is faulty, and its place told: ${name}`, () => {
    const { rules, faults: found } = importSigma([{ source: 'rules/my_rule.yml', text }]);
    assert.deepEqual(rules, []);
    assert.match(found[0]!.message, message);
  });

const parts = `---
title: Key made
name: key_made
logsource: { product: aws, service: cloudtrail }
detection: { s: { eventName: CreateAccessKey }, condition: s }
---
title: User made
id: 0b9f6fd1-4bd0-4c9f-8a52-59d4e6a5a1b1
logsource: { product: aws, service: cloudtrail }
detection: { s: { eventName: CreateUser }, condition: s }
`;
const correlated = (correlation: string) => {
  const rules = imported(`title: Together\nlevel: high\ncorrelation: ${correlation}\n${parts}`);
  return { ...rules[0]!, others: rules.slice(1) };
};
const windowOf = (correlation: string) => {
  const rule = correlated(correlation);
  return [rule.outcome, ...rule.detections.map(({ id, text }) => readDetections(text, id)[0]!.window)];
};

test('event_count is a threshold, and the rules it counts are only its parts', () => {
  const correlation = '{ type: event_count, rules: [key_made], group-by: [sourceIPAddress], timespan: 5m, condition: { gte: 3 } }';
  assert.deepEqual(windowOf(correlation), ['exact', { threshold: 3, within: '5m', by: 'sourceIPAddress' }]);
  const { others } = correlated(correlation);
  assert.deepEqual(
    others.map(({ isPart, detections }) => [isPart, detections.length]),
    [
      [true, 0],
      [false, 1],
    ],
  );
  assert.equal(
    correlated(correlation.replace(' }', ' }, generate: true').replace('3 }, generate: true', '3 }, generate: true')).others[0]!.detections
      .length,
    1,
  );
});

test('value_count is a number of different values', () =>
  assert.deepEqual(
    windowOf(
      '{ type: value_count, rules: [key_made, User made], group-by: [userIdentity.arn, awsRegion], timespan: 1w, condition: { gt: 4, field: requestParameters.userName } }',
    ),
    ['exact', { distinct: 'requestParameters.userName', atLeast: 5, within: '7d', by: ['userIdentity.arn', 'awsRegion'], dedup: '14d' }],
  ));

test('temporal_ordered is a sequence, by id, name or title', () => {
  const [outcome, window] = windowOf(
    '{ type: temporal_ordered, rules: [0b9f6fd1-4bd0-4c9f-8a52-59d4e6a5a1b1, key_made], group-by: [userIdentity.arn], timespan: 10m }',
  );
  const { sequence, ...span } = window as unknown as { sequence: { pattern: { detail: unknown } }[] };
  assert.deepEqual([outcome, span], ['exact', { within: '10m', by: 'userIdentity.arn' }]);
  assert.deepEqual(
    sequence.map(({ pattern }) => pattern.detail),
    [{ eventName: [equal('CreateUser')] }, { eventName: [equal('CreateAccessKey')] }],
  );
});

test('temporal is a sequence for each order', () => {
  const { outcome, notes, detections } = correlated(
    '{ type: temporal, rules: [key_made, User made], group-by: [userIdentity.arn], timespan: 10m }',
  );
  assert.deepEqual([outcome, detections.map(({ id }) => id)], ['relaxed', ['sigma.my-rule', 'sigma.my-rule-2']]);
  assert.match(notes[0]!, /each order of the events is a detection of its own/);
});

test('a name means the rule of the same file, whatever other files call theirs', () => {
  const other = `title: User made\nlogsource: { product: aws, service: cloudtrail }\ndetection: { s: { eventName: Other }, condition: s }\n`;
  const correlation = `title: Together\ncorrelation: { type: event_count, rules: [User made], group-by: [awsRegion], timespan: 5m, condition: { gte: 3 } }\n${parts}`;
  const { rules } = importSigma([
    { source: 'a.yml', text: other },
    { source: 'b.yml', text: correlation },
  ]);
  assert.deepEqual(
    rules.map(({ source, title, isPart }) => [source, title, isPart]),
    [
      ['a.yml', 'User made', false],
      ['b.yml', 'Together', false],
      ['b.yml', 'Key made', false],
      ['b.yml', 'User made', true],
    ],
  );
  assert.match(rules[1]!.detections[0]!.text, /CreateUser/);
});

const windowRefusals: [string, string, RegExp][] = [
  [
    'fewer than',
    '{ type: event_count, rules: [key_made], group-by: [awsRegion], timespan: 5m, condition: { lt: 3 } }',
    /completes at a number/,
  ],
  [
    'a sum',
    '{ type: value_sum, rules: [key_made], group-by: [awsRegion], timespan: 5m, condition: { gt: 3, field: x } }',
    /`value_sum` are not counted/,
  ],
  [
    'a rule that isn’t there',
    '{ type: event_count, rules: [nobody], group-by: [awsRegion], timespan: 5m, condition: { gte: 3 } }',
    /`nobody`, which is in none of the files/,
  ],
  [
    'a field that no record has',
    '{ type: event_count, rules: [key_made], group-by: [ComputerName], timespan: 5m, condition: { gte: 3 } }',
    /names no field/,
  ],
  [
    'more events than are remembered',
    '{ type: event_count, rules: [key_made], group-by: [awsRegion], timespan: 5m, condition: { gte: 9000 } }',
    /10000 events/,
  ],
  [
    'some of the rules',
    '{ type: temporal_ordered, rules: [key_made, User made], group-by: [awsRegion], timespan: 5m, condition: { gte: 1 } }',
    /needs all of its steps/,
  ],
];
for (const [name, correlation, why] of windowRefusals)
  test(`a correlation is refused: ${name}`, () => assert.match(correlated(correlation).notes[0]!, why));

test('a number exactly, or at most, is relaxed', () => {
  const { outcome, notes } = correlated(
    '{ type: event_count, rules: [key_made], group-by: [awsRegion], timespan: 5m, condition: { eq: 3 } }',
  );
  assert.deepEqual([outcome, notes], ['relaxed', ['finds more: 3 or more, where the rule wants 3']]);
});

test('a step of a sequence may count events', () => {
  const text = `title: Guessed\ncorrelation: { type: temporal_ordered, rules: [many, key_made], group-by: [userIdentity.arn], timespan: 10m }\n---\ntitle: Many\nname: many\ncorrelation: { type: event_count, rules: [User made], group-by: [userIdentity.arn], timespan: 10m, condition: { gte: 10 } }\n${parts}`;
  const [rule] = imported(text);
  const window = readDetections(rule!.detections[0]!.text, 'made.yaml')[0]!.window as { sequence: { atLeast?: number }[] };
  assert.deepEqual([rule!.outcome, window.sequence.map(({ atLeast }) => atLeast)], ['exact', [10, undefined]]);
});

test('two rules of one title have ids of their own', () => {
  const rules = imported(
    `${HEAD}detection: { s: { eventName: A }, condition: s }\n---\n${HEAD}detection: { s: { eventName: B }, condition: s }\n`,
  );
  assert.deepEqual(
    rules.map(({ detections }) => detections[0]!.id),
    ['sigma.a-rule', 'sigma.a-rule-2'],
  );
});
