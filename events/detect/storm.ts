// Detections that need one event alone: each event a finding, until a rule finds too much in an hour; then one finding with the count.
import { type Finding, higherOf, MAX_FINDING_EVENTS, type Severity } from '../finding.ts';
import type { Detection } from './detectionfile.ts';
import { claimLevel, EMPTY_OUTBOX, levelOf, type Outbox, settleClaim, type Teller } from './outbox.ts';
import { KEPT_AFTER_SECONDS, type StateCell, type Taken } from './statecell.ts';
import { findingId, findingOfEvent, findingOfSeveral } from './tellings.ts';
import { byTimeAndId, type EventWords, type WindowEvent } from './windowevent.ts';
import { MAX_WINDOW_EVENTS } from './windowlimits.ts';

/** Most findings of one rule in an hour that may be told each on its own. */
export const MAX_STORM_LIMIT = 1_000;

const HOUR = 3600;

/** An event that is a finding of its own. */
export interface LoneEvent extends Omit<WindowEvent, 'marks'> {
  words: EventWords;
  /** What its finding's id is made of. */
  identity: string;
}

/** Somebody has undertaken to tell the finding of one event. */
interface LoneClaim {
  id: string;
  until: number;
}

/** An item of the state: a rule's events in an hour. */
interface HourItem {
  /** In the order they came: the first of them are told alone. */
  ids: readonly string[];
  alone: number;
  claims: readonly LoneClaim[];
  /** Of the finding that says how many there are. */
  storm: Outbox;
  severity: Severity;
  firstTime: number;
  lastTime: number;
  /** The first in order, which that finding names. */
  first: readonly Omit<LoneEvent, 'identity'>[];
  /** What all of them have in common. */
  common: Partial<Pick<EventWords, (typeof COMMON)[number]>>;
  /** Set once there were more events than are remembered. */
  isFull?: true;
}

const COMMON = ['who', 'what', 'from', 'account', 'region'] as const;

const commonOf = (left: HourItem['common'], right: HourItem['common']): HourItem['common'] =>
  Object.fromEntries(COMMON.filter((name) => left[name] !== undefined && left[name] === right[name]).map((name) => [name, left[name]]));

/** The hour of an event that needs no other. */
export const hourOf = (time: number): number => Math.floor(time / HOUR);

export class HourCell implements StateCell {
  readonly key: string;
  private readonly detection: Detection;
  private readonly hour: number;
  private readonly limit: number;
  private readonly arrivals = new Map<string, LoneEvent>();

  constructor(key: string, detection: Detection, hour: number, limit: number) {
    this.key = key;
    this.detection = detection;
    this.hour = hour;
    this.limit = limit;
  }

  add(event: LoneEvent): void {
    const known = this.arrivals.get(event.id);
    this.arrivals.set(event.id, known === undefined ? event : { ...known, severity: higherOf(known.severity, event.severity) });
  }

  /** Such an event is told however late it comes. */
  lateAt(): readonly string[] {
    return [];
  }

  expiresAt(now: number): number {
    return Math.max((this.hour + 1) * HOUR, now) + HOUR + KEPT_AFTER_SECONDS;
  }

  take(value: HourItem | undefined, teller: Omit<Teller, 'mayBeRepeating'>): Taken {
    const arrivals = [...this.arrivals.values()].sort(byTimeAndId);
    const known = new Set(value?.ids ?? []);
    const fresh = arrivals.filter(({ id }) => !known.has(id)).slice(0, MAX_WINDOW_EVENTS - known.size);
    const isFull = value?.isFull === true || known.size + fresh.length < new Set([...known, ...this.arrivals.keys()]).size;
    const item = this.withFresh(value, fresh, isFull);
    const lone = this.claimAlone(item, new Set(fresh.map(({ id }) => id)), teller);
    const mayBeRepeating = fresh.length < arrivals.length;
    const storm = claimStorm(item, this.isStorm(item), { ...teller, mayBeRepeating });
    const next: HourItem = { ...item, claims: lone.claims, storm: storm.outbox };
    const changed = fresh.length > 0 || isFull !== (value?.isFull === true) || lone.mine.length > 0 || storm.claim !== undefined;
    return {
      ...{ value: next, changed, isBusy: lone.isBusy || storm.isBusy },
      tell: [
        ...lone.mine.map(({ id }) => this.findingAlone(id)),
        ...(storm.claim === undefined ? [] : [this.stormFinding(next, storm.claim.state)]),
      ],
      settle: (current, wasTold) => {
        const { claims, storm: outbox, ...rest } = current as HourItem;
        return {
          ...{ ...rest, claims: settleAlone(claims, lone.mine, wasTold) },
          storm: storm.claim === undefined ? outbox : settleClaim(outbox, storm.claim, wasTold),
        };
      },
      standing: () => this.standing(next),
    };
  }

  private isStorm({ ids }: HourItem): boolean {
    return ids.length > this.limit;
  }

  private withFresh(value: HourItem | undefined, fresh: readonly LoneEvent[], isFull: boolean): HourItem {
    const item = value ?? newHour([...this.arrivals.values()][0]!);
    const ids = [...item.ids, ...fresh.map(({ id }) => id)];
    const words = fresh.map(({ identity: _, ...event }) => event);
    return {
      ...{ ...item, ids, alone: Math.max(item.alone, Math.min(ids.length, this.limit)) },
      severity: fresh.map(({ severity }) => severity).reduce(higherOf, item.severity),
      firstTime: Math.min(item.firstTime, ...fresh.map(({ time }) => time)),
      lastTime: Math.max(item.lastTime, ...fresh.map(({ time }) => time)),
      first: [...item.first, ...words].sort(byTimeAndId).slice(0, MAX_FINDING_EVENTS),
      common: fresh.map((each) => each.words).reduce<HourItem['common']>(commonOf, item.common),
      ...(isFull ? { isFull: true } : {}),
    };
  }

  /** Claims the findings of single events: of new ones, and of those that came again and whose teller died. */
  private claimAlone({ ids, alone, claims }: HourItem, fresh: ReadonlySet<string>, { now, claimSeconds }: Omit<Teller, 'mayBeRepeating'>) {
    const isLive = ({ until }: LoneClaim) => now !== undefined && until > now;
    const ours = claims.filter(({ id }) => this.arrivals.has(id));
    const isOurs = new Set([
      ...ours.filter((claim) => !isLive(claim)).map(({ id }) => id),
      ...ids.slice(0, alone).filter((id) => fresh.has(id)),
    ]);
    const mine = [...isOurs].map((id): LoneClaim => ({ id, until: now === undefined ? 0 : now + claimSeconds }));
    return { mine, claims: [...claims.filter(({ id }) => !isOurs.has(id)), ...mine], isBusy: ours.some(isLive) };
  }

  private findingAlone(id: string): Finding {
    const { words, identity, severity, time } = this.arrivals.get(id)!;
    return findingOfEvent(this.detection, findingId(this.detection.id, identity), words, { severity, time });
  }

  private stormFinding({ first, ids, severity, firstTime, lastTime, common, isFull }: HourItem, state: Finding['state']): Finding {
    const { title, what } = first[0]!.words!;
    const words = { what, ...common, title: `more than ${this.limit} in an hour: ${title}` };
    const several = { severity, events: first, count: ids.length, firstTime, lastTime, isAtLeast: isFull === true, words };
    return findingOfSeveral(this.detection, findingId(this.detection.id, 'storm', this.hour), state, several);
  }

  private standing(item: HourItem): Finding[] {
    const alone = item.ids.slice(0, item.alone).filter((id) => this.arrivals.has(id));
    return [...alone.map((id) => this.findingAlone(id)), ...(this.isStorm(item) ? [this.stormFinding(item, 'updated')] : [])];
  }
}

function newHour({ severity, time, words }: LoneEvent): HourItem {
  const { title: _, event: __, resources: ___, ...common } = words;
  return { ids: [], alone: 0, claims: [], storm: EMPTY_OUTBOX, severity, firstTime: time, lastTime: time, first: [], common };
}

const claimStorm = ({ storm, severity, ids }: HourItem, isStorm: boolean, teller: Teller) =>
  isStorm ? claimLevel(storm, levelOf(severity, ids.length), teller) : { outbox: storm, claim: undefined, isBusy: false };

const settleAlone = (claims: readonly LoneClaim[], mine: readonly LoneClaim[], wasTold: boolean): LoneClaim[] => {
  const settled = new Map(mine.map(({ id, until }) => [id, until]));
  return claims.flatMap((claim) => (settled.get(claim.id) !== claim.until ? [claim] : wasTold ? [] : [{ ...claim, until: 0 }]));
};
