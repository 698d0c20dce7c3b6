// The events that a window remembers: each once, in order, and no more of them than an item of the state holds.
import { hash } from 'node:crypto';
import { type FindingEvent, higherOf, isAtLeast, type Severity } from '../finding.ts';
import { type Hit, MAX_RESOURCES, MAX_TEXT } from './hit.ts';
import { MAX_VALUES } from './marks.ts';
import { shortened } from './title.ts';
import type { CountedWindow, WindowGroup } from './window.ts';
import { MAX_WINDOW_EVENTS } from './windowlimits.ts';

/** What a finding says of the event it is about, and where that lies. */
export type EventWords = Pick<Hit, 'title' | 'who' | 'what' | 'from' | 'account' | 'region' | 'resources'> & { event: FindingEvent };

export interface WindowEvent {
  /** Tells it from others: of its eventID, or its record's hash. */
  id: string;
  /** eventTime, in whole seconds since 1970. */
  time: number;
  severity: Severity;
  /** By the window's name the values or steps it counts for; none for a threshold. */
  marks: Readonly<Record<string, readonly (string | number)[]>>;
  /** Kept of those that a finding may name. */
  words?: EventWords;
}

/** Most events kept with their words, and most bytes of them: an item must stay below 350 KB. */
const MAX_WORDED_EVENTS = 1_000;
const MAX_WORD_BYTES = 100_000;

/** 66 bits of a text's SHA-256: among 10,000 events two are taken for one in 1 of 10^12 windows. */
export const shortHash = (text: string): string => hash('sha256', text, 'base64url').slice(0, 11);

/** What tells a hit's event from others. */
export const eventIdOf = ({ event, fingerprint }: Hit): string => shortHash(event.eventID ?? fingerprint ?? JSON.stringify(event));

/** The whole seconds of an event's time; an event without a readable one stands at the beginning of time. */
export function secondsOfEvent({ time }: FindingEvent): number {
  const timeMs = Date.parse(time);
  return Number.isNaN(timeMs) ? 0 : Math.floor(timeMs / 1_000);
}

const short = (text: string): string => shortened(text, MAX_TEXT);

/** Texts of which many events have the same, each kept once: windows remember many events, most of few callers. */
export class SharedTexts {
  private readonly texts = new Map<string, string>();

  of(text: string): string {
    const known = this.texts.get(text);
    if (known !== undefined) return known;
    if (this.texts.size >= MAX_SHARED) this.texts.clear();
    this.texts.set(text, text);
    return text;
  }
}

const MAX_SHARED = 5_000;
const NO_RESOURCES: string[] = [];

/** What a finding says of a hit, each text no longer than is kept. */
export function wordsOfHit({ title, who, what, from, account, region, resources, event }: Hit, shared: SharedTexts): EventWords {
  const kept = (text: string) => shared.of(short(text));
  const arns = resources.length === 0 ? NO_RESOURCES : resources.slice(0, MAX_RESOURCES).map(kept);
  // Most have all of them; an object that is made at once is the smallest, and there are many.
  if (who !== undefined && from !== undefined && account !== undefined && region !== undefined)
    return {
      title: kept(title),
      what: kept(what),
      event,
      resources: arns,
      who: kept(who),
      from: kept(from),
      account: kept(account),
      region: kept(region),
    };
  const words: EventWords = { title: kept(title), what: kept(what), event, resources: arns };
  if (who !== undefined) words.who = kept(who);
  if (from !== undefined) words.from = kept(from);
  if (account !== undefined) words.account = kept(account);
  if (region !== undefined) words.region = kept(region);
  return words;
}

/** By time, then by an order that hangs on nothing but the events: however they arrive, it is the same. */
export const byTimeAndId = (left: Pick<WindowEvent, 'time' | 'id'>, right: Pick<WindowEvent, 'time' | 'id'>): number =>
  left.time - right.time || (left.id < right.id ? -1 : left.id > right.id ? 1 : 0);

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
  const all = inOrder(events, [...fresh.values()]);
  passIds(events, all, fresh.keys());
  return { events: all, ...merged };
}

/** From so many events on their ids are kept beside them. */
const MANY = 50;

/** The ids of arrays that are kept in memory and have many events: they pass on to the array that takes its place, and are looked up again where not. */
const IDS = new WeakMap<readonly WindowEvent[], Set<string>>();

function areSomeIn(events: readonly WindowEvent[], fresh: ReadonlyMap<string, WindowEvent>): boolean {
  if (events.length < MANY) return events.some(({ id }) => fresh.has(id));
  const ids = IDS.get(events) ?? new Set(events.map(({ id }) => id));
  IDS.set(events, ids);
  for (const id of fresh.keys()) if (ids.has(id)) return true;
  return false;
}

/** To be told of an array that takes the place of another, with the same ids and some more. */
function passIds(from: readonly WindowEvent[], to: readonly WindowEvent[], more: Iterable<string>): void {
  const ids = IDS.get(from);
  if (ids === undefined || from === to) return;
  for (const id of more) ids.add(id);
  IDS.delete(from);
  IDS.set(to, ids);
}

/** Events in order with some that aren't among them; those that come last in order are put at the end. */
function inOrder(events: readonly WindowEvent[], fresh: WindowEvent[]): WindowEvent[] {
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

function unitedWith(known: WindowEvent, arrival: WindowEvent): WindowEvent {
  const marks = { ...known.marks };
  for (const [window, values] of Object.entries(arrival.marks)) marks[window] = [...new Set([...(marks[window] ?? []), ...values])];
  const words = known.words ?? arrival.words;
  return {
    ...{ id: known.id, time: known.time, severity: higherOf(known.severity, arrival.severity), marks },
    ...(words === undefined ? {} : { words }),
  };
}

const marksCount = ({ marks }: WindowEvent): number => Object.values(marks).reduce((sum, values) => sum + 1 + values.length, 0);
const isMore = (both: WindowEvent, known: WindowEvent): boolean =>
  both.severity !== known.severity || marksCount(both) !== marksCount(known);

/** How much events weigh against the limit: an event with many values of `distinct` as much as so many events. */
function weightOf({ marks }: WindowEvent): number {
  let weight = 1;
  for (const window in marks) weight = Math.max(weight, marks[window]!.length);
  return weight;
}

export function areTooMany(events: readonly WindowEvent[]): boolean {
  if (events.length * MAX_VALUES <= MAX_WINDOW_EVENTS) return false;
  let weight = 0;
  for (const event of events) weight += weightOf(event);
  return weight > MAX_WINDOW_EVENTS;
}

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

/** The first of them that weigh no more than the limit: where more decide, the window was complete long ago. */
function lightest(events: readonly WindowEvent[]): WindowEvent[] {
  let weight = 0;
  return events.filter((event) => {
    weight += weightOf(event);
    return weight <= MAX_WINDOW_EVENTS;
  });
}

/**
 * Takes the words from events that no finding will name.
 * @param last  the last event in order whose words may be needed; undefined where any may
 */
export function withoutSpareWords(events: readonly WindowEvent[], last: WindowEvent | undefined): readonly WindowEvent[] {
  if (last === undefined && areFew(events)) return events;
  const bare = withoutWords(events, last);
  passIds(events, bare, NONE);
  return bare;
}

const NONE: readonly string[] = [];

function withoutWords(events: readonly WindowEvent[], last: WindowEvent | undefined): readonly WindowEvent[] {
  const needed = events.filter((event) => event.words !== undefined && (last === undefined || byTimeAndId(event, last) <= 0));
  const kept = areFew(needed) ? new Set(needed) : withinBytes(needed);
  return events.map((event) => {
    if (event.words === undefined || kept.has(event)) return event;
    const { words: _, ...bare } = event;
    return bare;
  });
}

/** So few that they are no more than the limit however many bytes each takes. */
const FEW_CHARACTERS = MAX_WORD_BYTES / 6;

/** Whether the words of all of them are sure to be no more than the limits, told without writing them down. */
function areFew(events: readonly WindowEvent[]): boolean {
  let [worded, characters] = [0, 0];
  for (const { words } of events) {
    if (words === undefined) continue;
    worded++;
    characters += lengthOf(words);
  }
  if (characters <= FEW_CHARACTERS) return true;
  return characters <= MAX_WORD_BYTES && worded <= MAX_WORDED_EVENTS && events.every(({ words }) => words === undefined || arePlain(words));
}

/** Characters that take one byte each in JSON. */
const PLAIN = /^[ !#-[\]-~]*$/;
const arePlain = ({ title, who = '', what, from = '', account = '', region = '', resources, event }: EventWords): boolean =>
  [title, who, what, from, account, region, event.time, event.bucket, event.key, event.eventID ?? '', ...resources].every((text) =>
    PLAIN.test(text),
  );

/** At least as many as their JSON has, if all of them are plain: names of fields and punctuation take some 150. */
function lengthOf({ title, who = '', what, from = '', account = '', region = '', resources, event }: EventWords): number {
  const texts = title.length + who.length + what.length + from.length + account.length + region.length;
  const place = event.time.length + event.bucket.length + event.key.length + (event.eventID?.length ?? 0);
  return resources.reduce((sum, { length }) => sum + length + 3, texts + place + 200);
}

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

/** Of words that are kept in memory, and are asked about with every event that comes. */
const BYTES = new WeakMap<EventWords, number>();

function bytesOf(words: EventWords): number {
  const known = BYTES.get(words);
  if (known !== undefined) return known;
  const bytes = Buffer.byteLength(JSON.stringify(words));
  BYTES.set(words, bytes);
  return bytes;
}
