// Results as CSV for a spreadsheet: a row for each resource, formulas defused.
import { type CheckResult, type FlaggedResource, STATUS_COLOURS, shownOf } from '../../events/advice/index.ts';
import { printable } from '../terminal.ts';

const HEAD = ['Check ID', 'Check', 'Category', 'Account', 'Region', 'Resource', 'Status', 'Excluded', 'Reason', 'Columns'];

/** @see https://owasp.org/www-community/attacks/CSV_Injection */
const FORMULA = /^[=+\-@\t\r]/;

/** RFC 4180: quotes doubled. What a spreadsheet would take for a formula begins with an apostrophe, which it doesn't show. */
const cellOf = (value: string): string => {
  const shown = printable(value);
  return `"${(FORMULA.test(shown) ? `'${shown}` : shown).replaceAll('"', '""')}"`;
};

const rowOf = ({ checkId, name, category }: CheckResult, resource: FlaggedResource): string[] => [
  ...[checkId, name, category, resource.account, resource.region ?? '', resource.resourceId],
  ...[STATUS_COLOURS[resource.status], resource.isSuppressed ? (resource.exclusion?.reason ?? 'yes') : '', resource.reason],
  resource.metadata.join(' | '),
];

export function adviceCsv(results: readonly CheckResult[], withGreen: boolean): string {
  const rows = results.flatMap((result) => shownOf(result.flaggedResources, withGreen).map((resource) => rowOf(result, resource)));
  return [HEAD, ...rows].map((row) => `${row.map(cellOf).join(',')}\r\n`).join('');
}
