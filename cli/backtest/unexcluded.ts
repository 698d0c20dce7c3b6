// The findings that there would be without exclusions, beside those that there are: only what exclusions touch is counted twice.
import { type Detection, type DetectionsInForce, type FindingMaker, findingMakerOf, type Hit } from '../../events/detect/index.ts';
import type { Finding } from '../../events/finding.ts';
import { ForkedFindingState, MemoryFindingState, type MemoryOptions } from '../../local/findingstate.ts';

/** Findings told now, with exclusions and as if there were none. */
export interface BothFindings {
  after: Finding[];
  before: Finding[];
  /** Findings that went on the bus, each as often as it was told. */
  told: number;
}

/**
 * Makes findings twice where that differs. What is remembered of a window's key is the same with and without exclusions until the first event of that key is
 * excluded: from then on the key has two memories.
 */
export class BothFindingMakers {
  private readonly maker: FindingMaker;
  private readonly makerBefore: FindingMaker;
  private readonly detections: ReadonlyMap<string, Detection>;
  /** Cells in which something was excluded, or that were counted together with such. */
  private readonly forked = new Set<string>();

  constructor(asked: DetectionsInForce, memory: MemoryOptions) {
    const state = new MemoryFindingState(memory);
    this.maker = findingMakerOf(asked, state);
    this.makerBefore = findingMakerOf(asked, new ForkedFindingState(state, memory));
    this.detections = new Map(asked.detections.map((detection) => [detection.id, detection]));
  }

  /** @param excluded  those of the hits that an exclusion takes away */
  async take(hits: readonly Hit[], excluded: ReadonlySet<Hit>): Promise<BothFindings> {
    this.fork(hits, excluded);
    const isForked = (hit: Hit) => this.cellsOf(hit).some((cell) => this.forked.has(cell));
    const [apart, shared] = [hits.filter(isForked), hits.filter((hit) => !isForked(hit))];
    // Before the memory with exclusions goes on: what was never written apart is read there.
    const before = await this.makerBefore.take(apart, async () => undefined);
    const same = await this.maker.take(shared, async () => undefined);
    const after = await this.maker.take(
      apart.filter((hit) => !excluded.has(hit)),
      async () => undefined,
    );
    return {
      after: [...same.told, ...same.dryRun, ...after.told, ...after.dryRun],
      before: [...same.told, ...same.dryRun, ...before.told, ...before.dryRun],
      told: same.told.length + after.told.length,
    };
  }

  /** A hit that counts in two cells ties them together: where one is forked, so is the other. */
  private fork(hits: readonly Hit[], excluded: ReadonlySet<Hit>): void {
    for (const hit of excluded) for (const cell of this.cellsOf(hit)) this.forked.add(cell);
    if (this.forked.size === 0) return;
    for (let before = -1; before !== this.forked.size; ) {
      before = this.forked.size;
      for (const hit of hits) {
        const cells = this.cellsOf(hit);
        if (cells.length > 1 && cells.some((cell) => this.forked.has(cell))) for (const cell of cells) this.forked.add(cell);
      }
    }
  }

  /** What a hit is counted in: keys of windows, the hour of a detection without one; of values never seen, all that the detection has learned. */
  private cellsOf({ detection, marks, event }: Hit): string[] {
    const { window, raise } = this.detections.get(detection)!;
    if ([window, ...raise.map((each) => each.window)].some((each) => each !== undefined && 'firstSeen' in each)) return [detection];
    const cells = new Set(marks.map(({ key }) => JSON.stringify([detection, ...key])));
    if (window === undefined) cells.add(`${detection} ${event.time.slice(0, 13)}`);
    return [...cells];
  }
}
