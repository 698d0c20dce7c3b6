// Runs everything docs/patterns.md says: patterns on the events that follow them, refusals, and the program.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { transformSync } from 'esbuild';
import { compile, PatternError } from '../../events/pattern/index.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/patterns.md'), 'utf8');
const blocks = [...page.matchAll(/^```(\w+) ?(\w*)\n(.*?)\n```$/gms)].map(([, language = '', role = '', text = '']) => ({
  language,
  role,
  text,
}));

const refuses = (pattern: string, reason: string): void =>
  assert.throws(
    () => compile([{ name: 'rule', pattern }]),
    (error: unknown) => error instanceof PatternError && error.message.includes(reason),
  );

let pattern = '';
const counts: Record<string, number> = {};
for (const { role, text } of blocks) {
  counts[role] = (counts[role] ?? 0) + 1;
  const given = pattern;
  if (role === 'pattern') pattern = text;
  else if (role === 'refused') test(`the page: ${given} is refused`, () => refuses(given, text));
  else if (role !== '')
    test(`the page: ${given} ${role} ${text}`, () => {
      const rules = compile([{ name: 'rule', pattern: given }]);
      assert.deepEqual(rules.matchText(text), role === 'matches' ? ['rule'] : []);
    });
}

test('the page has a pattern and events for every rule', () => {
  assert.ok((counts['pattern'] ?? 0) >= 30 && (counts['matches'] ?? 0) >= 45 && (counts['ignores'] ?? 0) >= 35);
});

const rows = [...page.matchAll(/^\| `(\S.*?)` \| (.*) \|$/gm)].map(
  ([, given = '', reason = '']) => [given, reason.replaceAll('\\|', '|')] as const,
);
test('the page has a row for every error', () => assert.ok(rows.length > 30));
for (const [given, reason] of rows) test(`the page: ${given} is refused: ${reason}`, () => refuses(given, reason));

test("the page's program gives what it says", async () => {
  const program = blocks.find(({ language }) => language === 'ts')?.text ?? '';
  const engine = pathToFileURL(join(import.meta.dirname, '../../dist/events/pattern/index.js')).href;
  const checked = program
    .replace("'trailbus/pattern'", `'${engine}'`)
    .replaceAll(/^(.*); \/\/ → (.*)$/gm, 'assert.deepEqual($1, $2); answers++;');
  const folder = mkdtempSync(join(tmpdir(), 'trailbus-docs-'));
  try {
    const file = join(folder, 'program.mjs');
    const { code } = transformSync(`import assert from 'node:assert/strict';\nexport let answers = 0;\n${checked}\n`, { loader: 'ts' });
    writeFileSync(file, code);
    const { answers } = (await import(pathToFileURL(file).href)) as { answers: number };
    assert.equal(answers, 6);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
