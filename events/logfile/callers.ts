// Callers met lately: most stand in many records of a file, byte for byte the same, and what was worked out of one holds for all of them.

const SLOTS = 2_048;
/** Longest `userIdentity` that is remembered, in bytes; CloudTrail's have some 500. */
const LONGEST = 4_096;

/** One `userIdentity`. What stands in a slot is known by its `id`: who remembers something of callers needs a list as long as there are slots. */
export class KnownCaller {
  readonly slot: number;
  readonly id: number;
  /** False where the places of its fields may not tell all. */
  readonly isPlain: boolean;
  private readonly bytes: Buffer;
  private worked: Map<unknown, unknown> | undefined;

  constructor(slot: number, id: number, bytes: Uint8Array, isPlain: boolean) {
    [this.slot, this.id, this.bytes, this.isPlain] = [slot, id, Buffer.from(bytes), isPlain];
  }

  isIn(bytes: Uint8Array, start: number, end: number): boolean {
    return this.bytes.length === end - start && this.bytes.compare(bytes, start, end) === 0;
  }

  /**
   * What `work` gives, worked out the first time only. Invariant: it looks at nothing but `userIdentity`.
   * @param what  tells it from other things that are worked out: a path, a function; there are few of them
   */
  once<T>(what: string | object, work: () => T): T {
    this.worked ??= new Map();
    const known = this.worked.get(what);
    if (known !== undefined || this.worked.has(what)) return known as T;
    const made = work();
    this.worked.set(what, made);
    return made;
  }
}

/** The latest caller for each slot, by a hash. Keeps copies: the bytes a record stood in may hold another by now. */
export class Callers {
  private readonly slots: (KnownCaller | undefined)[] = Array.from({ length: SLOTS }, () => undefined);
  private lastId = 0;

  /**
   * The caller whose `userIdentity` stands there; none, from 0 to 0, is one too.
   * @param record  asked to split it where it wasn't met lately
   */
  at(bytes: Uint8Array, start: number, end: number, record: { splitIdentity(): boolean }): KnownCaller {
    const isLong = end - start > LONGEST;
    const slot = isLong ? SLOTS : slotOf(bytes, start, end);
    const known = this.slots[slot];
    if (known?.isIn(bytes, start, end)) return known;
    const caller = new KnownCaller(slot, ++this.lastId, bytes.subarray(start, end), record.splitIdentity());
    if (!isLong) this.slots[slot] = caller;
    return caller;
  }
}

/** From every sixteenth byte: the ids, names and times that tell callers apart are longer. */
function slotOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  for (let at = start; at < end; at += 16) hash = (Math.imul(hash, 31) + bytes[at]!) | 0;
  return (hash ^ (hash >>> 15)) & (SLOTS - 1);
}
