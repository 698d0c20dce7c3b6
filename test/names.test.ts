// One word for one thing: a name that others see, and a type's name, is declared in one file, and nobody calls it something else.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '..');
const HOUSE = ['events', 'aws', 'local', 'functions', 'cli', 'serverless'];
const BESIDE = ['samples', 'tools', 'bench', 'test'];

/** What Lambda and the command look for in every file of its kind. */
const BY_CONVENTION = new Set(['main']);

const sources = [...HOUSE, ...BESIDE].flatMap((room) =>
  readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:ts|mjs|cjs)$/.test(name))
    .map((name) => join(room, name)),
);
const textOf = (file: string) => readFileSync(join(ROOT, file), 'utf8');

/** At the top of a file: whether it is exported, what it is, and its name, or names in braces. */
const DECLARATION =
  /^(export )?(?:declare )?(?:async )?(?:abstract )?(function\*?|class|interface|type|const|let) (?:\{([^}]*)\}(?! from)|([A-Za-z_$][\w$]*))/gm;

interface Declared {
  file: string;
  name: string;
  isExported: boolean;
  isType: boolean;
}

/** The names a file declares; what it only hands on is another file's. */
const declaredIn = (file: string): Declared[] =>
  [...textOf(file).matchAll(DECLARATION)].flatMap(([, exported, kind = '', list, single]) =>
    (single === undefined ? list!.split(',') : [single]).map((name) => ({
      ...{ file, name: name.trim(), isExported: exported !== undefined, isType: /^(class|interface|type)$/.test(kind) },
    })),
  );

const declared = sources.flatMap(declaredIn);
const isInHouse = ({ file }: Declared) => HOUSE.some((room) => file.startsWith(`${room}/`));

/** Names with the files that declare them, of those declared in more than one. */
function twice(names: readonly Declared[]): [name: string, files: string[]][] {
  const places = new Map<string, Set<string>>();
  for (const { name, file } of names) places.set(name, (places.get(name) ?? new Set()).add(file));
  return [...places].filter(([, files]) => files.size > 1).map(([name, files]) => [name, [...files]]);
}

test('an exported name is declared in one file', () => {
  const exported = declared.filter(({ isExported }) => isExported);
  assert.ok(exported.length > 300, `only ${exported.length} names found`);
  assert.deepEqual(
    twice(exported).filter(([name]) => !BY_CONVENTION.has(name)),
    [],
  );
});

/** Words that mean the same wherever they stand, though each file has its own. */
const UNIVERSAL = new Set([
  'Statement', // of an IAM policy, made or read
  'Path', // the keys that lead to a place in YAML
  'optional', // a field that may be missing
  'tracing', // X-Ray's
  'whyOff', // of a detection
]);

test('a type that stands in two files, and a name that is exported and stands elsewhere, is one of few universal words', () => {
  const exported = new Set(declared.filter((each) => each.isExported && isInHouse(each)).map(({ name }) => name));
  // What a sample, a tool, a measurement or a test keeps to itself is its own.
  const seen = declared.filter(isInHouse).filter(({ name, isType }) => isType || exported.has(name));
  assert.deepEqual(
    twice(seen).filter(([name]) => !BY_CONVENTION.has(name) && !UNIVERSAL.has(name)),
    [],
  );
});

/** Names that are given to what has one: in an import of ours, in what is handed on, as a type or value that is another and no more. */
function secondNamesIn(text: string, known: ReadonlySet<string>): string[] {
  const lists = [...text.matchAll(/^(?:import|export) (?:type )?\{([^}]*)\}(?: from '(?<from>[^']*)')?/gm)]
    .filter(({ groups }) => groups?.['from']?.startsWith('.') ?? true)
    .flatMap(([, list]) => list!.split(',').filter((each) => / as /.test(each)));
  const others = [...text.matchAll(/^(?:export )?(?:type|const) \w+(?:<[^>]*>)?(?:: [^=]+)? = (\w+)(?:<[^>;]*>)?;/gm)];
  return [...lists, ...others.filter(([, name]) => known.has(name!)).map(([line]) => line)].map((each) => each.trim());
}

test('nothing of ours has a second name', () => {
  const known = new Set(declared.filter(({ isExported, isType }) => isExported || isType).map(({ name }) => name));
  assert.deepEqual(
    sources.flatMap((file) => secondNamesIn(textOf(file), known).map((each) => `${file}: ${each}`)),
    [],
  );
});

const second = [
  "import { toEntry as entryOf } from '../entry.ts';",
  "import {\n  type Entry,\n  type WireEntry as Wire,\n} from '../entry.ts';",
  "export { x as toEntry } from './entry.ts';",
  'export { x as toEntry };',
  'export type Wire = WireEntry;',
  'type Wire<T> = WireEntry<T>;',
  'export const entryOf = toEntry;',
];
for (const text of second)
  test(`a second name is found in \`${text.replaceAll('\n', '')}\``, () =>
    assert.equal(secondNamesIn(text, new Set(['WireEntry', 'toEntry'])).length, 1));

test('a value of its own, a package’s name and a word of the language are no second names', () => {
  const text = "import { a as b } from 'package';\nexport type A = string;\nconst c = other;\nexport const d = toEntry(1);";
  assert.deepEqual(secondNamesIn(text, new Set(['toEntry'])), []);
});

/** Lambda's own word, and an attribute of tables that are deployed. */
const THEIR_OWN = new Set(['getRemainingTimeInMillis', 'millis']);

test('a name for a time in milliseconds ends in Ms', () => {
  const named = sources.flatMap((file) =>
    [...textOf(file).matchAll(/^(?! *(?:\/?\*|\/\/)).*?\b(\w*milli(?:s|seconds))(?=\??:| =|\))/gim)].map(([, name]) => [file, name!]),
  );
  assert.deepEqual(
    named.filter(([, name]) => !THEIR_OWN.has(name!)),
    [],
  );
});

test('members are private by the word, not by #', () => {
  assert.deepEqual(
    sources.filter((file) => /\bthis\.#|^\s+(?:readonly |static |async |get )*#[a-z]/m.test(textOf(file))),
    [],
  );
});
