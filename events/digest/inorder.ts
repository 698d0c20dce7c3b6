// Doing many things at once and giving their results in order: how a check is fast and reads like a slow one.

/** A result that may still be on its way. Wrapped, because an async generator would wait for a bare promise. */
export interface PendingResult<T> {
  settled: Promise<T>;
}

/** At most `slots` of the works given run at once; the others wait in line. */
export function limiter(slots: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = slots;
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((resume) => waiting.push(resume));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}

type Slot<T> = { pending: PendingResult<T> } | { failed: unknown } | 'done';

/**
 * Pulls up to `limit` results from `source` before the reader asks, and gives them in the source's order.
 * A result that fails, or a source that fails, throws at its own place in the order.
 */
export async function* inOrder<T>(source: AsyncIterable<PendingResult<T>>, limit: number): AsyncGenerator<T, void, undefined> {
  const line: Slot<T>[] = [];
  let stopped = false;
  let wakeReader = () => {};
  let wakeSource = () => {};
  const push = (slot: Slot<T>) => {
    line.push(slot);
    wakeReader();
  };
  const pull = async () => {
    try {
      for await (const pending of source) {
        pending.settled.catch(() => {});
        push({ pending });
        while (line.length >= limit && !stopped) await new Promise<void>((resume) => (wakeSource = resume));
        if (stopped) return;
      }
      push('done');
    } catch (failed) {
      push({ failed });
    }
  };
  const pulling = pull();
  try {
    for (;;) {
      while (line.length === 0) await new Promise<void>((resume) => (wakeReader = resume));
      const slot = line[0]!;
      if (slot === 'done') return;
      if ('failed' in slot) throw slot.failed;
      // Kept in line until it has settled: it counts against the limit so long.
      const value = await slot.pending.settled;
      line.shift();
      wakeSource();
      yield value;
    }
  } finally {
    stopped = true;
    wakeSource();
    void pulling;
  }
}

/** Reads things before they are asked for: those named by `expect`, newest first, at most `depth` places below the last one asked for. */
export class ExpectedReads<T> {
  private readonly read: (bucket: string, key: string) => Promise<T>;
  private readonly depth: number;
  private bucket = '';
  private expected: readonly string[] = [];
  private places = new Map<string, number>();
  private begun = new Map<number, Promise<T>>();
  /** Place of the next key whose reading begins, going down. */
  private nextPlace = -1;

  constructor(read: (bucket: string, key: string) => Promise<T>, depth: number) {
    this.read = read;
    this.depth = depth;
  }

  expect(bucket: string, keys: readonly string[]): void {
    this.bucket = bucket;
    this.expected = [...keys];
    this.places = new Map(this.expected.map((key, place) => [key, place]));
    this.begun = new Map();
    this.nextPlace = this.expected.length - 1;
    this.beginBelow(this.expected.length);
  }

  /** Begins reading down to `depth` places below the one just asked for. */
  private beginBelow(place: number): void {
    for (; this.nextPlace >= 0 && this.nextPlace >= place - this.depth; this.nextPlace--) {
      const reading = this.read(this.bucket, this.expected[this.nextPlace]!);
      reading.catch(() => {});
      this.begun.set(this.nextPlace, reading);
    }
  }

  /** The thing asked for, begun before or only now. */
  take(bucket: string, key: string): Promise<T> {
    const place = bucket === this.bucket ? this.places.get(key) : undefined;
    if (place === undefined) return this.read(bucket, key);
    const begun = this.begun.get(place);
    for (const older of this.begun.keys()) if (older >= place) this.begun.delete(older);
    this.nextPlace = Math.min(this.nextPlace, place - 1);
    this.beginBelow(place);
    return begun ?? this.read(bucket, key);
  }
}
