// A time as a clock shows it, with or without a zone: the value all of this wing reckons with, and how it is written.
import { IntegrityError } from './integrityerrors.ts';

/** A clock time; `offsetSeconds` is absent when its text named no zone. */
export interface ClockTime {
  /** The time shown on the clock, in microseconds since 1970-01-01T00:00 on that same clock. */
  microseconds: bigint;
  offsetSeconds?: number;
}

export const MICROS_A_SECOND = 1_000_000n;

/** Days since 1970-01-01 of a proleptic Gregorian date. */
export const daysOf = (year: number, month: number, day: number): number => {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return Math.round(date.getTime() / 86_400_000);
};

/** The same clock time taken as UTC: an offset is dropped, not applied. */
export const asUtc = (time: ClockTime): ClockTime => ({ microseconds: time.microseconds, offsetSeconds: 0 });

/** The clock time at UTC of a JavaScript date. */
export const fromDate = (date: Date): ClockTime => ({ microseconds: BigInt(date.getTime()) * 1_000n, offsetSeconds: 0 });

/** The instant in milliseconds since 1970 UTC; a time without a zone counts as UTC. */
export const toMs = (time: ClockTime): number => Number(time.microseconds / 1_000n) - (time.offsetSeconds ?? 0) * 1_000;

const FIRST = BigInt(daysOf(1, 1, 1)) * 86_400n * MICROS_A_SECOND;
const LAST = BigInt(daysOf(10_000, 1, 1)) * 86_400n * MICROS_A_SECOND;

/** The time moved by some seconds. @throws IntegrityError outside the years 1 to 9999 */
export function addSeconds(time: ClockTime, seconds: number): ClockTime {
  const microseconds = time.microseconds + BigInt(seconds) * MICROS_A_SECOND;
  if (microseconds < FIRST || microseconds >= LAST) throw new IntegrityError({ code: 'DATE_OUT_OF_RANGE' });
  return { ...time, microseconds };
}

/**
 * Below zero, zero or above zero as `a` is before, at or after `b`.
 * @throws IntegrityError when one names a zone and the other doesn't
 */
export function compareTimes(a: ClockTime, b: ClockTime): number {
  if ((a.offsetSeconds === undefined) !== (b.offsetSeconds === undefined)) throw new IntegrityError({ code: 'DATES_NOT_COMPARABLE' });
  const instant = (time: ClockTime) => time.microseconds - BigInt(time.offsetSeconds ?? 0) * MICROS_A_SECOND;
  const difference = instant(a) - instant(b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** Years below 1000 are not padded, as awscli writes them on Linux: a listing begins at a name with such a year in it. */
function parts(time: ClockTime) {
  const date = new Date(Number(time.microseconds / 1_000n) + (time.microseconds % 1_000n < 0n ? -1 : 0));
  const two = (value: number) => String(value).padStart(2, '0');
  return {
    year: String(date.getUTCFullYear()),
    month: two(date.getUTCMonth() + 1),
    day: two(date.getUTCDate()),
    hour: two(date.getUTCHours()),
    minute: two(date.getUTCMinutes()),
    second: two(date.getUTCSeconds()),
  };
}

/** `2026-03-10T20:00:00Z`: the clock time, whatever its zone; fractions cut. */
export function displayTime(time: ClockTime): string {
  const { year, month, day, hour, minute, second } = parts(time);
  return `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
}

/** `20260310T200000Z`, the time in a digest's name. */
export function compactTime(time: ClockTime): string {
  const { year, month, day, hour, minute, second } = parts(time);
  return `${year}${month}${day}T${hour}${minute}${second}Z`;
}

/** `2026/03/10`, the folders a digest lies in. */
export function dayFolders(time: ClockTime): string {
  const { year, month, day } = parts(time);
  return `${year}/${month}/${day}`;
}
