// Every door has a contract, every maker of it is a class, and keeps the contract.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '../..');

const textsIn = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(ROOT, folder, name), 'utf8'));

const all = (texts: string[], pattern: RegExp): string[][] =>
  texts.flatMap((text) => [...text.matchAll(pattern)].map((match) => match.slice(1) as string[]));

/** Interfaces of the files of doors that have something to call. */
const doors = all(
  ['events/doors.ts', 'events/digest/doors.ts', 'events/detect/doors.ts'].map((file) => readFileSync(join(ROOT, file), 'utf8')),
  /^export interface (\w+) \{([\s\S]*?)^\}/gm,
)
  .filter(([, body]) => /^ {2}\w+(?:<\w+>)?\(/m.test(body!))
  .map(([name]) => name!);

const ROOMS = ['aws', 'local', 'cli', 'events', 'functions'];

/** Classes that make a door, with the door's name. */
const makers = ROOMS.flatMap((room) =>
  all(textsIn(room), /class (\w+) (?:extends \w+ )?implements (\w+)/g).filter(([, door]) => doors.includes(door!)),
);

/** Who keeps which contract: the name of the contract, the names it was run under. */
const kept = all(textsIn('test'), /\b(\w+)Contract\(\s*'([^']+)'/g);

const contractOf = (door: string) => (door === 'ObjectStore' ? 'store' : `${door[0]!.toLowerCase()}${door.slice(1)}`);

test('every door has a contract', () => {
  assert.ok(doors.length >= 12, doors.join());
  const contracts = new Set(kept.map(([contract]) => contract));
  assert.deepEqual(
    doors.filter((door) => !contracts.has(contractOf(door))),
    [],
  );
});

test('a door is made by a class: what else makes one would escape its contract', () => {
  const names = doors.join('|');
  const loose = new RegExp(
    `\\b(?:const|let) (\\w+): (?:${names}) = \\{|\\b(\\w+) = [^;]*\\): (?:${names}) => \\(?\\{|as (?:${names})\\b`,
    'g',
  );
  assert.deepEqual(
    ROOMS.flatMap((room) => all(textsIn(room), loose).map(([name, maker]) => name ?? maker)),
    [],
  );
});

test('every maker of a door keeps its contract', () => {
  assert.ok(makers.length >= 18, makers.join(' '));
  const keeps = (maker: string, door: string) => kept.some(([contract, name]) => contract === contractOf(door) && name!.startsWith(maker));
  assert.deepEqual(
    makers.filter(([maker, door]) => !keeps(maker!, door!)).map(([maker, door]) => `${maker} is a ${door}`),
    [],
  );
});
