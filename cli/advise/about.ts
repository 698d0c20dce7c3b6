// What is said of checks without asking anybody: which there are, what they look at, what they need.
import pc from 'picocolors';
import { ACCOUNT_CALLS } from '../../aws/advice/index.ts';
import { actionsOf, type Check, leastPolicy } from '../../events/advice/index.ts';
import { allChecks } from '../../local/checkfiles.ts';
import { jsonLine, jsonText, printable } from '../terminal.ts';
import { type ChosenBy, checkNamed, chosenChecks } from './chosen.ts';

export async function listChecks(json: boolean): Promise<void> {
  const checks = await allChecks();
  const wide = Math.max(...checks.map(({ id }) => id.length));
  for (const { id, category, name } of checks)
    process.stdout.write(json ? jsonLine({ type: 'check', id, category, name }) : `${id.padEnd(wide)}  ${category.padEnd(15)}  ${name}\n`);
}

const aboutObject = ({
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
}: Check) => ({
  ...{ type: 'check', id, name, category, description, criteria, action, references, columns, controls, replaces, replacedBy },
  ...{ actions: actionsOf(calls), staleAfter },
});

export async function explainCheck(name: string, json: boolean): Promise<void> {
  const found = checkNamed(await allChecks(), name);
  process.stdout.write(json ? jsonLine(aboutObject(found)) : aboutText(found));
}

function aboutText(found: Check): string {
  const { id, name, category, description, criteria, action, references, columns } = found;
  const parts: [string, string][] = [
    ...Object.entries(criteria).map(([colour, when]): [string, string] => [colour, when]),
    ...([
      ['do', action],
      ['asks', actionsOf(found.calls).join(', ')],
      ['columns', columns.join(', ')],
      ['see', references.join(' ')],
    ] as [string, string][]),
  ];
  const rows = parts.filter(([, text]) => text !== '').map(([what, text]) => `  ${pc.bold(what.padEnd(8))}${printable(text)}`);
  return `${pc.bold(printable(name))}  ${pc.dim(`${id}, ${category}`)}\n${printable(description)}\n${rows.join('\n')}\n`;
}

export async function printPolicy(values: ChosenBy): Promise<void> {
  const checks = chosenChecks(await allChecks(), values);
  process.stdout.write(`${jsonText(leastPolicy([...checks.flatMap(({ calls }) => calls), ...ACCOUNT_CALLS]), 2)}\n`);
}
