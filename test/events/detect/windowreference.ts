// The definition of windows, word for word and as slowly as it reads, over all events at once: what windows are compared with.
import { createHash } from 'node:crypto';
import type { Detection, Hit, WindowFields } from '../../../events/detect/index.ts';
import { secondsOf } from '../../../events/detect/index.ts';
import { higherOf, type Severity } from '../../../events/finding.ts';

export interface ReferenceFinding {
  id: string;
  severity: Severity;
  title: string;
  count: number;
  named: string[];
  firstTime: string;
  lastTime: string;
}

interface ReferenceEvent {
  id: string;
  time: number;
  hits: Hit[];
}

type Counted = Exclude<WindowFields, { firstSeen: unknown }>;

const sha256 = (text: string) => createHash('sha256').update(text);
const orderOf = ({ id }: ReferenceEvent) => sha256(id).digest('base64url').slice(0, 11);
const byTimeAndId = (left: ReferenceEvent, right: ReferenceEvent) => left.time - right.time || (orderOf(left) < orderOf(right) ? -1 : 1);

const marksOf = (event: ReferenceEvent, window: string, key: string) =>
  event.hits.flatMap(({ marks }) => marks.filter((mark) => mark.window === window && JSON.stringify(mark.key) === key));

/** Whether an event completes a window, of all events that have a mark for it. */
function completes(event: ReferenceEvent, all: readonly ReferenceEvent[], window: Counted, name: string, key: string): boolean {
  const within = secondsOf(window.within);
  const near = all.filter(({ time }) => time >= event.time - within && time <= event.time);
  if ('threshold' in window) return near.length >= window.threshold;
  if ('distinct' in window)
    return new Set(near.flatMap((each) => marksOf(each, name, key).map(({ value }) => value))).size >= window.atLeast;
  const places = window.sequence.flatMap(({ atLeast = 1 }, step) => new Array<number>(atLeast).fill(step));
  const isOf = (each: ReferenceEvent, step: number) => marksOf(each, name, key).some((mark) => mark.step === step);
  return (
    isOf(event, places.at(-1)!) &&
    canFill(
      places.slice(0, -1),
      near.filter((each) => each !== event),
      isOf,
    )
  );
}

/** Whether each place has an event of its own, in an order of time. */
function canFill(
  places: readonly number[],
  events: readonly ReferenceEvent[],
  isOf: (event: ReferenceEvent, step: number) => boolean,
): boolean {
  const [step, ...rest] = places;
  if (step === undefined) return true;
  return events.some(
    (event) =>
      isOf(event, step) &&
      canFill(
        rest,
        events.filter((each) => each !== event && each.time >= event.time),
        isOf,
      ),
  );
}

/** Every finding of a detection's windows. @param hits  each event's once, or more often */
export function referenceFindings(
  detection: Detection,
  hits: readonly Hit[],
  period: number,
  names: readonly string[],
): ReferenceFinding[] {
  const byEvent = new Map<string, Hit[]>();
  for (const hit of hits) byEvent.set(hit.event.eventID!, [...(byEvent.get(hit.event.eventID!) ?? []), hit]);
  const events = [...byEvent]
    .map(([id, its]) => ({ id, time: Math.floor(Date.parse(its[0]!.event.time) / 1_000), hits: its }))
    .sort(byTimeAndId);
  const keys = new Set(
    hits.flatMap(({ marks }) => marks.filter(({ window }) => names.includes(window)).map(({ key }) => JSON.stringify(key))),
  );
  return [...keys].flatMap((key) => findingsOfKey(detection, events, key, period, names));
}

function findingsOfKey(
  detection: Detection,
  events: ReferenceEvent[],
  key: string,
  period: number,
  names: readonly string[],
): ReferenceFinding[] {
  const windowOf = (name: string) =>
    (name === 'main' ? detection.window : detection.raise[Number(name.slice('raise.'.length))]!.window) as Counted;
  const completing = names.flatMap((name) => {
    const all = events.filter((event) => marksOf(event, name, key).length > 0);
    return all.filter((event) => completes(event, all, windowOf(name), name, key)).map((event) => ({ name, event, all }));
  });
  const periods = new Set(completing.map(({ event }) => Math.floor(event.time / period)));
  return [...periods].flatMap((at) => {
    const here = completing.filter(({ event }) => Math.floor(event.time / period) === at);
    const finding = names.includes('main') ? here.filter(({ name }) => name === 'main') : here;
    if (finding.length === 0) return [];
    const isWithin = (event: ReferenceEvent) =>
      finding.some(
        (each) =>
          each.all.includes(event) &&
          event.time <= each.event.time &&
          event.time >= each.event.time - secondsOf(windowOf(each.name).within),
      );
    const within = events.filter(isWithin);
    const lifts = here.flatMap(({ name }) => (name === 'main' ? [] : [detection.raise[Number(name.slice('raise.'.length))]!.to]));
    const first = finding.map(({ event }) => event).sort(byTimeAndId)[0]!;
    const parts = [detection.id, JSON.parse(key), at, ...(names.includes('main') ? [] : [names[0]])];
    return {
      id: `detection-${sha256(JSON.stringify(parts)).digest('hex').slice(0, 32)}`,
      severity: [...within.flatMap((event) => event.hits.map(({ severity }) => severity)), ...lifts].reduce(higherOf),
      title: first.hits[0]!.title,
      count: within.length,
      named: within.slice(0, 20).map(({ id }) => id),
      firstTime: within[0]!.hits[0]!.event.time,
      lastTime: within.at(-1)!.hits[0]!.event.time,
    };
  });
}
