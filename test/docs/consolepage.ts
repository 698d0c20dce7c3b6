// Pages whose console examples are run: `$ COMMAND`, then what it shows. Files of the page stand in fences below `<!-- file: NAME -->`.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '../..');

export interface ConsoleExample {
  command: string;
  /** What it shows: `…` on a line of its own is any lines, inside a line any text. */
  shown: string;
}

/** In the order of the page: what its reader does. */
export type PageStep = { kind: 'example'; example: ConsoleExample } | { kind: 'file'; name: string; text: string };

export const pageText = (name: string): string => readFileSync(join(ROOT, 'docs', name), 'utf8');

/** The insides of a page's fences of one language. */
export const fencesOf = (page: string, language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, text]) => text!);

const examplesIn = (fence: string): PageStep[] =>
  fence
    .split(/^\$ /m)
    .slice(1)
    .map((example) => {
      const end = example.indexOf('\n');
      return { kind: 'example', example: { command: example.slice(0, end), shown: example.slice(end + 1) } };
    });

export const stepsOf = (page: string): PageStep[] =>
  [...page.matchAll(/(?:^<!-- file: (\S+) -->\n)?^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, name, language, text]): PageStep[] => {
    if (name !== undefined) return [{ kind: 'file', name, text: text! }];
    return language === 'console' ? examplesIn(text!) : [];
  });

export const examplesOf = (page: string): ConsoleExample[] =>
  stepsOf(page).flatMap((step) => (step.kind === 'example' ? [step.example] : []));

/** What a clone has not, before anything is installed or built. */
const UNTRACKED = new Set(['.git', 'node_modules', '.build', 'dist', 'schema']);

/** A folder with `trailbus` on the path and the samples beside. */
export class Workplace {
  readonly folder = mkdtempSync(join(tmpdir(), 'trailbus-docs-'));

  /** In a copy of the repository, with its packages installed. */
  static inClone(): Workplace {
    const place = new Workplace();
    rmSync(join(place.folder, 'samples'));
    const isTracked = (path: string) => !UNTRACKED.has(relative(ROOT, path).split(sep)[0]!);
    cpSync(ROOT, place.folder, { recursive: true, filter: isTracked });
    symlinkSync(join(ROOT, 'node_modules'), join(place.folder, 'node_modules'));
    return place;
  }

  constructor() {
    const bin = join(this.folder, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'trailbus'), `#!/bin/sh\nexec "${process.execPath}" "${join(ROOT, 'dist/cli/trailbus.js')}" "$@"\n`);
    chmodSync(join(bin, 'trailbus'), 0o755);
    symlinkSync(join(ROOT, 'samples'), join(this.folder, 'samples'));
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(join(this.folder, name)), { recursive: true });
    writeFileSync(join(this.folder, name), text);
  }

  /** @returns what a command says, on either stream */
  run(command: string, env: Record<string, string> = {}): string {
    const path = `${join(this.folder, 'bin')}:${process.env['PATH']}`;
    const { stdout, stderr } = spawnSync('sh', ['-c', command], {
      cwd: this.folder,
      env: { ...process.env, PATH: path, NO_COLOR: '1', ...env },
      encoding: 'utf8',
    });
    return stdout + stderr;
  }
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function expected(shown: string): RegExp {
  const lines = shown.trimEnd().split('\n');
  return new RegExp(
    `^${lines.map((line) => (line === '…' ? '[\\s\\S]*?' : line.split('…').map(escaped).join('[\\s\\S]*?'))).join('\\n?')}\\s*$`,
  );
}

/** Asserts that a command shows what the page says. */
export const assertShown = (said: string, { shown }: ConsoleExample): void => assert.match(said, expected(shown));

/** A test for each example of a page. */
export function testExamples(page: string, place: Workplace): void {
  for (const example of examplesOf(page))
    test(`the page’s example gives what it shows: ${example.command.slice(0, 100)}`, () =>
      assertShown(place.run(example.command), example));
}
