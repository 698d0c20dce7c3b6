// Year, month and day of a date, in the order they came: which is which, by the rules of python-dateutil 2.9.

/** No date can be read, for Python's ValueError and IndexError; never leaves the parser. */
export class DateUnreadable extends Error {}

export const isDigits = (text: string) => /^\d+$/.test(text);

/** A whole number as Python's int reads it. @throws DateUnreadable */
export function whole(text: string): bigint {
  if (!isDigits(text)) throw new DateUnreadable();
  return BigInt(text);
}

/** A decimal kept exactly: `whole` and `fraction` digits, as Python's Decimal does. */
export interface ExactDecimal {
  whole: bigint;
  /** Digits after the point; the empty string for a whole number. */
  fraction: string;
}

/** Year, month and day as they came, with what is already known about which is which. */
export class DayParts {
  readonly values: bigint[] = [];
  centurySpecified = false;
  readonly places: Partial<Record<'y' | 'm' | 'd', number>> = {};

  add(value: string | bigint, label?: 'y' | 'm' | 'd'): void {
    let known = label;
    if (typeof value === 'string' ? isDigits(value) && value.length > 2 : value > 100n) {
      this.centurySpecified = true;
      if (label !== undefined && label !== 'y') throw new DateUnreadable();
      known = 'y';
    }
    this.values.push(typeof value === 'string' ? whole(value) : value);
    if (known === undefined) return;
    if (this.places[known] !== undefined) throw new DateUnreadable();
    this.places[known] = this.values.length - 1;
  }

  couldBeDay(value: ExactDecimal, daysInMonth: (year: bigint, month: bigint) => bigint): boolean {
    if (this.places.d !== undefined) return false;
    const month = this.places.m === undefined ? 1n : this.values[this.places.m]!;
    const year = this.places.y === undefined || this.places.m === undefined ? 2000n : this.values[this.places.y]!;
    const last = daysInMonth(year, month);
    return value.whole >= 1n && (value.whole < last || (value.whole === last && /^0*$/.test(value.fraction)));
  }

  resolve(): { year?: bigint; month?: bigint; day?: bigint } {
    const { values, places } = this;
    const known = Object.keys(places).length;
    if ((values.length === known && known > 0) || (values.length === 3 && known === 2)) return this.resolveByPlaces();
    if (values.length > 3) throw new DateUnreadable();
    if (values.length === 1 || (places.m !== undefined && values.length === 2)) return this.resolveOne();
    if (values.length === 2) return this.resolveTwo();
    if (values.length === 3) return this.resolveThree();
    return {};
  }

  private resolveByPlaces() {
    const places = { ...this.places };
    if (this.values.length === 3 && Object.keys(places).length === 2) {
      const missing = (['y', 'm', 'd'] as const).find((name) => places[name] === undefined)!;
      places[missing] = [0, 1, 2].find((i) => !Object.values(places).includes(i))!;
    }
    const at = (place: number | undefined) => (place === undefined ? undefined : this.values[place]);
    return named(at(places.y), at(places.m), at(places.d));
  }

  private resolveOne() {
    const place = this.places.m;
    const month = place === undefined ? undefined : this.values[place];
    const other = place === undefined ? this.values[0]! : this.values.at(place - 1)!;
    if (this.values.length === 1 && place !== undefined) return named(undefined, month, undefined);
    return other > 31n ? named(other, month, undefined) : named(undefined, month, other);
  }

  private resolveTwo() {
    const [first, second] = this.values as [bigint, bigint];
    if (first > 31n) return named(first, second, undefined);
    if (second > 31n) return named(second, first, undefined);
    return named(undefined, first, second);
  }

  private resolveThree() {
    const [a, b, c] = this.values as [bigint, bigint, bigint];
    if (this.places.m === 0) return b > 31n ? named(b, a, c) : named(c, a, b);
    if (this.places.m === 1) return a > 31n ? named(a, b, c) : named(c, b, a);
    if (this.places.m === 2) return b > 31n ? named(b, c, a) : named(a, c, b);
    if (a > 31n || this.places.y === 0) return named(a, b, c);
    return a > 12n ? named(c, b, a) : named(c, a, b);
  }
}

function named(year: bigint | undefined, month: bigint | undefined, day: bigint | undefined) {
  return { ...(year !== undefined && { year }), ...(month !== undefined && { month }), ...(day !== undefined && { day }) };
}

export const lastDay = (year: bigint, month: bigint): bigint => {
  if (month < 1n || month > 12n) throw new DateUnreadable();
  return BigInt(new Date(Date.UTC(2000 + Number(year % 400n), Number(month), 0)).getUTCDate());
};

/** Two-digit years fall within fifty years of this one. */
export function fullYear(year: bigint, thisYear: number, centurySpecified: boolean): bigint {
  if (year >= 100n || centurySpecified) return year;
  const now = BigInt(thisYear);
  const guess = year + (now / 100n) * 100n;
  return guess >= now + 50n ? guess - 100n : guess < now - 50n ? guess + 100n : guess;
}
