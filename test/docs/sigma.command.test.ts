// Runs every console example of docs/sigma.md beside the rule that the page shows, and holds its tables against the code.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { importSigma } from '../../events/sigma/index.ts';

const ROOT = join(import.meta.dirname, '../..');
const PAGE = readFileSync(join(ROOT, 'docs/sigma.md'), 'utf8');

const fencesOf = (language: string) =>
  [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, text]) => text!);

/** A folder with `trailbus` on the path, and the page's rule in it. */
function workplace(): { folder: string; path: string } {
  const folder = mkdtempSync(join(tmpdir(), 'trailbus-docs-'));
  const path = join(folder, 'bin');
  for (const name of ['bin', 'rules']) mkdirSync(join(folder, name));
  writeFileSync(join(path, 'trailbus'), `#!/bin/sh\nexec "${process.execPath}" "${join(ROOT, 'dist/cli/trailbus.js')}" "$@"\n`);
  chmodSync(join(path, 'trailbus'), 0o755);
  writeFileSync(join(folder, 'rules/my-key-rule.yml'), fencesOf('yaml')[0]!);
  return { folder, path };
}

/** `…` on a line of its own is any lines, inside a line any text. */
const expected = (text: string): RegExp =>
  new RegExp(
    `^${text
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('…', '[\\s\\S]*?'))
      .join('\\n?')}\\s*$`,
  );

const { folder, path } = workplace();
const examples = fencesOf('console').flatMap((block) => block.split(/^\$ /m).slice(1));
for (const example of examples) {
  const [command = '', ...shown] = example.split('\n');
  test(`the page’s example gives what it shows: ${command}`, () => {
    const { stdout, stderr } = spawnSync('sh', ['-c', command], {
      cwd: folder,
      env: { ...process.env, PATH: `${path}:${process.env['PATH']}`, NO_COLOR: '1' },
      encoding: 'utf8',
    });
    assert.match(stdout + stderr, expected(shown.join('\n')));
  });
}

test('there are examples of both ways', () =>
  assert.deepEqual(
    ['import', 'export'].map((way) => examples.some((example) => example.startsWith(`trailbus rules ${way} sigma`))),
    [true, true],
  ));

/** Rows of the page’s first table whose first cell is a field and a value, and whose second is a list of matchers. */
const rows = [...PAGE.matchAll(/^\| `(\w+: [^`]*)`(?:, `(\w+: [^`]*)`)? \| `(\[[^`]*\])`/gm)].flatMap(([, one, other, matchers]) =>
  [one, other].flatMap((search) => (search === undefined ? [] : [[search, matchers!] as const])),
);
test('there are rows to try', () => assert.ok(rows.length >= 6, `${rows.length}`));
for (const [search, matchers] of rows)
  test(`the page: ${search} becomes ${matchers}`, () => {
    const field = search.split(':')[0]!;
    const text = `title: x\nlogsource: { product: aws, service: cloudtrail }\ndetection: { s: { ${search} }, condition: s }\n`;
    const { pattern } = parse(importSigma([{ source: 'x.yml', text }]).rules[0]!.detections[0]!.text) as { pattern: { detail: object } };
    assert.deepEqual((pattern.detail as Record<string, unknown>)[field], parse(matchers));
  });
