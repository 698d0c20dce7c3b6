// The corridor on a laptop: every file of the sources walks it onto an in-process bus.
import { Duplicates } from '../events/duplicates.ts';
import type { Entry } from '../events/entry.ts';
import { ReadError, TrailbusError } from '../events/errors.ts';
import { Ledger } from '../events/ledger.ts';
import { type Doors, type Policy, processFile } from '../events/process.ts';
import { LocalBus } from '../local/bus.ts';
import { NothingDone } from '../local/donefiles.ts';
import { QuarantineList } from '../local/quarantine.ts';
import type { SourceFile } from './sources.ts';
import { Summary } from './summary.ts';

/** What a run saw and did. */
export interface RunResult {
  ledger: Ledger;
  summary: Summary;
  quarantine: QuarantineList;
  /** Files that could not be read; the others were worked through. */
  unread: ReadError[];
}

export class LocalCorridor implements RunResult {
  readonly ledger = new Ledger();
  readonly summary = new Summary();
  readonly quarantine = new QuarantineList();
  readonly unread: ReadError[] = [];
  private readonly bus: LocalBus;
  private readonly policy: Policy;

  constructor(listeners: ((entry: Entry) => void)[], policy: Policy = {}) {
    this.bus = new LocalBus([(entry) => this.summary.add(entry), ...listeners], this.ledger);
    this.policy = policy;
  }

  /** Walks one file; what can't be read is noted, and the next file goes on. */
  async walk({ ref, skip, store }: Pick<SourceFile, 'ref' | 'skip' | 'store'>): Promise<void> {
    if (skip !== undefined) return this.ledger.skipFile(skip);
    const doors: Doors = { store, bus: this.bus, quarantine: this.quarantine, done: new NothingDone(), ledger: this.ledger };
    try {
      await processFile({ ref, doors, policy: this.policy, duplicates: new Duplicates().ofFile(), hits: [] });
    } catch (error) {
      if (!(error instanceof ReadError)) throw withFile(error, ref.key);
      this.unread.push(error);
    }
  }
}

const withFile = (error: unknown, key: string) =>
  error instanceof TrailbusError
    ? error
    : new TrailbusError(error instanceof Error ? error.message : String(error), { source: key, cause: error });
