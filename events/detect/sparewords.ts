// The words of a window's events: kept of those that a finding may name, and no more of them than an item of the state holds.
import { bytesOf, knownOf, lengthOf, passKnown } from './knownevents.ts';
import { byTimeAndId, type EventWords, type WindowEvent } from './windowevent.ts';

/** Most events kept with their words, and most bytes of them: an item must stay below 350 KB. */
const MAX_WORDED_EVENTS = 1_000;
const MAX_WORD_BYTES = 100_000;

/**
 * Takes the words from events that no finding will name.
 * @param last  the last event in order whose words may be needed; undefined where any may
 */
export function withoutSpareWords(events: readonly WindowEvent[], last: WindowEvent | undefined): readonly WindowEvent[] {
  if (last === undefined && wordsFit(events)) return events;
  const bare = withoutWords(events, last);
  passKnown(events, bare, 'fewer words');
  return bare;
}

function withoutWords(events: readonly WindowEvent[], last: WindowEvent | undefined): readonly WindowEvent[] {
  const worded = events.filter(({ words }) => words !== undefined);
  const kept = withinBytes(last === undefined ? worded : worded.filter((event) => byTimeAndId(event, last) <= 0));
  if (kept.size === worded.length) return events;
  return events.map((event) => {
    if (event.words === undefined || kept.has(event)) return event;
    const { words: _, ...bare } = event;
    return bare;
  });
}

/** Whether the words of all of them are no more than the limits. */
function wordsFit(events: readonly WindowEvent[]): boolean {
  const known = knownOf(events);
  if (known !== undefined) return known.worded <= MAX_WORDED_EVENTS && known.bytes <= MAX_WORD_BYTES;
  const sumOf = (size: (words: EventWords) => number) =>
    events.reduce((sum, { words }) => (words === undefined ? sum : sum + size(words)), 0);
  return MOST_BYTES * sumOf(lengthOf) <= MAX_WORD_BYTES || sumOf(bytesOf) <= MAX_WORD_BYTES;
}

/** Bytes of one character in JSON, where it is escaped. */
const MOST_BYTES = 6;

/** As many as fit, chosen by their ids: which these are must not hang on the order they came in. */
function withinBytes(events: readonly WindowEvent[]): Set<WindowEvent> {
  const chosen = [...events].sort((left, right) => (left.id < right.id ? -1 : 1)).slice(0, MAX_WORDED_EVENTS);
  let bytes = 0;
  return new Set(
    chosen.filter(({ words }) => {
      bytes += bytesOf(words!);
      return bytes <= MAX_WORD_BYTES;
    }),
  );
}
