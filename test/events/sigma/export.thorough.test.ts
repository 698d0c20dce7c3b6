// Detections as Sigma rules, shape by shape; and the pack there and back again.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { type Detection, readDetections, selfTest } from '../../../events/detect/index.ts';
import { exportSigma, importSigma } from '../../../events/sigma/index.ts';
import { recordsBeside } from '../../../local/detectionfiles.ts';
import { MemoryFindingState } from '../../../local/findingstate.ts';

const PACK = join(import.meta.dirname, '../../../detections');

type Exported = Record<string, unknown> & { detection: Record<string, unknown>; correlation: Record<string, unknown> };

const exportedOf = (text: string) => exportSigma(readDetections(text, 'rules/mine.yaml'))[0]!;
const documentsOf = (text: string) => parseAllDocuments(exportedOf(text).text!).map((document) => document.toJS() as Exported);
const detectionOf = (text: string) => documentsOf(text)[0]!.detection;

const shapes: [string, string, Record<string, unknown>][] = [
  ['values of one kind are a list', '{ eventName: [A, B] }', { selection: { eventName: ['A', 'B'] }, condition: 'selection' }],
  [
    'fields are one map',
    '{ eventName: [A], userIdentity: { type: [Root] } }',
    { selection: { eventName: 'A', 'userIdentity.type': 'Root' }, condition: 'selection' },
  ],
  [
    'kinds of values are a list of maps',
    '{ a: [x, { prefix: y }, { suffix: z }] }',
    { selection: [{ a: 'x' }, { 'a|startswith': 'y' }, { 'a|endswith': 'z' }], condition: 'selection' },
  ],
  [
    'stars, question marks and backslashes of a value are escaped',
    "{ a: ['x*?\\'] }",
    { selection: { a: 'x\\*\\?\\\\' }, condition: 'selection' },
  ],
  ['a wildcard', "{ a: [{ wildcard: 'x*y?' }] }", { selection: { a: 'x*y\\?' }, condition: 'selection' }],
  ['a wildcard with stars at both ends', "{ a: [{ wildcard: '*x*y*' }] }", { selection: { 'a|contains': 'x*y' }, condition: 'selection' }],
  ['a range', '{ a: [{ numeric: [">", 1, "<=", 5] }] }', { selection: { 'a|gt': 1, 'a|lte': 5 }, condition: 'selection' }],
  ['a block of addresses', '{ a: [{ cidr: 10.0.0.0/8 }] }', { selection: { 'a|cidr': '10.0.0.0/8' }, condition: 'selection' }],
  ['absence', '{ a: [{ exists: false }] }', { selection: { 'a|exists': false }, condition: 'selection' }],
  ['absent or another value', '{ a: [{ anything-but: x }, { exists: false }] }', { filter: { a: 'x' }, condition: 'not filter' }],
  [
    'there, and another value',
    '{ a: [{ anything-but: [x, y] }] }',
    { selection: { 'a|exists': true }, filter: { a: ['x', 'y'] }, condition: 'selection and not filter' },
  ],
  ['null', '{ a: [null] }', { selection: { a: null, 'a|exists': true }, condition: 'selection' }],
  [
    'a list of the deployment',
    '{ userIdentity: { arn: [{ wildcard: $automation }] } }',
    { selection: { 'userIdentity.arn|expand': '%automation%' }, condition: 'selection' },
  ],
  [
    '$or',
    '{ x: [1], $or: [{ a: [2] }, { b: [3], c: [4] }] }',
    { selection: { x: 1 }, selection_2: [{ a: 2 }, { b: 3, c: 4 }], condition: 'selection and selection_2' },
  ],
];
for (const [name, detail, wanted] of shapes)
  test(`exported: ${name}`, () => assert.deepEqual(detectionOf(`id: a\npattern: { detail: ${detail} }\n`), wanted));

test('a source of the bus is the service in the record; the rest of the envelope is refused', () => {
  assert.deepEqual(detectionOf('id: a\npattern: { source: [cloudtrail.iam] }\n'), {
    selection: { eventSource: 'iam.amazonaws.com' },
    condition: 'selection',
  });
  const { outcome, notes } = exportedOf('id: a\npattern: { detail-type: [x] }\n');
  assert.deepEqual([outcome, notes], ['refused', ['`detail-type` belongs to the event’s envelope: Sigma asks the record']]);
});

test('success, where and exclusions are part of the condition', () =>
  assert.deepEqual(
    detectionOf(`id: a
success: true
pattern: { detail: { eventName: [A] } }
where: { differ: [requestParameters.userName, userIdentity.userName] }
exclusions: [{ pattern: { detail: { eventSource: [b], x: [c] } }, reason: r, owner: o }]
`),
    {
      selection: { eventName: 'A', errorCode: null, errorMessage: null, 'requestParameters.userName|exists': true },
      filter: { 'requestParameters.userName|fieldref': 'userIdentity.userName' },
      filter_2: { eventSource: 'b', x: 'c' },
      condition: 'selection and not filter and not filter_2',
    },
  ));

test('what reads policies, or remembers, is refused by name', () => {
  const why = (rest: string) => exportedOf(`id: a\npattern: { detail: { eventName: [A] } }\n${rest}`).notes[0];
  assert.match(why('where: { isPublic: requestParameters.policy }')!, /`isPublic` reads a policy/);
  assert.match(why('window: { firstSeen: awsRegion, by: account }')!, /never seen before/);
});

test('blocks of a list are refused, wherever they are asked for', () => {
  const refused = ['refused', ['an address is compared with the blocks of `$cidrs`, and Sigma has no placeholder for blocks']];
  const pattern = '{ detail: { eventName: [A], sourceIPAddress: [{ cidr: 10.0.0.0/8 }, { cidr: $cidrs }] } }';
  for (const text of [
    `id: a\npattern: ${pattern}\n`,
    `id: a\npattern: { detail: { eventName: [A] } }\nexclusions: [{ pattern: ${pattern}, reason: r, owner: o }]\n`,
    'id: a\npattern: { detail: { eventName: [A] } }\nwhere: { inCidr: { field: sourceIPAddress, cidrs: [$cidrs] } }\n',
  ]) {
    const { outcome, notes } = exportedOf(text);
    assert.deepEqual([outcome, notes], refused, text);
  }
});

test('a detection without a description says what it was made of alone', () =>
  assert.equal(documentsOf('id: a\npattern: { detail: { eventName: [A] } }\n')[0]!['description'], 'Made of the detection a of Trailbus.'));

test('a severity that is raised stays as it is, and that is told', () => {
  const { outcome, notes } = exportedOf(
    'id: a\nseverity: low\nraise: [{ to: high, pattern: { detail: { b: [c] } } }]\npattern: { detail: { eventName: [A] } }\n',
  );
  assert.deepEqual([outcome, notes], ['relaxed', ['always low: a Sigma rule has one level, what raises it is left out']]);
});

test('a window is a correlation rule, and the events it counts are a rule of their own', () => {
  const [correlation, part, ...more] = documentsOf(
    'id: a.b\ntitle: "{who} made {requestParameters.userName}"\nseverity: high\npattern: { detail: { eventName: [A] } }\nwindow: { threshold: 3, within: 5m, by: [address, userIdentity.arn] }\n',
  );
  assert.deepEqual(correlation!.correlation, {
    ...{
      type: 'event_count',
      rules: ['trailbus_a_b'],
      'group-by': ['sourceIPAddress', 'userIdentity.arn'],
      timespan: '5m',
      condition: { gte: 3 },
    },
  });
  assert.deepEqual(
    [correlation!['title'], correlation!['level'], part!['name'], more],
    ['Somebody made (userName)', 'high', 'trailbus_a_b', []],
  );
});

test('a step of several events is a correlation in a correlation', () => {
  const documents = documentsOf(
    'id: a\nwindow: { sequence: [{ pattern: { detail: { eventName: [A] } }, atLeast: 5 }, { pattern: { detail: { eventName: [B] } } }], within: 5m, by: account }\n',
  );
  assert.deepEqual(
    documents.map(({ correlation }) => correlation?.['rules']),
    [['trailbus_a_0_many', 'trailbus_a_1'], undefined, ['trailbus_a_0'], undefined],
  );
});

test('words that older YAML takes for true and false are quoted', () =>
  assert.match(exportedOf('id: a\npattern: { detail: { additionalEventData: { MFAUsed: ["No"] } } }\n').text!, /MFAUsed: "No"/));

test('the id of a rule is the same each time, and no other’s', () => {
  const ids = ['a', 'b', 'a'].map((id) => documentsOf(`id: ${id}\npattern: { detail: { eventName: [A] } }\n`)[0]!['id'] as string);
  assert.match(ids[0]!, /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.deepEqual([ids[0] === ids[2], ids[0] === ids[1]], [true, false]);
});

const pack = readdirSync(PACK)
  .filter((name) => name.endsWith('.yaml'))
  .flatMap((name) => readDetections(readFileSync(join(PACK, name), 'utf8'), join(PACK, name)));

/** A detection’s own tests, asked of what came back. */
async function failuresOf(original: Detection, text: string): Promise<string[]> {
  const { rules } = importSigma([{ source: `${original.id}.yml`, text }]);
  const made = rules.flatMap(({ detections }) => detections);
  const refused = rules.flatMap(({ outcome, notes }) => (outcome === 'refused' ? notes : []));
  const [back] = made.flatMap(({ id, text: file }) => readDetections(file, id));
  if (back === undefined || refused.length > 0) return refused;
  const results = await selfTest(
    { ...back, tests: original.tests, source: original.source },
    { readRecords: recordsBeside, newState: () => new MemoryFindingState(), today: '2026-11-28' },
  );
  return results.filter(({ passed }) => !passed).map(({ name, why }) => `${name}: ${why}`);
}

const exported = exportSigma(pack);
test('most of the pack can be said in Sigma', () => {
  const refused = exported.filter(({ outcome }) => outcome === 'refused');
  assert.ok(exported.length > 50 && refused.length < exported.length / 8, `${refused.length} of ${exported.length}`);
});
for (const [at, { id, text }] of exported.entries())
  if (text !== undefined)
    test(`${id} goes to Sigma and back, and says the same of its own test records`, async () =>
      assert.deepEqual(await failuresOf(pack[at]!, text), []));
