// How a window stands: whether its events are enough in a period, which events that are, how severe.
import { higherOf, type Severity } from '../finding.ts';
import { knownOf } from './knownevents.ts';
import { completeSequences } from './sequence.ts';
import type { CountedWindow, Enough, WindowGroup } from './window.ts';
import { byTimeAndId, type WindowEvent } from './windowevent.ts';
import { eventsBetween } from './windowevents.ts';

/** A complete window. */
export interface Standing {
  /** All events that lie within a complete window, in order. */
  events: WindowEvent[];
  /** The first event that completed it. */
  completing: WindowEvent;
  severity: Severity;
}

/**
 * How a group's windows stand in a period.
 * @param events  in order: the period's, and those before it that its windows look back on
 * @param start  where the period begins
 * @returns undefined while the events are not enough
 */
export function standingOf(events: readonly WindowEvent[], group: WindowGroup, start: number): Standing | undefined {
  if (!group.windows.some((window) => mayComplete(events, window))) return undefined;
  const completed = group.windows.map((window) => ({ window, completing: completingEvents(events, window, start) }));
  // A raise beside the detection's own window only lifts; without one each raise finds for itself.
  const finding = group.name === 'main' ? completed.slice(0, 1) : completed;
  const within = finding.flatMap(({ window, completing }) => eventsWithin(events, window, completing));
  if (within.length === 0) return undefined;
  const lifted = completed.flatMap(({ window, completing }) => (completing.length > 0 && window.to !== undefined ? [window.to] : []));
  const all = [...new Set(within)].sort(byTimeAndId);
  return {
    events: all,
    completing: finding.flatMap(({ completing }) => completing.slice(0, 1)).sort(byTimeAndId)[0]!,
    severity: [...all.map(({ severity }) => severity), ...lifted].reduce(higherOf),
  };
}

/**
 * Whether a window may be complete for one of its events that lies in a span of time. False is certain.
 * @param events  in order, all there are
 */
export function mayStand(
  events: readonly WindowEvent[],
  { windows, lookBack }: WindowGroup,
  [first, last]: [number, number],
  start: number,
): boolean {
  const left = windows.filter((window) => !isFar(events, window));
  if (left.length === 0) return false;
  const near = eventsBetween(events, first - lookBack, last + lookBack);
  return left.some((window) => mayComplete(near, window) && completingEvents(near, window, start).length > 0);
}

/** Whether many events have fewer values or steps than a window needs, however far apart they are. */
const isFar = (events: readonly WindowEvent[], { name, enough }: CountedWindow): boolean =>
  enough.kind !== 'threshold' && (knownOf(events)?.valuesOf(name).size ?? Number.POSITIVE_INFINITY) < kindsNeeded(enough);

const kindsNeeded = (enough: Exclude<Enough, { kind: 'threshold' }>): number =>
  enough.kind === 'distinct' ? enough.atLeast : enough.steps.length;

/** Whether within a window's length there ever are as many events, or values, as it needs: equal ones are counted too. False is certain. */
function mayComplete(events: readonly WindowEvent[], { name, within, enough }: CountedWindow): boolean {
  const needed = enough.kind === 'sequence' ? enough.steps.length : enough.atLeast;
  const weightOf = ({ marks }: WindowEvent) =>
    enough.kind === 'threshold' ? (marks[name] === undefined ? 0 : 1) : (marks[name]?.length ?? 0);
  let [first, weight] = [0, 0];
  for (const event of events) {
    weight += weightOf(event);
    for (; events[first]!.time < event.time - within; first++) weight -= weightOf(events[first]!);
    if (weight >= needed) return true;
  }
  return false;
}

/** Whether nothing more can come of more events but their number. */
export const isWhollyComplete = (events: readonly WindowEvent[], group: WindowGroup, start: number): boolean =>
  group.windows.every((window) => completingEvents(events, window, start).length > 0);

/** The events of the period that complete a window, in order. */
function completingEvents(events: readonly WindowEvent[], window: CountedWindow, start: number): WindowEvent[] {
  const own = events.filter(({ marks }) => marks[window.name] !== undefined);
  const { enough } = window;
  if (enough.kind === 'sequence') return completeSequences(own, window, enough.steps, start);
  return own.length < 1 ? [] : completeCounts(own, window, enough, start);
}

/** A second's events come and go together: equal seconds count as in order. */
function completeCounts(
  events: readonly WindowEvent[],
  { name, within }: CountedWindow,
  { kind, atLeast }: { kind: 'threshold' | 'distinct'; atLeast: number },
  start: number,
): WindowEvent[] {
  const values = new Map<string | number, number>();
  const valuesOf = ({ id, marks }: WindowEvent) => (kind === 'threshold' ? [id] : marks[name]!);
  const count = (event: WindowEvent, by: number) => {
    for (const value of valuesOf(event)) {
      const counted = (values.get(value) ?? 0) + by;
      if (counted === 0) values.delete(value);
      else values.set(value, counted);
    }
  };
  const completing: WindowEvent[] = [];
  let [first, next] = [0, 0];
  while (next < events.length) {
    const { time } = events[next]!;
    const begin = next;
    for (; next < events.length && events[next]!.time === time; next++) count(events[next]!, 1);
    for (; events[first]!.time < time - within; first++) count(events[first]!, -1);
    if (time >= start && values.size >= atLeast) completing.push(...events.slice(begin, next));
  }
  return completing;
}

/** The window's events that lie in `[time - within, time]` of one that completes it. */
function eventsWithin(events: readonly WindowEvent[], { name, within }: CountedWindow, completing: readonly WindowEvent[]): WindowEvent[] {
  let next = 0;
  return events.filter(({ time, marks }) => {
    if (marks[name] === undefined) return false;
    while (next < completing.length && completing[next]!.time < time) next++;
    return next < completing.length && completing[next]!.time - within <= time;
  });
}
