// The end of a run, for people and for programs.
import pc from 'picocolors';
import { type Finding, isOnTrial, SEVERITIES, type Severity } from '../events/finding.ts';
import type { Ledger, ReasonCounts } from '../events/ledger.ts';
import { type AnyReason, explainReason, type FileSkip, type RecordSkip } from '../events/reasons.ts';
import type { Quarantined } from '../local/quarantine.ts';
import type { RunResult } from './corridor.ts';
import type { FoundInRun } from './runplan.ts';
import { addressOfFile } from './sources.ts';
import { printable } from './terminal.ts';

/** `1234567` as `1,234,567`; by hand, for loading a locale takes longer than most runs. */
const number = (value: number) => String(value).replace(/\B(?=(\d{3})+$)/g, ',');
const plural = (count: number, noun: string) => `${number(count)} ${noun}${count === 1 ? '' : 's'}`;
const reasonsOf = (reasons: ReasonCounts) => [...reasons].map(([reason, count]) => `${reason} ${number(count)}`).join(', ');
const sorted = (counts: ReadonlyMap<string, number>) => [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));

/** Rows of a table by count; the rest is summed up in a last line. */
const MOST_ROWS = 15;

/**
 * The summary as one JSON object: `{"type":"summary","files":{…},"records":{…},"rules"?:{name: count},"services":{name: count},"accounts":…,"regions":…,
 * "earliest","latest"}`; counts by reason are objects of reason and count.
 * @param rules  how often each rule matched, when there are rules
 */
export function summaryObject(
  { ledger, summary, unread }: RunResult,
  rules?: ReadonlyMap<string, number>,
  found?: FoundInRun,
): Record<string, unknown> {
  return {
    type: 'summary',
    files: {
      done: ledger.filesDone,
      skipped: Object.fromEntries(ledger.filesSkipped),
      quarantined: Object.fromEntries(ledger.filesQuarantined),
      unread: unread.length,
    },
    records: {
      read: ledger.recordsRead,
      emitted: ledger.entriesAccepted,
      parked: ledger.entriesParked,
      skipped: Object.fromEntries(ledger.recordsSkipped),
      quarantined: Object.fromEntries(ledger.recordsQuarantined),
    },
    ...(rules === undefined ? {} : { rules: Object.fromEntries(rules) }),
    ...(found === undefined ? {} : { ...findingCounts([...found.findings.values()]), off: [...found.off, ...found.lacking] }),
    services: Object.fromEntries(sorted(summary.services)),
    accounts: Object.fromEntries(sorted(summary.accounts)),
    regions: Object.fromEntries(sorted(summary.regions)),
    earliest: summary.earliest ?? null,
    latest: summary.latest ?? null,
  };
}

/** One object for each quarantined file or record: `{"type":"quarantined","file","reason","why","next"?,"index"?}`. */
export function quarantinedObjects(items: Quarantined[]): Record<string, unknown>[] {
  return items.map(({ ref, reason, why, index }) => ({
    type: 'quarantined',
    file: addressOfFile(ref),
    reason,
    why,
    ...nextOf(reason),
    ...(index === undefined ? {} : { index }),
  }));
}

/** What to do next, where there is something to do. */
function nextOf(reason: AnyReason): { next?: string } {
  const { next } = explainReason(reason);
  return next === undefined ? {} : { next };
}

/** The same as lines of text. */
export const quarantinedText = (items: Quarantined[]): string =>
  items
    .map(({ ref, reason, why, index }) => {
      const place = `${printable(addressOfFile(ref))}${index === undefined ? '' : ` record ${index}`}`;
      const { next } = nextOf(reason);
      return `quarantined ${place}: ${reason}, ${printable(why)}\n${next === undefined ? '' : `  ${pc.bold('next:')} ${next}\n`}`;
    })
    .join('');

/** The summary as text with tables. */
export async function summaryText(
  { ledger, summary, unread }: RunResult,
  rules?: ReadonlyMap<string, number>,
  found?: FoundInRun,
): Promise<string> {
  const { default: Table } = await import('cli-table3');
  const table = (title: string, counts: ReadonlyMap<string, number>, counted = 'records') => {
    const view = new Table({
      head: [title, counted],
      colAligns: ['left', 'right'],
      style: { head: pc.isColorSupported ? ['bold'] : [], border: pc.isColorSupported ? ['dim'] : [], compact: true },
    });
    const rows = sorted(counts);
    for (const [name, count] of rows.slice(0, MOST_ROWS)) view.push([printable(name), number(count)]);
    const rest = rows.slice(MOST_ROWS);
    if (rest.length > 0) view.push([`${rest.length} more`, number(rest.reduce((sum, [, count]) => sum + count, 0))]);
    return view.toString();
  };
  const files = [
    plural(ledger.filesDone, 'log file'),
    totalWithReasons(ledger.filesSkippedTotal, 'skipped', ledger.filesSkipped),
    totalWithReasons(ledger.filesQuarantinedTotal, 'quarantined', ledger.filesQuarantined),
    unread.length > 0 ? `${unread.length} not read` : '',
  ];
  const records = [
    plural(ledger.recordsRead, 'record'),
    `${number(ledger.entriesAccepted)} emitted`,
    totalWithReasons(ledger.recordsSkippedTotal, 'skipped', ledger.recordsSkipped),
    totalWithReasons(ledger.recordsQuarantinedTotal, 'quarantined', ledger.recordsQuarantined),
  ];
  const span = summary.earliest === undefined ? '' : `\nfrom ${summary.earliest} to ${summary.latest}`;
  const tables =
    ledger.recordsRead === 0
      ? ''
      : `\n${[table('service', summary.services), table('account', summary.accounts), table('region', summary.regions)].join('\n')}`;
  const matches = rules === undefined || rules.size === 0 ? '' : `\n${table('rule', rules, 'matches')}`;
  return `${files.filter(Boolean).join(', ')}\n${records.filter(Boolean).join(', ')}${span}${skipsText(ledger)}${tables}${matches}\n${found === undefined ? '' : findingsText(found)}`;
}

const totalWithReasons = (count: number, what: string, reasons: ReasonCounts) =>
  count === 0 ? '' : `${number(count)} ${what} (${reasonsOf(reasons)})`;

/** A line for each reason that something was skipped for: what it means, and what may be worth doing. */
function skipsText({ filesSkipped, recordsSkipped }: Ledger): string {
  const line = (subject: string) => (reason: FileSkip | RecordSkip) => {
    const { words, next } = explainReason(reason);
    return `\n  ${reason}: the ${subject} ${words}${next === undefined ? '' : `; ${next}`}`;
  };
  return [...[...filesSkipped.keys()].map(line('file')), ...[...recordsSkipped.keys()].map(line('record'))].join('');
}

/** How many findings there are of each severity, the highest first. */
function findingsBySeverity(findings: Iterable<Finding>): Map<Severity, number> {
  const all = [...findings];
  return new Map(SEVERITIES.map((severity) => [severity, all.filter((finding) => finding.severity === severity).length]));
}

const findingCounts = (findings: readonly Finding[]) => {
  const onTrial = findings.filter(isOnTrial).length;
  return {
    findings: Object.fromEntries(findingsBySeverity(findings.filter((finding) => !isOnTrial(finding)))),
    ...(onTrial === 0 ? {} : { onTrial }),
  };
};

/** Findings on trial are counted apart. */
function findingsText({ findings, lacking }: FoundInRun): string {
  const [onTrial, told] = [[...findings.values()].filter(isOnTrial), [...findings.values()].filter((finding) => !isOnTrial(finding))];
  const counts = [...findingsBySeverity(told)].filter(([, count]) => count > 0).map(([severity, count]) => `${number(count)} ${severity}`);
  const trial = onTrial.length === 0 ? '' : `; ${number(onTrial.length)} on trial`;
  const lists = lacking.map(({ id, why }) => `\nnot asked: ${printable(id)}, ${printable(why)}`);
  return `${plural(told.length, 'finding')}${counts.length === 0 ? '' : `: ${counts.join(', ')}`}${trial}${lists.join('')}\n`;
}
