// Which places deliver: the hours in which files of an account and region came, when that is silence, and the finding that says so.
import { createHash } from 'node:crypto';
import { type Finding, isAtLeast, type Severity } from './finding.ts';
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
function isDelivering(seen: SeenPlace, nowMs: number, { atLeastHours }: SilenceRule): boolean {
  const quietHours = nowMs / HOUR_MS - (lastHour(seen) + 1);
  return quietHours <= Math.max(atLeastHours, 2 * usualHours(seen));
}

const isKnown = (seen: SeenPlace): boolean => lastHour(seen) + 1 - seen.spans[0]![0] >= KNOWN_AFTER_HOURS;

/** The silence of a place that is known for some days and delivers no longer; undefined where there is none. */
export const silenceOf = (seen: SeenPlace, nowMs: number, rule: SilenceRule): Silence | undefined =>
  isKnown(seen) && !isDelivering(seen, nowMs, rule) ? { since: lastHour(seen) + 1, usualHours: usualHours(seen) } : undefined;

/** What is to be told of a place, and then remembered as told. */
export interface SilenceChange {
  place: DeliveringPlace;
  finding: Finding;
  /** Absent when the silence is over. */
  told?: ToldSilence;
}

export interface JudgedPlaces {
  silent: number;
  /** Silences that began, became worse or ended. */
  changes: SilenceChange[];
}

/** Judges all places together: a silence of all places of an account is worse than that of one. */
export function judgePlaces(places: readonly SeenPlace[], nowMs: number, rule: SilenceRule): JudgedPlaces {
  const delivering = new Set(places.filter((seen) => isDelivering(seen, nowMs, rule)).map(({ account }) => account));
  const judged = places.map((seen) => ({ seen, silence: silenceOf(seen, nowMs, rule) }));
  return {
    silent: judged.filter(({ silence }) => silence !== undefined).length,
    changes: judged.flatMap(({ seen, silence }) => {
      if (silence === undefined) return isDelivering(seen, nowMs, rule) ? endOf(seen, nowMs) : [];
      return beginOf(seen, silence, delivering.has(seen.account) ? 'medium' : 'high', nowMs);
    }),
  };
}

/** A silence that was told keeps its beginning, and so its id, whatever came since and was not enough. */
function beginOf(seen: SeenPlace, silence: Silence, severity: Severity, nowMs: number): SilenceChange[] {
  const { told } = seen;
  if (told !== undefined && isAtLeast(told.severity, severity)) return [];
  const now = { since: told?.since ?? silence.since, severity };
  const usually = silence.usualHours === 1 ? 'hour' : `${silence.usualHours} hours`;
  const title = `no log file or digest of ${placeInWords(seen)} since ${timeOf(silence.since)}; usually one came every ${usually}`;
  const detail = { since: timeOf(silence.since), usualHours: silence.usualHours };
  const state = told === undefined ? 'open' : 'updated';
  return [{ place: barePlace(seen), told: now, finding: { ...silenceFinding(seen, now, nowMs), state, title, detail } }];
}

/** The first hour with files from a given one on, which is no later than the last. */
const firstHourFrom = ({ spans }: SeenPlace, hour: number): number => Math.max(hour, spans.find(([, to]) => to >= hour)![0]);

/** It is over when something came: a rule that became milder ends nothing. */
function endOf(seen: SeenPlace, nowMs: number): SilenceChange[] {
  const { told } = seen;
  if (told === undefined || lastHour(seen) < told.since) return [];
  const title = `log files of ${placeInWords(seen)} come again; none had come since ${timeOf(told.since)}`;
  const detail = { since: timeOf(told.since), until: timeOf(firstHourFrom(seen, told.since)) };
  return [{ place: barePlace(seen), finding: { ...silenceFinding(seen, told, nowMs), state: 'closed', title, detail } }];
}

const RUNBOOK = [
  'See first whether Trailbus itself runs: its alarms, and the queues of waiting and failed notifications.',
  'Ask whether the trail is logging: `aws cloudtrail get-trail-status --name ARN`, with the last delivery and its error.',
  'If not, find who called StopLogging, DeleteTrail, UpdateTrail or PutEventSelectors, and start it again with StartLogging.',
  'If it is: the policies of bucket and key, the notification of the bucket or topic, policies of the organization (SCPs), and whether log file validation was turned off.',
  'Look into what was done in the account meanwhile: the event history of CloudTrail goes on without a trail, for 90 days.',
].join('\n');

/** @see https://attack.mitre.org/techniques/T1562/008/ */
const TAGS = ['attack.defense-evasion', 'attack.t1562.008'];

function silenceFinding(
  { account, region }: DeliveringPlace,
  { since, severity }: ToldSilence,
  nowMs: number,
): Omit<Finding, 'state' | 'title'> {
  const id = createHash('sha256').update(`${account}\n${region}\n${since}`).digest('hex').slice(0, 32);
  return {
    ...{ id: `delivery-${id}`, kind: 'delivery', rule: 'delivery.silent', severity, what: 'log files stopped coming', account, region },
    ...{ resources: [], events: [], count: 0, firstTime: timeOf(since), lastTime: secondOf(nowMs), runbook: RUNBOOK, tags: TAGS },
  };
}

const barePlace = ({ account, region }: DeliveringPlace): DeliveringPlace => ({ account, region });
const placeInWords = ({ account, region }: DeliveringPlace) => `account ${account} in ${region}`;
const secondOf = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
const timeOf = (hour: number) => secondOf(startOfHourMs(hour));
