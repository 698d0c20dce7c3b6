// The tables of lint's rules in docs/rules.md.
import { DETECTION_LINT_RULES } from '../events/detect/lint/index.ts';
import { LINT_RULES, type LintExample, type LintRule, type RuleToLint } from '../events/pattern/lint/index.ts';

export const lintRulesTable = (): string =>
  ['| id | severity | what it finds | found in | not in |', '| --- | --- | --- | --- | --- |', ...LINT_RULES.map(rowOf)].join('\n');

export const detectionLintRulesTable = (): string =>
  [
    '| id | severity | what it finds |',
    '| --- | --- | --- |',
    ...DETECTION_LINT_RULES.map(({ id, severity, title }) => `| \`${id}\` | ${severity} | ${title} |`),
  ].join('\n');

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
