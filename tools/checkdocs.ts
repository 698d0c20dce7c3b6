// Pages of checks, made from their files: docs/checks/.
import { codeBlock, linkOf, markdownTable, wrappedText } from '../cli/catalogue/markdown.ts';
import { actionsOf, type Check } from '../events/advice/index.ts';

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
    wrappedText(description),
    ...[...retired, ...successor].map((text) => wrappedText(text)),
    markdownTable(['colour', 'when'], Object.entries(criteria)),
    wrappedText(`**What to do.** ${action}`),
    wrappedText(`**Columns.** ${columns.join(', ')}`),
    ...(controls.length === 0 ? [] : [wrappedText(`**Asks the same.** ${controls.map((control) => `\`${control}\``).join(', ')}`)]),
    wrappedText(
      `**Needs.** ${actionsOf(calls)
        .map((action) => `\`${action}\``)
        .join(', ')}`,
    ),
    '**May have changed after** what these event patterns match:',
    ...staleAfter.map((each) => codeBlock('json', JSON.stringify(each, null, 2))),
    `**See**\n${references.map((url) => `- ${linkOf(url)}`).join('\n')}`,
  ].join('\n\n');
}

const indexOf = (checks: readonly Check[]): string =>
  [
    '# Checks',
    `${checks.length} checks, made from the files in \`checks/\`: ids and columns are Trusted Advisor’s where it has the check.`,
    markdownTable(
      ['check', 'id', 'category'],
      checks.map(({ id, name, category }) => [`[${name}](${fileOf(id)})`, `\`${id}\``, category]),
    ),
  ].join('\n\n');

/** The files of docs/checks/, by name. */
export const checkDocs = (checks: readonly Check[]): Map<string, string> =>
  new Map([['README.md', `${indexOf(checks)}\n`], ...checks.map((check): [string, string] => [fileOf(check.id), `${pageOf(check)}\n`])]);
