// Points and ranges on a line, cut into stretches on which every one of them answers the same.

/**
 * The line cut at some points. A value is either on a point or between two; `indexOf` numbers these places in order, so whatever depends only on
 * comparisons with the points is the same for all values with one number and can be kept under it.
 */
export class Intervals<T extends number | string> {
  readonly points: T[];

  constructor(points: Iterable<T>) {
    this.points = [...new Set(points)].sort((left, right) => (left < right ? -1 : 1));
  }

  /** How many places there are. */
  get size(): number {
    return this.points.length * 2 + 1;
  }

  /** The place of a value: odd on a point, even between. */
  indexOf(value: T): number {
    const points = this.points;
    let low = 0;
    let high = points.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (points[middle]! < value) low = middle + 1;
      else high = middle;
    }
    return points[low] === value ? low * 2 + 1 : low * 2;
  }
}
