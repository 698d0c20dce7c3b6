// One word for one thing: an exported name is declared once, and nobody calls it something else.
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

const DECLARATION =
  /^export (?:declare )?(?:async )?(?:abstract )?(?:function\*?|class|interface|type|const|let) (?:\{([^}]*)\}(?! from)|([A-Za-z_$][\w$]*))/gm;

/** The names a file declares and exports; what it only hands on is another file's. */
const declaredIn = (file: string): string[] =>
  [...textOf(file).matchAll(DECLARATION)].flatMap(([, list, name]) =>
    name === undefined ? list!.split(',').map((each) => each.trim()) : [name],
  );

test('an exported name is declared in one file', () => {
  const places = new Map<string, string[]>();
  for (const file of sources) for (const name of new Set(declaredIn(file))) places.set(name, [...(places.get(name) ?? []), file]);
  assert.ok(places.size > 300, `only ${places.size} names found`);
  const twice = [...places].filter(([name, files]) => files.length > 1 && !BY_CONVENTION.has(name));
  assert.deepEqual(
    twice.map(([name, files]) => `${name}: ${files.join(', ')}`),
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
