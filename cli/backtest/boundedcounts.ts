// How often each name came, the frequent ones kept: whatever a log says, the memory stays bounded.

/** Most names that are counted each on its own. */
const MAX_NAMES = 2000;

export class BoundedCounts {
  private readonly counts = new Map<string, number>();
  private readonly most: number;
  /** Came under names that are no longer counted: each shown count may be too low by as much. */
  others = 0;

  constructor(most = MAX_NAMES) {
    this.most = most;
  }

  add(name: string): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    if (this.counts.size > this.most) this.forgetRare();
  }

  /** The most frequent names, then by name. */
  top(count: number): { name: string; count: number }[] {
    return this.sorted()
      .slice(0, count)
      .map(([name, times]) => ({ name, count: times }));
  }

  private sorted(): [string, number][] {
    return [...this.counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  }

  /** Drops the rarer half. */
  private forgetRare(): void {
    for (const [name, count] of this.sorted().slice(this.most / 2)) {
      this.others += count;
      this.counts.delete(name);
    }
  }
}
