// The intrusion: its steps in order of time, as records, and as the table that people read.
import { DAY } from '../cast.ts';
import { Random } from '../random.ts';
import { type Place, type TrailRecord, toRecord } from '../record.ts';
import { actorOf } from './actors.ts';
import { DAMAGE } from './damage.ts';
import { ENTRY } from './entry.ts';
import { EVASION } from './evasion.ts';
import { FOOTHOLD } from './foothold.ts';
import { HARVEST } from './harvest.ts';
import type { Step } from './step.ts';

/** A record and where it is delivered. */
export interface PlacedRecord {
  place: Place;
  at: number;
  record: TrailRecord;
}

export const STEPS: Step[] = [ENTRY, FOOTHOLD, EVASION, HARVEST, DAMAGE].flat().sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));

const timeOf = (step: Step): number => Date.parse(`${new Date(DAY).toISOString().slice(0, 10)}T${step.at}Z`);

function recordOf(step: Step, random: Random): PlacedRecord {
  const { account, region, who, call, error, at: _, idea: __, ...rest } = step;
  const [source, name] = call.split(':') as [string, string];
  const place = { account, region };
  const at = timeOf(step);
  const record = toRecord({ ...rest, error, at, place, caller: actorOf(who), source, name }, random);
  // A failed sign-in has a message and no code.
  if (error?.[0] === '') delete record['errorCode'];
  return { place, at, record };
}

/** Makes the records of the intrusion. */
export function storyRecords(seed: string): PlacedRecord[] {
  const random = new Random(`${seed}/story`);
  return STEPS.map((step) => recordOf(step, random));
}

interface Row {
  first: Step;
  count: number;
}

/** Puts calls of one kind by one actor, made one after the other, into one row. */
function rowsOf(steps: readonly Step[]): Row[] {
  const rows: Row[] = [];
  for (const step of steps) {
    const last = rows.at(-1);
    const actor = (name: string) => name.replace(/^guess .*/, 'guess');
    if (last && last.first.call === step.call && actor(last.first.who) === actor(step.who) && last.first.idea === step.idea) last.count++;
    else rows.push({ first: step, count: 1 });
  }
  return rows;
}

/** Writes the story as a Markdown table. */
export function storyTable(): string {
  const lines = rowsOf(STEPS).map(({ first, count }) => {
    const { identity, ip } = actorOf(first.who);
    const who = String(
      first.who.startsWith('guess') && count > 6
        ? 'many users'
        : (identity['userName'] ?? identity['arn'] ?? identity['accountId'] ?? 'AWS'),
    );
    const times = count > 1 ? ` × ${count}` : '';
    const failed = first.error ? ', fails' : '';
    return `| ${first.at} | ${who} | ${ip} | ${first.call}${times}${failed} | ${first.idea} |`;
  });
  return ['| time | who | from | what | detection |', '| --- | --- | --- | --- | --- |', ...lines].join('\n');
}
