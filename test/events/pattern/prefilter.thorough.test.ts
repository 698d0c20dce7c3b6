// What the prefilter tells from parts of a record is what the engine tells from all of it, whatever the record and the patterns.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Entry, envelopeOf, toEntry } from '../../../events/entry.ts';
import { recordsOfWhole } from '../../../events/logfile/logfile.ts';
import { compile, type Rules } from '../../../events/pattern/index.ts';
import { REF } from '../../fakes/records.ts';

const seed = Number(process.env['SEED'] ?? 20261128);
test.before(() => console.log(`prefilter properties: seed ${seed} (set SEED to try another)`));

const words = [
  ...['CreateUser', 'CreateAccessKey', 'DeleteTrail', 'iam.amazonaws.com', 'ec2.amazonaws.com', 'Root', 'AssumedRole', 'AccessDenied'],
  ...['AKIAIOSFODNN7EXAMPLE', 'AROAEXAMPLEID:i-0a1b2c3d4e5f60718', 'eu-west-1', '111122223333', '203.0.113.7', '2001:db8::1'],
  ...['aws-cli/2.36.7 md/awscrt#0.28.2 ua/2.1 os/linux kali', 'aws-cli/2.36.7 md/awscrt#0.28.2 ua/2.1 os/linux arch', '', 'a', 'é', '😀'],
];
/** Half of all are one word, so that patterns and records meet. */
const word = fc.oneof(fc.constant('Root'), fc.constantFrom(...words));
const members = [
  'eventName',
  'eventSource',
  'errorCode',
  'readOnly',
  'awsRegion',
  'eventType',
  'recipientAccountId',
  'userAgent',
  'vpcEndpointId',
  'sharedEventID',
];
const inIdentity = ['type', 'arn', 'principalId', 'accessKeyId', 'invokedBy', 'sessionContext'];

/** A string as JSON text, sometimes with an escape in it. */
const written = (text: fc.Arbitrary<string>) =>
  fc.tuple(text, fc.integer({ min: 0, max: 40 })).map(([value, at]) => {
    const json = JSON.stringify(value);
    const unit = value.charCodeAt(at);
    return at < value.length && unit < 0x7f
      ? `"${value.slice(0, at)}\\u${unit.toString(16).padStart(4, '0')}${value.slice(at + 1)}"`
      : json;
  });
const scalar = fc.oneof(
  { weight: 30, arbitrary: word.map((value) => JSON.stringify(value)) },
  written(word),
  fc.constantFrom(
    'true',
    'false',
    'null',
    '5',
    '5.0',
    '[]',
    '{}',
    '["CreateUser","Root"]',
    '[{"type":"Root"},{"arn":"a"}]',
    '{"type":"Root"}',
  ),
);
const object = (keys: fc.Arbitrary<string>, values: fc.Arbitrary<string>) =>
  fc.array(fc.tuple(keys, values), { maxLength: 8 }).map((entries) => `{${entries.map(([key, value]) => `${key}:${value}`).join(',')}}`);
const plainKey = (...names: string[]) => fc.constantFrom(...names).map((name) => JSON.stringify(name));
const identity = object(
  fc.oneof(
    { weight: 60, arbitrary: plainKey(...inIdentity) },
    plainKey('sessionContext.x', 'type.x'),
    written(fc.constantFrom(...inIdentity)),
  ),
  fc.oneof({ weight: 6, arbitrary: scalar }, object(plainKey('x', 'type'), scalar)),
);
const items = fc.array(object(plainKey('x', 'type'), scalar), { maxLength: 3 }).map((each) => `[${each.join(',')}]`);
const parameters = object(plainKey('userName', 'policy', 'items'), fc.oneof(scalar, items));
const plainMember = fc.oneof(
  { weight: 60, arbitrary: fc.tuple(plainKey(...members), scalar) },
  { weight: 20, arbitrary: fc.tuple(fc.constant('"userIdentity"'), fc.oneof({ weight: 12, arbitrary: identity }, scalar)) },
  { weight: 10, arbitrary: fc.tuple(plainKey('requestParameters', 'responseElements'), fc.oneof(parameters, scalar)) },
);
const oddMember = fc.oneof(
  plainMember,
  fc.tuple(written(fc.constantFrom(...members, 'userIdentity')), fc.oneof(scalar, identity)),
  fc.tuple(plainKey('userIdentity.type', 'userIdentity.arn', 'requestParameters.userName', 'eventName.x', '__proto__'), scalar),
);
/** Mostly as CloudTrail writes them; now and then keys repeated, escaped or dotted, lists and objects where texts should be. */
const recordText = fc
  .tuple(
    fc.uniqueArray(plainMember, { maxLength: 7, selector: ([key]) => key }),
    fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, fc.array(oddMember, { maxLength: 2 })),
  )
  .map(([plain, odd]) => `{${[...plain, ...odd].map(([key, value]) => `${key}:${value}`).join(', ')}}`);

const someWord = word.filter((text) => text !== '');
const matcher = fc.oneof(
  { weight: 5, arbitrary: word as fc.Arbitrary<unknown> },
  fc.constantFrom<unknown>(true, false, null, 5),
  someWord.map((text) => ({ prefix: text.slice(0, 4) })),
  someWord.map((text) => ({ suffix: text.slice(-4) })),
  word.map((text) => ({ 'equals-ignore-case': text.toUpperCase() })),
  fc.constantFrom('*kali*', '*:i-*', '*', 'AKIA*').map((wildcard) => ({ wildcard })),
  fc.array(word, { minLength: 1, maxLength: 3 }).map((values) => ({ 'anything-but': values })),
  { weight: 3, arbitrary: fc.boolean().map((exists) => ({ exists })) },
  fc.constantFrom('203.0.113.0/24', '2001:db8::/32').map((cidr) => ({ cidr })),
  fc.constant({ numeric: ['>', 1] }),
);
const leaf = fc.array(matcher, { minLength: 1, maxLength: 4 });
const some = (names: string[], values: fc.Arbitrary<unknown>, minLength: number) =>
  fc
    .array(fc.tuple(fc.constantFrom(...names), values), { minLength, maxLength: 3 })
    .map((entries) => Object.fromEntries(entries) as object);
const detail = fc
  .tuple(
    some([...members.slice(0, -1), ...members.slice(0, -1), 'sharedEventID'], leaf, 1),
    fc.option(some(inIdentity, fc.oneof({ weight: 9, arbitrary: leaf as fc.Arbitrary<unknown> }, some(['x', 'type'], leaf, 1)), 1), {
      freq: 1,
    }),
    fc.option(
      fc.oneof(
        some(['userName', 'policy', 'items'], leaf, 1),
        some(['x', 'type'], leaf, 2).map((fields) => ({ items: fields })),
      ),
      { freq: 1 },
    ),
    fc.constantFrom('requestParameters', 'responseElements'),
  )
  .map(([top, who, what, where]) => ({
    ...top,
    ...(who === null ? {} : { userIdentity: who }),
    ...(what === null ? {} : { [where]: what }),
  }));
const pattern = fc.oneof(
  { weight: 6, arbitrary: detail.map((fields) => ({ detail: fields }) as object) },
  fc
    .tuple(fc.constantFrom('cloudtrail.iam', 'cloudtrail.unknown'), detail)
    .map(([source, fields]) => ({ source: [source], detail: fields })),
  fc.tuple(detail, detail).map((arms) => ({ detail: { $or: arms } })),
);

const entriesOf = (records: readonly string[]): Entry[] =>
  [...recordsOfWhole(Buffer.from(`{"Records":[${records.join(',')}]}`))!].map((record) => toEntry(record, REF));
const whole = (rules: Rules, entry: Entry): string[] => rules.matchEntry(envelopeOf(entry), entry.record.bytes);

test('what a glance tells is what the engine tells from the whole record', () => {
  const told = { nothing: 0, names: 0, unsure: 0 };
  const given = fc.property(
    fc.array(pattern, { minLength: 1, maxLength: 4 }),
    fc.array(recordText, { minLength: 1, maxLength: 8 }),
    (patterns, records) => {
      const rules = compile(patterns.map((each, at) => ({ name: `rule${at}`, pattern: each })));
      // A second time over the places that the first has grown, with the engine asked in between.
      for (const entry of [...entriesOf(records), ...entriesOf(records.toReversed())]) {
        const wanted = whole(rules, entry);
        const names = rules.glance(entry);
        told[names === undefined ? 'unsure' : names.length > 0 ? 'names' : 'nothing']++;
        if (names !== undefined) assert.deepEqual(names, wanted, entry.record.text());
      }
    },
  );
  fc.assert(given, { seed, numRuns: 2500 });
  for (const [what, times] of Object.entries(told))
    assert.ok(times > 2000, `${what} was told ${times} times only: the generator says too little`);
});

const glanceAt = (record: string, ...patterns: object[]) =>
  compile(patterns.map((each, at) => ({ name: `rule${at}`, pattern: each }))).glance(entriesOf([record])[0]!);
const created = { detail: { eventName: ['CreateUser'], userIdentity: { type: ['Root'] } } };
const ofItems = { detail: { requestParameters: { items: { x: [1], type: ['a'] } } } };

const cases: [string, readonly string[] | undefined, string, object][] = [
  ['a record that matches', ['rule0'], '{"eventName":"CreateUser","userIdentity":{"type":"Root"}}', created],
  ['an event of another name', [], '{"eventName":"ListUsers","userIdentity":{"type":"Root"}}', created],
  ['a name that is absent', [], '{"userIdentity":{"type":"Root"}}', created],
  ['a name with an escape', ['rule0'], '{"eventName":"Create\\u0055ser","userIdentity":{"type":"Root"}}', created],
  ['a list of names', undefined, '{"eventName":["CreateUser"],"userIdentity":{"type":"Root"}}', created],
  ['a name that stands twice', undefined, '{"eventName":"CreateUser","eventName":"ListUsers"}', created],
  ['a key with an escape', undefined, '{"event\\u004eame":"CreateUser"}', created],
  ['a key that is a path', undefined, '{"eventName":"CreateUser","userIdentity.type":"Root"}', created],
  ['a list of identities', undefined, '{"eventName":"CreateUser","userIdentity":[{"type":"Root"}]}', created],
  ['an identity that is a text', [], '{"eventName":"CreateUser","userIdentity":"Root"}', created],
  ['elements of a list', undefined, '{"requestParameters":{"items":[{"x":1},{"type":"a"}]}}', ofItems],
  ['parameters without a list', ['rule0'], '{"requestParameters":{"items":{"x":1,"type":"a"}}}', ofItems],
  ['a field that has no place of its own', undefined, '{"sharedEventID":"5b1d"}', { detail: { sharedEventID: ['5b1d'] } }],
  ['the entry’s own source', ['rule0'], '{"eventSource":"iam.amazonaws.com"}', { source: ['cloudtrail.iam'] }],
];
for (const [name, wanted, record, given] of cases) test(`a glance at ${name}`, () => assert.deepEqual(glanceAt(record, given), wanted));
