// The tables of parameters in docs/deploy.md.
import { type Declaration, GROUPS, PARAMETERS } from '../serverless/parameters.ts';

const declarations = Object.entries<Declaration<unknown>>(PARAMETERS);

const row = ([name, declaration]: (typeof declarations)[number]) =>
  `| \`${name}\` | ${declaration.default === '' ? '' : `\`${declaration.default}\``} | ${declaration.means} |\n`;

function table(group: (typeof GROUPS)[number]): string {
  const rows = declarations.filter(([, declaration]) => declaration.group === group).map(row);
  return `\n### ${group}\n\n| Parameter | Default | Meaning |\n| --- | --- | --- |\n${rows.join('')}`;
}

export const parameterTables = (): string => GROUPS.map(table).join('');
