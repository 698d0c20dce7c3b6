// The sample as a whole: planned files filled with ordinary traffic, the story and the rare records laid in, then the digests over all.
import { ACCOUNTS, DAY, REGIONS } from './cast.ts';
import { type DigestFile, type DigestOptions, type Listed, makeDigests, makeKeyPeriods, publicKeys } from './digests.ts';
import { type DeliveredFile, deliverFile } from './logfile.ts';
import { ordinaryRecords } from './ordinary/index.ts';
import { type PlannedFile, type PlanOptions, planFiles, WINDOW } from './plan.ts';
import { Random } from './random.ts';
import { rareFiles, rareRecords } from './rare.ts';
import type { TrailRecord } from './record.ts';
import { type PlacedRecord, storyRecords } from './story/index.ts';

/** What is committed under samples/. */
export const COMMITTED: PlanOptions = { seed: '7', records: 6600, files: 320, accounts: ACCOUNTS, regions: REGIONS, begin: DAY, days: 1 };

const windowKey = (account: string, region: string, from: number): string => `${account}/${region}/${from}`;

function groupByWindow(placed: readonly PlacedRecord[]): Map<string, PlacedRecord[]> {
  const groups = new Map<string, PlacedRecord[]>();
  for (const item of placed) {
    const key = windowKey(item.place.account, item.place.region, Math.floor(item.at / WINDOW) * WINDOW);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}

/** Plans a file for every window that has special records and no ordinary file yet. */
function planMissing(planned: readonly PlannedFile[], groups: Map<string, PlacedRecord[]>): PlannedFile[] {
  const have = new Set(planned.map(({ place, from }) => windowKey(place.account, place.region, from)));
  return [...groups].flatMap(([key, items]) => {
    if (have.has(key)) return [];
    const from = Math.floor(items[0]!.at / WINDOW) * WINDOW;
    return [{ place: items[0]!.place, from, until: from + WINDOW, records: 0 }];
  });
}

/** Lays the records in among the others, at any place: CloudTrail keeps no order in a file. */
function mingle(records: TrailRecord[], others: readonly PlacedRecord[], random: Random): TrailRecord[] {
  for (const { record } of others) records.splice(random.below(records.length + 1), 0, record);
  return records;
}

function* fill(plan: readonly PlannedFile[], groups: Map<string, PlacedRecord[]>, seed: string): Generator<DeliveredFile> {
  for (const [index, { place, from, until, records }] of plan.entries()) {
    const random = new Random(`${seed}/file/${index}`);
    const key = windowKey(place.account, place.region, from);
    const ordinary = ordinaryRecords(records, place, from, until, random);
    const all = mingle(ordinary, groups.get(key) ?? [], random);
    groups.delete(key);
    yield deliverFile({ folder: 'CloudTrail', place, at: until, records: all }, random);
  }
}

/** Makes files of ordinary traffic alone, one after the other, so that any number fits into memory. */
export function* ordinaryFiles(options: PlanOptions): Generator<DeliveredFile> {
  yield* fill(planFiles(options), new Map(), options.seed);
}

/** Makes the files of the committed sample: ordinary traffic, the intrusion, and one of everything rare. */
export function* storyFiles(options: PlanOptions): Generator<DeliveredFile> {
  const groups = groupByWindow([...storyRecords(options.seed), ...rareRecords(options.seed)]);
  const planned = planFiles(options);
  yield* fill([...planned, ...planMissing(planned, groups)], groups, options.seed);
  const random = new Random(`${options.seed}/rare`);
  for (const delivery of rareFiles(options.seed)) yield deliverFile(delivery, random);
}

export interface Signed {
  digests: Iterable<DigestFile>;
  keys: ReturnType<typeof publicKeys>;
}

/** Signs what was delivered. */
export function signDelivered(delivered: readonly Listed[], options: DigestOptions): Signed {
  const periods = makeKeyPeriods(options);
  return { digests: makeDigests(delivered, options, periods), keys: publicKeys(periods) };
}
