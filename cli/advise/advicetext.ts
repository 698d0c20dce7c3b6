// Results of checks for a terminal: colours and counts, then what is wrong and what to do.
import pc from 'picocolors';
import { type CheckResult, type FlaggedResource, type Status, shownOf } from '../../events/advice/index.ts';
import { printable } from '../terminal.ts';
import { STATUS_PAINT, STATUS_WORDS } from './statuswords.ts';

const MARKS: Readonly<Record<Status, string>> = { error: '✗', warning: '!', not_available: '?', ok: '✓' };

const mark = (status: Status): string => STATUS_PAINT[status](MARKS[status]);

/** Resources shown of a check; more are counted. */
const MOST_SHOWN = 20;

/** @param withGreen  green resources too */
export async function adviceText(results: readonly CheckResult[], withGreen: boolean): Promise<string> {
  const parts = results.map((result) => textOf(result, withGreen));
  return `${parts.join('')}\n${summaryOf(results)}\n`;
}

function textOf({ name, checkId, status, flaggedResources }: CheckResult, withGreen: boolean): string {
  const shown = shownOf(flaggedResources, withGreen);
  const lines = shown.slice(0, MOST_SHOWN).map(lineOf);
  const more = shown.length > MOST_SHOWN ? [`    and ${shown.length - MOST_SHOWN} more`] : [];
  return [`${mark(status)} ${printable(name)} ${pc.dim(checkId)}`, ...lines, ...more].map((line) => `${line}\n`).join('');
}

function lineOf({ status, region, account, resourceId, reason: why, isSuppressed, exclusion }: FlaggedResource): string {
  const reason = why.includes(resourceId) || status === 'not_available' ? why : `${resourceId}: ${why}`;
  const place = [account, region].filter((part) => part !== undefined).join(' ');
  if (isSuppressed) return `    ${pc.dim(`- ${place}  ${printable(reason)} (excluded: ${printable(exclusion?.reason ?? '')})`)}`;
  return `    ${mark(status)} ${pc.dim(place)}  ${printable(reason)}`;
}

function summaryOf(results: readonly CheckResult[]): string {
  const counts = (['error', 'warning', 'ok', 'not_available'] as const).map((status): [Status, number] => [
    status,
    results.filter((result) => result.status === status).length,
  ]);
  const said = counts.filter(([, count]) => count > 0).map(([status, count]) => `${count} ${STATUS_WORDS[status]}`);
  return `${results.length} ${results.length === 1 ? 'check' : 'checks'}: ${said.join(', ')}`;
}
