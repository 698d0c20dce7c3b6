// Dates as Python and dateutil hold and read them: a clock time with or without an offset, read from any usual spelling.
import { readDateWords } from './dateparser.ts';

/** A clock time; `offsetSeconds` is absent when its text named no zone (Python: naive). */
export interface ClockTime {
  /** The time shown on the clock, in microseconds since 1970-01-01T00:00 on that same clock. */
  microseconds: bigint;
  offsetSeconds?: number;
}

/** A text that is no date, or a date no calendar has; the message is the one `aws cloudtrail validate-logs` prints. */
export class DateError extends Error {}

const MICROS = 1_000_000n;

/** Days since 1970-01-01 of a proleptic Gregorian date. */
const daysOf = (year: number, month: number, day: number): number => {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return Math.round(date.getTime() / 86_400_000);
};

/** Days in a month; years outside the calendar count as their namesakes inside it. */
export const daysInMonth = (year: number, month: number): number =>
  new Date(Date.UTC(2000 + (((year % 400) + 400) % 400), month, 0)).getUTCDate();

/** The largest whole numbers that C code behind Python's datetime takes; past them the complaint changes. */
const INT_MAX = 2n ** 31n - 1n;
const LONG_MAX = 2n ** 63n - 1n;

interface Fields {
  year: bigint;
  month: bigint;
  day: bigint;
  hour: bigint;
  minute: bigint;
  second: bigint;
  microsecond: bigint;
}

function assertInCalendar(fields: Fields, text: string): void {
  const unreadable = new DateError(`Unable to parse date value: ${text}`);
  for (const value of Object.values(fields)) {
    if (value > LONG_MAX) throw new DateError('Python int too large to convert to C long');
    if (value > INT_MAX) throw new DateError('signed integer is greater than maximum');
  }
  const { year, month, day, hour, minute, second } = fields;
  if (year < 1n || year > 9999n || month < 1n || month > 12n || hour > 23n || minute > 59n || second > 59n) throw unreadable;
  if (day < 1n || day > BigInt(daysInMonth(Number(year), Number(month)))) throw unreadable;
}

/**
 * Reads a date in any usual spelling, as dateutil 2.9 does for awscli: ISO, compact, with words; what is left out comes from today.
 *
 * @param now  today, for what the text leaves out and for two-digit years
 * @throws DateError with awscli's own words
 */
export function parseDate(text: string, now: Date): ClockTime {
  const words = readDateWords(text, now.getUTCFullYear());
  if (!words) throw new DateError(`Unable to parse date value: ${text}`);
  const year = words.year ?? BigInt(now.getUTCFullYear());
  const month = words.month ?? BigInt(now.getUTCMonth() + 1);
  let day = words.day ?? BigInt(now.getUTCDate());
  if (words.day === undefined) {
    // Asked first of all, so a month out of range is told before a number too large.
    if (month < 1n || month > 12n) throw new DateError(`Unable to parse date value: ${text}`);
    const last = BigInt(daysInMonth(Number(year % 400n), Number(month)));
    if (day > last) day = last;
  }
  const fields = {
    year,
    month,
    day,
    hour: words.hour ?? 0n,
    minute: words.minute ?? 0n,
    second: words.second ?? 0n,
    microsecond: words.microsecond ?? 0n,
  };
  assertInCalendar(fields, text);
  let days = daysOf(Number(year), Number(month), Number(day));
  if (words.weekday !== undefined && !words.day) days += (((words.weekday - (days + 3)) % 7) + 7) % 7;
  const seconds = BigInt(days) * 86_400n + fields.hour * 3_600n + fields.minute * 60n + fields.second;
  const time: ClockTime = { microseconds: seconds * MICROS + fields.microsecond };
  if (words.offsetSeconds !== undefined) time.offsetSeconds = words.offsetSeconds;
  return time;
}

/** The same clock time taken as UTC: an offset is dropped, not applied. */
export const asUtc = (time: ClockTime): ClockTime => ({ microseconds: time.microseconds, offsetSeconds: 0 });

/** Time zero at UTC of a JavaScript date. */
export const fromDate = (date: Date): ClockTime => ({ microseconds: BigInt(date.getTime()) * 1_000n, offsetSeconds: 0 });

/** The instant in milliseconds since 1970 UTC; a time without a zone counts as UTC. */
export const toMillis = (time: ClockTime): number => Number(time.microseconds / 1_000n) - (time.offsetSeconds ?? 0) * 1_000;

const FIRST = BigInt(daysOf(1, 1, 1)) * 86_400n * MICROS;
const LAST = BigInt(daysOf(10_000, 1, 1)) * 86_400n * MICROS;

/** The time moved by some seconds. @throws DateError outside the years 1 to 9999 */
export function addSeconds(time: ClockTime, seconds: number): ClockTime {
  const microseconds = time.microseconds + BigInt(seconds) * MICROS;
  if (microseconds < FIRST || microseconds >= LAST) throw new DateError('date value out of range');
  return { ...time, microseconds };
}

/**
 * Below zero, zero or above zero as `a` is before, at or after `b`.
 * @throws DateError when one names a zone and the other doesn't, with Python's words
 */
export function compareTimes(a: ClockTime, b: ClockTime): number {
  if ((a.offsetSeconds === undefined) !== (b.offsetSeconds === undefined))
    throw new DateError("can't compare offset-naive and offset-aware datetimes");
  const instant = (time: ClockTime) => time.microseconds - BigInt(time.offsetSeconds ?? 0) * MICROS;
  const difference = instant(a) - instant(b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

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

/** `2026-03-10T20:00:00Z`: the clock time, whatever its zone; fractions cut; years below 1000 are not padded, as Python on Linux. */
export function displayTime(time: ClockTime): string {
  const { year, month, day, hour, minute, second } = parts(time);
  return `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
}

/** `20260310T200000Z`, the time in a digest's key. */
export function keyTime(time: ClockTime): string {
  const { year, month, day, hour, minute, second } = parts(time);
  return `${year}${month}${day}T${hour}${minute}${second}Z`;
}

/** `2026/03/10`, the folders in a digest's key. */
export function dayFolders(time: ClockTime): string {
  const { year, month, day } = parts(time);
  return `${year}/${month}/${day}`;
}
