// How outcomes are told: as awscli's text, or as JSON, one object a line.
import { Report, type ToldOutcome } from '../../events/digest/awscli/index.ts';
import { type ClockTime, displayTime, type StrictProblem, type TimeSpan } from '../../events/digest/index.ts';
import { jsonLine, printable } from '../terminal.ts';
import type { ReportOutput } from './output.ts';

/** What was checked, with what came of it. */
export interface CheckedSpan {
  trailArn: string;
  span: TimeSpan;
  report: Report;
  problems: number;
}

export interface ReporterOptions {
  isVerbose: boolean;
  /** Several spans are told one after the other, so each needs a heading. */
  hasHeadings: boolean;
  /** Whatever keys hold is printed as it is, as awscli does; else what a terminal would obey is spelled out. */
  isExact: boolean;
}

export interface Reporter {
  begin(trailArn: string, span: TimeSpan): void;
  tell(outcome: ToldOutcome): void;
  problem(problem: StrictProblem): void;
  /** Tells the summary of the span begun last. */
  end(): CheckedSpan;
}

/** Holds the counts of the span begun last, which every reporter needs. */
abstract class CountingReporter implements Reporter {
  protected readonly output: ReportOutput;
  protected readonly options: ReporterOptions;
  protected current!: CheckedSpan;

  constructor(output: ReportOutput, options: ReporterOptions) {
    this.output = output;
    this.options = options;
  }

  begin(trailArn: string, span: TimeSpan): void {
    const { isVerbose } = this.options;
    const report = new Report({ trailArn, start: span.start, end: span.end, isVerbose });
    this.current = { trailArn, span, report, problems: 0 };
  }

  abstract tell(outcome: ToldOutcome): void;

  problem(_problem: StrictProblem): void {
    this.current.problems++;
  }

  end(): CheckedSpan {
    return this.current;
  }
}

/** The outcome with names and reason fit for a terminal. */
function printableOutcome(outcome: ToldOutcome): ToldOutcome {
  if (outcome.kind === 'gap') return outcome;
  const { bucket, key, reason } = outcome;
  return { ...outcome, bucket: printable(bucket), key: printable(key), ...(reason !== undefined && { reason: printable(reason) }) };
}

/** The problem with names fit for a terminal. */
const printableProblem = (problem: StrictProblem): StrictProblem => ({
  ...problem,
  text: printable(problem.text),
  ...(problem.key !== undefined && { key: printable(problem.key) }),
});

/** Tells only of what is not in order. */
export class QuietReporter extends CountingReporter {
  tell(outcome: ToldOutcome): void {
    const piece = this.current.report.tell(this.options.isExact ? outcome : printableOutcome(outcome));
    if (piece) this.output.write(piece);
  }

  override problem(problem: StrictProblem): void {
    super.problem(problem);
    this.output.write(this.current.report.tellProblem(printableProblem(problem)));
  }
}

/** As awscli: that, between what was asked and what was found. */
export class TextReporter extends QuietReporter {
  override begin(trailArn: string, span: TimeSpan): void {
    super.begin(trailArn, span);
    const { accountId, sourceRegion } = span.place;
    if (this.options.hasHeadings) this.output.write({ to: 'stdout', text: `\nAccount ${accountId}, region ${sourceRegion}\n` });
    this.output.write(this.current.report.begin());
  }

  override end(): CheckedSpan {
    this.output.write(this.current.report.summary());
    return this.current;
  }
}

const between = (from: ClockTime, to: ClockTime) => ({ from: displayTime(from), to: displayTime(to) });

export class JsonReporter extends CountingReporter {
  private write(type: string, content: Record<string, unknown>): void {
    const { accountId, sourceRegion, trailName } = this.current.span.place;
    const line = { type, account: accountId, region: sourceRegion, trail: trailName, ...content };
    this.output.write({ to: 'stdout', text: jsonLine(line) });
  }

  tell(outcome: ToldOutcome): void {
    this.current.report.tell(outcome);
    if (outcome.kind === 'gap') {
      this.write('gap', { ...(outcome.isBackfill && { backfill: true }), ...between(outcome.from, outcome.to) });
      return;
    }
    const { kind, bucket, key, reason } = outcome;
    if (reason === undefined && !this.options.isVerbose) return;
    const isBackfill = outcome.kind === 'digest' && outcome.isBackfill;
    this.write(kind, {
      ...(isBackfill && { backfill: true }),
      bucket,
      key,
      valid: reason === undefined,
      ...(reason !== undefined && { reason }),
    });
  }

  override problem(problem: StrictProblem): void {
    super.problem(problem);
    const { about, bucket, key, from, to, text } = problem;
    const span = from && to ? between(from, to) : {};
    this.write('problem', { about, ...(bucket !== undefined && { bucket }), ...(key !== undefined && { key }), ...span, reason: text });
  }

  override end(): CheckedSpan {
    const { trailArn, span, report, problems } = this.current;
    const { standard, backfill, log } = report.counts;
    this.write('summary', {
      trailArn,
      requested: between(span.start, span.end),
      ...(report.found && { found: between(report.found.start, report.found.end) }),
      digests: standard,
      backfillDigests: backfill,
      logs: log,
      problems,
      proven: isProven(this.current),
    });
    return this.current;
  }
}

/** Nothing invalid, nothing left over, and at least one digest that says so. */
const isProven = ({ report, problems }: CheckedSpan): boolean =>
  report.exitCode === 0 && problems === 0 && report.counts.standard.valid + report.counts.backfill.valid > 0;

/** One line that says what a check has proven, for which span. */
export function provenLine(checked: CheckedSpan): string {
  const { span, report } = checked;
  const { accountId, sourceRegion, trailName } = span.place;
  const { standard, backfill, log } = report.counts;
  const where = `account ${printable(accountId)}, region ${printable(sourceRegion)}, trail ${printable(trailName)}`;
  if (!report.found) return `Nothing proven: ${where}: no valid digest\n`;
  const time = `${displayTime(report.found.start)} to ${displayTime(report.found.end)}`;
  const files = `${standard.valid + backfill.valid} digests, ${log.valid} log files`;
  const bad = standard.invalid + backfill.invalid + log.invalid + checked.problems;
  return isProven(checked)
    ? `Proven: ${where}: ${time}: all as CloudTrail delivered it (${files})\n`
    : `Not proven: ${where}: ${time}: ${bad} ${bad === 1 ? 'fault' : 'faults'} (${files} valid)\n`;
}

/** One line for all that was checked where all of it is proven; else a line for each that isn't. */
export function provenOrNot(checked: readonly CheckedSpan[]): string {
  const open = checked.filter((each) => !isProven(each));
  if (open.length > 0) return open.map(provenLine).join('');
  const places = checked.map(({ span }) => span.place);
  const times = checked.flatMap(({ report: { found } }) => (found === undefined ? [] : [found]));
  const [from] = times.map(({ start }) => displayTime(start)).sort();
  const to = times
    .map(({ end }) => displayTime(end))
    .sort()
    .at(-1);
  const sum = (count: (each: CheckedSpan) => number) => checked.reduce((total, each) => total + count(each), 0);
  const digests = sum(({ report: { counts } }) => counts.standard.valid + counts.backfill.valid);
  const where = [
    plural(new Set(places.map(({ accountId }) => accountId)).size, 'account'),
    plural(new Set(places.map(({ sourceRegion }) => sourceRegion)).size, 'region'),
  ].join(', ');
  const files = `${plural(digests, 'digest')}, ${plural(
    sum(({ report }) => report.counts.log.valid),
    'log file',
  )}`;
  return `Proven: ${where}, ${from} to ${to}: all as CloudTrail delivered it (${files})\n`;
}

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
