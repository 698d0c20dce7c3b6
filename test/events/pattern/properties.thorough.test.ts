// The engine against the reference on random patterns and events; adding and removing rules; work that grows with the text and no faster.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compile } from '../../../events/pattern/index.ts';
import { LazyDfa } from '../../../events/pattern/lazydfa.ts';
import { Nfa } from '../../../events/pattern/nfa.ts';
import { referenceMatches } from './reference.ts';

const seed = Number(process.env['SEED'] ?? 20261122);
function check<T>(property: fc.IRawProperty<T, false>, numRuns: number): void {
  fc.assert(property, { seed, numRuns });
}
test.before(() => console.log(`pattern properties: seed ${seed} (set SEED to try another)`));

type Fields = Parameters<typeof referenceMatches>[0];

const keys = fc.constantFrom('a', 'a', 'b', 'a.b', 'é', '__proto__');
const texts = fc.constantFrom(
  ...['', 'a', 'A', 'ab', 'aab', 'abab', 'Foo', 'foo', 'é', 'É', 'ß', 'SS', 'x*y', 'x\\y', 'a"b', '日本', '😀', 'null', '5'],
  ...['10.0.0.1', '10.1.2.3', '2001:db8::1', '2001:DB8:0:0:0:0:0:1', 'ec2.amazonaws.com'],
);
const someText = texts.filter((text) => text !== '');
const numbers = fc.constantFrom(0, 1, -1, 5, 5.5, 0.1, 100, 1e21, -122.42916360922355);
const scalars = fc.oneof(texts, numbers, fc.constantFrom(true, false, null));

/** A text with stars put in; stars and backslashes of its own escaped. */
const wildcards = fc.tuple(texts, fc.array(fc.nat(6), { maxLength: 3 })).map(([text, places]) => {
  const pieces = [...text].map((character) => character.replace(/[*\\]/, '\\$&'));
  for (const place of places) pieces.splice(place, 0, '*');
  return pieces.join('').replace(/(?<!\\)((?:\\\\)*)\*+/g, '$1*');
});
const oneOrMany = <T>(values: fc.Arbitrary<T>) => fc.oneof(values, fc.array(values, { minLength: 1, maxLength: 3 }));
const ranges = fc.oneof(
  fc.tuple(fc.constantFrom('=', '<', '<=', '>', '>='), numbers),
  fc.tuple(fc.constantFrom('>', '>='), numbers, fc.constantFrom('<', '<='), numbers).filter((range) => range[1] < range[3]),
);
const matchers = fc.oneof(
  { weight: 4, arbitrary: scalars },
  texts.map((text) => ({ prefix: text })),
  texts.map((text) => ({ suffix: text })),
  texts.map((text) => ({ prefix: { 'equals-ignore-case': text } })),
  texts.map((text) => ({ suffix: { 'equals-ignore-case': text } })),
  texts.map((text) => ({ 'equals-ignore-case': text })),
  wildcards.map((text) => ({ wildcard: text })),
  oneOrMany(texts).map((values) => ({ 'anything-but': values })),
  oneOrMany(numbers).map((values) => ({ 'anything-but': values })),
  oneOrMany(someText).map((values) => ({ 'anything-but': { prefix: values } })),
  oneOrMany(someText).map((values) => ({ 'anything-but': { suffix: values } })),
  oneOrMany(texts).map((values) => ({ 'anything-but': { 'equals-ignore-case': values } })),
  oneOrMany(wildcards).map((values) => ({ 'anything-but': { wildcard: values } })),
  ranges.map((range) => ({ numeric: range })),
  fc.boolean().map((exists) => ({ exists })),
  fc.constant({ exists: false }),
  fc.constantFrom('10.0.0.0/8', '10.0.0.0/24', '2001:db8::/32', '0.0.0.0/1').map((cidr) => ({ cidr })),
);

/** An object with own keys only, `__proto__` among them. */
const record = (entries: [string, unknown][]): Fields => Object.fromEntries(entries) as Fields;
const objects = (values: fc.Arbitrary<unknown>, minLength: number) =>
  fc.array(fc.tuple(keys, values), { minLength, maxLength: 3 }).map(record);

const leaves = fc.array(matchers, { minLength: 1, maxLength: 3 });
const inner = objects(fc.oneof({ weight: 3, arbitrary: leaves }, { weight: 1, arbitrary: objects(leaves, 1) }), 1);
const arms = fc.array(inner, { minLength: 2, maxLength: 3 });
const nested = fc.tuple(inner, fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: arms }));
const withArms = nested.map(([fields, or]) => (or.length === 0 ? fields : record([...Object.entries(fields), ['$or', or]])));
const pattern = fc
  .tuple(objects(fc.oneof({ weight: 2, arbitrary: leaves }, { weight: 1, arbitrary: withArms }), 1), withArms)
  .chain(([fields, other]) => fc.constantFrom(fields, fields, other));
const { event } = fc.letrec<{ event: Fields; value: unknown }>((tie) => ({
  value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, scalars, fc.array(tie('value'), { maxLength: 3 }), tie('event')),
  event: objects(tie('value'), 0),
}));

const verdict = (matched: string[]): boolean => matched.length > 0;

test('the engine agrees with the reference, from text, from bytes and parsed', () => {
  let matched = 0;
  const property = fc.property(pattern, fc.array(event, { minLength: 1, maxLength: 4 }), (given, events) => {
    const rules = compile([{ name: 'rule', pattern: given }]);
    for (const each of events) {
      const wanted = referenceMatches(given, each);
      const text = JSON.stringify(each);
      matched += Number(wanted);
      assert.equal(verdict(rules.matchText(text)), wanted, `text: ${text}`);
      assert.equal(verdict(rules.matchText(new TextEncoder().encode(text))), wanted, `bytes: ${text}`);
      assert.equal(verdict(rules.match(each)), wanted, `parsed: ${text}`);
    }
  });
  check(property, 3000);
  assert.ok(matched > 500, `only ${matched} events matched: the generator says too little`);
});

test('rules compiled together answer as each of them alone, in rule order', () => {
  const property = fc.property(
    fc.array(pattern, { minLength: 2, maxLength: 12 }),
    fc.array(event, { minLength: 1, maxLength: 4 }),
    (given, events) => {
      const rules = given.map((each, index) => ({ name: `rule${index}`, pattern: each }));
      const together = compile(rules);
      for (const each of events)
        assert.deepEqual(
          together.matchText(JSON.stringify(each)),
          rules.filter((rule) => referenceMatches(rule.pattern, each)).map((rule) => rule.name),
        );
    },
  );
  check(property, 400);
});

test('removing what was added leaves nothing behind', () => {
  const property = fc.property(
    fc.array(pattern, { minLength: 1, maxLength: 6 }),
    fc.array(pattern, { minLength: 1, maxLength: 6 }),
    event,
    (kept, gone, each) => {
      const rules = compile(kept.map((given, index) => ({ name: `kept${index}`, pattern: given })));
      const before = { names: rules.matchText(JSON.stringify(each)), size: rules.size };
      gone.forEach((given, index) => {
        rules.add({ name: `gone${index}`, pattern: given });
      });
      rules.matchText(JSON.stringify(each));
      gone.forEach((_, index) => {
        assert.equal(rules.remove(`gone${index}`), true);
      });
      assert.deepEqual({ names: rules.matchText(JSON.stringify(each)), size: rules.size }, before);
      kept.forEach((_, index) => {
        rules.remove(`kept${index}`);
      });
      assert.deepEqual(rules.size, { rules: 0, fields: 0, clauses: 0 });
      assert.deepEqual(rules.matchText(JSON.stringify(each)), []);
    },
  );
  check(property, 300);
});

/** Nodes looked at in reading a text once, no transition being known before. */
function stepsFor(parts: string[], text: string): number {
  const nfa = new Nfa();
  nfa.add({ parts, ignoreCase: false });
  const lazyDfa = new LazyDfa(nfa);
  let state = lazyDfa.start;
  for (const byte of Buffer.from(text)) {
    const next = lazyDfa.table[state + lazyDfa.classes[byte]!]!;
    state = next >= 0 ? next : lazyDfa.advance(state, lazyDfa.classes[byte]!);
  }
  return lazyDfa.steps;
}

test('a wildcard costs at most its own length for each byte, however many stars it has', () => {
  const pieces = fc.array(fc.stringMatching(/^a{0,3}b?$/), { minLength: 1, maxLength: 12 });
  const property = fc.property(pieces, fc.stringMatching(/^[ab]{0,300}$/), (parts, text) => {
    const nodes = parts.join('*').length + 1;
    // Two looks a node: once to read the byte, once to add what follows without reading.
    assert.ok(stepsFor(parts, text) <= 2 * nodes * (text.length + 1));
  });
  check(property, 500);
  const stars = 'a*'.repeat(20).split('*');
  const growth = stepsFor(stars, 'a'.repeat(20_000)) - stepsFor(stars, 'a'.repeat(10_000));
  assert.ok(growth <= 2 * 41 * 10_000, 'twice the text takes no more than twice the work');
});
