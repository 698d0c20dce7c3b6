// Exit codes: one number for one meaning, in the code, in --help and on the page about releases.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ExitCode } from '../../cli/exitcode.ts';

const CLI = join(import.meta.dirname, '../../cli');
const files = readdirSync(CLI, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
const textOf = (name: string) => readFileSync(join(CLI, name), 'utf8');

/** A process that is ended, a code that is set, or a number that a command's body gives back in their stead. */
const ENDINGS = /process\.exit(?:Code\s*=\s*([^;]+);|\(([^)]*)\))|return (\d+);|return [^;]* \? (\d+ : \d+);/g;
/** A named code, or one of several. */
const NAMED = /^(?:.+ \? )?ExitCode\.\w+(?: : ExitCode\.\w+)?$/;
/** What a command's body gives. */
const BODY = /^(?:await )?(\w+)\(.*\)$/;

/** Functions of the command that give an exit code, now or later. */
const bodies = new Set(
  files.flatMap((name) =>
    [...textOf(name).matchAll(/function (\w+)\((?:[^()]|\([^()]*\))*\): (?:ExitCode|Promise<ExitCode>) \{/g)].map(([, body]) => body!),
  ),
);
const isNamed = (code: string) => NAMED.test(code) || bodies.has(BODY.exec(code)?.[1] ?? '');

test('scripts can rely on the numbers of the exit codes', () => {
  assert.deepEqual(ExitCode, { fine: 0, found: 1, failed: 2, unchecked: 255 });
});

test('no command ends with a number that has no name', () => {
  const endings = files.flatMap((name) => [...textOf(name).matchAll(ENDINGS)].map(([, ...codes]) => [name, codes.find(Boolean) ?? '']));
  assert.ok(endings.length >= 9, 'the endings are found');
  assert.deepEqual(
    endings.filter(([, code]) => !isNamed(code!)),
    [],
  );
});

test('what --help says of exit codes names only those there are', () => {
  const told = files.filter((name) => name.startsWith('commands/')).flatMap((name) => [...textOf(name).matchAll(/Exit code:? (.*)/g)]);
  assert.ok(told.length >= 6);
  for (const [, text = ''] of told)
    for (const [, code] of text.matchAll(/(?:^|[,;] )(\d+)/g))
      assert.ok((Object.values(ExitCode) as number[]).includes(Number(code)), text);
});

test('the page about releases promises these and no others', () => {
  const page = readFileSync(join(CLI, '../docs/releasing.md'), 'utf8');
  const rows = [...page.matchAll(/^\| (\d+) \| `(\w+)` \|/gm)].map(([, code, name]) => [name, Number(code)]);
  assert.deepEqual(Object.fromEntries(rows), ExitCode);
});
