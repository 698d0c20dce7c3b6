// What lint finds in detections, and what it leaves alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDetectionsInFile, recordsOfTest } from '../../../../events/detect/index.ts';
import { SOUND_EXAMPLE } from '../../../../events/detect/lint/detectionlint.ts';
import { DETECTION_LINT_RULES, isDetectionText, lintDetection } from '../../../../events/detect/lint/index.ts';

/** Files beside a detection. */
const FILES: Record<string, object[]> = { 'two.json': [{ eventName: 'CreateUser' }, { eventName: 'CreateUser' }] };

const lintText = (text: string, isInPack = false) =>
  readDetectionsInFile(text, 'mine.yaml').flatMap((each) =>
    lintDetection({
      ...{ ...each, isInPack, today: '2026-11-28' },
      recordsOf: (example) => recordsOfTest(example, 'mine.yaml', (name) => FILES[name] ?? []),
    }),
  );

const findingsOf = (id: string, text: string, isInPack = false) => lintText(text, isInPack).filter((finding) => finding.id === id);

for (const { id, example, severity } of DETECTION_LINT_RULES)
  test(`${id} finds its own example, and not the nearest to it`, () => {
    const isOfPack = id === 'few-tests';
    const [found] = findingsOf(id, example.wrong, isOfPack);
    assert.equal(found?.severity, severity);
    assert.deepEqual(findingsOf(id, example.right, isOfPack), []);
  });

test('a sound detection has nothing to find', () => assert.deepEqual(lintText(SOUND_EXAMPLE), []));

/** A change of the sound example, and what is then found: lint rule, line and path. */
const CASES: [what: string, text: string, found: [id: string, line: number, path: string][]][] = [
  ['an event name that is misspelt', SOUND_EXAMPLE.replace('[CreateUser] } }', '[CreateUsr] } }'), [['unknown-event-name', 8, 'pattern']]],
  [
    'one in an exclusion',
    `${SOUND_EXAMPLE}exclusions:\n  - reason: our pipeline\n    owner: ops\n    pattern:\n      - { detail: { userIdentity: { type: [AssumedRole] } } }\n      - { source: [aws.iam] }\n`,
    [['native-source', 17, 'exclusions[0].pattern[1]']],
  ],
  [
    'one in a raise',
    `${SOUND_EXAMPLE}raise:\n  - { to: high, pattern: { detail: { userIdentity: { type: [root] } } } }\n`,
    [['unknown-value', 13, 'raise[0].pattern']],
  ],
  [
    'one in a step of a sequence',
    SOUND_EXAMPLE.replace(
      /pattern: .*/,
      'window:\n  within: 5m\n  by: account\n  sequence:\n    - pattern: { source: [cloudtrail.iam] }\n    - pattern: { detail-type: [AWS API call via CloudTrail] }',
    ).replace('matches: [{', 'matches: [two.json, {'),
    [['detail-type', 13, 'window.sequence[1].pattern']],
  ],
  [
    'a pattern of a list that another one covers',
    SOUND_EXAMPLE.replace(
      /pattern: .*/,
      'pattern:\n  - { detail: { eventName: [CreateUser] } }\n  - { detail: { eventName: [{ prefix: Create }] } }',
    ),
    [['covered-rule', 9, 'pattern[0]']],
  ],
  ['no tests at all', SOUND_EXAMPLE.replace(/tests:[\s\S]*/, ''), [['no-tests', 1, 'tests']]],
  [
    'no owner to speak of',
    `${SOUND_EXAMPLE}exclusions: [{ pattern: { detail: { awsRegion: [us-east-1] } }, reason: moving, owner: "?" }]`,
    [['unexplained-exclusion', 12, 'exclusions[0].owner']],
  ],
  [
    'a raise to less',
    `${SOUND_EXAMPLE}raise:\n  - { to: low, pattern: { detail: { userIdentity: { type: [Root] } } } }\n`,
    [['raise-never-higher', 13, 'raise[0].to']],
  ],
];
for (const [what, text, found] of CASES)
  test(`finds ${what}, with line and path`, () =>
    assert.deepEqual(
      lintText(text).map(({ id, start, path }) => [id, start.line, path]),
      found,
    ));

test('of a title it says which field was meant', () => {
  const [found] = findingsOf('title-field-absent', SOUND_EXAMPLE.replace('requestParameters.userName}"', 'requestParameters.usrName}"'));
  assert.equal(found?.help, 'did you mean `requestParameters.userName`?');
});

test('a title is held beside the records of files, too', () => {
  const text = SOUND_EXAMPLE.replace(/matches: .*/, 'matches: [two.json]');
  assert.deepEqual(findingsOf('title-field-absent', text).length, 1);
  assert.deepEqual(findingsOf('title-field-absent', text.replace('requestParameters.userName', 'eventName')), []);
});

test('a file of several events is a test of several events', () => {
  const counted = `${SOUND_EXAMPLE}window: { threshold: 2, within: 5m, by: account }\n`;
  assert.equal(findingsOf('untested-window', counted).length, 1);
  assert.deepEqual(findingsOf('untested-window', counted.replace(/matches: .*/, 'matches: [two.json]')), []);
});

test('values that stand in a list are not looked at, nor are the limits of a bus more than a note', () => {
  const pattern = (detail: string) => SOUND_EXAMPLE.replace(/pattern: .*/, `pattern: { detail: ${detail} }`);
  assert.deepEqual(
    lintText(pattern('{ eventName: [CreateUser], sourceIPAddress: [{ exists: false }, { cidr: $cidrs }], awsRegion: [$regions] }')),
    [],
  );
  assert.deepEqual(findingsOf('success-and-error', `${pattern('{ sourceIPAddress: [{ cidr: $cidrs }] }')}success: true\n`), []);
  const [found] = lintText(pattern('{ userAgent: [{ wildcard: "*/dir/*/dir/*/dir/*/dir/*" }] }'));
  assert.deepEqual([found?.id, found?.severity], ['too-many-wildcards', 'note']);
});

test('an exclusion may ask for a field that is often absent', () => {
  const but = '{ detail: { userIdentity: { invokedBy: [{ anything-but: signin.amazonaws.com }] } } }';
  const excluded = `exclusions: [{ pattern: ${but}, reason: services, owner: ops }]\n`;
  assert.deepEqual(lintText(`${SOUND_EXAMPLE}${excluded}`), []);
  assert.equal(findingsOf('anything-but-absent', `${SOUND_EXAMPLE}raise: [{ to: high, pattern: ${but} }]\n`).length, 1);
});

test('in the pack missing tests and texts are errors', () => {
  const bare = SOUND_EXAMPLE.replace(/tests:[\s\S]*/, '').replace(/\nrunbook: .*/, '');
  assert.deepEqual(
    lintText(bare, true).map(({ id, severity }) => [id, severity]),
    [
      ['no-tests', 'error'],
      ['incomplete', 'error'],
    ],
  );
});

test('a detection is told from a rule of a bus by what it says', () => {
  assert.ok(isDetectionText(SOUND_EXAMPLE));
  assert.ok(isDetectionText('{"pattern": {"source": ["a"]}, "runbook": "look"}'));
  assert.ok(isDetectionText('window: { sequence: [] }\ntests: {}'));
  assert.ok(isDetectionText('id: a\npattern: [{ source: [a] }, { source: [b] }]'));
  for (const text of [
    'id: a\ntitle: b\nseverity: low\npattern: { source: [a] }\ntargets: [topic]',
    '{"source": ["cloudtrail.iam"], "detail": {"tests": ["x"]}}',
    'functions: { a: { events: [] } }\npattern: {}\ntests: {}',
    'Resources: { pattern: { Type: AWS::Events::Rule } }',
    'not: [yaml',
  ])
    assert.ok(!isDetectionText(text), text);
});
