// Writes lint's table into docs/rules.md: node --import tsx tools/lintrules.ts
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LINT_RULES, type LintExample, type LintRule, type RuleToLint } from '../events/pattern/lint/index.ts';

const BEGIN = '<!-- lint rules: written by tools/lintrules.ts -->';
const END = '<!-- end of lint rules -->';

/** The page with the table of the rules that there are now. */
export function withLintRules(page: string): string {
  const [before, rest] = page.split(`${BEGIN}\n`);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined)
    throw new Error(`the page has no place for the table: write \`${BEGIN}\` and \`${END}\``);
  return `${before}${BEGIN}\n${tableOf(LINT_RULES)}${END}${after}`;
}

const tableOf = (rules: readonly LintRule[]): string =>
  ['| id | severity | what it finds | found in | not in |', '| --- | --- | --- | --- | --- |', ...rules.map(rowOf), ''].join('\n');

const rowOf = ({ id, severity, title, link, example: { wrong, right } }: LintRule): string =>
  `| \`${id}\` | ${severity} | [${title}](${link}) | ${shown(wrong)} | ${shown(right)} |`;

/** An example in a cell: a pattern, or the first of several rules. */
function shown(example: LintExample): string {
  if (!Array.isArray(example)) return code(typeof example === 'string' ? example : JSON.stringify(example));
  const rules = example as Omit<RuleToLint, 'name'>[];
  const targets = rules[0]!.targets === undefined ? '' : `, ${rules[0]!.targets} targets`;
  const first = rules.slice(0, 2).map(({ pattern }) => code(JSON.stringify(pattern)));
  return `${first.join(' beside ')}${targets}${rules.length > 2 ? `, … ${rules.length} rules` : ''}`;
}

/** The longest pattern that a cell shows whole. */
const MOST_SHOWN = 160;

const code = (text: string): string => `\`${text.length > MOST_SHOWN ? `${text.slice(0, 60)}…${text.slice(-20)}` : text}\``;

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const file = join(import.meta.dirname, '../docs/rules.md');
  writeFileSync(file, withLintRules(readFileSync(file, 'utf8')));
}
