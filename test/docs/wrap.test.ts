// Pages are read in editors and diffs too: their lines end at 120 characters, tables and examples aside.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '../..');
const WIDTH = 120;

const pages = execFileSync('git', ['ls-files', '*.md'], { cwd: ROOT, encoding: 'utf8' }).split('\n').filter(Boolean);

/** Lines of prose that are too long; one that can't be broken, as a link alone, may be. */
function longLinesOf(page: string): string[] {
  const prose = readFileSync(join(ROOT, page), 'utf8').replace(/^ *```[\s\S]*?^ *```/gm, (fence) => fence.replace(/[^\n]+/g, ''));
  return prose
    .split('\n')
    .flatMap((line, at) =>
      line.length > WIDTH && !line.trimStart().startsWith('|') && /\s/.test(line.trim()) ? [`${page}:${at + 1}`] : [],
    );
}

test('lines of pages end at 120 characters', () => {
  assert.ok(pages.length > 8, pages.join());
  assert.deepEqual(pages.flatMap(longLinesOf), []);
});
