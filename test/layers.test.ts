// The house stands as tools/house.ts draws it: imports go one way, and through the doors.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { CORE, OUTER, type Room } from '../tools/house.ts';

const ROOT = join(import.meta.dirname, '..');

const HOUSE: readonly Room[] = [...CORE, ...OUTER];
const tops = [...new Set(HOUSE.map(({ path }) => path.split('/')[0]!))];

const files = tops.flatMap((top) =>
  readdirSync(join(ROOT, top), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(top, name)),
);

/** What the packages begin with that a file may import types of. */
const typesFreeIn = (file: string): string | undefined => roomOf(file)?.typesOf;

/**
 * The modules a file names in import, export … from and import().
 * @param typesOf  where given, types of packages that begin so are left out
 */
function importsOf(file: string, typesOf?: string): string[] {
  const whole = readFileSync(join(ROOT, file), 'utf8');
  const text = typesOf === undefined ? whole : whole.replaceAll(new RegExp(`^import type [^'"]*? from '${typesOf}[^']*'`, 'gm'), '');
  return [
    ...text.matchAll(/^\s*(?:import|export)\s[^'"]*?from\s+['"]([^'"]+)['"]|^import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm),
  ].map((match) => (match[1] ?? match[2] ?? match[3])!);
}

const ourImportsOf = (file: string) =>
  importsOf(file)
    .filter((name) => name.startsWith('.'))
    .map((name) => relative(ROOT, join(ROOT, dirname(file), name)));

/** A package without the path inside it. */
const packageOf = (name: string) => /^(?:@[^/]+\/)?[^/]+/.exec(name)![0];

const packagesOf = (file: string) =>
  importsOf(file, typesFreeIn(file))
    .filter((name) => !name.startsWith('.'))
    .map((name) => (name.startsWith('node:') ? name : packageOf(name)));

/** The room a file stands in: the file itself, its folder, or the room that names the folder as its own. */
const roomOf = (file: string): Room | undefined =>
  HOUSE.find(({ path }) => path === file) ??
  HOUSE.find(({ path, folders = [] }) => ['', ...folders].some((folder) => join(path, folder) === dirname(file)));

const isIn = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);

/** What is wrong with an import, or nothing. */
function faultOf(file: string, target: string): string | undefined {
  const [from, to] = [roomOf(file), roomOf(target)];
  if (from === undefined) return `${file} stands in no room`;
  if (to === undefined) return `${file} imports ${target}, which stands in no room`;
  if (from === to) return undefined;
  // Inside one wing, a wing of its own may be entered by its door only, too.
  if (to.doors !== undefined && !to.doors.includes(relative(to.path, target)) && !isIn(from.path, to.path))
    return `${file} imports ${target}, past the door of ${to.path}`;
  return mayImport(from, to) ? undefined : `${file} imports ${target}: ${from.path} may not import ${to.path}`;
}

/** What is wrong with an import of a package, or nothing. Outside the core Node's own modules are everybody's. */
function packageFaultOf(file: string, name: string): string | undefined {
  const room = roomOf(file);
  const isFree = name.startsWith('node:') && !isIn(file, 'events');
  return isFree || room?.packages?.includes(name) ? undefined : `${file} imports ${name}: ${room?.path} may not`;
}

function mayImport(from: Room, to: Room): boolean {
  const [fromAt, toAt] = [CORE.indexOf(from), CORE.indexOf(to)];
  if (fromAt >= 0) return toAt >= 0 && toAt < fromAt;
  return OUTER.find(({ path }) => path === from.path)!.mayImport.some(
    (room) => room === to.path || (room === 'events' && isIn(to.path, room)),
  );
}

test('every room of the table is there, and every file stands in a room of it', () => {
  const folders = HOUSE.flatMap(({ path, folders: names = [] }) => ['', ...names].map((name) => join(path, name)));
  assert.deepEqual(
    folders.filter((path) => !existsSync(join(ROOT, path))),
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

const refused: [why: string, fault: string | undefined][] = [
  ['what is no room of the house', faultOf('events/entry.ts', 'tools/house.ts')],
  ['the fakes of the tests', faultOf('events/process.ts', 'test/fakes/s3.ts')],
  ['a folder that nobody planned', faultOf('cli/run.ts', 'strange/new.ts')],
  ['a folder in a room that the table does not name', faultOf('aws/bus.ts', 'aws/strange/new.ts')],
  ['a room from a folder in it that the table does not name', faultOf('aws/strange/new.ts', 'events/entry.ts')],
  ['what stands later in the core', faultOf('events/entry.ts', 'events/process.ts')],
  ['a file behind a door', faultOf('cli/run.ts', 'events/rules/rulefile.ts')],
  ['the cloud from the core', faultOf('events/process.ts', 'aws/bus.ts')],
  ['a package in the pattern engine', packageFaultOf('events/pattern/compile.ts', 'zod')],
  ['a package that only another room of the core may have', packageFaultOf('events/entry.ts', 'yaml')],
  ['the file system in the core', packageFaultOf('events/rules/rulefile.ts', 'node:fs')],
  ['a package that the room does not name', packageFaultOf('local/objects.ts', '@aws-sdk/client-s3')],
];
for (const [why, fault] of refused) test(`the house refuses to import ${why}`, () => assert.notEqual(fault, undefined));

test('a room imports only the packages that the table gives it', () => {
  assert.deepEqual(
    files.flatMap((file) => packagesOf(file).flatMap((name) => packageFaultOf(file, name) ?? [])),
    [],
  );
});

test('every package of the table is imported', () => {
  const used = new Set(files.flatMap((file) => packagesOf(file).map((name) => `${roomOf(file)?.path} ${name}`)));
  const named = HOUSE.flatMap(({ path, packages = [] }) => packages.map((name) => `${path} ${name}`));
  assert.deepEqual(
    named.filter((each) => !used.has(each)),
    [],
  );
});

test('the core is pure: no environment, no clock, no timers, no chance', () => {
  const wrong = files
    .filter((file) => isIn(file, 'events'))
    .flatMap((file) =>
      [
        ...readFileSync(join(ROOT, file), 'utf8').matchAll(
          /\bprocess\.(env|std|argv|exit)|\bDate\.now\(|\bnew Date\(\)|\bfetch\(|\bset(Timeout|Interval|Immediate)\(|\bMath\.random\b/g,
        ),
      ].map((match) => `${file} uses ${match[0]}`),
    );
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
