// One key of a detection's windows in one period: its events, and the finding they come to.
import { type Finding, isAtLeast } from '../finding.ts';
import type { Detection } from './detectionfile.ts';
import type { StateValue } from './doors.ts';
import { areTooMany } from './knownevents.ts';
import { claimLevel, EMPTY_OUTBOX, levelOf, type Outbox, settleClaim, type Teller } from './outbox.ts';
import { withoutSpareWords } from './sparewords.ts';
import { isWhollyComplete, mayStand, type Standing, standingOf } from './standing.ts';
import { KEPT_AFTER_SECONDS, type StateCell, type Taken } from './statecell.ts';
import { findingId, findingOfSeveral } from './tellings.ts';
import type { WindowGroup } from './window.ts';
import type { WindowEvent } from './windowevent.ts';
import { decidingEvents, mergeEvents } from './windowevents.ts';

/** An item of the state. */
interface WindowItem extends Outbox {
  /** In order: the period's, and those before it that its windows look back on. */
  events: readonly WindowEvent[];
  /** Set once there were more events than are remembered: how many the finding had by then. */
  atLeast?: number;
}

/** An item's events with those that arrived. */
interface MergedWindow {
  events: WindowEvent[];
  atLeast: number | undefined;
  changed: boolean;
  mayBeRepeating: boolean;
}

const NOTHING: WindowItem = { ...EMPTY_OUTBOX, events: [] };

/** The periods an event belongs to: its own, and the next where that looks back on it. */
export function periodsOf(time: number, { period, lookBack }: WindowGroup): number[] {
  const own = Math.floor(time / period);
  return time >= (own + 1) * period - lookBack ? [own, own + 1] : [own];
}

export class WindowCell implements StateCell {
  readonly key: string;
  private readonly detection: Detection;
  private readonly group: WindowGroup;
  private readonly counted: { by: readonly string[]; period: number };
  private readonly start: number;
  private readonly arrivals: WindowEvent[] = [];

  constructor(key: string, detection: Detection, group: WindowGroup, counted: { by: readonly string[]; period: number }) {
    this.key = key;
    this.detection = detection;
    this.group = group;
    this.start = counted.period * group.period;
    this.counted = counted;
  }

  add(event: WindowEvent): void {
    this.arrivals.push(event);
  }

  private get keptUntil(): number {
    return this.start + 2 * this.group.period + KEPT_AFTER_SECONDS;
  }

  /** Of its own period only: the next one, which looks back on some, is kept longer. */
  lateAt(now: number): readonly string[] {
    return now <= this.keptUntil ? [] : this.arrivals.filter(({ time }) => time >= this.start).map(({ id }) => id);
  }

  expiresAt(now: number): number {
    return Math.max(this.keptUntil, now + this.group.period + KEPT_AFTER_SECONDS);
  }

  take(value: WindowItem | undefined, teller: Omit<Teller, 'mayBeRepeating'>): Taken {
    const item = value ?? NOTHING;
    const merged = this.merge(item);
    const { atLeast } = merged;
    const events = withoutSpareWords(merged.events, this.group);
    const standing = this.isIncompleteStill(item, merged) ? undefined : standingOf(events, this.group, this.start);
    if (standing === undefined && atLeast === undefined) return takenAsIncomplete(item, events, merged.changed);
    const count = Math.max(standing?.events.length ?? 0, atLeast ?? 0);
    const { outbox, claim, isBusy } =
      standing === undefined
        ? { outbox: outboxOf(item), claim: undefined, isBusy: false }
        : claimLevel(outboxOf(item), levelOf(standing.severity, count), { ...teller, mayBeRepeating: merged.mayBeRepeating });
    const finding = (state: Finding['state']) =>
      standing === undefined ? [] : [this.findingOf(standing, state, { count, isAtLeast: atLeast !== undefined })];
    const next: WindowItem = {
      ...{ events, ...outbox },
      ...(atLeast === undefined ? {} : { atLeast: count }),
    };
    return {
      ...{ value: next, changed: merged.changed || claim !== undefined, isBusy },
      tell: claim === undefined ? [] : finding(claim.state),
      settle: (current, wasTold) => (claim === undefined ? current : { ...current, ...settleClaim(current as WindowItem, claim, wasTold) }),
      standing: () => finding(outbox.told === undefined || claim?.state === 'open' ? 'open' : 'updated'),
    };
  }

  /** Whether nothing was complete before, and nothing is around what arrived: then nothing is. */
  private isIncompleteStill({ told, claims }: WindowItem, { events, atLeast, mayBeRepeating }: MergedWindow): boolean {
    if (told !== undefined || claims.length > 0 || atLeast !== undefined || mayBeRepeating) return false;
    const times = this.arrivals.map(({ time }) => time);
    return !mayStand(events, this.group, [Math.min(...times), Math.max(...times)], this.start);
  }

  /** The events with those that arrived; of too many those that decide. */
  private merge(item: WindowItem): MergedWindow {
    const { events, changed, someKnown } = mergeEvents(item.events, this.arrivals);
    if (item.atLeast === undefined && !areTooMany(events)) return { events, atLeast: undefined, changed, mayBeRepeating: someKnown };
    const deciding = this.isSettled(item) ? this.withSeverer(item.events) : decidingEvents(events, this.group, this.start);
    // What was left out before is not known again, so nothing here is sure to be new.
    const all = { mayBeRepeating: true, changed: item.atLeast === undefined || hasMore(deciding, item.events) };
    return { events: deciding, atLeast: item.atLeast ?? standingOf(events, this.group, this.start)?.events.length ?? 0, ...all };
  }

  /** Whether more events could change nothing but their number, which is not kept any more. */
  private isSettled({ events, atLeast }: WindowItem): boolean {
    return atLeast !== undefined && isWhollyComplete(events, this.group, this.start);
  }

  /** The events with those that arrived and may lift the severity. */
  private withSeverer(events: readonly WindowEvent[]): WindowEvent[] {
    const { severity } = standingOf(events, this.group, this.start)!;
    const severer = this.arrivals.filter((event) => !isAtLeast(severity, event.severity));
    return severer.length === 0 ? [...events] : decidingEvents(mergeEvents(events, severer).events, this.group, this.start);
  }

  private get findingId(): string {
    const { by, period } = this.counted;
    return findingId(this.detection.id, by, period, ...(this.group.name === 'main' ? [] : [this.group.name]));
  }

  private findingOf(standing: Standing, state: Finding['state'], counted: { count: number; isAtLeast: boolean }): Finding {
    const { completing, events, severity } = standing;
    const {
      event: _,
      resources: __,
      ...words
    } = completing.words ??
      events.find((each) => each.words !== undefined)?.words ?? {
        title: this.detection.title,
        what: 'unknown',
        event: undefined,
        resources: [],
      };
    const [firstTime, lastTime] = [events[0]!.time, events.at(-1)!.time];
    return findingOfSeveral(this.detection, this.findingId, state, { severity, events, firstTime, lastTime, words, ...counted });
  }
}

/** Nothing to tell, nothing to settle. */
const takenAsIncomplete = (item: WindowItem, events: readonly WindowEvent[], changed: boolean): Taken => ({
  ...{ value: { events, ...outboxOf(item) }, changed, isBusy: false },
  ...{ tell: [], settle: asItIs, standing: noFinding },
});

const asItIs = (value: StateValue): StateValue => value;
const noFinding = (): Finding[] => [];

const outboxOf = ({ told, claims }: Outbox): Outbox => (told === undefined ? { claims } : { told, claims });

const hasMore = (events: readonly WindowEvent[], before: readonly WindowEvent[]): boolean => {
  const known = new Map(before.map((event) => [event.id, event]));
  return events.some((event) => {
    const old = known.get(event.id);
    return old === undefined || old.severity !== event.severity || JSON.stringify(old.marks) !== JSON.stringify(event.marks);
  });
};
