// The findings of silences: that places stopped delivering, that it became worse, that they deliver again.
import { createHash } from 'node:crypto';
import {
  type DeliveringPlace,
  isDelivering,
  lastHour,
  type SeenPlace,
  type Silence,
  type SilenceRule,
  type SilenceStorm,
  silenceOf,
  startOfHourMs,
  type ToldSilence,
} from './deliveries.ts';
import { DEFAULT_STORM_LIMIT, type Finding, higherOf, isAtLeast, type Severity } from './finding.ts';

/** A finding to be told, and what is to be remembered of its places then. */
export interface SilenceChange {
  finding: Finding;
  places: readonly PlaceChange[];
}

export interface PlaceChange {
  place: DeliveringPlace;
  /** Undefined when the silence is over. */
  told: ToldSilence | undefined;
}

export interface JudgedPlaces {
  silent: number;
  /** Silences that began, became worse or ended. */
  changes: SilenceChange[];
}

/** A place with something to be told of it: how it is silent, or that it delivers again. */
interface PlaceNews {
  seen: SeenPlace;
  silence?: Silence;
  /** Absent when the silence is over. */
  told?: ToldSilence;
}

/** Judges all places together: a silence of all places of an account is worse than that of one, and many that began together are one. */
export function judgePlaces(places: readonly SeenPlace[], nowMs: number, rule: SilenceRule): JudgedPlaces {
  const delivering = new Set(places.filter((seen) => isDelivering(seen, nowMs, rule)).map(({ account }) => account));
  const judged = places.map((seen) => ({ seen, silence: silenceOf(seen, nowMs, rule) }));
  const news = judged.flatMap(({ seen, silence }) => {
    if (silence === undefined) return isDelivering(seen, nowMs, rule) ? endOf(seen) : [];
    return beginOf(seen, silence, delivering.has(seen.account) ? 'medium' : 'high');
  });
  return {
    silent: judged.filter(({ silence }) => silence !== undefined).length,
    changes: changesOf(inStorms(news, places), places, nowMs),
  };
}

/** A silence that was told keeps its beginning, and so its id, whatever came since and was not enough. */
function beginOf(seen: SeenPlace, silence: Silence, severity: Severity): PlaceNews[] {
  const { told } = seen;
  if (told !== undefined && isAtLeast(told.severity, severity)) return [];
  return [{ seen, silence, told: { ...(told ?? { since: silence.since }), severity } }];
}

/** It is over when something came: a rule that became milder ends nothing. */
const endOf = (seen: SeenPlace): PlaceNews[] => (seen.told === undefined || lastHour(seen) < seen.told.since ? [] : [{ seen }]);

const hasBegun = ({ seen, told }: PlaceNews): boolean => seen.told === undefined && told !== undefined;
const stormOf = ({ seen, told }: PlaceNews): SilenceStorm | undefined => (told ?? seen.told)?.storm;

/**
 * A place that delivered nothing since others stopped together is one of them, whenever it counts as silent: so those that were told and not
 * remembered find the storm they were told in. Of those that stopped otherwise too many are a storm of their own.
 */
function inStorms(news: readonly PlaceNews[], places: readonly SeenPlace[]): PlaceNews[] {
  const open = [...openStorms(places)].sort((left, right) => left.until - right.until);
  // What stops at one moment stops in two hours where that moment is near the full hour.
  const stormFor = ({ told }: PlaceNews) => open.find(({ until }) => told!.since <= until + 1);
  const joined = news.map((each) => (hasBegun(each) ? withStorm(each, stormFor(each)) : each));
  const isAlone = (each: PlaceNews) => hasBegun(each) && stormOf(each) === undefined;
  const hours = joined.filter(isAlone).map(({ told }) => told!.since);
  if (hours.length <= DEFAULT_STORM_LIMIT) return joined;
  const storm = { since: commonest(hours), until: hours.reduce((left, right) => Math.max(left, right)) };
  return joined.map((each) => (isAlone(each) ? withStorm(each, storm) : each));
}

const openStorms = (places: readonly SeenPlace[]): Iterable<SilenceStorm> =>
  new Map(places.flatMap(({ told }) => (told?.storm === undefined ? [] : [[told.storm.since, told.storm]]))).values();

const withStorm = (news: PlaceNews, storm: SilenceStorm | undefined): PlaceNews =>
  storm === undefined ? news : { ...news, told: { ...news.told!, storm } };

/** The hour that most of them are; of several the earliest. A few places more or less change nothing, and so the id of the storm stays. */
function commonest(hours: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const hour of hours) counts.set(hour, (counts.get(hour) ?? 0) + 1);
  return [...counts].sort(([left, many], [right, more]) => more - many || left - right)[0]![0];
}

function changesOf(news: readonly PlaceNews[], places: readonly SeenPlace[], nowMs: number): SilenceChange[] {
  const alone = news.filter((each) => stormOf(each) === undefined);
  const storms = new Set(news.flatMap((each) => stormOf(each)?.since ?? []));
  const together = (since: number) => news.filter((each) => stormOf(each)?.since === since);
  return [
    ...[...storms].map((since) => changeOfStorm(since, together(since), places, nowMs)),
    ...alone.map((each) => changeAlone(each, nowMs)),
  ];
}

const placeChange = ({ seen, told }: PlaceNews): PlaceChange => ({ place: barePlace(seen), told });

function changeAlone(news: PlaceNews, nowMs: number): SilenceChange {
  const { seen, silence, told } = news;
  const finding = silence === undefined ? endFinding(seen, seen.told!, nowMs) : silentFinding(seen, silence, told!, nowMs);
  return { finding, places: [placeChange(news)] };
}

function silentFinding(seen: SeenPlace, silence: Silence, told: ToldSilence, nowMs: number): Finding {
  const usually = silence.usualHours === 1 ? 'hour' : `${silence.usualHours} hours`;
  const title = `no log file or digest of ${placeInWords(seen)} since ${timeOf(silence.since)}; usually one came every ${usually}`;
  const detail = { since: timeOf(silence.since), usualHours: silence.usualHours };
  return { ...placeFinding(seen, told, nowMs), state: seen.told === undefined ? 'open' : 'updated', title, detail };
}

/** The first hour with files from a given one on, which is no later than the last. */
const firstHourFrom = ({ spans }: SeenPlace, hour: number): number => Math.max(hour, spans.find(([, to]) => to >= hour)![0]);

function endFinding(seen: SeenPlace, told: ToldSilence, nowMs: number): Finding {
  const title = `log files of ${placeInWords(seen)} come again; none had come since ${timeOf(told.since)}`;
  const detail = { since: timeOf(told.since), until: timeOf(firstHourFrom(seen, told.since)) };
  return { ...placeFinding(seen, told, nowMs), state: 'closed', title, detail };
}

/** Most places that the finding of a storm names. */
const MAX_NAMED_PLACES = 20;

/** What is to be told of a storm: who fell silent with it, became worse or delivers again, and how many are silent now. */
function changeOfStorm(since: number, news: readonly PlaceNews[], places: readonly SeenPlace[], nowMs: number): SilenceChange {
  const isNews = new Set(news.map(({ seen }) => seen));
  const before = places.filter(({ told }) => told?.storm?.since === since);
  const worse = news.flatMap(({ seen, told }) => (told === undefined ? [] : [{ ...barePlace(seen), ...told }]));
  const silent = [...worse, ...before.filter((seen) => !isNews.has(seen)).map((seen) => ({ ...barePlace(seen), ...seen.told! }))];
  const over = news.flatMap(({ seen, told }) => (told === undefined ? [{ ...barePlace(seen), ...seen.told! }] : []));
  const state = silent.length === 0 ? 'closed' : before.length === 0 ? 'open' : 'updated';
  const { detail, ...finding } = stormFinding(since, silent.length === 0 ? over : silent, state, nowMs);
  return { finding: { ...finding, detail: { ...detail, deliverAgain: over.length } }, places: news.map(placeChange) };
}

type SilentPlace = DeliveringPlace & ToldSilence;

function stormFinding(since: number, places: readonly SilentPlace[], state: Finding['state'], nowMs: number): Finding {
  const accounts = new Set(places.map(({ account }) => account));
  const severity = places.map((place) => place.severity).reduce(higherOf);
  const first = places.slice(0, MAX_NAMED_PLACES).map((place) => ({ ...barePlace(place), since: timeOf(place.since) }));
  return {
    ...silenceFinding(`storm\n${since}`, { since, severity }, nowMs),
    ...(accounts.size === 1 ? { account: places[0]!.account } : {}),
    ...{ state, title: stormTitle(places.length, accounts, since, state) },
    detail: { since: timeOf(since), regions: places.length, accounts: accounts.size, first },
  };
}

function stormTitle(regions: number, accounts: ReadonlySet<string>, since: number, state: Finding['state']): string {
  if (state === 'closed') return `log files come again of all regions and accounts that had stopped together, most at ${timeOf(since)}`;
  const [account] = accounts;
  const whose = accounts.size === 1 ? `account ${account}` : `${accounts.size} accounts`;
  return `no log file or digest of ${regions === 1 ? '1 region' : `${regions} regions`} of ${whose}: most stopped at ${timeOf(since)}`;
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

const placeFinding = (place: DeliveringPlace, told: ToldSilence, nowMs: number) => ({
  ...silenceFinding(`${place.account}\n${place.region}\n${told.since}`, told, nowMs),
  ...barePlace(place),
});

/** @param identity  what the id is made of */
function silenceFinding(identity: string, { since, severity }: ToldSilence, nowMs: number): Omit<Finding, 'state' | 'title'> {
  const id = createHash('sha256').update(identity).digest('hex').slice(0, 32);
  return {
    ...{ id: `delivery-${id}`, kind: 'delivery', rule: 'delivery.silent', severity, what: 'log files stopped coming' },
    ...{ resources: [], events: [], count: 0, firstTime: timeOf(since), lastTime: secondOf(nowMs), runbook: RUNBOOK, tags: TAGS },
  };
}

const barePlace = ({ account, region }: DeliveringPlace): DeliveringPlace => ({ account, region });
const placeInWords = ({ account, region }: DeliveringPlace) => `account ${account} in ${region}`;
const secondOf = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
const timeOf = (hour: number) => secondOf(startOfHourMs(hour));
