// Waiting before what was refused is tried again.

/** Time and chance, which the core has not of its own. */
export interface Waits {
  /** Waits this many milliseconds. */
  sleep: (waitMs: number) => Promise<void>;
  /** 0 <= random < 1, for the jitter. */
  random: () => number;
}

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 10_000;
/** Waits are given up when less than this would be left. */
const TIME_MARGIN_MS = 1_000;

/**
 * Exponential backoff with full jitter.
 * @param tries  how often it was tried
 * @throws what `late` gives, where the wait would leave too little time
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export async function waitToRetry(tries: number, waits: Waits & { timeLeftMs: () => number }, late: () => Error): Promise<void> {
  const waitMs = waits.random() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1));
  if (waits.timeLeftMs() - waitMs < TIME_MARGIN_MS) throw late();
  await waits.sleep(waitMs);
}
