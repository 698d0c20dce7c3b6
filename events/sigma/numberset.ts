// Sets of numbers as ranges beside each other.

export interface NumberRange {
  low: number;
  hasLow: boolean;
  high: number;
  hasHigh: boolean;
}

/** In order, none touching another. */
export type NumberSet = readonly NumberRange[];

export const NO_NUMBERS: NumberSet = [];
export const ALL_NUMBERS: NumberSet = [{ low: -Infinity, hasLow: false, high: Infinity, hasHigh: false }];

export const onlyNumber = (value: number): NumberSet => [{ low: value, hasLow: true, high: value, hasHigh: true }];

const RANGES: Record<'<' | '<=' | '>' | '>=', (value: number) => NumberRange> = {
  '<': (high) => ({ low: -Infinity, hasLow: false, high, hasHigh: false }),
  '<=': (high) => ({ low: -Infinity, hasLow: false, high, hasHigh: true }),
  '>': (low) => ({ low, hasLow: false, high: Infinity, hasHigh: false }),
  '>=': (low) => ({ low, hasLow: true, high: Infinity, hasHigh: false }),
};

export const numbersThat = (operator: keyof typeof RANGES, value: number): NumberSet => [RANGES[operator](value)];

export function otherNumbers(set: NumberSet): NumberSet {
  const others: NumberRange[] = [];
  let [low, hasLow] = [-Infinity, false];
  for (const range of set) {
    others.push({ low, hasLow, high: range.low, hasHigh: !range.hasLow });
    [low, hasLow] = [range.high, !range.hasHigh];
  }
  others.push({ low, hasLow, high: Infinity, hasHigh: false });
  return others.filter(isRange);
}

export const numbersInBoth = (left: NumberSet, right: NumberSet): NumberSet =>
  left.flatMap((one) => right.map((other) => overlap(one, other)).filter(isRange));

export const isAllNumbers = (set: NumberSet): boolean => set.length === 1 && set[0]!.low === -Infinity && set[0]!.high === Infinity;

function overlap(one: NumberRange, other: NumberRange): NumberRange {
  const low = Math.max(one.low, other.low);
  const high = Math.min(one.high, other.high);
  const holds = (bound: number, range: NumberRange): boolean =>
    (bound !== range.low || range.hasLow) && (bound !== range.high || range.hasHigh);
  return { low, hasLow: holds(low, one) && holds(low, other), high, hasHigh: holds(high, one) && holds(high, other) };
}

/** Not empty: a point that is in it, or room between its ends. */
const isRange = ({ low, hasLow, high, hasHigh }: NumberRange): boolean =>
  low < high || (low === high && hasLow && hasHigh && Number.isFinite(low));
