// Detections as EventBridge rules: those that can be said find what the detection finds, the others are named with the reason.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asRules, type NativeRule } from '../../../events/busrules/index.ts';
import type { Feed } from '../../../events/cloudtrail.ts';
import { type Detection, readDetections } from '../../../events/detect/index.ts';
import { envelopeOf, eventText, toEntry } from '../../../events/entry.ts';
import { compile, patternLength } from '../../../events/pattern/index.ts';
import { detectionsIn, packSources, recordsBeside } from '../../../local/detectionfiles.ts';
import { REF, recordOf } from '../../fakes/records.ts';

const saidOf = (text: string, feed: Feed = 'trailbus', lists: Record<string, string[]> = {}) =>
  asRules(readDetections(text, 'd.yaml'), { feed, lists: new Map(Object.entries(lists)), exclusions: [], today: '2026-11-28' });

/** An event of a record on one of the feeds. */
function eventOn(feed: Feed, record: object): string {
  const entry = toEntry(recordOf(record), REF);
  const source = feed === 'native' ? entry.source.replace(/^cloudtrail\./, 'aws.') : entry.source;
  return eventText(envelopeOf({ ...entry, source }), entry.record.text());
}

const isMatchedBy = (rules: readonly NativeRule[], event: string) =>
  compile(rules.map((rule) => ({ ...rule }))).matchText(event).length > 0;

type Example = Detection['tests']['matches'][number];
const recordIn = (example: Example, { source }: Detection): object => {
  const [event] = [example].flat();
  return typeof event === 'string' ? recordsBeside(event, source)[0]! : (event as object);
};

const pack = detectionsIn([packSources()]);
for (const feed of ['trailbus', 'native'] as const)
  test(`on the ${feed} feed, the rules of the pack agree with the detections’ own tests`, () => {
    let rulesSaid = 0;
    let examples = 0;
    for (const detection of pack) {
      const options = { feed, lists: new Map(Object.entries(detection.tests.lists)), exclusions: [], today: '2026-11-28' };
      const { rules } = asRules([detection], options);
      if (rules.length === 0) continue;
      rulesSaid += rules.length;
      for (const kind of ['matches', 'ignores'] as const)
        for (const example of detection.tests[kind]) {
          const record = recordIn(example, detection);
          const isFound = isMatchedBy(rules, eventOn(feed, record));
          assert.equal(isFound, kind === 'matches', `${detection.id} ${kind}: ${JSON.stringify(record).slice(0, 300)}`);
          examples++;
        }
    }
    assert.ok(rulesSaid > 100 && examples > 250, `${rulesSaid} rules, ${examples} examples`);
  });

test('two thirds of the pack can be said; each of the others is named once, with the reason', () => {
  const { rules, unsaid } = asRules(pack, { feed: 'native', lists: new Map(), exclusions: [], today: '2026-11-28' });
  const said = new Set(rules.map(({ detection }) => detection));
  assert.equal(said.size + unsaid.length, pack.length);
  assert.ok(said.size > pack.length * 0.6, `${said.size} of ${pack.length}`);
  for (const { id, why } of unsaid) assert.ok(!said.has(id) && why.length > 10, id);
  for (const { name, pattern } of rules) assert.ok(/^[.\w-]{1,64}$/.test(name) && patternLength(JSON.stringify(pattern)) <= 2_048, name);
  assert.equal(new Set(rules.map(({ name }) => name)).size, rules.length);
});

test('the source comes from eventSource; where a pattern has none it is any of CloudTrail’s', () => {
  const named = 'id: d\npattern: { detail: { eventSource: [iam.amazonaws.com], eventName: [CreateUser] } }\n';
  assert.deepEqual(saidOf(named).rules[0]?.pattern, {
    source: ['cloudtrail.iam'],
    detail: { eventSource: ['iam.amazonaws.com'], eventName: ['CreateUser'] },
  });
  const any = 'id: d\npattern: { detail: { eventName: [CreateUser] } }\n';
  assert.deepEqual(saidOf(any).rules[0]?.pattern, { source: [{ prefix: 'cloudtrail.' }], detail: { eventName: ['CreateUser'] } });
  assert.deepEqual(saidOf(any, 'native').rules[0]?.pattern, {
    ...{ source: [{ prefix: 'aws.' }], 'detail-type': [{ suffix: ' via CloudTrail' }] },
    detail: { eventName: ['CreateUser'] },
  });
  const own = 'id: d\npattern: { source: [cloudtrail.iam, { prefix: cloudtrail.s }] }\n';
  assert.deepEqual((saidOf(own, 'native').rules[0]?.pattern as { source: unknown }).source, ['aws.iam', { prefix: 'aws.s' }]);
});

test('several patterns are several rules; success, lists and exclusions stand in each', () => {
  const text = `id: d
pattern: [{ detail: { eventName: [A] } }, { detail: { awsRegion: [$regions] } }]
success: true
exclusions:
  - { pattern: { detail: { userIdentity: { arn: [{ wildcard: $automation }] } } }, reason: r, owner: o }
  - { pattern: { detail: { userIdentity: { arn: [{ prefix: "a*" }, exact] } } }, reason: r, owner: o }
  - { pattern: { detail: { vpcEndpointId: [{ exists: true }] } }, reason: r, owner: o }
  - { pattern: { detail: { userAgent: [old] } }, reason: ended, owner: o, until: 2026-01-31 }
`;
  const { rules } = saidOf(text, 'trailbus', { regions: ['eu-west-1'], automation: ['*:x'] });
  const detail = {
    userIdentity: { arn: [{ 'anything-but': { wildcard: ['*:x', 'a\\**', 'exact'] } }, { exists: false }] },
    vpcEndpointId: [{ exists: false }],
    ...{ errorCode: [{ exists: false }], errorMessage: [{ exists: false }] },
  };
  assert.deepEqual(
    rules.map(({ name, pattern }) => [name, (pattern as { detail: object }).detail]),
    [
      ['d-1', { eventName: ['A'], ...detail }],
      ['d-2', { awsRegion: ['eu-west-1'], ...detail }],
    ],
  );
});

test('an exclusion of several fields holds where all of them do', () => {
  const { rules } = saidOf(
    'id: d\npattern: { detail: { eventName: [A] } }\nexclusions: [{ pattern: { detail: { userAgent: [x], awsRegion: [y] } }, reason: r, owner: o }]\n',
  );
  const found = (record: object) => isMatchedBy(rules, eventOn('trailbus', { eventName: 'A', eventSource: 'a.amazonaws.com', ...record }));
  assert.deepEqual([{ userAgent: 'x', awsRegion: 'y' }, { userAgent: 'x', awsRegion: 'z' }, { userAgent: 'x' }, {}].map(found), [
    false,
    true,
    true,
    true,
  ]);
});

const unsayable: [string, string, RegExp][] = [
  ['a window', 'pattern: { source: [a] }\nwindow: { threshold: 3, within: 5m, by: account }', /`window`/],
  ['a condition', 'pattern: { source: [a] }\nwhere: { isPublic: requestParameters.policy }', /`where`: a pattern can’t say `isPublic`/],
  ['a list without values', 'pattern: { detail: { awsRegion: [$regions] } }', /`\$regions` has no values/],
  ['a detection on trial', 'pattern: { source: [a] }\ndryRun: true', /on trial/],
  [
    'an exclusion of what may be a list',
    'pattern: { source: [a] }\nexclusions: [{ pattern: { detail: { requestParameters: { groups: [x] } } }, reason: r, owner: o }]',
    /`detail\.requestParameters\.groups`, which may be a list/,
  ],
  [
    'an exclusion of the field that is asked',
    'pattern: { detail: { userAgent: [{ prefix: a }] } }\nexclusions: [{ pattern: { detail: { userAgent: [ab] } }, reason: r, owner: o }]',
    /asks of `detail\.userAgent`, as the pattern does/,
  ],
  [
    'a pattern that grows too long',
    `pattern: { detail: { eventID: [${Array.from({ length: 170 }, (_, at) => `event-${1_000 + at}`).join(', ')}] } }`,
    /its pattern would have 2\d+ characters, and EventBridge takes 2048/,
  ],
];
for (const [name, text, why] of unsayable)
  test(`can’t say ${name}`, () => {
    const { rules, unsaid } = saidOf(`id: d\n${text}\n`);
    assert.deepEqual([rules, unsaid.map(({ id }) => id)], [[], ['d']]);
    assert.match(unsaid[0]!.why, why);
  });

test('says what it leaves out: the severity is one', () => {
  const { rules, notes } = saidOf('id: d\nseverity: low\npattern: { source: [a] }\nraise: [{ to: high, pattern: { source: [b] } }]\n');
  assert.deepEqual([rules[0]?.severity, notes], ['low', [{ id: 'd', words: 'always low: what raises it can’t be said' }]]);
});
