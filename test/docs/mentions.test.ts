// Files that comments and pages name are there.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '../..');
const tracked = trackedFiles();
const names = new Set(tracked.map((file) => basename(file)));

/** Files as git has them, those to be added too. */
function trackedFiles(): string[] {
  return execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: ROOT, encoding: 'utf8' })
    .split('\n')
    .filter((file) => existsSync(join(ROOT, file)));
}

const isProse = (file: string) => file.endsWith('.md') && file !== 'CHANGELOG.md';
const isCode = (file: string) => /\.(ts|mjs|cjs|py|yml)$/.test(file) && !file.startsWith('samples/logs/');

/** What a comment or a page names in backticks, or as a path from the root. */
function* mentionsIn(file: string): Generator<string> {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const prose = isProse(file)
    ? text
    : [...text.matchAll(/\/\*[\s\S]*?\*\/|(?:^|\s)(?:\/\/|#) .*$/gm)].map(([comment]) => comment).join('\n');
  for (const [, name] of prose.matchAll(/`([\w./-]+\.(?:ts|mjs|cjs|py|yml|json))`/g)) yield name!;
  for (const [name] of prose.matchAll(
    /(?<![\w./-])(?:events|aws|local|cli|functions|serverless|test|tools|samples|bench|docs|localstack)\/[\w./-]+\.(?:ts|mjs|cjs|py|yml|md)\b/g,
  ))
    yield name;
}

/** Files of other people and of a run, which pages speak of too. */
const NOT_OURS = /^(package\.json|serverless\.yml|template\.json|my-.*|.*NAME.*|[._].*|cli\/commands\/x\.ts|shared\/public-keys\.json)$/;

test('every file that a comment or a page names is there', () => {
  const mentions = tracked
    .filter((file) => isProse(file) || isCode(file))
    .flatMap((file) => [...mentionsIn(file)].map((name) => ({ file, name })));
  assert.ok(mentions.length > 50, `only ${mentions.length} mentions found`);
  const lost = mentions.filter(
    ({ file, name }) =>
      !NOT_OURS.test(name) &&
      !existsSync(join(ROOT, name)) &&
      !existsSync(join(ROOT, dirname(file), name)) &&
      !(!name.includes('/') && names.has(name)),
  );
  assert.deepEqual(
    lost.map(({ file, name }) => `${file}: ${name}`),
    [],
  );
});
