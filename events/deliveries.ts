// Which places deliver: the hours in which files of an account and region came, and when that is silence.
import type { Severity } from './finding.ts';
import { classifyKey } from './objectkey.ts';
import { HOUR_MS } from './timeunits.ts';

/** An account and region that log files and digests come from. */
export interface DeliveringPlace {
  account: string;
  region: string;
}

/** A file that came. Hours are counted from 1970, by the time in the file's key. */
export interface Delivery extends DeliveringPlace {
  hour: number;
}

/** From one hour to another, both included. */
export type HourSpan = readonly [from: number, to: number];

/** What is remembered of a place. */
export interface SeenPlace extends DeliveringPlace {
  /** The hours in which files came, in order of time, none beside or over another; never empty. Of the newest hour the `REMEMBERED_DAYS` before it. */
  spans: readonly HourSpan[];
  /** The silence that was told, and is not over. */
  told?: ToldSilence;
}

export interface ToldSilence {
  /** The hour from which on nothing came. */
  since: number;
  severity: Severity;
  /** Where it was told together with others. */
  storm?: SilenceStorm;
}

/** Places that fell silent together, too many to be told each on its own. */
export interface SilenceStorm {
  /** The hour from which on nothing came of most of them. */
  since: number;
  /** The latest such hour of any of them. */
  until: number;
}

const HOURS_A_DAY = 24;

/** Three weeks: whoever rests at weekends has rested twice in them, whatever the day. */
export const REMEMBERED_DAYS = 21;

/** A place is known after two days: by then it has had two nights. */
const KNOWN_AFTER_HOURS = 2 * HOURS_A_DAY;

/** A file older than this, when it comes, tells of the past (somebody announced old files), and not that its place delivers. */
const LATEST_HOURS = 2 * HOURS_A_DAY;

/** Regions as AWS names them, with room for those to come: what else stands there in a key is nobody's region. */
const REGION_NAME = /^(?=.{1,32}$)[a-z]{2,8}(-[a-z]+){1,3}-\d{1,2}$/;

/**
 * Where a file came from and when, by its key; undefined where the key doesn't say. Digests count too: CloudTrail delivers one an hour
 * for each region also where nothing happened.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html ("Empty" digest files)
 */
export function deliveryOf(key: string): Delivery | undefined {
  const { account, region, time } = classifyKey(key);
  if (account === undefined || region === undefined || !REGION_NAME.test(region)) return undefined;
  const hour = Math.floor(Date.parse(time ?? '') / HOUR_MS);
  return Number.isNaN(hour) ? undefined : { account, region, hour };
}

/** Whether a file tells that its place delivers now. A key that is ahead of the clock would cover a silence to come. */
export const isTimely = ({ hour }: Delivery, nowMs: number): boolean => {
  const ageHours = nowMs / HOUR_MS - hour;
  return ageHours <= LATEST_HOURS && ageHours >= -1;
};

/**
 * What is remembered after a file came, the very same value where nothing is new. Whatever the order in which files come, and however often,
 * it is the same in the end.
 */
export function afterDelivery(seen: SeenPlace | undefined, { account, region, hour }: Delivery): SeenPlace {
  if (seen === undefined) return { account, region, spans: [[hour, hour]] };
  const oldest = Math.max(hour, lastHour(seen)) - REMEMBERED_DAYS * HOURS_A_DAY;
  if (hour < oldest || seen.spans.some(([from, to]) => from <= hour && hour <= to)) return seen;
  return { ...seen, spans: joined([...seen.spans, [hour, hour]], oldest) };
}

/** Spans in order, those that touch as one, without what lies before the oldest hour. */
function joined(spans: readonly HourSpan[], oldest: number): HourSpan[] {
  const result: [number, number][] = [];
  for (const [from, to] of spans.toSorted(([left], [right]) => left - right)) {
    const last = result.at(-1);
    if (to < oldest) continue;
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else result.push([Math.max(from, oldest), to]);
  }
  return result;
}

/** Milliseconds since 1970 at which an hour begins. */
export const startOfHourMs = (hour: number): number => hour * HOUR_MS;

/** The newest hour in which a file came. */
export const lastHour = ({ spans }: Pick<SeenPlace, 'spans'>): number => spans.at(-1)![1];

export interface SilenceRule {
  /** Hours without a file that are silence anywhere; where files used to come more rarely it takes more. */
  atLeastHours: number;
}

export interface Silence {
  /** The hour from which on nothing came. */
  since: number;
  /** Files came at least so often. */
  usualHours: number;
}

/**
 * The longest time between two hours with files but one: twice it was that long. The longest alone may have been a silence, which would hide the
 * next one for weeks.
 */
function usualHours({ spans }: SeenPlace): number {
  const gaps = spans.slice(1).map(([from], at) => from - spans[at]![1]);
  return gaps.toSorted((left, right) => right - left)[1] ?? 1;
}

/** Whether files of a place came lately: no longer ago than twice the usual, and the least that is silence. */
export function isDelivering(seen: SeenPlace, nowMs: number, { atLeastHours }: SilenceRule): boolean {
  const quietHours = nowMs / HOUR_MS - (lastHour(seen) + 1);
  return quietHours <= Math.max(atLeastHours, 2 * usualHours(seen));
}

const isKnown = (seen: SeenPlace): boolean => lastHour(seen) + 1 - seen.spans[0]![0] >= KNOWN_AFTER_HOURS;

/** The silence of a place that is known for some days and delivers no longer; undefined where there is none. */
export const silenceOf = (seen: SeenPlace, nowMs: number, rule: SilenceRule): Silence | undefined =>
  isKnown(seen) && !isDelivering(seen, nowMs, rule) ? { since: lastHour(seen) + 1, usualHours: usualHours(seen) } : undefined;
