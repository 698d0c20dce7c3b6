// The plan of a sample: which file is delivered where and when, and how many ordinary records it holds.
import { Random } from './random.ts';
import type { Place } from './record.ts';

export interface PlannedFile {
  place: Place;
  /** The five minutes the file is about; it is delivered when they end. */
  from: number;
  until: number;
  records: number;
}

export interface PlanOptions {
  seed: string;
  records: number;
  files: number;
  accounts: readonly string[];
  regions: readonly string[];
  /** Midnight the sample begins at, in milliseconds. */
  begin: number;
  days: number;
}

export const WINDOW = 300_000;
const WINDOWS_A_DAY = 288;

/** How busy each hour (UTC) is: offices in Europe, a nightly job at two. */
const HOUR_WEIGHTS = [3, 3, 6, 3, 3, 4, 6, 9, 12, 14, 14, 13, 12, 14, 14, 13, 12, 10, 8, 6, 5, 4, 4, 3];

/** File sizes are log-normal, exp(1.3 z): many of a few records, few of hundreds. Quantiles by the step of 5 %, so that no platform's `exp` differs. */
const SIZE_QUANTILES = [
  0.05, 0.12, 0.19, 0.26, 0.33, 0.42, 0.51, 0.61, 0.72, 0.85, 1, 1.18, 1.39, 1.65, 1.98, 2.4, 2.99, 3.85, 5.29, 8.48, 26,
];

function sizeOf(random: Random): number {
  const place = random.fraction() * (SIZE_QUANTILES.length - 1);
  const below = Math.floor(place);
  const [from, to] = [SIZE_QUANTILES[below]!, SIZE_QUANTILES[below + 1]!];
  return from + (to - from) * (place - below);
}

/** Draws sizes of at least one record that add up to `records`. */
function drawSizes({ records, files }: PlanOptions, random: Random): number[] {
  const drawn = Array.from({ length: files }, () => sizeOf(random));
  const sum = drawn.reduce((total, size) => total + size, 0);
  const sizes = drawn.map((size) => Math.max(1, Math.round((size / sum) * records)));
  let missing = records - sizes.reduce((total, size) => total + size, 0);
  for (let i = 0; missing !== 0; i = (i + 1) % files) {
    const step = Math.sign(missing);
    if (sizes[i]! + step < 1) continue;
    sizes[i]! += step;
    missing -= step;
  }
  return sizes;
}

/** The first account and the first region are the busiest. */
function weighPlaces({ accounts, regions }: PlanOptions): (Place & { weight: number })[] {
  return accounts.flatMap((account, a) => regions.map((region, r) => ({ account, region, weight: 1 / ((1 + a) * (1 + r)) })));
}

const hours = HOUR_WEIGHTS.map((weight, hour) => ({ weight, hour }));

function drawWindow({ begin, days }: PlanOptions, random: Random): number {
  const { hour } = random.weighted(hours);
  return begin + (random.below(days) * WINDOWS_A_DAY + hour * 12 + random.below(12)) * WINDOW;
}

/** Draws a window that the place has not had; when it has nearly all, a second file in the same window is fine: CloudTrail does that too. */
function drawFreeWindow(options: PlanOptions, place: Place, taken: Set<string>, random: Random): number {
  for (let tries = 0; tries < 30; tries++) {
    const from = drawWindow(options, random);
    const key = `${place.account}/${place.region}/${from}`;
    if (taken.has(key)) continue;
    taken.add(key);
    return from;
  }
  return drawWindow(options, random);
}

/** Plans the files of a sample, in order of time. */
export function planFiles(options: PlanOptions): PlannedFile[] {
  if (options.records < options.files) throw new RangeError(`${options.files} files need at least as many records, got ${options.records}`);
  const random = new Random(`${options.seed}/plan`);
  const places = weighPlaces(options);
  const taken = new Set<string>();
  const planned = drawSizes(options, random).map((records) => {
    const { account, region } = random.weighted(places);
    const place = { account, region };
    const from = drawFreeWindow(options, place, taken, random);
    return { place, from, until: from + WINDOW, records };
  });
  return planned.sort((a, b) => a.from - b.from);
}
