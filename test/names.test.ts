// One word for one thing: a name that others see, and a type's name, is declared in one file, and nobody calls it something else.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '..');
const ROOMS = ['events', 'aws', 'local', 'targets', 'responses', 'checks', 'functions', 'cli', 'serverless'];

/** What Lambda and the command look for in every file of its kind. */
const BY_CONVENTION = new Set(['main']);

const sources = ROOMS.flatMap((room) => {
  try {
    const names = readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' });
    return names.filter((name) => name.endsWith('.ts')).map((name) => join(room, name));
  } catch {
    return [];
  }
});
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
  const exported = new Set(declared.filter(({ isExported }) => isExported).map(({ name }) => name));
  const seen = declared.filter(({ name, isType }) => isType || exported.has(name));
  assert.deepEqual(
    twice(seen).filter(([name]) => !BY_CONVENTION.has(name) && !UNIVERSAL.has(name)),
    [],
  );
});

test('nothing of ours is imported or handed on under another name', () => {
  const renamed = sources.flatMap((file) =>
    [...textOf(file).matchAll(/^(?:import|export) (?:type )?\{([^}]*)\} from '\.[^']*'/gm)]
      .flatMap(([, list]) => list!.split(','))
      .filter((each) => / as /.test(each))
      .map((each) => `${file}: ${each.trim()}`),
  );
  assert.deepEqual(renamed, []);
});

test('members are private by the word, not by #', () => {
  assert.deepEqual(
    sources.filter((file) => /\bthis\.#|^\s+(?:readonly |static |async |get )*#[a-z]/m.test(textOf(file))),
    [],
  );
});
