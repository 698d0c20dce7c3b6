// YAML read by a schema: every fault with its place.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as z from 'zod';
import { checkYaml, FileError, nodeAt, nodeExactlyAt, readYaml } from '../../events/yamlfile.ts';

const schema = z.strictObject({
  name: z.string().min(1).max(10).optional(),
  count: z.int().min(2).max(9).optional(),
  share: z.number().max(1).optional(),
  kind: z.enum(['critical', 'high', 'low']).optional(),
  only: z.literal(true).optional(),
  tags: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
  window: z
    .union([
      z.strictObject({ threshold: z.int().min(2), within: z.string() }),
      z.strictObject({ distinct: z.string(), atLeast: z.int().min(2), within: z.string() }),
    ])
    .optional(),
  where: z
    .union([
      z.union([z.strictObject({ differ: z.tuple([z.string(), z.string()]) }), z.strictObject({ same: z.string() })]),
      z.array(z.union([z.strictObject({ differ: z.tuple([z.string(), z.string()]) }), z.strictObject({ same: z.string() })])),
    ])
    .optional(),
  lists: z.record(z.string(), z.array(z.string())).optional(),
});

const faultsOf = (text: string): string[] => {
  try {
    return readYaml(text, 'a.yaml').flatMap((each) => {
      const checked = checkYaml(each, schema);
      return 'faults' in checked ? new FileError(checked.faults).message.split('\n') : [];
    });
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return error.message.split('\n');
  }
};

const cases: [string, string, string[]][] = [
  ['nothing that is wrong', 'name: a\ncount: 3\ntags: [a]\nwindow: { threshold: 2, within: 5m }\n', []],
  ['a key that is nearly known', 'nane: a\n', ['a.yaml:1:1 `nane` is not known; did you mean `name`?']],
  [
    'a key that is like none',
    'colour: a\n',
    ['a.yaml:1:1 `colour` is not known; there are name, count, share, kind, only, tags, window, where, lists'],
  ],
  ['a number that is too small', '\ncount: 1\n', ['a.yaml:2:8 `count` must be at least 2']],
  ['a number that is too large', 'count: 10\n', ['a.yaml:1:8 `count` must be at most 9']],
  ['a part of a number', 'count: 2.5\n', ['a.yaml:1:8 `count` must be a whole number, got a number']],
  ['a text for a number', 'share: "1"\n', ['a.yaml:1:8 `share` must be a number, got text']],
  ['an empty text', "name: ''\n", ['a.yaml:1:7 `name` must have at least 1 character']],
  ['a long text', 'name: abcdefghijk\n', ['a.yaml:1:7 `name` must have at most 10 characters']],
  ['an empty list', 'tags: []\n', ['a.yaml:1:7 `tags` must have at least 1 item']],
  ['a word that is nearly one of a few', 'kind: hihg\n', ['a.yaml:1:7 `kind` must be one of critical, high, low; did you mean `high`?']],
  ['a word that is like none of a few', 'kind: 5\n', ['a.yaml:1:7 `kind` must be one of critical, high, low']],
  ['false where only true makes sense', 'only: false\n', ['a.yaml:1:7 `only` must be true']],
  ['a wrong item of a list', 'lists:\n  a: [x, [y]]\n', ['a.yaml:2:10 `lists.a[1]` must be text, got a list']],
  [
    'a key of a choice that is nearly known',
    'window: { treshold: 2, within: 5m }\n',
    ['a.yaml:1:11 `window.treshold` is not known; did you mean `threshold`?'],
  ],
  ['a choice that lacks a key', 'window: { threshold: 2 }\n', ['a.yaml:1:9 `window.within` is missing']],
  ['a choice whose value is wrong', 'window: { threshold: 1, within: 5m }\n', ['a.yaml:1:22 `window.threshold` must be at least 2']],
  [
    'keys of two choices',
    'window: { threshold: 2, distinct: a, within: 5m }\n',
    ['a.yaml:1:25 `window.distinct` does not go with the other keys here'],
  ],
  ['a choice in a choice, misspelt', 'where: { difer: [a, b] }\n', ['a.yaml:1:10 `where.difer` is not known; did you mean `differ`?']],
  [
    'a choice in a choice, misspelt in a list',
    'where:\n  - { difer: [a, b] }\n',
    ['a.yaml:2:7 `where[0].difer` is not known; did you mean `differ`?'],
  ],
  ['a choice in a choice, too short', 'where: { differ: [a] }\n', ['a.yaml:1:18 `where.differ` must have at least 2 items']],
  ['a value of no choice', 'where: 5\n', ['a.yaml:1:8 `where` must be a map, got a number']],
  [
    'everything at once, in the order of the schema',
    'naem: a\ncount: 1\nkind: x\n',
    [
      'a.yaml:2:8 `count` must be at least 2',
      'a.yaml:3:7 `kind` must be one of critical, high, low',
      'a.yaml:1:1 `naem` is not known; did you mean `name`?',
    ],
  ],
  ['a key twice', 'name: a\nname: b\n', ['a.yaml:2:1 is not YAML: Map keys must be unique']],
  ['no YAML', 'name: [a\n', ['a.yaml:2:1 is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]']],
  ['names of prototypes', '__proto__: { name: 5 }\n', ['a.yaml:1:1 `__proto__` is not known']],
  ['the name of a method', 'constructor: { name: 5 }\n', ['a.yaml:1:1 `constructor` is not known']],
];
for (const [name, text, faults] of cases)
  test(`a file with ${name}`, () => {
    const found = faultsOf(text);
    assert.deepEqual(
      found.map((fault, at) => (fault.startsWith(faults[at] ?? '?') ? faults[at] : fault)),
      faults,
    );
  });

test('a key that a prototype has is a value like any other', () => {
  const [each] = readYaml('lists: { __proto__: [a], constructor: [b] }\n', 'a.yaml');
  assert.ok(Object.hasOwn((each!.value as { lists: object }).lists, '__proto__'));
  assert.equal(({} as { 0?: string })[0], undefined);
});

test('aliases without end, and lists in lists, are refused with a place', () => {
  const laughs = [
    'a: &a [x, x, x, x, x, x, x, x, x]',
    ...'bcdefgh'.split('').map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefg'[at]}`).join(', ')}]`),
  ];
  assert.deepEqual(faultsOf(`${laughs.join('\n')}\n`), ['a.yaml:1:1 has aliases of aliases without end']);
  assert.match(faultsOf(`name: ${'['.repeat(20_000)}${']'.repeat(20_000)}\n`).join('\n'), /^a\.yaml:1:1 is nested too deep$/);
});

test('a place is found through aliases and merged maps', () => {
  const file = 'base: &base { name: a }\nother: { <<: *base, kind: low }\nlist: [*base]\nmany: { <<: [*base] }\n';
  const [each] = readYaml(file, 'a.yaml');
  const at = (...path: (string | number)[]) => nodeExactlyAt(each!.document, path)?.range?.[0];
  assert.deepEqual([at('other', 'name'), at('list', 0, 'name'), at('many', 'name')], Array(3).fill(file.indexOf('a }')));
  assert.equal(at('other', 'none'), undefined);
  assert.equal(nodeAt(each!.document, ['other', 'none', 'deeper'])?.range?.[0], file.indexOf('{ <<'));
});
