// The findings of silences: that places stopped delivering, that it became worse, that they deliver again.
import { createHash } from 'node:crypto';
import {
  type DeliveringPlace,
  isDelivering,
  lastHour,
  type SeenPlace,
  type Silence,
  type SilenceRule,
  silenceOf,
  startOfHourMs,
  type ToldSilence,
} from './deliveries.ts';
import { type Finding, isAtLeast, type Severity } from './finding.ts';

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
