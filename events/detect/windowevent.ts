// One event that a window remembers: what tells it from others, what it counts for, what a finding says of it.
import { hash } from 'node:crypto';
import type { FindingEvent, Severity } from '../finding.ts';
import { type Hit, MAX_RESOURCES, MAX_TEXT } from './hit.ts';
import { shortened } from './title.ts';

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
