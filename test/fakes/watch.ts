// The memory and the bus of a scheduled check, in memory.
import type { FindingBus, WatchState } from '../../events/digest/doors.ts';
import type { IntegrityFinding } from '../../events/digest/index.ts';

export class KeptState implements WatchState {
  readonly reachedMs = new Map<string, number>();
  readonly told = new Set<string>();
  async reached(place: string) {
    return this.reachedMs.get(place);
  }
  async setReached(place: string, reachedMs: number) {
    this.reachedMs.set(place, reachedMs);
  }
  async wasTold(id: string) {
    return this.told.has(id);
  }
  async setTold(id: string) {
    this.told.add(id);
  }
}

export class KeptFindings implements FindingBus {
  readonly findings: IntegrityFinding[] = [];
  refusesNext = false;
  async put(finding: IntegrityFinding) {
    const isRefused = this.refusesNext;
    this.refusesNext = false;
    if (isRefused) throw new Error('refused');
    this.findings.push(finding);
  }
}
