// What one line of the intrusion's story is: when, who, which call with what, and the detection idea it is there for.
import { ACCOUNTS, REGIONS } from '../cast.ts';
import type { Happening } from '../record.ts';
import type { ActorName } from './actors.ts';

export interface Step extends Pick<Happening, 'error' | 'type' | 'category' | 'additional' | 'resources' | 'readOnly'> {
  /** Time of the sample's day, `13:04:41`. */
  at: string;
  who: ActorName;
  /** `service:EventName` as CloudTrail writes it. */
  call: string;
  /** The detection that should notice, by its id; empty when the step only belongs to the story. */
  idea: string;
  request?: unknown;
  response?: unknown;
  account: string;
  region: string;
}

type Details = Partial<Omit<Step, 'at' | 'who' | 'call' | 'idea'>>;

const [account] = ACCOUNTS;
const [region] = REGIONS;

export const step = (at: string, who: ActorName, call: string, idea: string, details: Details = {}): Step => ({
  ...{ at, who, call, idea, account, region },
  ...details,
});

const secondsOf = (at: string): number => at.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);

function clock(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

/** The same call again and again, so many seconds apart. */
export function repeat(first: Step, count: number, everySeconds: number, details: (turn: number) => Details): Step[] {
  return Array.from({ length: count }, (_, turn) => ({ ...first, at: clock(secondsOf(first.at) + turn * everySeconds), ...details(turn) }));
}
