// What a detection says of one event by itself, part by part.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DetectionExplanation, LoneDetection, moreThanPattern, readDetections } from '../../../events/detect/index.ts';
import { toEntry } from '../../../events/entry.ts';
import { recordsOfWhole } from '../../../events/logfile/logfile.ts';
import { logFile, REF, recordOf } from '../../fakes/records.ts';

const RECORD = {
  ...{ eventVersion: '1.10', eventTime: '2026-10-05T13:15:40Z', eventSource: 'iam.amazonaws.com', eventName: 'CreateAccessKey' },
  ...{ awsRegion: 'us-east-1', recipientAccountId: '111122223333', eventID: 'e1', eventType: 'AwsApiCall' },
  userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/martin', userName: 'martin' },
  requestParameters: { userName: 'eve' },
};
const PATTERN = 'id: key\nseverity: low\npattern: { detail: { eventName: [CreateAccessKey] } }\n';

interface Given {
  lists?: Record<string, string[]>;
  exclusions?: { patterns: object[]; reason: string; owner: string }[];
}

const lone = (text: string, { lists = {}, exclusions = [] }: Given = {}) =>
  new LoneDetection(readDetections(text, 'd.yaml')[0]!, { inForce: { lists: Object.entries(lists) }, exclusions, today: '2026-11-28' });
const explained = (text: string, change: object = {}, given: Given = {}): DetectionExplanation =>
  lone(text, given).explain(toEntry(recordOf({ ...RECORD, ...change }), REF));
const partsOf = ({ parts }: DetectionExplanation) => parts.map(({ part, holds, text }) => `${holds ?? '-'} ${part}: ${text}`);

const FAILED = { errorCode: 'AccessDenied' };
const cases: [string, string, object, Given, string, string[]][] = [
  ['a success that holds', `${PATTERN}success: true\n`, {}, {}, 'matches', ['true success: the call went well']],
  [
    ...(['a success that doesn’t', `${PATTERN}success: true\n`, FAILED, {}] as const),
    'no match: the pattern matches, and `success: true` does not hold: the call failed, "AccessDenied"',
    ['false success: the call failed, "AccessDenied"'],
  ],
  [
    ...([
      'each condition with its values',
      `${PATTERN}where:\n  - { differ: [requestParameters.userName, userIdentity.userName] }\n  - { same: [awsRegion, errorCode] }\n`,
      {},
      {},
    ] as const),
    'no match: the pattern matches, and `where` does not hold: same of awsRegion ("us-east-1") and errorCode (absent)',
    [
      'true where[0]: differ of requestParameters.userName ("eve") and userIdentity.userName ("martin")',
      'false where[1]: same of awsRegion ("us-east-1") and errorCode (absent)',
    ],
  ],
  [
    ...([
      'an exclusion of its own',
      `${PATTERN}exclusions: [{ pattern: { detail: { eventName: [CreateAccessKey] } }, reason: the pipeline, owner: us }]\n`,
      {},
      {},
    ] as const),
    'no match: excluded by exclusions[0]: the pipeline (us)',
    ['false exclusions[0]: takes it away: the pipeline (us)'],
  ],
  [
    ...(['an exclusion of the configuration', PATTERN, {}] as const),
    { exclusions: [{ patterns: [{ detail: { awsRegion: ['us-east-1'] } }], reason: 'a test account', owner: 'them' }] },
    'no match: excluded by exclusions[0] of the configuration: a test account (them)',
    ['false exclusions[0] of the configuration: takes it away: a test account (them)'],
  ],
  [
    ...([
      'what a window counts by',
      `${PATTERN}window: { threshold: 3, within: 5m, by: [requestParameters.userName, region] }\n`,
      {},
      {},
    ] as const),
    'matches: one event of a window',
    ['true window: one event of a window: 3 within 5m, by requestParameters.userName ("eve"), region ("us-east-1")'],
  ],
  [
    ...([
      'what a window counts by and is not there',
      `${PATTERN}window: { threshold: 3, within: 5m, by: requestParameters.roleName }\n`,
      {},
      {},
    ] as const),
    'no match: the pattern matches, and is not counted: there is no `requestParameters.roleName` to count by',
    ['false window: not counted, for want of a value: by requestParameters.roleName (absent, or no single value)'],
  ],
  [
    ...([
      'raises that apply and that don’t',
      `${PATTERN}raise:\n  - { to: high, where: { same: [eventName, eventSource] } }\n  - { to: medium, pattern: { detail: { awsRegion: [us-east-1] } } }\n`,
      {},
      {},
    ] as const),
    'matches',
    [
      '- raise[0]: not to high: same of eventName ("CreateAccessKey") and eventSource ("iam.amazonaws.com") does not hold',
      'true raise[1]: to medium',
    ],
  ],
  [
    ...(['a list without values', 'id: key\npattern: { detail: { awsRegion: [{ anything-but: [$regions] }] } }\n', {}, {}] as const),
    'no match: `$regions` has no values: the detection is off',
    [],
  ],
  [
    ...(['a list of the configuration', 'id: key\npattern: { detail: { awsRegion: [{ anything-but: [$regions] }] } }\n', {}] as const),
    { lists: { regions: ['eu-west-1'] } },
    'matches',
    [],
  ],
];
for (const [name, text, change, given, summary, parts] of cases)
  test(`an explanation says ${name}`, () => {
    const explanation = explained(text, change, given);
    assert.deepEqual([explanation.summary, partsOf(explanation)], [summary, parts]);
    assert.equal(explanation.matches, summary.startsWith('matches'));
  });

test('a hit says its severity, with what lifts it', () => {
  const text = `${PATTERN}raise: [{ to: high, pattern: { detail: { awsRegion: [us-east-1] } } }]\n`;
  assert.deepEqual([explained(text).severity, explained(text, { awsRegion: 'eu-west-1' }).severity], ['high', 'low']);
  assert.equal(explained(`${text}success: true\n`, FAILED).severity, undefined);
});

test('of a sequence it says which step the event is', () => {
  const sequence =
    'id: chain\nwindow:\n  within: 1h\n  by: requestParameters.userName\n  sequence:\n    - { pattern: { detail: { eventName: [CreateUser] } } }\n    - { pattern: { detail: { eventName: [CreateAccessKey] } } }\n';
  const explanation = explained(sequence);
  assert.equal(explanation.pattern?.path, 'window.sequence[1].pattern');
  assert.deepEqual(partsOf(explanation), [
    '- window.sequence[0]: not this step: its pattern does not match',
    'true window.sequence[1]: the event is this step',
    'true window: one event of a window: 2 steps within 1h, by requestParameters.userName ("eve")',
  ]);
  assert.equal(explained(sequence, { eventName: 'DeleteUser' }).matches, false);
});

test('lists that no configuration gives have the values of the tests, and it is known which', () => {
  const text = 'id: key\npattern: { detail: { awsRegion: [$regions] } }\ntests: { lists: { regions: [us-east-1] } }\n';
  assert.equal(explained(text).matches, true);
  assert.deepEqual(lone(text).fromTests, ['regions']);
  const given = { lists: { regions: ['eu-west-1'] } };
  assert.equal(explained(text, {}, given).matches, false);
  assert.deepEqual(lone(text, given).fromTests, []);
});

test('each event of a file is asked by itself: a value met before in it is a hit again', () => {
  const detection = lone(`${PATTERN}window: { firstSeen: awsRegion, by: account }\n`);
  const entries = [...recordsOfWhole(logFile(RECORD, { ...RECORD, eventID: 'e2', eventTime: '2026-10-05T13:16:40Z' }))!].map((each) =>
    toEntry(each, REF),
  );
  assert.deepEqual(
    entries.map((entry) => detection.ask(entry).hits.length),
    [1, 1],
  );
});

test('where no configuration names accounts, `$accounts` is the event’s own', () => {
  const text = 'id: key\npattern: { detail: { requestParameters: { account: [{ anything-but: [$accounts] }] } } }\n';
  const asks = (account: string) => explained(text, { requestParameters: { account } }).matches;
  assert.deepEqual([asks('111122223333'), asks('444455556666')], [false, true]);
});

const texts: [string, string, string[], boolean][] = [
  ['a bare pattern', '{"detail": {"eventName": ["A"]}}', [], false],
  ['a rule', 'id: a\ntitle: b\nseverity: low\npattern: { detail: { eventName: [A] } }\n', [], false],
  ['words of people', 'id: a\ndescription: where to raise a window with success\npattern: { detail: { eventName: [A] } }\n', [], false],
  ['a serverless.yml', 'functions: { where: { handler: x } }\npattern: x\nwhere: y\n', [], false],
  ['conditions', 'pattern: { detail: { eventName: [A] } }\nwhere: { same: [a, b] }\nsuccess: true\n', ['where', 'success'], false],
  ['a detection in JSON', '{"pattern": {"detail": {"eventName": ["A"]}}, "success": true}', ['success'], false],
  ['several patterns', 'pattern:\n  - { detail: { eventName: [A] } }\n', ['several patterns'], false],
  ['a sequence', 'window: { within: 1h, by: account, sequence: [] }\n', ['window'], true],
  ['a file with a slip', 'pattern: { a: [b] }\npattern: { a: [b] }\nwhere: { same: [a, b] }\n', ['where'], false],
];
for (const [name, text, says, isSequence] of texts)
  test(`what ${name} says beside one pattern`, () => assert.deepEqual(moreThanPattern(text), { says, lists: [], isSequence }));

test('names of lists in patterns are told, AWS’s own words aside', () =>
  assert.deepEqual(moreThanPattern('pattern: { detail: { a: [$regions, $LATEST, { prefix: $mine }] } }\n').lists, ['regions', 'mine']));
