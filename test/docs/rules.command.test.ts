// Runs every console example of docs/rules.md, and holds its table against the code.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readRules } from '../../events/rules/index.ts';

const ROOT = join(import.meta.dirname, '../..');
const PAGE = readFileSync(join(ROOT, 'docs/rules.md'), 'utf8');

const blocks = (language: string) =>
  [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map((match) => match[1]!);

/** A folder with `trailbus` on the path and the samples beside. */
function workplace(): { folder: string; path: string } {
  const folder = mkdtempSync(join(tmpdir(), 'trailbus-docs-'));
  const path = join(folder, 'bin');
  mkdirSync(path);
  writeFileSync(join(path, 'trailbus'), `#!/bin/sh\nexec "${process.execPath}" "${join(ROOT, 'dist/cli/trailbus.js')}" "$@"\n`);
  chmodSync(join(path, 'trailbus'), 0o755);
  symlinkSync(join(ROOT, 'samples'), join(folder, 'samples'));
  return { folder, path };
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** `…` on a line of its own is any lines, inside a line any text. */
function expected(text: string): RegExp {
  const lines = text.trimEnd().split('\n');
  return new RegExp(
    `^${lines.map((line) => (line === '…' ? '[\\s\\S]*?' : line.split('…').map(escaped).join('[\\s\\S]*?'))).join('\\n?')}\\s*$`,
  );
}

const { folder, path } = workplace();
const examples = blocks('console').flatMap((block) => block.split(/^\$ /m).slice(1));

for (const example of examples) {
  const end = example.indexOf('\n');
  const command = example.slice(0, end);
  test(`the page’s example gives what it shows: ${command.slice(0, 100)}`, () => {
    const { stdout, stderr } = spawnSync('sh', ['-c', command], {
      cwd: folder,
      env: { ...process.env, PATH: `${path}:${process.env['PATH']}`, NO_COLOR: '1' },
      encoding: 'utf8',
    });
    assert.match(stdout + stderr, expected(example.slice(end + 1)));
  });
}

test('there are examples of every command', () => {
  for (const name of ['run samples/logs --rules', 'rules match', 'rules explain', 'rules lint', 'rules port', 'rules new'])
    assert.ok(
      examples.some((example) => example.includes(`trailbus ${name}`)),
      name,
    );
});

test('the page’s rule file is a rule file', () => {
  const [file] = blocks('yaml');
  const [rule] = readRules(file!, 'page.yaml');
  assert.deepEqual([rule!.name, rule!.severity], ['console.no-mfa', 'high']);
  assert.match(rule!.pattern, /"MFAUsed":\["No"\]/);
});
