// Pages of checks, made from their files: docs/checks/.
import type { Check } from '../events/advice/index.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** Lines of at most 120 characters. */
function wrapped(text: string): string {
  const lines: string[] = [''];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1)!;
    if (last !== '' && last.length + word.length + 1 > 118) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.join('\n');
}

const fileOf = (id: string): string => `${id}.md`;

function pageOf(check: Check): string {
  const {
    id,
    name,
    category,
    description,
    criteria,
    action,
    references,
    columns,
    controls = [],
    replaces,
    replacedBy,
    calls,
    staleAfter,
  } = check;
  const retired =
    replacedBy === undefined ? [] : [`Trusted Advisor retired this check; [\`${replacedBy}\`](${fileOf(replacedBy)}) replaces it.`];
  const successor = replaces === undefined ? [] : [`It replaces [\`${replaces}\`](${fileOf(replaces)}), which Trusted Advisor retired.`];
  return [
    `# ${name}`,
    `\`${id}\`, ${category}, asked ${check.scope === 'region' ? 'in each region' : 'once for the account'}.`,
    wrapped(description),
    ...[...retired, ...successor].map(wrapped),
    ...[
      ['| colour | when |', '| --- | --- |', ...Object.entries(criteria).map(([colour, when]) => `| ${colour} | ${cell(when)} |`)].join(
        '\n',
      ),
    ],
    wrapped(`**What to do.** ${action}`),
    wrapped(`**Columns.** ${columns.join(', ')}`),
    ...(controls.length === 0 ? [] : [wrapped(`**Asks the same.** ${controls.map((control) => `\`${control}\``).join(', ')}`)]),
    wrapped(`**Needs.** ${[...new Set(calls.map((call) => `\`${call.action}\``))].sort().join(', ')}`),
    `**May have changed after** what these event patterns match:\n\n${staleAfter.map((each) => `\`\`\`json\n${JSON.stringify(each, null, 2)}\n\`\`\``).join('\n\n')}`,
    ['**See**', ...references.map((url) => `- <${url}>`)].join('\n'),
  ].join('\n\n');
}

const indexOf = (checks: readonly Check[]): string =>
  [
    '# Checks',
    `${checks.length} checks, made from the files in \`checks/\`: ids and columns are Trusted Advisor’s where it has the check.`,
    [
      '| check | id | category |',
      '| --- | --- | --- |',
      ...checks.map(({ id, name, category }) => `| [${cell(name)}](${fileOf(id)}) | \`${id}\` | ${category} |`),
    ].join('\n'),
  ].join('\n\n');

/** The files of docs/checks/, by name. */
export const checkDocs = (checks: readonly Check[]): Map<string, string> =>
  new Map([['README.md', `${indexOf(checks)}\n`], ...checks.map((check): [string, string] => [fileOf(check.id), `${pageOf(check)}\n`])]);
