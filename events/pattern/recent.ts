// Outcomes of values met lately: comparing a long text with itself is faster than running an automaton over it again.

/** Texts shorter than this are run again; longer than `LONGEST` are rare. */
const SHORTEST = 24;
const LONGEST = 256;
const SLOTS = 64;

interface Recent {
  length: number;
  bytes: Uint8Array;
  outcome: number;
}

/** The latest outcome for each of a few places, by a hash of the text. Keeps copies: the bytes a text stood in may hold another by now. */
export class RecentOutcomes {
  private readonly slots: (Recent | undefined)[] = Array.from({ length: SLOTS }, () => undefined);

  /** The outcome of a text that was met lately; undefined when it wasn't. */
  get(bytes: Uint8Array, start: number, end: number): number | undefined {
    const length = end - start;
    if (length < SHORTEST) return undefined;
    const recent = this.slots[slotOf(bytes, start, end)];
    if (recent === undefined || recent.length !== length) return undefined;
    const known = recent.bytes;
    // Texts that differ do so near their end more often than not.
    for (let at = length - 1, other = end - 1; at >= 0; at--, other--) if (known[at] !== bytes[other]) return undefined;
    return recent.outcome;
  }

  put(bytes: Uint8Array, start: number, end: number, outcome: number): void {
    const length = end - start;
    if (length < SHORTEST || length > LONGEST) return;
    const slot = slotOf(bytes, start, end);
    const recent = this.slots[slot] ?? { length: 0, bytes: new Uint8Array(LONGEST), outcome: 0 };
    for (let at = 0; at < length; at++) recent.bytes[at] = bytes[start + at]!;
    recent.length = length;
    recent.outcome = outcome;
    this.slots[slot] = recent;
  }
}

const slotOf = (bytes: Uint8Array, start: number, end: number): number =>
  (end - start + bytes[start]! * 3 + bytes[(start + end) >> 1]! * 5 + bytes[end - 3]! * 7) & (SLOTS - 1);
