// Which events complete a sequence: its steps one after the other, equal seconds in whatever order helps.
import type { WindowEvent } from './windowevent.ts';

/** The events of one second. */
interface Second {
  time: number;
  events: WindowEvent[];
}

/**
 * The events of the last step that complete the sequence: in `[time - within, time]` there are as many different events of each step as it needs,
 * none of a step before the one that ends the step before it, and the event itself is of the last step.
 * @param events  in order
 * @param from  events before it complete nothing here
 */
export function completeSequences(
  events: readonly WindowEvent[],
  window: { name: string; within: number },
  steps: readonly number[],
  from: number,
): WindowEvent[] {
  const stepsOf = (event: WindowEvent) => event.marks[window.name] as readonly number[];
  const needs = steps.flatMap((count, step) => new Array<number>(count).fill(step));
  const seconds = bySecond(events);
  return seconds.flatMap((second, at) => {
    const lasts = second.time < from ? [] : second.events.filter((event) => stepsOf(event).includes(steps.length - 1));
    if (lasts.length === 0) return [];
    // The event itself fills the last place, so the seconds before it need not.
    const before = seconds.slice(firstWithin(seconds, at, window.within), at);
    const reached = before.reduce((met, { events: met2 }) => furthest(needs, met, met2, stepsOf), 0);
    return lasts.filter((last) => {
      const others = second.events.filter((event) => event !== last);
      return furthest(needs, reached, others, stepsOf) === needs.length - 1;
    });
  });
}

function bySecond(events: readonly WindowEvent[]): Second[] {
  const seconds: Second[] = [];
  for (const event of events) {
    const latest = seconds.at(-1);
    if (latest?.time === event.time) latest.events.push(event);
    else seconds.push({ time: event.time, events: [event] });
  }
  return seconds;
}

function firstWithin(seconds: readonly Second[], at: number, within: number): number {
  let first = at;
  while (first > 0 && seconds[first - 1]!.time >= seconds[at]!.time - within) first--;
  return first;
}

/**
 * How many needs are met after one more second, all but the last: each by an event of its own. To have met more is never worse, so the most is taken.
 * @param met  how many were met before
 */
function furthest(
  needs: readonly number[],
  met: number,
  events: readonly WindowEvent[],
  stepsOf: (event: WindowEvent) => readonly number[],
): number {
  const filledBy = new Map<WindowEvent, number>();
  let reached = met;
  while (reached < needs.length - 1 && findPlace(reached, needs, events, stepsOf, filledBy, new Set())) reached++;
  return reached;
}

/** Gives a need an event, moving events between needs where that makes room (an augmenting path). */
function findPlace(
  need: number,
  needs: readonly number[],
  events: readonly WindowEvent[],
  stepsOf: (event: WindowEvent) => readonly number[],
  filledBy: Map<WindowEvent, number>,
  tried: Set<WindowEvent>,
): boolean {
  for (const event of events) {
    if (tried.has(event) || !stepsOf(event).includes(needs[need]!)) continue;
    tried.add(event);
    const other = filledBy.get(event);
    if (other !== undefined && !findPlace(other, needs, events, stepsOf, filledBy, tried)) continue;
    filledBy.set(event, need);
    return true;
  }
  return false;
}
