// What holds for every check, whichever there are.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { tsImport } from 'tsx/esm/api';
import type { Check } from '../../events/advice/index.ts';
import { compile } from '../../events/pattern/index.ts';
import { lint } from '../../events/pattern/lint/index.ts';

const FOLDER = join(import.meta.dirname, '../../checks');
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.ts'));
const checks = await Promise.all(
  files.map(async (file) => ({ file, check: ((await tsImport(join(FOLDER, file), import.meta.url)) as { default: Check }).default })),
);

test('no two checks have the same id or name', () => {
  for (const said of [checks.map(({ check }) => check.id), checks.map(({ check }) => check.name)])
    assert.equal(new Set(said).size, said.length);
});

for (const { file, check } of checks) {
  test(`${file} says all of itself, and has a test`, () => {
    const { description, criteria, action, references, columns, calls } = check;
    for (const text of [description, action, ...Object.values(criteria)]) assert.ok(text.length > 15, text);
    assert.ok(Object.keys(criteria).length >= 2, 'a colour is missing');
    assert.ok(references.every((url) => url.startsWith('https://')) && references.length > 0, 'no reference');
    assert.equal(new Set(columns).size, columns.length);
    assert.ok(calls.length > 0, 'asks nothing');
    assert.ok(existsSync(join(import.meta.dirname, file.replace(/\.ts$/, '.test.ts'))), 'no test');
  });

  test(`${file} names what makes it stale by patterns that EventBridge takes`, () => {
    assert.ok(check.staleAfter.length > 0, 'nothing makes it stale');
    for (const pattern of check.staleAfter) {
      compile([{ name: check.id, pattern }]);
      const { source = [] } = pattern as { source?: string[] };
      assert.ok(source.length > 0 && source.every((name) => /^cloudtrail\.[a-z0-9-]+$/.test(name)), 'names no source of our entries');
    }
  });

  test(`${file} waits for calls that CloudTrail records`, () => {
    const found = check.staleAfter.flatMap((pattern) => lint([{ name: check.id, pattern }]));
    assert.deepEqual(
      found.map(({ id, message }) => `${id}: ${message}`),
      [],
    );
  });
}
