// The words of a window's events: of which events they are kept hangs on the events alone, not on the order they came in.
import { passKnown } from './knownevents.ts';
import { shortened } from './title.ts';
import type { WindowGroup } from './window.ts';
import type { EventWords, WindowEvent } from './windowevent.ts';

/** Of so many events every word is kept: a finding names no more. */
const FEW = 20;
/** Of so many the words are kept, shortened. */
const SOME = 100;
/** Of more, those of the first events in each slice of time, or of each step there: an item must stay below 350 KB. */
const SLICES = 25;
const FIRST_OF_SLICE = 4;

/** Most UTF-8 bytes of a text, and of all resources, where there are more than a few events. */
const MAX_BYTES = { title: 200, who: 120, what: 120, from: 120, resources: 300 };

/**
 * Takes words from events that have too many. An event that loses its words, or the end of them, loses them whatever comes: with more events it never
 * stands further forward, and there are never fewer.
 * @param events  in order, all there are
 */
export function withoutSpareWords(events: readonly WindowEvent[], group: WindowGroup): readonly WindowEvent[] {
  if (events.length <= FEW) return events;
  const isFirst = events.length <= SOME ? () => true : firstOfSlices(group);
  let changed: WindowEvent[] | undefined;
  for (const [at, event] of events.entries()) {
    const mayKeep = isFirst(event);
    if (event.words === undefined) continue;
    const kept = mayKeep ? withShortWords(event, event.words) : withoutWords(event);
    if (kept === event) continue;
    changed ??= [...events];
    changed[at] = kept;
  }
  if (changed !== undefined) passKnown(events, changed);
  return changed ?? events;
}

/** To be asked about events in order: whether one is among the first of its slice of time; of a sequence, of its step there. */
function firstOfSlices({ period, lookBack, windows }: WindowGroup): (event: WindowEvent) => boolean {
  const seconds = Math.ceil((period + lookBack) / SLICES);
  const sequence = windows.find(({ enough }) => enough.kind === 'sequence');
  const steps = sequence?.enough.kind === 'sequence' ? sequence.enough.steps.length : 1;
  const most = Math.max(1, Math.floor(FIRST_OF_SLICE / steps));
  let slice = Number.NaN;
  const counts = new Map<string, number>();
  return ({ time, marks }) => {
    const own = Math.floor(time / seconds);
    if (own !== slice) counts.clear();
    slice = own;
    const step = sequence === undefined ? '' : String(marks[sequence.name]);
    const count = (counts.get(step) ?? 0) + 1;
    counts.set(step, count);
    return count <= most;
  };
}

function withoutWords({ words: _, ...bare }: WindowEvent): WindowEvent {
  return bare;
}

/** Words that need no shortening, as far as they are in memory. */
const SHORT = new WeakSet<EventWords>();

function withShortWords(event: WindowEvent, words: EventWords): WindowEvent {
  if (SHORT.has(words)) return event;
  const short = shortWords(words);
  SHORT.add(short);
  return short === words ? event : { ...event, words: short };
}

function shortWords(words: EventWords): EventWords {
  const { resources } = words;
  const texts = (['title', 'who', 'what', 'from'] as const).flatMap((name): [typeof name, string][] => {
    const text = words[name];
    return text === undefined || bytesIn(text) <= MAX_BYTES[name] ? [] : [[name, cutToBytes(text, MAX_BYTES[name])]];
  });
  const fitting = firstWithin(resources, MAX_BYTES.resources);
  return texts.length === 0 && fitting.length === resources.length ? words : { ...words, ...Object.fromEntries(texts), resources: fitting };
}

const bytesIn = (text: string): number => (text.length * 3 <= MAX_BYTES.who ? text.length : Buffer.byteLength(text));

/** As much of a text as fits, no character cut in two. */
function cutToBytes(text: string, most: number): string {
  let short = shortened(text, most);
  while (Buffer.byteLength(short) > most)
    short = shortened(short, Math.max(1, Math.min(short.length - 1, Math.floor((short.length * most) / Buffer.byteLength(short)))));
  return short;
}

function firstWithin(texts: readonly string[], most: number): string[] {
  let bytes = 0;
  const fit = texts.findIndex((text) => {
    bytes += Buffer.byteLength(text);
    return bytes > most;
  });
  return fit < 0 ? (texts as string[]) : texts.slice(0, fit);
}
