// docs/deploy.md speaks of the parameters that the stack has.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { defaults } from '../../serverless/parameters.ts';
import { readPage } from '../../tools/docs.ts';

const ROOT = join(import.meta.dirname, '../..');
const page = readPage('deploy.md');

test('the tables name every parameter once, with its default', () => {
  const rows = [...page.matchAll(/^\| `(\w+)` \| (?:`([^`]*)`)? ?\| [A-Z"`].*\. \|$/gm)].map(([, name, value = '']) => [name, value]);
  assert.deepEqual(
    Object.fromEntries(rows.filter(([name]) => name! in defaults)),
    Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, String(value)])),
  );
});

test('what the pages give with --param are parameters', () => {
  const pages = [
    'README.md',
    ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => join('docs', name)),
  ];
  const given = pages.flatMap((name) => [...readFileSync(join(ROOT, name), 'utf8').matchAll(/--param (\w+)=/g)].map((match) => match[1]!));
  assert.ok(given.length > 4, given.join());
  assert.deepEqual(
    given.filter((name) => !(name in defaults)),
    [],
  );
});
