// The words of a date and what each of them says, by the rules of python-dateutil 2.9 (`dateutil.parser.parse` without options).
// Those rules are awscli's for `--start-time` and for the times in digests: https://dateutil.readthedocs.io/en/stable/parser.html
// What can't be read gives undefined; whether the calendar has such a day is asked elsewhere.

import { DateUnreadable, DayParts, type ExactDecimal, fullYear, isDigits, lastDay, whole } from './dateparts.ts';
import { tokensOf } from './datetokens.ts';

/** What the words said; what they left out is absent. Numbers are unbounded, as in Python. */
export interface DateWords {
  year?: bigint;
  month?: bigint;
  day?: bigint;
  /** 0 is Monday. */
  weekday?: number;
  hour?: bigint;
  minute?: bigint;
  second?: bigint;
  microsecond?: bigint;
  offsetSeconds?: number;
}

const positions = (names: string[][]): Map<string, number> => new Map(names.flatMap((row, i) => row.map((name) => [name, i] as const)));

const JUMPS = new Set([' ', '.', ',', ';', '-', '/', "'", 'at', 'on', 'and', 'ad', 'm', 't', 'of', 'st', 'nd', 'rd', 'th']);
const WEEKDAYS = positions(
  'mon monday|tue tuesday|wed wednesday|thu thursday|fri friday|sat saturday|sun sunday'.split('|').map((row) => row.split(' ')),
);
const MONTHS = positions(
  'jan january|feb february|mar march|apr april|may|jun june|jul july|aug august|sep sept september|oct october|nov november|dec december'
    .split('|')
    .map((row) => row.split(' ')),
);
const UNITS = positions([
  ['h', 'hour', 'hours'],
  ['m', 'minute', 'minutes'],
  ['s', 'second', 'seconds'],
]);
const HALVES = positions([
  ['am', 'a'],
  ['pm', 'p'],
]);
const UTC_NAMES = new Set(['utc', 'gmt', 'z']);

const weekdayOf = (word: string) => WEEKDAYS.get(word.toLowerCase());
const monthOf = (word: string) => MONTHS.get(word.toLowerCase());
const unitOf = (word: string) => UNITS.get(word.toLowerCase());
const halfOf = (word: string) => HALVES.get(word.toLowerCase());
const isJump = (word: string) => JUMPS.has(word.toLowerCase());
function decimal(text: string): ExactDecimal {
  const match = /^(\d*)(?:\.(\d*))?$/.exec(text);
  if (!match || (!match[1] && !match[2])) throw new DateUnreadable();
  return { whole: BigInt(match[1] || '0'), fraction: match[2] ?? '' };
}

/** Sixtieths of the fraction, cut; undefined when there is no fraction. */
function sixtieths({ fraction }: ExactDecimal): bigint | undefined {
  if (/^0*$/.test(fraction)) return undefined;
  return (60n * BigInt(fraction)) / 10n ** BigInt(fraction.length);
}

/** Reads one date, token by token. */
class DateReading {
  readonly words: DateWords = {};
  readonly days = new DayParts();
  readonly tokens: string[];
  readonly thisYear: number;
  half: number | undefined;
  zoneName: string | undefined;
  offset: number | undefined;

  constructor(text: string, thisYear: number) {
    this.tokens = tokensOf(text);
    this.thisYear = thisYear;
  }

  private at(i: number): string {
    const token = this.tokens[i];
    if (token === undefined) throw new DateUnreadable();
    return token;
  }

  read(): void {
    for (let i = 0; i < this.tokens.length; i++) i = this.readToken(i);
    Object.assign(this.words, this.days.resolve());
    if (this.words.year !== undefined) this.words.year = fullYear(this.words.year, this.thisYear, this.days.centurySpecified);
    this.settleZone();
  }

  /** Reads the token at `i`, and perhaps some after it. @returns the index of the last token read */
  private readToken(i: number): number {
    const token = this.at(i);
    if (/^(\d+\.?\d*|\.\d+)$/.test(token)) return this.readNumber(i);
    const weekday = weekdayOf(token);
    if (weekday !== undefined) {
      this.words.weekday = weekday;
      return i;
    }
    if (monthOf(token) !== undefined) return this.readMonth(i);
    if (halfOf(token) !== undefined) return this.readHalf(i);
    if (this.couldBeZone(token, this.offset)) return this.readZoneName(i);
    if (this.words.hour !== undefined && (token === '+' || token === '-')) return this.readOffset(i);
    if (!isJump(token)) throw new DateUnreadable();
    return i;
  }

  private readMonth(i: number): number {
    const { tokens } = this;
    this.days.add(BigInt(monthOf(this.at(i))! + 1), 'm');
    const next = tokens[i + 1];
    if (next === '-' || next === '/') {
      this.days.add(this.at(i + 2));
      if (tokens[i + 3] !== next) return i + 2;
      this.days.add(this.at(i + 4));
      return i + 4;
    }
    if (tokens.length > i + 4 && next === ' ' && tokens[i + 3] === ' ' && tokens[i + 2]!.toLowerCase() === 'of') {
      const year = tokens[i + 4]!;
      if (isDigits(year)) this.days.add(String(fullYear(BigInt(year), this.thisYear, false)), 'y');
      return i + 4;
    }
    return i;
  }

  private readHalf(i: number): number {
    const { hour } = this.words;
    if (hour === undefined || hour > 12n) throw new DateUnreadable();
    this.half = halfOf(this.at(i))!;
    this.words.hour = inHalf(hour, this.half);
    return i;
  }

  private couldBeZone(token: string, offset: number | undefined): boolean {
    const free = this.words.hour !== undefined && this.zoneName === undefined && offset === undefined;
    return free && [...token].length <= 5 && (/^[A-Z]*$/.test(token) || token === 'z');
  }

  private readZoneName(i: number): number {
    const name = this.at(i);
    this.zoneName = name;
    if (UTC_NAMES.has(name.toLowerCase())) this.offset = 0;
    const next = this.tokens[i + 1];
    if (next === '+' || next === '-') {
      // `GMT+3` says "my time plus three is GMT": the sign turns.
      this.tokens[i + 1] = next === '+' ? '-' : '+';
      this.offset = undefined;
      if (UTC_NAMES.has(name.toLowerCase())) this.zoneName = undefined;
    }
    return i;
  }

  private readOffset(i: number): number {
    const sign = this.at(i) === '+' ? 1 : -1;
    const first = this.at(i + 1);
    let last = i + 1;
    let [hours, minutes] = [0n, 0n];
    if (first.length === 4) [hours, minutes] = [whole(first.slice(0, 2)), whole(first.slice(2))];
    else if (this.tokens[i + 2] === ':') {
      [hours, minutes] = [whole(first), whole(this.at(i + 3))];
      last = i + 3;
    } else if (first.length <= 2) hours = whole(first.slice(0, 2));
    else throw new DateUnreadable();
    this.offset = sign * Number(hours * 3600n + minutes * 60n);
    return this.readZoneInBrackets(last);
  }

  /** `-0300 (BRST)`: the name in brackets after an offset. */
  private readZoneInBrackets(last: number): number {
    const [blank, open, name, close] = this.tokens.slice(last + 1, last + 5);
    if (close !== ')' || open !== '(' || !isJump(blank!) || name!.length < 3 || !this.couldBeZone(name!, undefined)) return last;
    this.zoneName = name!;
    return last + 4;
  }

  private settleZone(): void {
    const name = this.zoneName;
    if (name !== undefined && name !== '' && this.offset !== 0 && UTC_NAMES.has(name.toLowerCase())) this.offset = 0;
    if (this.offset !== undefined) this.words.offsetSeconds = this.offset;
  }

  private readNumber(i: number): number {
    const { tokens, days, words } = this;
    const token = this.at(i);
    const next = tokens[i + 1];
    const value = decimal(token);
    const { length } = token;
    const labelled = () => next === ':' || (next !== undefined && unitOf(next) !== undefined);
    if (days.values.length === 3 && (length === 2 || length === 4) && words.hour === undefined && !labelled())
      return this.readShortClock(i);
    if (length === 6 || (length > 6 && token.indexOf('.') === 6)) return this.readSixDigits(i);
    if (length === 8 || length === 12 || length === 14) return this.readCompact(i);
    const unitAt = this.unitIndex(i);
    if (unitAt !== undefined) return this.readUnit(i, unitAt);
    if (next === ':' && tokens.length > i + 2) return this.readClock(i, value);
    if (next === '-' || next === '/' || next === '.') return this.readSeparated(i);
    if (next === undefined || isJump(next)) return this.readLoneNumber(i, value);
    const half = halfOf(next);
    if (half !== undefined && value.whole < 24n) {
      words.hour = inHalf(value.whole, half);
      return i + 1;
    }
    if (!days.couldBeDay(value, lastDay)) throw new DateUnreadable();
    days.add(value.whole);
    return i;
  }

  /** `19990101T23` or `19990101T2359`. */
  private readShortClock(i: number): number {
    const token = this.at(i);
    this.words.hour = whole(token.slice(0, 2));
    if (token.length === 4) this.words.minute = whole(token.slice(2));
    return i;
  }

  /** `YYMMDD`, or `HHMMSS` with or without a fraction. */
  private readSixDigits(i: number): number {
    const token = this.at(i);
    if (this.days.values.length === 0 && !token.includes('.')) {
      for (const at of [0, 2, 4]) this.days.add(token.slice(at, at + 2));
    } else {
      this.words.hour = whole(token.slice(0, 2));
      this.words.minute = whole(token.slice(2, 4));
      this.setSeconds(token.slice(4));
    }
    return i;
  }

  /** `YYYYMMDD`, with hours and minutes, with seconds. */
  private readCompact(i: number): number {
    const token = this.at(i);
    this.days.add(token.slice(0, 4), 'y');
    this.days.add(token.slice(4, 6));
    this.days.add(token.slice(6, 8));
    if (token.length > 8) {
      this.words.hour = whole(token.slice(8, 10));
      this.words.minute = whole(token.slice(10, 12));
    }
    if (token.length > 12) this.words.second = whole(token.slice(12));
    return i;
  }

  /** Where the word stands that says whether the number at `i` is hours, minutes or seconds. */
  private unitIndex(i: number): number | undefined {
    const { tokens } = this;
    const isUnit = (at: number) => at >= 0 && tokens[at] !== undefined && unitOf(tokens[at]) !== undefined;
    if (isUnit(i + 1)) return i + 1;
    if (tokens[i + 1] === ' ' && isUnit(i + 2)) return i + 2;
    if (isUnit(i - 1)) return i - 1;
    if (i > 1 && i === tokens.length - 1 && tokens[i - 1] === ' ' && isUnit(i - 2)) return i - 2;
    return undefined;
  }

  private readUnit(i: number, unitAt: number): number {
    const unit = unitOf(this.at(unitAt))! + (unitAt > i ? 0 : 1);
    const value = decimal(this.at(i));
    if (unit === 0) {
      this.words.hour = value.whole;
      const minute = sixtieths(value);
      if (minute !== undefined) this.words.minute = minute;
    } else if (unit === 1) this.setMinutes(value);
    else if (unit === 2) this.setSeconds(this.at(i));
    return Math.max(i, unitAt);
  }

  /** `HH:MM`, `HH:MM:SS`, with a fraction. */
  private readClock(i: number, hour: ExactDecimal): number {
    this.words.hour = hour.whole;
    this.setMinutes(decimal(this.at(i + 2)));
    if (this.tokens[i + 3] !== ':' || this.tokens[i + 4] === undefined) return i + 2;
    this.setSeconds(this.at(i + 4));
    return i + 4;
  }

  private setMinutes(value: ExactDecimal): void {
    this.words.minute = value.whole;
    const second = sixtieths(value);
    if (second === undefined) delete this.words.second;
    else this.words.second = second;
  }

  private setSeconds(text: string): void {
    const [seconds, fraction, ...more] = text.split('.');
    if (more.length > 0) throw new DateUnreadable();
    this.words.second = whole(seconds!);
    this.words.microsecond = fraction === undefined ? 0n : whole(fraction.padEnd(6, '0').slice(0, 6));
  }

  /** `2026-03-10`, `10/Mar/2026`, `10.03`. */
  private readSeparated(i: number): number {
    const { tokens, days } = this;
    const separator = this.at(i + 1);
    days.add(this.at(i));
    const second = tokens[i + 2];
    if (second === undefined || isJump(second)) return i + 1;
    this.addDayOrMonth(second, false);
    if (tokens[i + 3] !== separator) return i + 2;
    this.addDayOrMonth(this.at(i + 4), true);
    return i + 4;
  }

  private addDayOrMonth(token: string, numberFirst: boolean): void {
    const month = monthOf(token);
    if (month !== undefined) this.days.add(BigInt(month + 1), 'm');
    else if (numberFirst || isDigits(token)) this.days.add(token);
    else throw new DateUnreadable();
  }

  /** A year, month or day that stands alone, or the hour of `12 am`. */
  private readLoneNumber(i: number, value: ExactDecimal): number {
    const after = this.tokens[i + 2];
    const half = after === undefined ? undefined : halfOf(after);
    if (half === undefined) {
      this.days.add(value.whole);
      return i + 1;
    }
    this.words.hour = inHalf(value.whole, half);
    return i + 2;
  }
}

const inHalf = (hour: bigint, half: number): bigint => (hour < 12n && half === 1 ? hour + 12n : hour === 12n && half === 0 ? 0n : hour);

/** What the text says of a date; undefined when it says none or contradicts itself. `thisYear` settles two-digit years. */
export function readDateWords(text: string, thisYear: number): DateWords | undefined {
  const reading = new DateReading(text, thisYear);
  try {
    reading.read();
  } catch (error) {
    if (error instanceof DateUnreadable) return undefined;
    throw error;
  }
  const said = Object.keys(reading.words).length + (reading.zoneName === undefined ? 0 : 1) + (reading.half === undefined ? 0 : 1);
  return said === 0 ? undefined : reading.words;
}
