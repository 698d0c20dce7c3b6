import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDetections } from '../../../events/detect/detectionfile.ts';
import { FileError } from '../../../events/yamlfile.ts';

const faultsOf = (file: string, lists?: string[]): string[] => {
  try {
    readDetections(file, 'd.yaml', lists);
    return [];
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return error.message.split('\n');
  }
};

test('a bare pattern under an id is a detection', () => {
  const [detection, ...more] = readDetections('id: a.b\npattern: { source: [cloudtrail.iam] }\n', 'd.yaml');
  assert.equal(more.length, 0);
  assert.deepEqual(
    { ...detection, patterns: detection!.patterns.map(({ text }) => text) },
    {
      ...{ id: 'a.b', title: 'a.b', description: '', severity: 'medium', raise: [], tags: [], references: [], falsePositives: [] },
      ...{ runbook: [], where: [], patterns: ['{"source":["cloudtrail.iam"]}'], success: false, dryRun: false, steps: [], exclusions: [] },
      ...{ tests: { lists: {}, matches: [], ignores: [] }, source: 'd.yaml', place: { line: 1, column: 1 } },
    },
  );
});

test('a file’s name stands for the id, and what may be one or a list becomes a list', () => {
  const file = 'pattern: [{ source: [a] }, { source: [b] }]\ntags: x\nwhere: { same: [userAgent, eventName] }\nrunbook: [one, two]\n';
  const [detection] = readDetections(file, 'detections/root.login.yaml');
  assert.deepEqual(
    [detection!.id, detection!.patterns.length, detection!.tags, detection!.where.length, detection!.runbook],
    ['root.login', 2, ['x'], 1, ['one', 'two']],
  );
});

test('the patterns of raises, exclusions and steps are kept as they are written, with their places', () => {
  const file = `id: a
window:
  sequence:
    - pattern: { detail: { n: [1.0] } }
    - { pattern: [{ detail: { n: [2.0] } }, { detail: { n: [3] } }], atLeast: 2 }
  within: 5m
  by: principal
exclusions:
  - { pattern: { source: [x] }, reason: r, owner: o, until: 2027-01-31 }
raise:
  - { to: high, pattern: { source: [y] } }
`;
  const [detection] = readDetections(file, 'd.yaml');
  const texts = (patterns: { text: string }[]) => patterns.map(({ text }) => text);
  assert.deepEqual(
    detection!.steps.map(({ patterns, atLeast }) => [texts(patterns), atLeast]),
    [
      [['{"detail":{"n":[1.0]}}'], 1],
      [['{"detail":{"n":[2.0]}}', '{"detail":{"n":[3]}}'], 2],
    ],
  );
  assert.deepEqual([texts(detection!.exclusions[0]!.patterns), detection!.exclusions[0]!.until], [['{"source":["x"]}'], '2027-01-31']);
  const [raised] = detection!.raise[0]!.patterns;
  assert.deepEqual([raised!.text, raised!.place, raised!.path], ['{"source":["y"]}', { line: 11, column: 26 }, 'raise[0].pattern']);
});

test('patterns come through aliases and merged maps', () => {
  const file = `id: a
pattern: &base { source: [x] }
exclusions:
  - { pattern: *base, reason: r, owner: o }
  - pattern: { <<: *base, detail: { n: [1.0] } }
    reason: r
    owner: o
`;
  const [detection] = readDetections(file, 'd.yaml');
  assert.deepEqual(
    detection!.exclusions.map(({ patterns }) => patterns[0]!.text),
    ['{"source":["x"]}', '{"source":["x"],"detail":{"n":[1.0]}}'],
  );
});

const head = 'id: a\npattern: { source: [x] }\n';
const cases: [string, string, string[]][] = [
  [
    'a pattern that EventBridge refuses',
    'id: a\npattern:\n  detail:\n    eventName: CreateUser\n',
    ['d.yaml:4:16 `pattern.detail.eventName` Event pattern is not valid. Reason: "eventName" must be an object or an array'],
  ],
  [
    'the second of several patterns',
    'id: a\npattern:\n  - { source: [x] }\n  - { source: [{ prefx: x }] }\n',
    ['d.yaml:4:18 `pattern[1].source` Event pattern is not valid. Reason: Unrecognized match type prefx'],
  ],
  [
    'the pattern of a raise',
    `${head}raise:\n  - { to: high, pattern: { source: [] } }\n`,
    ['d.yaml:4:37 `raise[0].pattern.source` Event pattern is not valid. Reason: Empty arrays are not allowed'],
  ],
  [
    'the pattern of an exclusion',
    `${head}exclusions:\n  - { pattern: [{ detail: { a: [{ numeric: [">"] }] } }], reason: r, owner: o }\n`,
    ['d.yaml:4:'],
  ],
  [
    'the pattern of a step',
    'id: a\nwindow:\n  sequence:\n    - pattern: { source: [x] }\n    - pattern: { source: y }\n  within: 5m\n  by: account\n',
    ['d.yaml:5:26 `window.sequence[1].pattern.source` Event pattern is not valid.'],
  ],
  [
    'faults of the schema and of patterns together, in the order of the file',
    'id: a b\npattern: { source: x }\nseverity: hihg\nraise:\n  - { to: high, pattern: { source: [] } }\n',
    [
      'd.yaml:1:5 `id` must be of letters',
      'd.yaml:2:20 `pattern.source` Event',
      'd.yaml:3:11 `severity` must be one of',
      'd.yaml:5:37 `raise[0].pattern.source`',
    ],
  ],
  [
    'lengths that are none, and nothing of what they would come to',
    'id: w\npattern: { detail: { eventName: [A] } }\nwindow: { threshold: 3, within: 5x, by: principal, dedup: 1w }\n',
    ['d.yaml:3:33 `window.within` must be a length of time', 'd.yaml:3:59 `window.dedup` must be a length of time'],
  ],
  [
    'faults in two documents',
    'id: a\npattern: { source: x }\n---\nid: b\npattern: { source: y }\n',
    ['d.yaml:2:20 `pattern.source`', 'd.yaml:5:20 `pattern.source`'],
  ],
  ['an id twice', `${head}---\n${head}`, ['d.yaml:4:1 `id` is `a` a second time: d.yaml:1 has it; give each detection an id of its own']],
  [
    'a list that there is none of',
    'id: a\npattern: { detail: { recipientAccountId: [{ anything-but: [$acounts] }] } }\n',
    ['d.yaml:2:60 `pattern` names no list: `$acounts`; did you mean `$accounts`?'],
  ],
  [
    'a list that is like none',
    'id: a\npattern: { detail: { awsRegion: [$planets] } }\n',
    ['d.yaml:2:34 `pattern` names no list: `$planets`; there are $accounts, $regions, $automation'],
  ],
  ['AWS’s own words with a dollar', 'id: a\npattern: { detail: { requestParameters: { qualifier: [$LATEST, $Default] } } }\n', []],
  ['a list in a block', 'id: a\npattern: { detail: { sourceIPAddress: [{ cidr: $cidrs }] } }\n', []],
  [
    'a block that is none',
    `${head}where: { notInCidr: { field: sourceIPAddress, cidrs: [10.0.0.0/8, 10.0.0/24] } }\n`,
    ['d.yaml:3:67 `where.notInCidr.cidrs[1]` is no address block: `10.0.0/24`; write 10.0.0.0/8'],
  ],
  [
    'a list of blocks that there is none of',
    `${head}where:\n  - any:\n      - inCidr: { field: sourceIPAddress, cidrs: [$cidr] }\n`,
    ['d.yaml:5:51 `where[0].any[0].inCidr.cidrs[0]` names no list: `$cidr`; did you mean `$cidrs`?'],
  ],
  [
    'one address, and one block of it',
    `${head}where: { inCidr: { field: sourceIPAddress, cidrs: [203.0.113.7, 203.0.113.8/32, "2001:db8::1/128", $cidrs] } }\n`,
    [],
  ],
  [
    'a word to count by that is misspelt',
    `${head}window: { threshold: 3, within: 5m, by: [acount, awsRegion] }\n`,
    ['d.yaml:3:42 `window.by[0]` names no field: `acount`; did you mean `account`?'],
  ],
  [
    'a word to count by that is none',
    `${head}window: { threshold: 3, within: 5m, by: whom }\n`,
    [
      'd.yaml:3:41 `window.by` names no field: `whom`; write principal, account, region, address or a field of the record such as userIdentity.arn',
    ],
  ],
  [
    'a field that is misspelt',
    `${head}window: { distinct: requestParamters.name, atLeast: 3, within: 5m, by: principal }\n`,
    ['d.yaml:3:21 `window.distinct` names no field: `requestParamters.name`; did you mean `requestParameters.name`?'],
  ],
  [
    'a field of the caller that is misspelt',
    `${head}where: { differ: [requestParameters.userName, userIdentity.username] }\n`,
    ['d.yaml:3:47 `where.differ[1]` names no field: `userIdentity.username`; did you mean `userIdentity.userName`?'],
  ],
  [
    'a raise whose condition is misspelt',
    `${head}raise:\n  - { to: high, where: { grantAdmin: requestParameters.policyDocument } }\n`,
    ['d.yaml:4:26 `raise[0].where.grantAdmin` is not known; did you mean `grantsAdmin`?'],
  ],
  ['an id without end', `id: ${'a'.repeat(101)}\npattern: { source: [x] }\n`, ['d.yaml:1:5 `id` must have at most 100 characters']],
  ['a pattern that is no map', 'id: a\npattern: CreateUser\n', ['d.yaml:2:10 `pattern` must be a map, got text']],
  ['neither pattern nor sequence', 'id: a\n', ['d.yaml:1:1 `pattern` is missing: only a sequence does without']],
  ['no document', '', [`d.yaml:1:1 has no detection in it; write one`]],
  ['only comments', '# id: a\n# pattern: { source: [x] }\n', ['d.yaml:1:1 has no detection in it']],
  ['documents with nothing in them', '---\n---\n', ['d.yaml:1:1 has no detection in it']],
  ...['2026-13-45', '"2026-02-30"', '2027-02-29', '2026-00-10'].map((day): [string, string, string[]] => [
    `the day ${day}, which there is not`,
    `${head}exclusions:\n  - { pattern: { source: [x] }, reason: r, owner: o, until: ${day} }\n`,
    ['d.yaml:4:61 `exclusions[0].until` is no day that the calendar has'],
  ]),
  [
    'a day that is none',
    `${head}exclusions:\n  - { pattern: { source: [x] }, reason: r, owner: o, until: tomorrow }\n`,
    ['d.yaml:4:61 `exclusions[0].until` must be a day such as 2027-01-31'],
  ],
  ['the last day of a long February', `${head}exclusions:\n  - { pattern: { source: [x] }, reason: r, owner: o, until: 2028-02-29 }\n`, []],
  ...[
    ['hgh', 'high'],
    ['med', 'medium'],
    ['crit', 'critical'],
    ['lo', 'low'],
    ['inof', 'info'],
  ].map(([written, meant]): [string, string, string[]] => [
    `the severity ${written}`,
    `${head}severity: ${written}\n`,
    [`d.yaml:3:11 \`severity\` must be one of critical, high, medium, low, info; did you mean \`${meant}\`?`],
  ]),
];
for (const [name, file, faults] of cases)
  test(`reads ${name}`, () => {
    const found = faultsOf(file);
    assert.deepEqual(
      found.map((fault, at) => (fault.startsWith(faults[at] ?? '?') ? faults[at] : fault)),
      faults,
    );
  });

test('a deployment’s further lists may be named', () => {
  assert.deepEqual(faultsOf('id: a\npattern: { detail: { userAgent: [$scanners] } }\n', ['scanners']), []);
});

test('keys that a prototype has are data in a pattern', () => {
  const [detection] = readDetections('id: a\npattern: { detail: { __proto__: { constructor: [x] } } }\n', 'd.yaml');
  assert.equal(detection!.patterns[0]!.text, '{"detail":{"__proto__":{"constructor":["x"]}}}');
});
