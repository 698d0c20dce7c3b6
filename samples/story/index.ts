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

/** Puts steps that follow each other, by one actor and for one detection, into one row. */
function rowsOf(steps: readonly Step[]): Step[][] {
  const kindOf = ({ who, idea, call }: Step) => `${who.replace(/ .*/, '')} ${idea || call}`;
  const rows: Step[][] = [];
  for (const step of steps) {
    const last = rows.at(-1);
    if (last && kindOf(last[0]!) === kindOf(step)) last.push(step);
    else rows.push([step]);
  }
  return rows;
}

function namesOf(steps: readonly Step[]): string {
  const names = new Set(
    steps.map(({ who }) => actorOf(who).identity).map((who) => String(who['userName'] ?? who['arn'] ?? who['accountId'] ?? 'AWS')),
  );
  return names.size > 1 ? `${names.size} users` : [...names].join().replace(/^arn:aws:(iam|sts)::/, '');
}

function callsOf(steps: readonly Step[]): string {
  const calls = [...new Set(steps.map(({ call }) => call))];
  const shown = calls.slice(0, 3).map((call) => `${call}${calls.length === 1 && steps.length > 1 ? ` × ${steps.length}` : ''}`);
  const more = calls.length > 3 ? ` and ${calls.length - 3} more` : '';
  return `${shown.join(', ')}${more}${steps.every(({ error }) => error) ? ', refused' : ''}`;
}

/** Writes the story as a Markdown table. */
export function storyTable(): string {
  const lines = rowsOf(STEPS).map((steps) => {
    const [first] = steps as [Step];
    return `| ${first.at} | ${namesOf(steps)} | ${actorOf(first.who).ip} | ${callsOf(steps)} | ${first.idea} |`;
  });
  return ['| time | who | from | what | noticed by |', '| --- | --- | --- | --- | --- |', ...lines].join('\n');
}
