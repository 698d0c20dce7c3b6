// Outcomes become the text `aws cloudtrail validate-logs` of awscli 1.46.3 prints, byte for byte, and its exit code.
import { type ClockTime, compareTimes, displayTime } from '../clocktime.ts';
import type { ProvenDigest, StrictProblem } from '../verdicts.ts';
import type { ToldOutcome } from './words.ts';

/** A piece of text and the stream it goes to. */
export interface ReportPiece {
  to: 'stdout' | 'stderr';
  text: string;
}

interface Count {
  valid: number;
  invalid: number;
}

const NAMES = { standard: 'digest', backfill: 'backfill digest', log: 'log' } as const;

function ratio(name: string, { valid, invalid }: Count): string {
  const total = valid + invalid;
  if (total === 0) return '';
  return `\n${valid}/${total} ${name} files valid${invalid > 0 ? `, ${invalid}/${total} ${name} files INVALID` : ''}`;
}

/** What is being reported on. */
export interface ReportOptions {
  trailArn: string;
  start: ClockTime;
  end: ClockTime;
  isVerbose: boolean;
}

export class Report {
  private readonly options: ReportOptions;
  /** Nothing stands between the last text and an empty line. */
  private isAfterBlankLine = true;
  readonly counts: Record<keyof typeof NAMES, Count> = {
    standard: { valid: 0, invalid: 0 },
    backfill: { valid: 0, invalid: 0 },
    log: { valid: 0, invalid: 0 },
  };
  /** First and last time that valid digests prove, inside the span asked for. */
  found: { start: ClockTime; end: ClockTime } | undefined;

  constructor(options: ReportOptions) {
    this.options = options;
  }

  begin(): ReportPiece {
    const { trailArn, start, end } = this.options;
    return { to: 'stdout', text: `Validating log files for trail ${trailArn} between ${displayTime(start)} and ${displayTime(end)}\n\n` };
  }

  /** The text for one outcome, none for a valid file unless verbose. @throws IntegrityError when a valid digest's times can't be compared */
  tell(outcome: ToldOutcome): ReportPiece | undefined {
    if (outcome.kind === 'gap') {
      const mark = outcome.isBackfill ? '(backfill) ' : '';
      const between = `between ${displayTime(outcome.from)} and ${displayTime(outcome.to)}`;
      return this.complaint(`${mark}No log files were delivered by CloudTrail ${between}`);
    }
    const isBackfill = outcome.kind === 'digest' && outcome.isBackfill;
    if (outcome.kind === 'digest' && outcome.proven) this.extendFound(outcome.proven);
    const count = this.counts[outcome.kind === 'log' ? 'log' : isBackfill ? 'backfill' : 'standard'];
    if (outcome.reason === undefined) count.valid++;
    else count.invalid++;
    const name = `${isBackfill ? '(backfill) ' : ''}${outcome.kind === 'log' ? 'Log' : 'Digest'} file\ts3://${outcome.bucket}/${outcome.key}`;
    return outcome.reason === undefined ? this.valid(`${name}\tvalid`) : this.complaint(`${name}\tINVALID: ${outcome.reason}`);
  }

  /** The text for what a strict check found; not counted among awscli's. */
  tellProblem({ about, bucket, key, text }: StrictProblem): ReportPiece {
    if (about === 'hours') return this.complaint(`Missing digests\tINVALID: ${text}`);
    return this.complaint(`${about === 'log' ? 'Log' : 'Digest'} file\ts3://${bucket}/${key}\tINVALID: ${text}`);
  }

  private valid(line: string): ReportPiece | undefined {
    if (!this.options.isVerbose) return undefined;
    this.isAfterBlankLine = false;
    return { to: 'stdout', text: `${line}\n` };
  }

  private complaint(line: string): ReportPiece {
    const text = `${this.isAfterBlankLine ? '' : '\n'}${line}\n\n`;
    this.isAfterBlankLine = true;
    return { to: 'stderr', text };
  }

  private extendFound({ startTime, endTime }: ProvenDigest): void {
    const { start, end } = this.options;
    const from = compareTimes(start, startTime) > 0 ? start : startTime;
    const foundStart = this.found && compareTimes(from, this.found.start) >= 0 ? this.found.start : from;
    const to = compareTimes(end, endTime) < 0 ? end : endTime;
    const foundEnd = this.found && compareTimes(to, this.found.end) <= 0 ? this.found.end : to;
    this.found = { start: foundStart, end: foundEnd };
  }

  summary(): ReportPiece {
    const { start, end } = this.options;
    const { standard, backfill, log } = this.counts;
    const head = `${this.isAfterBlankLine ? '' : '\n'}Results requested for ${displayTime(start)} to ${displayTime(end)}\n`;
    if (standard.valid + standard.invalid + backfill.valid + backfill.invalid === 0)
      return { to: 'stdout', text: `${head}No digests found\n` };
    const span = this.found
      ? `Results found for ${displayTime(this.found.start)} to ${displayTime(this.found.end)}:\n`
      : 'No valid digests found in range\n';
    const ratios = ratio(NAMES.standard, standard) + ratio(NAMES.backfill, backfill) + ratio(NAMES.log, log);
    return { to: 'stdout', text: `${head}${span}${ratios}\n` };
  }

  /** 1 when a digest or log file is invalid, else 0. */
  get exitCode(): number {
    return Object.values(this.counts).some(({ invalid }) => invalid > 0) ? 1 : 0;
  }
}
