// Every door has a contract, every maker of it has a name, and keeps the contract under just this name.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { doorsIn, makersIn, namelessIn } from './makers.ts';

const ROOT = join(import.meta.dirname, '../..');

const textsIn = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(ROOT, folder, name), 'utf8'));

const DOOR_FILES = ['events/doors.ts', 'events/digest/doors.ts', 'events/detect/doors.ts', 'events/bus/delivery.ts'];
const doors = doorsIn(DOOR_FILES.map((file) => readFileSync(join(ROOT, file), 'utf8')));
const rooms = ['aws', 'local', 'cli', 'events', 'functions', 'serverless', 'samples', 'test/fakes'].flatMap(textsIn);
const makers = makersIn(rooms, doors);

/** Who keeps which contract: the contract's name and, first in what it was run under, the maker's. */
const kept = textsIn('test').flatMap((text) =>
  [...text.matchAll(/^ *(\w+)Contract\(\s*'(\w+)[^']*'/gm)].map(([, contract, maker]) => `${contract} ${maker}`),
);

const contractOf = (door: string) => (door === 'ObjectStore' ? 'store' : `${door[0]!.toLowerCase()}${door.slice(1)}`);

test('every door has a contract', () => {
  assert.ok(doors.length >= 15, doors.join());
  const contracts = new Set(kept.map((each) => each.split(' ')[0]));
  assert.deepEqual(
    doors.filter((door) => !contracts.has(contractOf(door))),
    [],
  );
});

test('docs/architecture.md names every door', () => {
  const page = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');
  assert.deepEqual(
    doors.filter((door) => !page.includes(`\`${door}\``)),
    [],
  );
});

test('a door is made by a class or function with a name: an object would escape its contract', () => {
  assert.deepEqual(namelessIn(rooms, doors), []);
});

test('every maker of a door keeps its contract', () => {
  assert.ok(makers.length >= 28, JSON.stringify(makers));
  assert.deepEqual(
    makers.filter(({ maker, door }) => !kept.includes(`${contractOf(door)} ${maker}`)).map(({ maker, door }) => `${maker} is a ${door}`),
    [],
  );
});

const made: [how: string, text: string, makers: string[]][] = [
  ['a class', 'export class One implements Bus {', ['One Bus']],
  ['a class that is something else too', 'class One implements Other, Bus {', ['One Bus']],
  ['a class that is two doors', 'class One implements Bus, Put {', ['One Bus', 'One Put']],
  ['a class whose parent is one', 'class One implements Bus {}\nclass Two<T> extends One {', ['One Bus', 'Two Bus']],
  ['a class without a name', 'const one = class implements Bus {', ['class Bus']],
  ['a function', 'function one(given: string): Bus {', ['one Bus']],
  ['a function that takes functions', 'export function one(given: (a: string) => void = () => {}): Put {', ['one Put']],
  ['a function that gives it later', 'async function one(): Promise<Bus> {', ['one Bus']],
  ['an arrow', 'const one = (given: string): Bus => ({', ['one Bus']],
  ['a method', '  open(): Bus {', ['open Bus']],
  ['no signature', 'interface One { open(): Bus; put: Put; make: () => Bus }', []],
  ['no class of another name', 'class One implements BusLine {', []],
  ['no comment', '// class One implements Bus {\n/* class One implements Bus { */', []],
];
for (const [how, text, expected] of made)
  test(`makers of doors are found: ${how}`, () =>
    assert.deepEqual(
      makersIn([text], ['Bus', 'Put']).map(({ maker, door }) => `${maker} ${door}`),
      expected,
    ));

const nameless = [
  'const one: Bus = {',
  'return { put } as Bus;',
  'const one = { put } satisfies Bus;',
  'private bus: Bus = make();',
  '<Bus>{',
];
for (const text of nameless) test(`no door is made by \`${text}\``, () => assert.equal(namelessIn([text], ['Bus']).length, 1));
