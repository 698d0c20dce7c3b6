// What is known of a window's events without looking through them: kept beside their array while that is in memory.
import type { WindowEvent } from './windowevent.ts';
import { MAX_WINDOW_EVENTS } from './windowlimits.ts';

/** Of fewer events nothing is kept: they are looked through as fast, and however many values each has they aren't too many. */
const MANY = 50;

/** Of many events: what they come to, event by event. */
export class KnownEvents {
  readonly ids = new Set<string>();
  /** By the window's name the values or steps that there are. */
  private readonly values = new Map<string, Set<string | number>>();
  weight = 0;

  add(event: WindowEvent): void {
    const { id, marks } = event;
    this.ids.add(id);
    this.weight += weightOf(event);
    for (const window in marks) for (const value of marks[window]!) this.valuesOf(window).add(value);
  }

  valuesOf(window: string): Set<string | number> {
    const known = this.values.get(window) ?? new Set();
    this.values.set(window, known);
    return known;
  }
}

const KNOWN = new WeakMap<readonly WindowEvent[], KnownEvents>();

/** What is known of events; undefined where they are few. Invariant: nobody changes an array of events. */
export function knownOf(events: readonly WindowEvent[]): KnownEvents | undefined {
  if (events.length < MANY) return undefined;
  const known = KNOWN.get(events);
  if (known !== undefined) return known;
  const made = new KnownEvents();
  for (const event of events) made.add(event);
  KNOWN.set(events, made);
  return made;
}

/**
 * To be told that an array takes the place of another: it has the same events and some more, or fewer words. What is known passes on; the one before is
 * looked through again where it is asked for after all.
 */
export function passKnown(from: readonly WindowEvent[], to: readonly WindowEvent[], more: Iterable<WindowEvent> = []): void {
  const known = KNOWN.get(from);
  if (known === undefined || from === to) return;
  for (const event of more) known.add(event);
  KNOWN.delete(from);
  KNOWN.set(to, known);
}

/** How much an event weighs against the limit: one with many values of `distinct` as much as so many events. */
function weightOf({ marks }: WindowEvent): number {
  let weight = 1;
  for (const window in marks) weight = Math.max(weight, marks[window]!.length);
  return weight;
}

/** The first of events that weigh no more than the limit. */
export function lightest(events: readonly WindowEvent[]): WindowEvent[] {
  let weight = 0;
  return events.filter((event) => {
    weight += weightOf(event);
    return weight <= MAX_WINDOW_EVENTS;
  });
}

/** Whether there are more events than are remembered. */
export const areTooMany = (events: readonly WindowEvent[]): boolean => (knownOf(events)?.weight ?? 0) > MAX_WINDOW_EVENTS;
