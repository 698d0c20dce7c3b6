// A backtest told, to people and to programs.
import pc from 'picocolors';
import type { ExcludedBy } from '../../events/detect/index.ts';
import { printable } from '../terminal.ts';
import type { BacktestResult } from './backtestpass.ts';
import type { BoundedCounts } from './boundedcounts.ts';
import { type CostLine, costsOf } from './costs.ts';
import { exclusionYaml, type SuggestedExclusion } from './noise.ts';
import type { DayCounts, HitSample, RuleCounts } from './rulecounts.ts';

/** Names shown of principals and addresses. */
const TOP_SHOWN = 5;
/** Detections told in full, the noisiest; `--json` has them all. */
const MOST_TOLD = 15;

const byHits = (left: RuleCounts, right: RuleCounts): number =>
  right.hits - left.hits || right.excluded - left.excluded || (left.detection.id < right.detection.id ? -1 : 1);

const noisy = ({ rules }: BacktestResult): RuleCounts[] => rules.filter(({ hits, excluded }) => hits + excluded > 0).sort(byHits);
const quiet = ({ rules }: BacktestResult): string[] =>
  rules.filter(({ hits, excluded }) => hits + excluded === 0).map(({ detection }) => detection.id);

/** What an exclusion says of itself. */
function wordsOf({ of, at }: ExcludedBy, { detection }: RuleCounts, { config }: BacktestResult): { reason: string; owner: string } {
  const exclusion = of === 'detection' ? detection.exclusions[at] : config.fields.exclusions?.[at];
  return { reason: exclusion?.reason ?? '', owner: exclusion?.owner ?? '' };
}

const sum = (rules: readonly RuleCounts[], what: 'hits' | 'excluded' | 'findings' | 'findingsBefore'): number =>
  rules.reduce((total, rule) => total + rule[what], 0);

/** An object for each detection that had a hit, then one for all: see the help of the command. */
export function* backtestObjects(result: BacktestResult): Generator<object> {
  for (const rule of noisy(result)) yield ruleObject(rule, result);
  const { corridor, load, rules, lacking } = result;
  const { detections, bus } = costsOf(load);
  yield {
    type: 'backtest',
    ...{ files: corridor.ledger.filesDone, records: load.records, days: load.days },
    ...{ earliest: corridor.summary.earliest ?? null, latest: corridor.summary.latest ?? null },
    ...{ asked: rules.length - lacking.length, hits: sum(rules, 'hits'), excluded: sum(rules, 'excluded') },
    ...{ findings: sum(rules, 'findings'), findingsBefore: sum(rules, 'findingsBefore') },
    ...{ quiet: quiet(result), off: lacking, costs: [...detections, bus] },
  };
}

function ruleObject(rule: RuleCounts, result: BacktestResult): object {
  const { detection, hits, excluded, findings, findingsBefore, highest, days, principals, addresses, samples, excludedSamples } = rule;
  const suggestion = rule.noise.suggestion();
  return {
    type: 'backtest-rule',
    ...{ rule: detection.id, severity: highest ?? detection.severity, hits, excluded, findings, findingsBefore },
    days: Object.fromEntries([...days].sort()),
    ...{ principals: principals.top(TOP_SHOWN), addresses: addresses.top(TOP_SHOWN) },
    excludedBy: rule.exclusions().map(({ by, count }) => ({ ...wordsOf(by, rule, result), count })),
    ...{ samples, excludedSamples },
    ...(suggestion === undefined ? {} : { suggestion: { ...suggestion, yaml: exclusionYaml(detection.id, suggestion) } }),
  };
}

/** `1234567` as `1,234,567`. */
const grouped = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');
const plural = (count: number, noun: string): string => `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;

/** As text: what was read, a table of all detections that had hits, each of them in full, and what they would cost. */
export async function backtestText(result: BacktestResult): Promise<string> {
  const rules = noisy(result);
  const { corridor, load, lacking } = result;
  const { earliest, latest } = corridor.summary;
  const span = earliest === undefined ? '' : `, from ${earliest} to ${latest}`;
  const head = `${plural(corridor.ledger.filesDone, 'log file')}, ${plural(load.records, 'record')}, ${plural(load.days, 'day')}${span}`;
  const silent = quiet(result).length - lacking.length;
  const rest =
    rules.length > MOST_TOLD ? [`${plural(rules.length - MOST_TOLD, 'more detection')}: name them with --rule, or see --json`] : [];
  return `${[
    head,
    ...(rules.length === 0 ? [] : [await rulesTable(rules, load.days), await daysTable(rules)]),
    ...rules.slice(0, MOST_TOLD).map((rule) => ruleText(rule, result)),
    ...rest,
    ...(silent > 0 ? [`${plural(silent, 'detection')} had nothing to say`] : []),
    ...lacking.map(({ id, why }) => `not asked: ${printable(id)}, ${printable(why)}`),
    await costsTable(result),
  ].join('\n')}\n`;
}

async function tableOf(head: string[], rows: string[][], left = 1): Promise<string> {
  const { default: Table } = await import('cli-table3');
  const table = new Table({
    head,
    colAligns: head.map((_, at) => (at < left ? 'left' : 'right')),
    style: { head: pc.isColorSupported ? ['bold'] : [], border: pc.isColorSupported ? ['dim'] : [], compact: true },
  });
  for (const row of rows) table.push(row);
  return table.toString();
}

const perDay = (count: number, days: number): string => (count / days).toFixed(1);

const rulesTable = (rules: readonly RuleCounts[], days: number): Promise<string> =>
  tableOf(
    ['detection', 'severity', 'hits', 'excluded', 'findings', 'without exclusions', 'findings a day'],
    rules.map(({ detection, highest, hits, excluded, findings, findingsBefore }) => [
      ...[printable(detection.id), highest ?? detection.severity, grouped(hits), grouped(excluded), grouped(findings)],
      ...[grouped(findingsBefore), perDay(findings, days)],
    ]),
    2,
  );

/** Days shown of all detections together; those of one stand below. */
const MOST_DAYS = 40;

function daysTable(rules: readonly RuleCounts[]): Promise<string> {
  const all = new Map<string, { hits: number; excluded: number; findings: number }>();
  for (const { days } of rules)
    for (const [day, { hits, excluded, findings }] of days) {
      const before = all.get(day) ?? { hits: 0, excluded: 0, findings: 0 };
      all.set(day, { hits: before.hits + hits, excluded: before.excluded + excluded, findings: before.findings + findings });
    }
  const rows = [...all].sort().map(([day, { hits, excluded, findings }]) => [printable(day), ...[hits, excluded, findings].map(grouped)]);
  const left = rows.length - MOST_DAYS;
  return tableOf(
    ['day', 'hits', 'excluded', 'findings'],
    [...rows.slice(-MOST_DAYS), ...(left > 0 ? [[`${left} days before`, '', '', '']] : [])],
  );
}

/** One detection in full. */
function ruleText(rule: RuleCounts, result: BacktestResult): string {
  const { detection, hits, excluded, findings, days, principals, addresses, samples, excludedSamples } = rule;
  const suggestion = rule.noise.suggestion();
  const busy = [...days].sort().slice(-MOST_SHOWN_DAYS);
  return [
    `\n${pc.bold(printable(detection.id))}: ${plural(hits, 'hit')}, ${grouped(excluded)} excluded, ${plural(findings, 'finding')}`,
    labelled('days', busy.map(dayText).join(', ')),
    ...(hits === 0 ? [] : [labelled('who', topText(principals)), labelled('from', topText(addresses))]),
    ...rule.exclusions().map(({ by, count }) => labelled('excluded', `${grouped(count)}: ${excludedText(wordsOf(by, rule, result))}`)),
    ...samples.map((sample) => labelled('event', sampleText(sample))),
    ...excludedSamples.map((sample) => labelled('excluded', sampleText(sample))),
    ...(suggestion === undefined ? [] : [suggestionText(detection.id, suggestion)]),
  ].join('\n');
}

const MOST_SHOWN_DAYS = 7;

const dayText = ([day, { hits, findings }]: [string, DayCounts]): string =>
  `${printable(day)} ${grouped(hits)} (${plural(findings, 'finding')})`;

const labelled = (label: string, text: string): string => `  ${pc.dim(label.padEnd(9))} ${text}`;

function topText(counts: BoundedCounts): string {
  const names = counts.top(TOP_SHOWN).map(({ name, count }) => `${printable(name)} ${grouped(count)}`);
  return names.join(', ') + (counts.others > 0 ? ` (of very many: at least so often)` : '');
}

const excludedText = ({ reason, owner }: { reason: string; owner: string }): string => `${printable(reason)} (${printable(owner)})`;

const sampleText = ({ time, severity, title, who, from, file, record }: HitSample): string =>
  `${printable(time)} ${severity} ${printable(title)} ${pc.dim(
    `· ${[who ?? '', from === undefined ? '' : `from ${from}`].filter(Boolean).map(printable).join(' ')} · ${printable(file)} record ${record}`,
  )}`;

/** What it would take away and leave is said first: an exclusion of everything must not look like one of some. */
function suggestionText(id: string, suggestion: SuggestedExclusion): string {
  const { what, removes, leaves } = suggestion;
  const rest =
    leaves === 0
      ? `takes away all ${plural(removes, 'hit')} and leaves none: look at them first, or turn the detection off`
      : `takes away ${grouped(removes)} of ${plural(removes + leaves, 'hit')} and leaves ${grouped(leaves)}`;
  const lines = exclusionYaml(id, suggestion)
    .split('\n')
    .map((line) => `    ${printable(line)}`);
  return [labelled('exclusion', `of ${printable(what)} ${rest}`), '    exclusions:', ...lines].join('\n');
}

const dollarText = (dollars: number): string => (dollars > 0 && dollars < 0.01 ? 'below $0.01' : `$${dollars.toFixed(2)}`);

async function costsTable({ load }: BacktestResult): Promise<string> {
  const { detections, bus } = costsOf(load);
  const row = ({ what, assumption, dollars }: CostLine) => [what, assumption, dollarText(dollars)];
  const total = detections.reduce((all, { dollars }) => all + dollars, 0);
  const title = `deployed, 30 days like ${load.days === 1 ? 'this one' : 'these'} would cost, in us-east-1 and without the free tier:`;
  const table = await tableOf(
    ['for', 'assumed', 'a month'],
    [...detections.map(row), ['detections in all', '', dollarText(total)], row(bus)],
    2,
  );
  return `\n${title}\n${table}`;
}
