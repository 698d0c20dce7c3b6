// What lint calls covered by another rule, over random patterns and events.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compile } from '../../../../events/pattern/index.ts';
import { lint } from '../../../../events/pattern/lint/index.ts';

const value = fc.constantFrom('a', 'ab', 'b', 'A', '10.0.0.1', '2001:db8::1', '2001:DB8:0::1', 1, 5, true, null);
const matcher = fc.oneof(
  value,
  fc.constantFrom<object[]>(
    ...[
      { prefix: 'a' },
      { prefix: '2001:d' },
      { suffix: 'b' },
      { prefix: { 'equals-ignore-case': 'A' } },
      { 'equals-ignore-case': 'a' },
      { wildcard: 'a*' },
    ],
    ...[
      { 'anything-but': 'a' },
      { 'anything-but': ['a', 'b'] },
      { 'anything-but': 1 },
      { 'anything-but': { prefix: 'a' } },
      { exists: true },
      { exists: false },
    ],
    ...[{ numeric: ['>', 0] }, { numeric: ['>', 1, '<=', 5] }, { cidr: '10.0.0.0/8' }, { cidr: '10.0.0.0/16' }, { cidr: '2001:db8::/32' }],
  ),
);
const list = fc.array(matcher, { minLength: 1, maxLength: 3 });
const key = fc.constantFrom('x', 'y');
const leaves = fc.dictionary(key, fc.oneof(list, fc.dictionary(key, list, { minKeys: 1, maxKeys: 2 })), { minKeys: 1, maxKeys: 2 });
const pattern = fc.oneof(
  leaves,
  fc.tuple(leaves, fc.array(leaves, { minLength: 2, maxLength: 2 })).map(([rest, arms]) => ({ ...rest, $or: arms })),
);
const { node } = fc.letrec((tie) => ({
  node: fc.oneof({ maxDepth: 3 }, value, fc.array(tie('node'), { maxLength: 3 }), fc.dictionary(key, tie('node'), { maxKeys: 2 })),
}));
const event = fc.dictionary(key, node, { maxKeys: 2 });

/** Any two patterns, or two of few fields, of which one often covers the other. */
const few = fc.record({ x: list }, { requiredKeys: ['x'] });
const pairs = fc.oneof(
  fc.tuple(pattern, pattern),
  fc.tuple(pattern, few),
  fc.tuple(few, few),
  fc.tuple(
    fc.tuple(few, leaves).map(([x, y]) => ({ ...y, ...x })),
    few,
  ),
);

test('a rule said to be covered never matches what the other one doesn’t', () => {
  let covered = 0;
  fc.assert(
    fc.property(pairs, fc.array(event, { minLength: 20, maxLength: 20 }), ([narrow, wide], events) => {
      const found = lint([
        { name: 'wide', pattern: wide },
        { name: 'narrow', pattern: narrow },
      ]).find(({ id, rule }) => id === 'covered-rule' && rule === 'narrow');
      if (found === undefined) return;
      covered++;
      const rules = compile([
        { name: 'wide', pattern: wide },
        { name: 'narrow', pattern: narrow },
      ]);
      for (const each of events) {
        const names = rules.match(each);
        assert.ok(!names.includes('narrow') || names.includes('wide'), `${JSON.stringify(each)} matches ${names}`);
      }
    }),
    { numRuns: 2000, seed: 20261122 },
  );
  assert.ok(covered > 100, `only ${covered} pairs were covered`);
});
