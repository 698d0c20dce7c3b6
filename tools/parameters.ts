// Writes the tables of parameters in docs/deploy.md from their declaration: node --import tsx tools/parameters.ts
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Declaration, GROUPS, PARAMETERS } from '../serverless/parameters.ts';

export const DEPLOY_PAGE = join(import.meta.dirname, '../docs/deploy.md');

const BEGIN = '<!-- written by tools/parameters.ts from serverless/parameters.ts -->\n';
const END = '<!-- end of what tools/parameters.ts writes -->\n';

const declarations = Object.entries<Declaration<unknown>>(PARAMETERS);

const row = ([name, declaration]: (typeof declarations)[number]) =>
  `| \`${name}\` | ${declaration.default === '' ? '' : `\`${declaration.default}\``} | ${declaration.means} |\n`;

function table(group: (typeof GROUPS)[number]): string {
  const rows = declarations.filter(([, declaration]) => declaration.group === group).map(row);
  return `\n### ${group}\n\n| Parameter | Default | Meaning |\n| --- | --- | --- |\n${rows.join('')}`;
}

/**
 * The page with its tables as the declaration has them.
 * @throws Error when the page has no place for them
 */
export function withTables(page: string): string {
  const [before, old] = page.split(BEGIN);
  const after = old?.split(END)[1];
  if (before === undefined || after === undefined)
    throw new Error(`no tables to write: \`${BEGIN.trim()}\` and \`${END.trim()}\` are missing`);
  return `${before}${BEGIN}${GROUPS.map(table).join('')}\n${END}${after}`;
}

if (process.argv[1] === import.meta.filename) writeFileSync(DEPLOY_PAGE, withTables(readFileSync(DEPLOY_PAGE, 'utf8')));
