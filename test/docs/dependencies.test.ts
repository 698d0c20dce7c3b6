// docs/dependencies.md against package.json: a line and a reason for each, each pinned.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '../..');
const page = readFileSync(join(ROOT, 'docs/dependencies.md'), 'utf8');
const { dependencies, devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Record<
  'dependencies' | 'devDependencies',
  Record<string, string>
>;

const named = [...page.matchAll(/`([^`]+)`/g)].map((match) => match[1]!);
const isNamed = (name: string) => named.some((entry) => entry === name || (entry.endsWith('*') && name.startsWith(entry.slice(0, -1))));

test('every dependency has its line and its reason', () => {
  assert.deepEqual(
    Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !isNamed(name)),
    [],
  );
});

test('every dependency is pinned exactly', () => {
  const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
    ([, version]) => !/^(npm:osls@)?\d+\.\d+\.\d+$/.test(version),
  );
  assert.deepEqual(loose, []);
});
