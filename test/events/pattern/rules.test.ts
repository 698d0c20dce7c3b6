// Compiled rules: what they answer for text, bytes, objects and entries, and that odd events do them no harm.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile, EventError, PatternError } from '../../../events/pattern/index.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const one = (pattern: string | object) => compile([{ name: 'rule', pattern }]);
const matches = (pattern: string | object, event: string): boolean => one(pattern).matchText(event).length > 0;

test('names come in rule order, whatever made each rule match', () => {
  const rules = compile([
    { name: 'third', pattern: { c: [{ exists: false }] } },
    { name: 'first', pattern: { a: ['x'] } },
    { name: 'second', pattern: { a: [{ prefix: 'x' }] } },
  ]);
  assert.deepEqual(rules.matchText('{"a":"x"}'), ['third', 'first', 'second']);
  assert.deepEqual(rules.match({ a: 'xy', c: 1 }), ['second']);
});

test('a second pattern under one name is an alternative, and goes with the name', () => {
  const rules = one({ a: ['x'] });
  rules.add({ name: 'rule', pattern: { b: ['y'] } });
  assert.deepEqual([rules.matchText('{"a":"x","b":"y"}'), rules.matchText('{"b":"y"}')], [['rule'], ['rule']]);
  assert.equal(rules.remove('rule'), true);
  assert.equal(rules.remove('rule'), false);
  assert.deepEqual(rules.matchText('{"a":"x"}'), []);
});

test('a refused pattern names its rule and leaves the others as they were', () => {
  const rules = one({ a: ['x'] });
  const fits = (error: unknown): boolean => error instanceof PatternError && error.source === 'broken' && error.path === 'b';
  assert.throws(() => rules.add({ name: 'broken', pattern: { b: 'y' } }), fits);
  assert.deepEqual(rules.size, { rules: 1, fields: 1, clauses: 1 });
  assert.deepEqual(rules.matchText('{"a":"x"}'), ['rule']);
});

test('an entry is matched without building one text of envelope and record', () => {
  const rules = compile([
    { name: 'stopped', pattern: { source: ['cloudtrail.cloudtrail'], detail: { eventName: ['StopLogging'] } } },
    {
      name: 'role',
      pattern: { resources: [{ suffix: ':role/admin' }], detail: { $or: [{ a: ['b'] }, { eventName: [{ prefix: 'Stop' }] }] } },
    },
    { name: 'no-record', pattern: { source: ['other'] } },
  ]);
  const envelope = {
    source: 'cloudtrail.cloudtrail',
    'detail-type': 'AWS API Call via CloudTrail',
    resources: ['arn:aws:iam::1:role/admin'],
  };
  const record = bytes('{"eventVersion":"1.11","eventName":"StopLogging"}');
  assert.deepEqual(rules.matchEntry(envelope, record), ['stopped', 'role']);
  assert.equal(rules.matchesEntry(envelope, record), true);
  assert.equal(rules.matchesEntry({ ...envelope, source: 'x', resources: [] }, record), false);
  assert.deepEqual(one({ source: ['other'] }).matchEntry({ source: 'other' }, bytes('not looked at')), ['rule']);
});

const spellings: [string, string, string, boolean][] = [
  ['numbers equal by value', '{"a":[5.0]}', '{"a":5e0}', true],
  ['the smallest double is written 4.9e-324', '{"a":[{"numeric":[">=",4.9e-324]}]}', '{"a":4.9e-324}', true],
  ['the smallest double has no other spelling', '{"a":[{"numeric":[">",0]}]}', '{"a":5e-324}', false],
  ['an IPv4 address written as IPv6 is in its IPv4 block', '{"a":[{"cidr":"10.0.0.0/8"}]}', '{"a":"::ffff:a00:1"}', true],
  ['an IPv4 address written as IPv6 is in no IPv6 block', '{"a":[{"cidr":"::/16"}]}', '{"a":"::ffff:a00:1"}', false],
  ['an IPv4 address written as IPv6 equals its spellings', '{"a":["::ffff:a00:1"]}', '{"a":"0:0:0:0:0:FFFF:0a00:1"}', true],
  ['numbers a double cannot hold equal by text', '{"a":[9007199254740993]}', '{"a":9007199254740993}', true],
  ['numbers a double cannot hold differ by text', '{"a":[9007199254740993]}', '{"a":9007199254740992}', false],
  ['minus zero is zero', '{"a":[{"numeric":["=",0]}]}', '{"a":-0.0}', true],
  ['numbers of text are text', '{"a":["5"]}', '{"a":5}', false],
  ['escapes stand for their characters', '{"\\u0061":["\\u00e9\\n"]}', '{"a":"é\\u000a"}', true],
  ['escaped pairs are one character', '{"a":["😀"]}', '{"a":"\\ud83d\\ude00"}', true],
  ['escapes in addresses', '{"a":[{"cidr":"10.0.0.0/8"}]}', '{"a":"10\\u002e0.0.1"}', true],
  ['a dotted key is a path', '{"a":{"b":["x"]}}', '{"a.b":"x"}', true],
  ['white space anywhere', '{"a":{"b":["x"]}}', ' { "a" :\n\t{ "z" : [ { } , 1 ] , "b" : [ "y" , "x" ] } }\r\n', true],
  ['repeated keys of an event all count', '{"a":["x"]}', '{"a":"x","a":"y"}', true],
  ['quotes and braces in texts that are stepped over', '{"b":["x"]}', '{"a":{"c":"}\\"]","d":["{"]},"b":"x"}', true],
  ['own key __proto__', '{"__proto__":{"a":["x"]}}', '{"__proto__":{"a":"x"}}', true],
  ['no key __proto__', '{"a":[{"exists":true}]}', '{"__proto__":{"a":"x"}}', false],
  ['empty array is absent', '{"a":[{"exists":false}]}', '{"a":[]}', true],
  ['null is there', '{"a":[{"exists":true}]}', '{"a":null}', true],
];
for (const [name, pattern, event, wanted] of spellings)
  test(`${name}: ${pattern} ${wanted ? 'matches' : 'does not match'} ${event.trim()}`, () => {
    assert.equal(matches(pattern, event), wanted);
    assert.equal(one(pattern).matchText(bytes(event)).length > 0, wanted);
  });

test('fields of one branch must lie in the same array element', () => {
  const pattern = { list: { a: [1], b: [2] } };
  assert.equal(matches(pattern, '{"list":[{"a":1,"b":3},{"a":3,"b":2}]}'), false);
  assert.equal(matches(pattern, '{"list":[{"a":1,"b":3},{"a":[3,1],"b":2}]}'), true);
  assert.equal(matches({ ...pattern, x: [1], other: { c: [1] } }, '{"other":[{"c":0},{"c":1}],"x":1,"list":[{"a":1,"b":2}]}'), true);
});

const notEvents = [
  '',
  ' ',
  '[]',
  '"x"',
  '5',
  'null',
  '{',
  '{"a"',
  '{"a":',
  '{"a":1',
  '{"a":1,',
  '{"a":"x',
  '{"a":"x\\',
  '{"a":tru}',
  '{"a":1}x',
  '{"z":{"y":"}',
  '{a:1}',
  '{"a":1 "b":2}',
];
for (const event of notEvents)
  test(`refuses ${JSON.stringify(event)} as an event`, () => {
    const rules = one({ a: [{ exists: true }] });
    assert.throws(() => rules.matchText(event), EventError);
    assert.throws(() => rules.matchText(bytes(event)), EventError);
    assert.deepEqual(rules.matchText('{"a":1}'), ['rule'], 'and goes on with the next');
  });

test('what is no object is no event in parsed form either', () => {
  for (const event of [null, [], 'x', 5, undefined]) assert.throws(() => one({ a: [1] }).match(event as unknown as object), EventError);
});

test('events a million levels deep are read like others', () => {
  const levels = 1_000_000;
  const arrays = `{"a":${'['.repeat(levels)}"x"${']'.repeat(levels)},"b":"y"}`;
  const objects = `{"z":${'{"z":'.repeat(levels)}1${'}'.repeat(levels)},"a":"x","b":"y"}`;
  const rules = one({ a: ['x'], b: ['y'] });
  for (const event of [arrays, objects]) {
    assert.deepEqual(rules.matchText(event), ['rule']);
    assert.deepEqual(rules.match(JSON.parse(event) as object), ['rule']);
  }
});

test('thousands of array elements with fields of one branch are matched in one pass', () => {
  const elements = Array.from({ length: 20_000 }, (_, index) => ({ a: index % 2, b: (index + 1) % 2, c: 1 }));
  const rules = compile([
    { name: 'never', pattern: { list: { a: [1], b: [1], c: [1] } } },
    { name: 'mixed', pattern: { list: { a: [1], b: [0], c: [1] } } },
  ]);
  assert.deepEqual(rules.matchText(JSON.stringify({ list: elements })), ['mixed']);
});

test('what JSON does not have counts as absent in a parsed event', () => {
  assert.deepEqual(one({ a: [{ exists: false }] }).match({ a: undefined, b: () => 1 }), ['rule']);
  assert.deepEqual(one({ a: [5] }).match({ a: 5n }), ['rule']);
});

test('a field that no event had yet and no rule asked for takes little memory', () => {
  const rules = compile(
    Array.from({ length: 2000 }, (_, index) => ({ name: `r${index}`, pattern: { [`f${index}`]: [{ wildcard: `*${index}*` }] } })),
  );
  const before = process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
  assert.deepEqual(rules.matchText('{"f7":"x7x"}'), ['r7']);
  const kilobytes = (process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers - before) / 1024;
  // Made for every field at once they would be about 20 MB; what else the heap holds differs between versions of Node.
  assert.ok(kilobytes < 12_000, `${kilobytes} KB for the first event`);
});
