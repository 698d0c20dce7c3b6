// What a refused pattern says and where, and what the parsed form of a good one holds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  branchesOf,
  compile,
  isTooComplex,
  leavesOf,
  offsetAt,
  PatternError,
  parsePattern,
  placeAt,
  wildcardComplexity,
} from '../../../events/pattern/index.ts';
import { lint } from '../../../events/pattern/lint/index.ts';
import { wildcardParts } from '../../../events/pattern/wildcard.ts';

function refusal(pattern: string | object): PatternError {
  try {
    parsePattern(pattern, 'my-rule');
  } catch (error) {
    if (error instanceof PatternError) return error;
    throw error;
  }
  throw new Error('the pattern was taken');
}

const cases: [string, string, string, number, number, string | undefined][] = [
  [
    'a value outside a list',
    '{\n  "detail": {\n    "eventName": "StopLogging"\n  }\n}',
    '"eventName" must be an object or an array',
    3,
    18,
    'detail.eventName',
  ],
  ['an empty list', '{"source": []}', 'Empty arrays are not allowed', 1, 13, 'source'],
  ['an empty object', '{"detail": {}}', 'Empty objects are not allowed', 1, 13, 'detail'],
  ['an unknown operator', '{"a": [{"Prefix": "x"}]}', 'Unrecognized match type Prefix', 1, 9, 'a'],
  ['two operators in one object', '{"a": [{"prefix": "x", "suffix": "y"}]}', 'Only one key allowed in match expression', 1, 24, 'a'],
  ['a wrong escape', '{"a": [{"wildcard": "é\\\\x"}]}', 'Invalid escape character at pos 3', 1, 21, 'a'],
  ['two stars', '{"a": [{"wildcard": "a**"}]}', 'Consecutive wildcard characters at pos 2', 1, 21, 'a'],
  ['a range upside down', '{"a": {"b": [{"numeric": [">", 5, "<", 1]}]}}', 'Bottom must be less than top', 1, 41, 'a.b'],
  ['a number no double holds', '{"a": [{"numeric": ["=", 1e400]}]}', 'Cannot compare number : 1e400', 1, 31, 'a'],
  ['a mask too long', '{"a": [{"cidr": "10.0.0.0/32"}]}', 'IPv4 mask bits must be < 32', 1, 17, 'a'],
  ['one arm of $or', '{"a": {"$or": [{"b": ["c"]}]}}', 'There must have at least 2 Objects in $or relationship.', 1, 28, 'a.$or'],
  [
    'a reserved name in $or',
    '{"$or": [{"prefix": ["b"]}, {"c": ["d"]}]}',
    'prefix is Ruler reserved fieldName which cannot be used inside $or.',
    1,
    11,
    'prefix',
  ],
  ['too many like wildcards', '{"a": [{"wildcard": "*:*:*:*:*:event-bus/*"}]}', 'Rule is too complex', 1, 2, 'a'],
  ['a list as pattern', '["a"]', 'Filter is not an object', 1, 1, undefined],
  ['no text at all', ' ', 'Filter is not an object', 1, 1, undefined],
  ['another spelling of the smallest double', '{"a": [{"anything-but": 5e-324}]}', 'Cannot compare number : 5e-324', 1, 25, 'a'],
  ['stars behind half a surrogate pair', '{"a": [{"wildcard": "\\ud83d**"}]}', 'Consecutive wildcard characters at pos 2', 1, 21, 'a'],
  ['text after the pattern', '{"a": ["b"]} x', 'Unexpected character', 1, 14, undefined],
  ['a missing brace', '{"a": ["b"]', 'Unexpected end-of-input', 1, 12, 'a'],
];

for (const [name, pattern, reason, line, column, path] of cases)
  test(`refuses ${name} with EventBridge's words, the place and a hint`, () => {
    const error = refusal(pattern);
    assert.ok(error.message.startsWith(`Event pattern is not valid. Reason: ${reason}`), error.message);
    assert.deepEqual({ line: error.line, column: error.column, path: error.path }, { line, column, path });
    assert.equal(error.source, 'my-rule');
    assert.ok((error.help ?? '').length > 10, 'a hint');
  });

test('a pattern nested deeper than EventBridge reads is refused, a million levels too', () => {
  assert.match(refusal(`${'{"a":'.repeat(1_000_000)}["x"]${'}'.repeat(1_000_000)}`).message, /nesting depth/);
  parsePattern(`${'{"a":'.repeat(999)}["x"]${'}'.repeat(999)}`);
});

test('a pattern whose $or multiplies without end is refused before it fills the memory', () => {
  const arms = Object.fromEntries(Array.from({ length: 40 }, (_, level) => [`k${level}`, { $or: [{ a: ['1'] }, { b: ['2'] }] }]));
  assert.throws(() => compile([{ name: 'rule', pattern: arms }]), /too complex - try using fewer \$or/);
});

test('the parsed form keeps places, paths and what each matcher wants', () => {
  const text = '{"detail": {\n "f": ["a", {"suffix": {"equals-ignore-case": ".PNG"}}, 5.0,\n  {"numeric": [">", 0, "<=", 5]}]}}';
  const [leaf] = leavesOf(parsePattern(text).root);
  assert.equal(leaf?.key.path, 'detail.f');
  assert.deepEqual(placeAt(text, leaf?.key.at ?? 0), { line: 2, column: 2 });
  assert.deepEqual(placeAt(text, leaf?.matchers[3]?.at ?? 0), { line: 3, column: 3 });
  const kinds = leaf?.matchers.map(({ at, end, ...matcher }) => [text.slice(at, end), matcher]);
  assert.deepEqual(kinds, [
    ['"a"', { kind: 'string', value: 'a' }],
    ['{"suffix": {"equals-ignore-case": ".PNG"}}', { kind: 'suffix', value: '.PNG', ignoreCase: true }],
    ['5.0', { kind: 'number', text: '5.0', value: 5 }],
    ['{"numeric": [">", 0, "<=", 5]}', { kind: 'numeric', low: { value: 0, inclusive: false }, high: { value: 5, inclusive: true } }],
  ]);
});

test('a line and column lead back to the offset they were made of', () => {
  const text = '{\n\n "a": [\r\n"b"]}\n';
  for (let offset = 0; offset <= text.length; offset++) assert.equal(offsetAt(text, placeAt(text, offset)), offset);
});

test('$or multiplies branches, and a later leaf of the same path takes the place of an earlier one', () => {
  const { root } = parsePattern('{"a": ["1"], "$or": [{"b": ["2"]}, {"c": ["3"], "a": ["4"]}], "b": ["5"]}');
  const branches = branchesOf(root).map((branch) =>
    [...branch].map(([path, leaf]) => [path, leaf.matchers.map((each) => 'value' in each && each.value)]),
  );
  assert.deepEqual(branches, [
    [
      ['a', ['1']],
      ['b', ['5']],
    ],
    [
      ['a', ['4']],
      ['c', ['3']],
      ['b', ['5']],
    ],
  ]);
});

// One limit, for all who speak of it. The last two are the same characters after five stars in a row.
const limited: [wildcard: string, complexity: number, compile: 'takes' | 'refuses', lint: string[]][] = [
  ['*a*a*a*a*b*', 10, 'takes', []],
  ['*a*b*c*d*e*f*g*h*', 10, 'takes', []],
  ['*001:*b8:0:*0:0:0*:0:*1*', 11, 'takes', ['too-many-wildcards']],
  ['aaa*aaa*aa*aaaaa*aaa*b', 18, 'takes', ['too-many-wildcards']],
  ['*:*:*:*:*:event-bus', 10, 'takes', []],
  ['*:*:*:*:*:event-bus/*', 11, 'refuses', ['invalid-pattern']],
];
for (const [wildcard, complexity, verdict, findings] of limited)
  test(`of ${wildcard}, complexity ${complexity}, compile ${verdict} it and lint says ${findings[0] ?? 'nothing'}`, () => {
    const matcher = { kind: 'wildcard' as const, value: wildcard, parts: wildcardParts(wildcard), at: 0, end: 0 };
    const key = { name: 'x', path: 'x', at: 0, end: 0 };
    const leaf = { kind: 'leaf' as const, key, matchers: [matcher], at: 0, end: 0 };
    assert.equal(wildcardComplexity(leaf), complexity);
    assert.equal(isTooComplex(leaf), findings.length > 0);
    const pattern = { source: ['cloudtrail.iam'], detail: { userAgent: [{ wildcard }] } };
    const compiling = () => compile([{ name: 'rule', pattern }]);
    if (verdict === 'takes') compiling();
    else assert.throws(compiling, /Rule is too complex/);
    assert.deepEqual(
      lint([{ name: 'rule', pattern }]).map(({ id }) => id),
      findings,
    );
  });

// Event Ruler 2.1.0's own numbers for these wildcards.
const complexities: [string, number][] = [
  ['/Users/*/doc.txt', 2],
  ['*/dir/*', 4],
  ['/Users/*/dir/dir/dir/dir/dir/doc.txt', 7],
  ['*001:*b8:0:*0:0:0*:0:*1*', 11],
  ['*rn:aws*iam::1111*22223*33*u*s*r*/bob', 12],
  ['aaa*aaa*aa*aaaaa*aaa*b', 18],
];
for (const [wildcard, complexity] of complexities)
  test(`counts the complexity of ${wildcard} as Event Ruler does`, () => {
    const [leaf] = leavesOf(parsePattern({ a: [{ wildcard }] }).root);
    assert.equal(leaf && wildcardComplexity(leaf), complexity);
  });
