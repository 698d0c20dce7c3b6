// The house stands as tools/house.ts draws it: imports go one way, and through the doors.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { CORE, OUTER, type Room } from '../tools/house.ts';

const ROOT = join(import.meta.dirname, '..');

/** What the pure core may use of Node: bytes, gzip and hashes; no file system, process, network or timers. */
const PURE_MODULES = new Set(['node:buffer', 'node:crypto', 'node:zlib']);

/** Pure packages that the core reads its input with. */
const CORE_PACKAGES = new Set(['yaml', 'zod']);

const HOUSE: readonly Room[] = [...CORE, ...OUTER];
const tops = [...new Set(HOUSE.map(({ path }) => path.split('/')[0]!))];

const files = tops.flatMap((top) =>
  readdirSync(join(ROOT, top), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(top, name)),
);

/** The modules a file names in import, export … from and import(). */
function importsOf(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [
    ...text.matchAll(/^\s*(?:import|export)\s[^'"]*?from\s+['"]([^'"]+)['"]|^import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm),
  ].map((match) => (match[1] ?? match[2] ?? match[3])!);
}

const ourImportsOf = (file: string) =>
  importsOf(file)
    .filter((name) => name.startsWith('.') && name.endsWith('.ts'))
    .map((name) => relative(ROOT, join(ROOT, dirname(file), name)));

/** The room a file stands in: the file itself, or the nearest folder of the table above it. */
const roomOf = (file: string): Room | undefined =>
  HOUSE.filter(({ path }) => path === file || file.startsWith(`${path}/`)).sort((left, right) => right.path.length - left.path.length)[0];

const isIn = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);

/** What is wrong with an import, or nothing. */
function faultOf(file: string, target: string): string | undefined {
  const [from, to] = [roomOf(file), roomOf(target)];
  if (from === undefined || to === undefined || from === to) return undefined;
  // Inside one wing, a wing of its own may be entered by its door only, too.
  if (to.doors !== undefined && !to.doors.includes(relative(to.path, target)) && !isIn(from.path, to.path))
    return `${file} imports ${target}, past the door of ${to.path}`;
  return mayImport(from, to) ? undefined : `${file} imports ${target}: ${from.path} may not import ${to.path}`;
}

function mayImport(from: Room, to: Room): boolean {
  const [fromAt, toAt] = [CORE.indexOf(from), CORE.indexOf(to)];
  if (fromAt >= 0) return toAt >= 0 && toAt < fromAt;
  return OUTER.find(({ path }) => path === from.path)!.mayImport.some(
    (room) => room === to.path || (room === 'events' && isIn(to.path, room)),
  );
}

test('every room of the table is there, and every file stands in a room of it', () => {
  assert.deepEqual(
    HOUSE.map(({ path }) => path).filter((path) => !existsSync(join(ROOT, path))),
    [],
  );
  assert.ok(files.length > 150, `only ${files.length} files found`);
  assert.deepEqual(
    files.filter((file) => roomOf(file) === undefined),
    [],
  );
});

test('every door of the table is there', () => {
  const doors = HOUSE.flatMap(({ path, doors: names = [] }) => names.map((name) => join(path, name)));
  assert.deepEqual(
    doors.filter((door) => !existsSync(join(ROOT, door)) || !statSync(join(ROOT, door)).isFile()),
    [],
  );
});

test('imports go one way, and into a wing by its door', () => {
  const wrong = files.flatMap((file) => ourImportsOf(file).flatMap((target) => faultOf(file, target) ?? []));
  assert.deepEqual(wrong, []);
});

test('every local import names a file that is there', () => {
  const lost = files.flatMap((file) =>
    ourImportsOf(file)
      .filter((target) => !existsSync(join(ROOT, target)))
      .map((target) => `${file} imports ${target}`),
  );
  assert.deepEqual(lost, []);
});

test('the core is pure: no packages, no file system, no environment, no clock, no timers, no chance', () => {
  const wrong = files
    .filter((file) => isIn(file, 'events'))
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
    for (const target of ourImportsOf(file)) visit(target, [...path, file]);
    state.set(file, 'done');
  };
  for (const file of files) visit(file, []);
  assert.deepEqual(cycles, []);
});
