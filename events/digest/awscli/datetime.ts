// A date in any usual spelling becomes a clock time, as Python and dateutil read it.
import { type ClockTime, daysOf, MICROS_A_SECOND } from '../clocktime.ts';
import { IntegrityError } from '../integrityerrors.ts';
import { readDateWords } from './dateparser.ts';

/** Days in a month; years outside the calendar count as their namesakes inside it. */
const daysInMonth = (year: number, month: number): number => new Date(Date.UTC(2000 + (((year % 400) + 400) % 400), month, 0)).getUTCDate();

/** The largest whole numbers that C code behind Python's datetime takes; past them the fault is another one. */
const INT_MAX = 2n ** 31n - 1n;
const LONG_MAX = 2n ** 63n - 1n;

interface DateFields {
  year: bigint;
  month: bigint;
  day: bigint;
  hour: bigint;
  minute: bigint;
  second: bigint;
  microsecond: bigint;
}

const noDate = (text: string) => new IntegrityError({ code: 'DATE_UNREADABLE', text });

function assertInCalendar(fields: DateFields, text: string): void {
  for (const value of Object.values(fields)) {
    if (value > LONG_MAX) throw new IntegrityError({ code: 'DATE_TOO_LARGE', text, limit: 64 });
    if (value > INT_MAX) throw new IntegrityError({ code: 'DATE_TOO_LARGE', text, limit: 32 });
  }
  const { year, month, day, hour, minute, second } = fields;
  if (year < 1n || year > 9999n || month < 1n || month > 12n || hour > 23n || minute > 59n || second > 59n) throw noDate(text);
  if (day < 1n || day > BigInt(daysInMonth(Number(year), Number(month)))) throw noDate(text);
}

/**
 * Reads a date in any usual spelling, as dateutil 2.9 does for awscli: ISO, compact, with words; what is left out comes from today.
 *
 * @param now  today, for what the text leaves out and for two-digit years
 * @throws IntegrityError for a text that is no date, or a date no calendar has
 */
export function parseDate(text: string, now: Date): ClockTime {
  const words = readDateWords(text, now.getUTCFullYear());
  if (!words) throw noDate(text);
  const year = words.year ?? BigInt(now.getUTCFullYear());
  const month = words.month ?? BigInt(now.getUTCMonth() + 1);
  let day = words.day ?? BigInt(now.getUTCDate());
  if (words.day === undefined) {
    // Asked first of all, so a month out of range is told before a number too large.
    if (month < 1n || month > 12n) throw noDate(text);
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
  const time: ClockTime = { microseconds: seconds * MICROS_A_SECOND + fields.microsecond };
  if (words.offsetSeconds !== undefined) time.offsetSeconds = words.offsetSeconds;
  return time;
}
