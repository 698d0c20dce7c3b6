// The JSON Schemas that editors complete and check by: they take what the readers take, and refuse what those refuse.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { readConfigFile } from '../../events/configfile.ts';
import { readDetections } from '../../events/detect/index.ts';
import { readYaml } from '../../events/yamlfile.ts';
import { schemaFiles } from '../../tools/jsonschema.ts';

const ROOT = join(import.meta.dirname, '../..');
const files = readdirSync(join(ROOT, 'detections'))
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => ({ name, text: readFileSync(join(ROOT, 'detections', name), 'utf8') }));
const schemas = schemaFiles(files.flatMap(({ name, text }) => readDetections(text, name)));
const ajv = new Ajv({ strict: false, validateFormats: false });
const [ofDetection, ofConfig] = ['detection', 'trailbus'].map((name) => ajv.compile(JSON.parse(schemas[`${name}.schema.json`]!) as object));

const plainValue = (text: string): unknown => readYaml(text, 'file')[0]?.value;

/** What an editor would underline. */
function faultsIn(check: typeof ofDetection, text: string): string[] {
  check!(plainValue(text));
  return (check!.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

for (const { name, text } of files) test(`the schema takes detections/${name}`, () => assert.deepEqual(faultsIn(ofDetection, text), []));

const HEAD = 'id: mine.one\npattern: { detail: { eventName: [CreateUser] } }\n';

test('what the pack does not name is taken too', () => {
  for (const text of [
    'pattern: { source: [cloudtrail.mine], detail: { eventSource: [mine.example.com], eventName: [NobodyKnowsIt], odd: { deep: [1, null, true] } } }',
    `${HEAD}where: { differ: [requestParameters.odd, userIdentity.odder] }\ntags: [mine]`,
    `${HEAD}window: { distinct: requestParameters.odd, atLeast: 2, within: 5m, by: [requestParameters.other] }`,
    'pattern: { $or: [{ detail: { eventName: [{ prefix: Create }] } }, { detail: { $or: [{ a: [1] }, { b: [{ numeric: [">", 1] }] }] } }] }',
    `${HEAD}exclusions: [{ pattern: { detail: { userIdentity: { arn: [{ anything-but: { wildcard: $mine } }] } } }, reason: r, owner: o, until: 2027-01-31 }]`,
    'window: { sequence: [{ pattern: { a: [1] } }, { pattern: { b: [1] }, atLeast: 2 }], within: 5m, by: principal }',
  ])
    assert.deepEqual(faultsIn(ofDetection, text), [], text);
});

const BROKEN: [what: string, text: string][] = [
  ['a key that is not known', `${HEAD}titel: misspelt`],
  ['a severity that is none', `${HEAD}severity: hihg`],
  ['an id with blanks', 'id: my rule\npattern: { detail: { eventName: [CreateUser] } }'],
  ['neither a pattern nor a sequence', 'id: mine\ntitle: nothing'],
  ['a window without a pattern', 'window: { threshold: 3, within: 5m, by: account }'],
  ['a value without brackets', 'pattern: { detail: { eventName: CreateUser } }'],
  ['an empty list', 'pattern: { detail: { eventName: [] } }'],
  ['an operator that is none', 'pattern: { detail: { eventName: [{ begins: Create }] } }'],
  ['two operators in one', 'pattern: { detail: { eventName: [{ prefix: Create, suffix: User }] } }'],
  ['a condition that is none', `${HEAD}where: { equals: [a, b] }`],
  ['a comparison of one field', `${HEAD}where: { differ: [requestParameters.userName] }`],
  ['a window without its span', `${HEAD}window: { threshold: 3, by: account }`],
  ['a length of time without its unit', `${HEAD}window: { threshold: 3, within: 5, by: account }`],
  ['a raise to nothing', `${HEAD}raise: [{ pattern: { detail: { eventName: [CreateUser] } } }]`],
  ['an exclusion without an owner', `${HEAD}exclusions: [{ pattern: { a: [1] }, reason: because }]`],
  ['a last day that is none', `${HEAD}exclusions: [{ pattern: { a: [1] }, reason: r, owner: o, until: soon }]`],
  ['success that is not asked', `${HEAD}success: false`],
];
for (const [what, text] of BROKEN)
  test(`both the schema and the reader refuse ${what}`, () => {
    assert.notDeepEqual(faultsIn(ofDetection, text), []);
    assert.throws(() => readDetections(text, 'file.yaml'));
  });

test('the schema refuses a map where CloudTrail has a text: EventBridge takes it, and it matches nothing', () =>
  assert.notDeepEqual(faultsIn(ofDetection, 'pattern: { detail: { eventName: { name: [CreateUser] } } }'), []));

test('the schema of trailbus.yml takes the samples’ and refuses what its reader refuses', () => {
  const sample = readFileSync(join(ROOT, 'samples/trailbus.yml'), 'utf8');
  assert.deepEqual(faultsIn(ofConfig, sample), []);
  assert.deepEqual(
    faultsIn(ofConfig, 'detections: { on: [iam.*, mine.*], override: { mine.one: { severity: low } } }\nlists: { mine: { file: a.txt } }'),
    [],
  );
  for (const text of [
    'detektions: {}',
    'lists: { accounts: { from: a.txt } }',
    'detections: { override: { root.activity: { severity: loud } } }',
    'storm: 0',
    'emit: some',
  ]) {
    assert.notDeepEqual(faultsIn(ofConfig, text), [], text);
    assert.ok(readConfigFile(text, 'trailbus.yml').faults.length > 0, text);
  }
});

/** Each key that a schema of ours has, with what it says of it; what comes from events has other rules. */
function* keysOf(value: unknown, path = ''): Generator<[path: string, description: unknown]> {
  if (Array.isArray(value)) for (const each of value) yield* keysOf(each, path);
  else if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'definitions') continue;
      if (key === 'properties')
        for (const [name, each] of Object.entries(inner as Record<string, { description?: unknown }>))
          yield [`${path}.${name}`, each.description];
      yield* keysOf(inner, key === 'properties' ? path : `${path}.${key}`);
    }
}

for (const [name, text] of Object.entries(schemas)) {
  test(`${name} says of every key what it is`, () => {
    const keys = [...keysOf(JSON.parse(text))].filter(([path]) => !path.startsWith('.allOf'));
    assert.ok(keys.length > 20, `only ${keys.length} keys`);
    assert.deepEqual(
      keys.filter(([, description]) => typeof description !== 'string').map(([path]) => path),
      [],
    );
  });
  test(`${name} is below 1 MB`, () => assert.ok(text.length < 1_000_000));
}

test('members of events that the pack names are offered, and so are its ids, tags and fields', () => {
  const { definitions } = JSON.parse(schemas['detection.schema.json']!) as {
    definitions: Record<string, { enum?: string[]; properties: Record<string, unknown> }>;
  };
  assert.match(JSON.stringify(definitions['detail']!.properties['eventName']), /"StopLogging"/);
  assert.match(JSON.stringify(definitions['detail']!.properties['eventSource']), /"iam\.amazonaws\.com"/);
  assert.match(JSON.stringify(definitions['detail']!.properties['requestParameters']), /"policyArn"/);
  assert.ok(definitions['fields']!.enum!.includes('requestParameters.userName'));
  assert.ok(definitions['tags']!.enum!.includes('attack.t1562.008'));
  assert.ok(definitions['ids']!.enum!.includes('root.activity'));
});

test('the first line of each file of the pack names the schema that the build writes', () => {
  for (const { name, text } of files) {
    const [, path] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text) ?? [];
    assert.ok(existsSync(join(ROOT, 'detections', path ?? 'none')), name);
  }
});
