// Checks configured trails again and again: from where the last check ended, window by window, and tells each bad file once.
import { HOUR_MS } from '../timeunits.ts';
import { type ClockTime, fromDate, toMs } from './clocktime.ts';
import type { DigestPlace } from './digestnames.ts';
import { discoverPlaces } from './discover.ts';
import type { FindingBus, PublicKeys, TrailBuckets, Trails, WatchState } from './doors.ts';
import { addressText, toFinding } from './findings.ts';
import { FatalError } from './integrityerrors.ts';
import { plainWords } from './plainwords.ts';
import type { DigestReading } from './reading.ts';
import { StrictChecks } from './strict.ts';
import { type TimeSpan, validateSpan } from './validate.ts';
import type { Outcome, StrictProblem } from './verdicts.ts';

/** A trail to check again and again; where it delivers is asked for when no bucket is named. */
export interface WatchedTrail {
  arn: string;
  bucket?: string;
  prefix?: string;
  /** One account of an organization's trail; all of them when absent. */
  accountId?: string;
}

export interface WatchDoors {
  buckets: TrailBuckets;
  trails: Trails;
  /** CloudTrail's keys are a region's own. */
  keysIn(region: string): PublicKeys;
  bus: FindingBus;
  state: WatchState;
}

export interface WatchOptions {
  now: Date;
  reading: DigestReading;
  /** Hours that are checked every time, whether checked before or not: late changes show in them. */
  hours: number;
  /** Longest span checked at one go; a watch that was down catches up in such windows. */
  windowHours: number;
  concurrency: number;
  timeLeftMs: () => number;
  /** Told of a trail that could not be checked; the others go on. */
  onFailure: (trail: WatchedTrail, error: unknown) => void;
}

export interface WatchTally {
  digestsProven: number;
  filesProven: number;
  filesInvalid: number;
  findingsTold: number;
  trailsFailed: number;
  /** Age of the newest proven digest's end, of the place where it is oldest, at least the hours checked where none was; absent without places. */
  lagMs?: number;
  /** Time ran out: the rest is checked next time. */
  isCutShort: boolean;
}

/** Time kept in reserve to write down what was found. */
const RESERVE_MS = 20_000;

/** Raised inside a check to leave it when time runs out. */
class OutOfTime extends Error {}

const placeName = (trailArn: string, { organizationId, accountId, sourceRegion }: DigestPlace) =>
  [trailArn, organizationId ?? '', accountId, sourceRegion].join(' ');

class Watch {
  private readonly doors: WatchDoors;
  private readonly options: WatchOptions;
  readonly tally: WatchTally = { digestsProven: 0, filesProven: 0, filesInvalid: 0, findingsTold: 0, trailsFailed: 0, isCutShort: false };
  /** Files counted in this check: windows overlap. */
  private readonly seen = new Set<string>();

  constructor(doors: WatchDoors, options: WatchOptions) {
    this.doors = doors;
    this.options = options;
  }

  private async locate(trail: WatchedTrail): Promise<{ bucket: string; prefix?: string }> {
    if (trail.bucket !== undefined) return { bucket: trail.bucket, ...(trail.prefix !== undefined && { prefix: trail.prefix }) };
    const found = await this.doors.trails.describeTrail(trail.arn);
    if (!found) throw new FatalError({ code: 'TRAIL_UNKNOWN', arn: trail.arn });
    return { bucket: found.bucket, ...(found.prefix !== undefined && { prefix: found.prefix }) };
  }

  async trail(trail: WatchedTrail): Promise<void> {
    const where = await this.locate(trail);
    const since = fromDate(new Date(this.options.now.getTime() - this.options.hours * HOUR_MS));
    const only = {
      trailName: trail.arn.split('/').at(-1)!,
      homeRegion: trail.arn.split(':')[3] ?? '',
      ...(trail.accountId !== undefined && { accountId: trail.accountId }),
    };
    for await (const place of discoverPlaces(this.doors.buckets, { ...where, start: since }, only))
      await this.place(trail.arn, place, where);
  }

  /** Checks a place from where the last check ended, or the last hours, whichever is longer. */
  private async place(trailArn: string, place: DigestPlace, where: { bucket: string; prefix?: string }): Promise<void> {
    const { now, hours, windowHours } = this.options;
    const name = placeName(trailArn, place);
    const recent = now.getTime() - hours * HOUR_MS;
    const reached = await this.doors.state.reached(name);
    let newest: number | undefined;
    for (let from = Math.min(recent, reached ?? recent); from < now.getTime(); from += windowHours * HOUR_MS) {
      const to = Math.min(now.getTime(), from + windowHours * HOUR_MS);
      const [start, end] = [from, to].map((time) => fromDate(new Date(time))) as [ClockTime, ClockTime];
      newest = (await this.window(trailArn, { place, ...where, start, end })) ?? newest;
      await this.doors.state.setReached(name, Math.max(newest ?? 0, reached ?? 0) || from);
    }
    const proven = newest ?? reached ?? recent;
    this.tally.lagMs = Math.max(this.tally.lagMs ?? 0, now.getTime() - proven);
  }

  /** Checks one window. @returns the end of the newest proven digest */
  private async window(trailArn: string, span: TimeSpan): Promise<number | undefined> {
    const { now, reading, concurrency, timeLeftMs } = this.options;
    const checks = new StrictChecks({ ...span, now, reading });
    const keys = this.doors.keysIn(span.place.sourceRegion);
    let newest: number | undefined;
    for await (const outcome of validateSpan(span, this.doors.buckets, keys, { concurrency, unreadable: 'stop', reading })) {
      if (timeLeftMs() < RESERVE_MS) throw new OutOfTime();
      await this.count(outcome, trailArn, span);
      for (const problem of checks.observe(outcome)) await this.tellProblem(problem, trailArn, span);
      if (outcome.kind === 'digest' && outcome.proven) newest = Math.max(newest ?? 0, toMs(outcome.proven.endTime));
    }
    return newest;
  }

  private async count(outcome: Outcome, trailArn: string, span: TimeSpan): Promise<void> {
    if (outcome.kind === 'gap') return;
    const { kind, fault } = outcome;
    const address = addressText(outcome);
    if (this.seen.has(address)) return;
    this.seen.add(address);
    if (fault === undefined) {
      if (kind === 'digest') this.tally.digestsProven++;
      else this.tally.filesProven++;
      return;
    }
    this.tally.filesInvalid++;
    await this.tell(outcome, plainWords(fault), trailArn, span);
  }

  private async tellProblem({ about, bucket, key, text }: StrictProblem, trailArn: string, span: TimeSpan): Promise<void> {
    if (about === 'digest') await this.tell({ kind: 'digest', bucket, key }, text, trailArn, span);
  }

  /** Puts a finding on the bus, once. Remembered after the bus took it: a crash in between repeats it under the same id. */
  private async tell(file: Parameters<typeof toFinding>[0], reason: string, trailArn: string, span: TimeSpan): Promise<void> {
    const { state, bus } = this.doors;
    const { accountId, sourceRegion: region } = span.place;
    const finding = toFinding(file, reason, { trailArn, accountId, region, start: span.start, end: span.end, now: this.options.now });
    if (await state.wasTold(finding.id)) return;
    await bus.put(finding);
    await state.setTold(finding.id);
    this.tally.findingsTold++;
  }
}

/**
 * Checks every trail and puts what is invalid on the bus, each file once.
 *
 * A trail that can't be checked is told of and counted; the others are checked. What time doesn't suffice for is left for the next check.
 */
export async function watchTrails(trails: WatchedTrail[], doors: WatchDoors, options: WatchOptions): Promise<WatchTally> {
  const watch = new Watch(doors, options);
  for (const trail of trails) {
    try {
      await watch.trail(trail);
    } catch (error) {
      if (error instanceof OutOfTime) {
        watch.tally.isCutShort = true;
        break;
      }
      watch.tally.trailsFailed++;
      options.onFailure(trail, error);
    }
  }
  return watch.tally;
}
