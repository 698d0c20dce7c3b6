// Times as detection files write them: lengths (`90s`, `15m`, `24h`, `10d`) and days.

export const DURATION = /^([1-9]\d{0,5})(s|m|h|d)$/;
const SECONDS_OF: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Seconds of a length of time. Invariant: the text was checked by the schema. */
export function secondsOf(duration: string): number {
  const [, count = '0', unit = 's'] = DURATION.exec(duration) ?? [];
  return Number(count) * SECONDS_OF[unit]!;
}

/** The same of a text that nobody checked; undefined for what is no length of time. */
export const durationSeconds = (text: string): number | undefined => (DURATION.test(text) ? secondsOf(text) : undefined);

/** Seconds as a detection file may write them, in the largest unit that is whole. */
export function durationText(seconds: number): string {
  const [unit, length] = Object.entries(SECONDS_OF).findLast(([, each]) => seconds % each === 0)!;
  return `${seconds / length}${unit}`;
}

/** Whether a text is a day that the calendar has: `2027-01-31`, and not `2027-02-30`. */
export function isDay(text: string): boolean {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(time) && dayOf(new Date(time)) === text;
}

/** `2027-01-31`: the day of a time, in UTC; a day that is text already stays. */
export const dayOf = (day: string | Date): string => (typeof day === 'string' ? day : day.toISOString().slice(0, 10));
