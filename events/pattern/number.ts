// Which numbers EventBridge can compare: those whose decimal text is exactly the shortest text of a double.

const SHAPE = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** Digits without zeros at either end, and the power of ten of the last one. */
interface Decimal {
  negative: boolean;
  digits: string;
  exponent: number;
}

function decimalOf(text: string): Decimal | undefined {
  const shape = SHAPE.exec(text);
  if (shape === null) return undefined;
  const [, sign, whole = '', fraction = '', power = '0'] = shape;
  const all = (whole + fraction).replace(/^0+/, '');
  const digits = all.replace(/0+$/, '');
  if (digits === '') return { negative: false, digits, exponent: 0 };
  return { negative: sign === '-', digits, exponent: Number(power) - fraction.length + all.length - digits.length };
}

/** The text Java gives the smallest double, by which Event Ruler judges: `Double.toString` writes two digits at least, JavaScript writes `5e-324`. */
const SMALLEST = '4.9e-324';

function shortestText(value: number): string {
  const text = String(value);
  return Math.abs(value) === Number.MIN_VALUE ? text.replace('5e-324', SMALLEST) : text;
}

/** Up to 15 digits and a modest power of ten always survive the way to a double and back (IEEE 754). */
const SURELY_EXACT = /^-?(?:\d{1,15}|(?=[\d.]{3,16}$)\d+\.\d+)$/;

/**
 * The value of a JSON number, or undefined where it can't be compared: `1e400`, `9007199254740993`, `0.1000000000000000055`.
 * `-0` is 0. As Event Ruler 2.1.0 (`ComparableNumber`): the text must equal the shortest text of its double by value.
 */
export function comparableNumber(text: string): number | undefined {
  const value = Number(text);
  if (SURELY_EXACT.test(text)) return value + 0;
  if (!Number.isFinite(value)) return undefined;
  const shortest = shortestText(value);
  if (shortest === text) return value + 0;
  const given = decimalOf(text);
  const kept = decimalOf(shortest);
  if (given === undefined || kept === undefined) return undefined;
  const same = given.negative === kept.negative && given.digits === kept.digits && given.exponent === kept.exponent;
  return same ? value + 0 : undefined;
}
