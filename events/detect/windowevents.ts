// The events that a window remembers: each once, in order; of too many those that decide.
import { higherOf, isAtLeast } from '../finding.ts';
import { knownOf, lightest, passKnown } from './knownevents.ts';
import type { CountedWindow, WindowGroup } from './window.ts';
import { byTimeAndId, type EventWords, type WindowEvent } from './windowevent.ts';

/** Of events in order those of a span of time, both ends included. */
export function eventsBetween(events: readonly WindowEvent[], from: number, to: number): readonly WindowEvent[] {
  const begin = firstFrom(events, from);
  return events.slice(begin, firstFrom(events, to + 1, begin));
}

/** Where the first event stands that is no earlier. */
function firstFrom(events: readonly WindowEvent[], time: number, from = 0): number {
  let [low, high] = [from, events.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (events[middle]!.time < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

export interface Merged {
  /** Each once, in order. */
  events: WindowEvent[];
  /** Whether anything is new. */
  changed: boolean;
  /** Whether some were there already: this may be a batch that comes again. */
  someKnown: boolean;
}

/** Events, in order, with those that arrived; one that is there already only adds what it counts for. */
export function mergeEvents(events: readonly WindowEvent[], arrivals: readonly WindowEvent[]): Merged {
  const fresh = new Map<string, WindowEvent>();
  for (const arrival of arrivals) {
    const other = fresh.get(arrival.id);
    fresh.set(arrival.id, other === undefined ? arrival : unitedWith(other, arrival));
  }
  const merged = { changed: fresh.size > 0, someKnown: fresh.size < arrivals.length };
  if (areSomeIn(events, fresh)) return mergeKnown(events, fresh);
  const all = withArrivals(events, [...fresh.values()]);
  passKnown(events, all, fresh.values());
  return { events: all, ...merged };
}

function areSomeIn(events: readonly WindowEvent[], fresh: ReadonlyMap<string, WindowEvent>): boolean {
  const known = knownOf(events);
  if (known === undefined) return events.some(({ id }) => fresh.has(id));
  for (const id of fresh.keys()) if (known.ids.has(id)) return true;
  return false;
}

/** Events in order with some that aren't among them; those that come last in order are put at the end. */
function withArrivals(events: readonly WindowEvent[], fresh: WindowEvent[]): WindowEvent[] {
  fresh.sort(byTimeAndId);
  const last = events.at(-1);
  const all = events.concat(fresh);
  return last === undefined || fresh.length === 0 || byTimeAndId(last, fresh[0]!) < 0 ? all : all.sort(byTimeAndId);
}

function mergeKnown(events: readonly WindowEvent[], fresh: Map<string, WindowEvent>): Merged {
  const merged = { changed: false, someKnown: true };
  // There are more of those that are known already, so it is they that are looked up.
  const all = events.map((known) => {
    const arrival = fresh.get(known.id);
    if (arrival === undefined) return known;
    fresh.delete(known.id);
    const both = unitedWith(known, arrival);
    if (isMore(both, known)) merged.changed = true;
    return both;
  });
  if (fresh.size > 0) merged.changed = true;
  for (const event of fresh.values()) all.push(event);
  return { events: all.sort(byTimeAndId), ...merged };
}

/** An event that lies in two files is named where it stands first, whichever came first. */
function firstWords(left: EventWords | undefined, right: EventWords | undefined): EventWords | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  const [one, other] = [left.event, right.event];
  const isBehind = one.key === other.key ? other.index < one.index : other.key < one.key;
  return isBehind ? right : left;
}

function unitedWith(known: WindowEvent, arrival: WindowEvent): WindowEvent {
  const marks = { ...known.marks };
  for (const [window, values] of Object.entries(arrival.marks)) marks[window] = [...new Set([...(marks[window] ?? []), ...values])];
  const words = firstWords(known.words, arrival.words);
  return {
    ...{ id: known.id, time: known.time, severity: higherOf(known.severity, arrival.severity), marks },
    ...(words === undefined ? {} : { words }),
  };
}

const marksCount = ({ marks }: WindowEvent): number => Object.values(marks).reduce((sum, values) => sum + 1 + values.length, 0);
const isMore = (both: WindowEvent, known: WindowEvent): boolean =>
  both.severity !== known.severity || both.words !== known.words || marksCount(both) !== marksCount(known);

/**
 * Of too many events those that decide whether a window is complete. Which these are hangs on the events alone, not on the order they came in; one
 * that was left out is left out again.
 * @param events  in order
 * @param start  where the period begins
 */
export function decidingEvents(events: readonly WindowEvent[], { windows }: WindowGroup, start: number): WindowEvent[] {
  const before = events.filter(({ time }) => time < start);
  const own = events.filter(({ time }) => time >= start);
  const kept = new Set<WindowEvent>();
  for (const window of windows) {
    const isOf = ({ marks }: WindowEvent) => marks[window.name] !== undefined;
    for (const event of lookedBackOn(before.filter(isOf), window, start)) kept.add(event);
    for (const event of endsOfSlices(own.filter(isOf), window, start)) kept.add(event);
  }
  // Where more decide than fit, the window was complete long ago.
  return lightest([...kept].sort(byTimeAndId));
}

/** Of the events before the period the last ones that are enough. */
function lookedBackOn(events: readonly WindowEvent[], window: CountedWindow, start: number): readonly WindowEvent[] {
  const { enough, name } = window;
  if (enough.kind === 'threshold') return events.slice(-enough.atLeast);
  if (enough.kind === 'sequence') return endsOfSlices(events, window, start);
  const values = new Set<string | number>();
  return events.toReversed().filter(({ marks }) => {
    const fresh = marks[name]!.filter((value) => !values.has(value));
    if (fresh.length === 0 || values.size >= enough.atLeast) return false;
    for (const value of fresh) values.add(value);
    return true;
  });
}

/**
 * Of each slice of time the first and the last events of each kind, as many as the window needs, and the severest. Counts and values lose nothing by
 * that in slices as long as the window; steps keep their order to an eighth of its length.
 */
function endsOfSlices(events: readonly WindowEvent[], { name, within, enough }: CountedWindow, start: number): WindowEvent[] {
  const seconds = enough.kind === 'sequence' ? Math.ceil(within / 8) : within;
  const needed = enough.kind === 'threshold' ? enough.atLeast : enough.kind === 'distinct' ? 1 : Math.max(...enough.steps);
  const slices = new Map<string, WindowEvent[]>();
  for (const event of events) {
    const slice = JSON.stringify([Math.floor((event.time - start) / seconds), event.marks[name]]);
    const others = slices.get(slice);
    if (others === undefined) slices.set(slice, [event]);
    else others.push(event);
  }
  return [...slices.values()].flatMap((each) => {
    const severest = each.reduce((highest, event) => (isAtLeast(highest.severity, event.severity) ? highest : event));
    return each.length <= 2 * needed ? each : [...each.slice(0, needed), ...each.slice(-needed), severest];
  });
}
