// What a backtest keeps of one detection: counts and samples, bounded whatever the log says.
import type { Detection, ExcludedBy, Hit } from '../../events/detect/index.ts';
import type { Entry } from '../../events/entry.ts';
import { type Finding, isAtLeast, type Severity, UNKNOWN_TIME } from '../../events/finding.ts';
import { addressOfFile } from '../sources.ts';
import { BoundedCounts } from './boundedcounts.ts';
import { Noise } from './noise.ts';

/** An event that is shown. */
export interface HitSample {
  time: string;
  severity: Severity;
  title: string;
  who?: string;
  from?: string;
  eventID?: string;
  file: string;
  record: number;
}

export interface DayCounts {
  hits: number;
  excluded: number;
  findings: number;
}

/** Days that are counted each on its own: a log may say any year. */
const MAX_DAYS = 400;
/** Stands for the days past `MAX_DAYS`. */
const OTHER_DAYS = 'other days';

export class RuleCounts {
  readonly detection: Detection;
  hits = 0;
  excluded = 0;
  findings = 0;
  /** As if there were no exclusions. */
  findingsBefore = 0;
  /** The highest severity of a hit, or of a finding. */
  highest: Severity | undefined;
  readonly days = new Map<string, DayCounts>();
  readonly principals = new BoundedCounts();
  readonly addresses = new BoundedCounts();
  readonly noise = new Noise();
  readonly samples: HitSample[] = [];
  readonly excludedSamples: HitSample[] = [];
  private readonly excludedBy = new Map<string, { by: ExcludedBy; count: number }>();
  private readonly mostSamples: number;

  constructor(detection: Detection, mostSamples: number) {
    this.detection = detection;
    this.mostSamples = mostSamples;
  }

  addHit(hit: Hit, entry: Entry): void {
    this.hits++;
    this.day(hit.event.time).hits++;
    this.raise(hit.severity);
    this.principals.add(hit.who ?? 'unknown');
    this.addresses.add(hit.from ?? 'unknown');
    this.noise.add(entry.record);
    this.sample(this.samples, hit, entry);
  }

  addExcluded(hit: Hit, by: ExcludedBy, entry: Entry): void {
    this.excluded++;
    this.day(hit.event.time).excluded++;
    const key = `${by.of} ${by.at}`;
    this.excludedBy.set(key, { by, count: (this.excludedBy.get(key)?.count ?? 0) + 1 });
    this.sample(this.excludedSamples, hit, entry);
  }

  /** @param told  as it was told: only when it opens is it one more */
  addFinding({ state, firstTime, severity }: Finding): void {
    this.raise(severity);
    if (state !== 'open') return;
    this.findings++;
    this.day(firstTime ?? UNKNOWN_TIME).findings++;
  }

  /** Exclusions by how much they took away. */
  exclusions(): { by: ExcludedBy; count: number }[] {
    return [...this.excludedBy.values()].sort((left, right) => right.count - left.count);
  }

  private raise(severity: Severity): void {
    if (this.highest === undefined || isAtLeast(severity, this.highest)) this.highest = severity;
  }

  private day(time: string): DayCounts {
    const date = time.slice(0, 10);
    const name = this.days.has(date) || this.days.size < MAX_DAYS ? date : OTHER_DAYS;
    const day = this.days.get(name) ?? { hits: 0, excluded: 0, findings: 0 };
    this.days.set(name, day);
    return day;
  }

  private sample(samples: HitSample[], { event, severity, title, who, from }: Hit, { ref, record }: Entry): void {
    if (samples.length >= this.mostSamples) return;
    samples.push({
      ...{ time: event.time, severity, title },
      ...(who === undefined ? {} : { who }),
      ...(from === undefined ? {} : { from }),
      ...(event.eventID === undefined ? {} : { eventID: event.eventID }),
      ...{ file: addressOfFile(ref), record: record.index },
    });
  }
}
