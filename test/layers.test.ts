import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '..');

/** What each room may import from, besides itself. */
const MAY_SEE: Record<string, string[]> = {
  events: [],
  aws: ['events'],
  local: ['events'],
  targets: ['events', 'aws', 'local'],
  responses: ['events', 'aws', 'local'],
  checks: ['events', 'aws', 'local'],
  functions: ['events', 'aws', 'targets', 'responses', 'checks'],
  cli: ['events', 'aws', 'local', 'targets', 'responses', 'checks'],
};

/** What the pure core may use of Node: bytes, gzip and hashes; no file system, process, network or timers. */
const PURE_MODULES = new Set(['node:buffer', 'node:crypto', 'node:zlib']);

/** Pure packages that the core reads its input with. */
const CORE_PACKAGES = new Set(['yaml', 'zod']);

const files = Object.keys(MAY_SEE).flatMap((room) => sourcesOf(room));

function sourcesOf(room: string): string[] {
  try {
    const names = readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' });
    return names.filter((name) => name.endsWith('.ts')).map((name) => join(room, name));
  } catch {
    return [];
  }
}

/** The modules a file names in import, export … from and import(). */
function importsOf(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [
    ...text.matchAll(/^\s*(?:import|export)\s[^'"]*?from\s+['"]([^'"]+)['"]|^import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm),
  ].map((match) => (match[1] ?? match[2] ?? match[3])!);
}

const local = (file: string) =>
  importsOf(file)
    .filter((name) => name.startsWith('.'))
    .map((name) => relative(ROOT, join(ROOT, dirname(file), name)));
const roomOf = (file: string) => file.split('/')[0]!;

test('the rooms are there', () => assert.ok(files.length > 30, `only ${files.length} files found`));

test('imports go one way', () => {
  const wrong = files.flatMap((file) =>
    local(file)
      .filter((target) => target.endsWith('.ts') && roomOf(target) !== roomOf(file) && !MAY_SEE[roomOf(file)]!.includes(roomOf(target)))
      .map((target) => `${file} imports ${target}`),
  );
  assert.deepEqual(wrong, []);
});

test('every local import names a file that is there', () => {
  const known = new Set(files);
  const lost = files.flatMap((file) =>
    local(file)
      .filter((target) => target.endsWith('.ts') && !known.has(target))
      .map((target) => `${file} imports ${target}`),
  );
  assert.deepEqual(lost, []);
});

test('the core is pure: no packages, no file system, no environment, no clock, no timers, no chance', () => {
  const wrong = files
    .filter((file) => roomOf(file) === 'events')
    .flatMap((file) => [
      ...importsOf(file)
        .filter((name) => !name.startsWith('.') && !PURE_MODULES.has(name) && !CORE_PACKAGES.has(name))
        .map((name) => `${file} imports ${name}`),
      ...[
        ...readFileSync(join(ROOT, file), 'utf8').matchAll(
          /\bprocess\.(env|std|argv|exit)|\bDate\.now\(|\bnew Date\(\)|\bfetch\(|\bset(Timeout|Interval|Immediate)\(|\bMath\.random\b/g,
        ),
      ].map((match) => `${file} uses ${match[0]}`),
    ]);
  assert.deepEqual(wrong, []);
});

test('there are no import cycles', () => {
  const cycles: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const visit = (file: string, path: string[]): void => {
    if (state.get(file) === 'done') return;
    if (state.get(file) === 'open') {
      cycles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
      return;
    }
    state.set(file, 'open');
    for (const target of local(file)) visit(target, [...path, file]);
    state.set(file, 'done');
  };
  for (const file of files.filter((name) => name.endsWith('.ts'))) visit(file, []);
  assert.deepEqual(cycles, []);
});
