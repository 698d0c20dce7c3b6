// Checks configured trails again and again: from where the last check ended, window by window, and tells each bad file once.
import { createHash } from 'node:crypto';
import { type ClockTime, displayTime, fromDate, toMillis } from './awscli/datetime.ts';
import type { DigestPlace } from './digestnames.ts';
import { discoverPlaces } from './discover.ts';
import type { PublicKeys, TrailBuckets, Trails } from './doors.ts';
import { FatalError } from './doors.ts';
import { StrictChecks } from './strict.ts';
import { type Span, validateSpan } from './validate.ts';
import type { Outcome, Problem } from './verdicts.ts';
import { timeField } from './verify.ts';

/** A trail to check again and again; where it delivers is asked for when no bucket is named. */
export interface WatchedTrail {
  arn: string;
  bucket?: string;
  prefix?: string;
  /** One account of an organisation's trail; all of them when absent. */
  accountId?: string;
}

/** What was proven wrong, as it goes on the bus. */
export interface IntegrityFinding {
  /** The same for the same file of the same trail, always. */
  id: string;
  title: string;
  severity: 'high';
  /** The trail's ARN. */
  trail: string;
  account: string;
  region: string;
  /** `s3://bucket/key`. */
  file: string;
  kind: 'digest' | 'log';
  reason: string;
  /** The time the check was about. */
  span: { from: string; to: string };
  /** When it was found. */
  foundAt: string;
}

export interface FindingBus {
  /** @throws when the bus did not take it: the finding is put again with the next check */
  put(finding: IntegrityFinding): Promise<void>;
}

/** Remembers between checks. */
export interface WatchState {
  /** Milliseconds since 1970 up to which a place was checked; undefined when it never was. */
  reached(place: string): Promise<number | undefined>;
  setReached(place: string, millis: number): Promise<void>;
  wasTold(findingId: string): Promise<boolean>;
  setTold(findingId: string): Promise<void>;
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
  lagMillis?: number;
  /** Time ran out: the rest is checked next time. */
  isCutShort: boolean;
}

const HOUR_MILLIS = 3_600_000;

/** Time kept in reserve to write down what was found. */
const RESERVE_MILLIS = 20_000;

const TITLES = {
  digest: 'A CloudTrail digest is missing or was changed',
  log: 'A CloudTrail log file is missing or was changed',
};

/** Raised inside a check to leave it when time runs out. */
class OutOfTime extends Error {}

const placeName = (trailArn: string, { organizationId, accountId, sourceRegion }: DigestPlace) =>
  [trailArn, organizationId ?? '', accountId, sourceRegion].join(' ');

function findingOf(
  trailArn: string,
  span: Span,
  file: { kind: 'digest' | 'log'; bucket: string; key: string },
  reason: string,
  now: Date,
): IntegrityFinding {
  const address = `s3://${file.bucket}/${file.key}`;
  const id = createHash('sha256').update(`${trailArn}\n${address}`).digest('hex').slice(0, 32);
  return {
    id: `integrity-${id}`,
    title: TITLES[file.kind],
    severity: 'high',
    trail: trailArn,
    account: span.place.accountId,
    region: span.place.sourceRegion,
    file: address,
    kind: file.kind,
    reason,
    span: { from: displayTime(span.start), to: displayTime(span.end) },
    foundAt: displayTime(fromDate(now)),
  };
}

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
    if (!found) throw new FatalError(`A trail could not be found for ${trail.arn}`);
    return { bucket: found.bucket, ...(found.prefix !== undefined && { prefix: found.prefix }) };
  }

  async trail(trail: WatchedTrail): Promise<void> {
    const where = await this.locate(trail);
    const since = fromDate(new Date(this.options.now.getTime() - this.options.hours * HOUR_MILLIS));
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
    const recent = now.getTime() - hours * HOUR_MILLIS;
    const reached = await this.doors.state.reached(name);
    let newest: number | undefined;
    for (let from = Math.min(recent, reached ?? recent); from < now.getTime(); from += windowHours * HOUR_MILLIS) {
      const to = Math.min(now.getTime(), from + windowHours * HOUR_MILLIS);
      const [start, end] = [from, to].map((millis) => fromDate(new Date(millis))) as [ClockTime, ClockTime];
      newest = (await this.window(trailArn, { place, ...where, start, end })) ?? newest;
      await this.doors.state.setReached(name, Math.max(newest ?? 0, reached ?? 0) || from);
    }
    const proven = newest ?? reached ?? recent;
    this.tally.lagMillis = Math.max(this.tally.lagMillis ?? 0, now.getTime() - proven);
  }

  /** Checks one window. @returns the end of the newest proven digest */
  private async window(trailArn: string, span: Span): Promise<number | undefined> {
    const { now, concurrency, timeLeftMs } = this.options;
    const checks = new StrictChecks({ ...span, now });
    const keys = this.doors.keysIn(span.place.sourceRegion);
    let newest: number | undefined;
    for await (const outcome of validateSpan(span, this.doors.buckets, keys, { concurrency, unreadable: 'stop', now })) {
      if (timeLeftMs() < RESERVE_MILLIS) throw new OutOfTime();
      await this.count(outcome, trailArn, span);
      for (const problem of checks.observe(outcome)) await this.tellProblem(problem, trailArn, span);
      if (outcome.kind !== 'digest' || !outcome.digest) continue;
      newest = Math.max(newest ?? 0, toMillis(timeField(outcome.digest.fields['digestEndTime'], now)));
    }
    return newest;
  }

  private async count(outcome: Outcome, trailArn: string, span: Span): Promise<void> {
    if (outcome.kind === 'gap') return;
    const { kind, bucket, key, reason } = outcome;
    const address = `${bucket}/${key}`;
    if (this.seen.has(address)) return;
    this.seen.add(address);
    if (reason === undefined) {
      if (kind === 'digest') this.tally.digestsProven++;
      else this.tally.filesProven++;
      return;
    }
    this.tally.filesInvalid++;
    await this.tell(findingOf(trailArn, span, { kind, bucket, key }, reason, this.options.now));
  }

  private async tellProblem({ about, bucket, key, text }: Problem, trailArn: string, span: Span): Promise<void> {
    if (about !== 'digest' || bucket === undefined || key === undefined) return;
    await this.tell(findingOf(trailArn, span, { kind: 'digest', bucket, key }, text, this.options.now));
  }

  /** Puts a finding on the bus, once. Remembered after the bus took it: a crash in between repeats it under the same id. */
  private async tell(finding: IntegrityFinding): Promise<void> {
    const { state, bus } = this.doors;
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
