// One pass of a backtest over logs: what detections say of each record, with and without their exclusions.
import { type Detection, dayOf, evaluatorOf, type Hit, type OffDetection } from '../../events/detect/index.ts';
import type { Entry } from '../../events/entry.ts';
import { DAY_SECONDS } from '../../events/timeunits.ts';
import type { LoadedConfig } from '../../local/configfile.ts';
import type { MemoryOptions } from '../../local/findingstate.ts';
import { inForce } from '../../local/inforce.ts';
import { LocalCorridor } from '../corridor.ts';
import { areEnough } from '../detecting.ts';
import type { Load } from './costs.ts';
import { RuleCounts } from './rulecounts.ts';
import { BothFindingMakers } from './unexcluded.ts';

export interface BacktestResult {
  config: LoadedConfig;
  rules: readonly RuleCounts[];
  corridor: LocalCorridor;
  load: Load;
  /** Detections that can't be asked. */
  lacking: readonly OffDetection[];
}

export interface BacktestedLogs extends MemoryOptions {
  accounts: readonly string[];
}

export class BacktestPass {
  readonly corridor: LocalCorridor;
  private readonly config: LoadedConfig;
  private readonly lacking: readonly OffDetection[];
  private readonly rules: ReadonlyMap<string, RuleCounts>;
  private readonly makers: BothFindingMakers;
  /** Of the files since findings were last made, in order; those that an exclusion takes away among them. */
  private hits: Hit[] = [];
  private readonly excluded = new Set<Hit>();
  private files = 0;
  /** Hits and windows of the file that is read. */
  private hitsInFile = 0;
  private readonly itemsInFile = new Set<string>();
  private readonly load: Load = { records: 0, messages: 0, items: 0, told: 0, days: 0 };

  /** @param over  whose files are read (see `accountsUnnamed`), and whether they come in any order of time */
  constructor(config: LoadedConfig, detections: readonly Detection[], { accounts, ...memory }: BacktestedLogs, samples: number) {
    this.config = config;
    this.rules = new Map(detections.map((detection) => [detection.id, new RuleCounts(detection, samples)]));
    const asked = inForce(detections, config);
    this.makers = new BothFindingMakers(asked, memory);
    let current: Entry | undefined;
    const evaluator = evaluatorOf(asked, {
      ...{ accounts, today: dayOf(new Date()) },
      excluded: (hit, by) => {
        this.hits.push(hit);
        this.excluded.add(hit);
        this.rules.get(hit.detection)!.addExcluded(hit, by, current!);
      },
    });
    this.lacking = evaluator.off;
    this.corridor = new LocalCorridor([
      (entry) => {
        current = entry;
        for (const hit of evaluator.ask(entry)) this.addHit(hit, entry);
      },
    ]);
  }

  private addHit(hit: Hit, entry: Entry): void {
    this.hits.push(hit);
    this.rules.get(hit.detection)!.addHit(hit, entry);
    this.hitsInFile++;
    for (const item of itemsOf(hit)) this.itemsInFile.add(item);
  }

  /** Findings are made after some files, as in a run. */
  async endFile(isLast: boolean): Promise<void> {
    if (this.hitsInFile > 0) this.load.messages++;
    this.load.items += this.itemsInFile.size;
    this.hitsInFile = 0;
    this.itemsInFile.clear();
    this.files++;
    if (isLast || areEnough(this.files, this.hits.length - this.excluded.size)) await this.takeHits();
  }

  private async takeHits(): Promise<void> {
    this.files = 0;
    const { before, after, told } = await this.makers.take(this.hits, this.excluded);
    this.load.told += told;
    for (const finding of after) this.rules.get(finding.rule)!.addFinding(finding);
    for (const { rule, state } of before) if (state === 'open') this.rules.get(rule)!.findingsBefore++;
    this.hits = [];
    this.excluded.clear();
  }

  result(): BacktestResult {
    const { earliest, latest } = this.corridor.summary;
    const load = { ...this.load, records: this.corridor.ledger.recordsRead, days: daysBetween(earliest, latest) };
    return { config: this.config, corridor: this.corridor, lacking: this.lacking, load, rules: [...this.rules.values()] };
  }
}

/** What is counted in: a window's key, or the hour of a detection without one. */
const itemsOf = ({ detection, marks, event }: Hit): string[] =>
  marks.length === 0
    ? [`${detection} ${event.time.slice(0, 13)}`]
    : marks.map(({ window, key }) => JSON.stringify([detection, window, key]));

const DAY_MS = DAY_SECONDS * 1_000;

/** Days that two times lie in, both included. */
const daysBetween = (earliest: string | undefined, latest: string | undefined): number =>
  earliest === undefined || latest === undefined
    ? 1
    : Math.floor(Date.parse(latest) / DAY_MS) - Math.floor(Date.parse(earliest) / DAY_MS) + 1;
