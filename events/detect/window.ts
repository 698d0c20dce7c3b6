// The windows of a detection as they are counted: which share a period and a state, how long each looks back, when it is complete.
import type { Severity } from '../finding.ts';
import type { WindowFields } from './detection.ts';
import type { Detection } from './detectionfile.ts';
import { secondsOf } from './duration.ts';
import { periodOf } from './windowlimits.ts';

/** When the events within a window are enough. */
export type Enough =
  | { kind: 'threshold'; atLeast: number }
  | { kind: 'distinct'; atLeast: number }
  /** So many events of each step, one step after the other. */
  | { kind: 'sequence'; steps: readonly number[] };

export interface CountedWindow {
  /** As in a hit's marks: `main`, `raise.N`. */
  name: string;
  /** Seconds that its events may lie apart. */
  within: number;
  enough: Enough;
  /** Of a raise: what it lifts the severity to. */
  to?: Severity;
}

/** Windows of one detection that count by the same in the same periods: their events are kept together. */
export interface WindowGroup {
  /** `main`, or the first of its raises: `raise.0`. */
  name: string;
  /** One finding for each key in each so many seconds, counted from 1970. */
  period: number;
  /** Seconds that the longest of them looks back. */
  lookBack: number;
  windows: readonly CountedWindow[];
}

/** A window that goes by values never seen before. */
export interface FirstSeenWindow {
  name: string;
  /** Seconds, where the file says so. */
  learn?: number;
  remember: number;
  to?: Severity;
}

export interface DetectionWindows {
  groups: readonly WindowGroup[];
  firstSeen: readonly FirstSeenWindow[];
  /** Whether an event alone makes a finding. */
  isAlone: boolean;
}

type CountedFields = Exclude<WindowFields, { firstSeen: unknown }>;
type Placed = { name: string; fields: WindowFields; to?: Severity };

/** How long a first-seen value is known where the file doesn't say. */
const DEFAULT_REMEMBER = 30 * 24 * 3600;

/** The windows of a detection, its raises' among them. */
export function windowsOf({ window, raise }: Pick<Detection, 'window' | 'raise'>): DetectionWindows {
  const placed: Placed[] = [
    ...(window === undefined ? [] : [{ name: 'main', fields: window }]),
    ...raise.flatMap(({ to, window: fields }, at) => (fields === undefined ? [] : [{ name: `raise.${at}`, fields, to }])),
  ];
  return {
    groups: groupsOf(placed.filter((each): each is Placed & { fields: CountedFields } => !('firstSeen' in each.fields))),
    firstSeen: placed.flatMap(({ name, fields, to }) => ('firstSeen' in fields ? [firstSeenOf(name, fields, to)] : [])),
    isAlone: window === undefined,
  };
}

function groupsOf(placed: (Placed & { fields: CountedFields })[]): WindowGroup[] {
  const groups = new Map<string, typeof placed>();
  const hasMain = placed[0]?.name === 'main';
  for (const each of placed) {
    // Beside a window of the detection's own a raise lifts that one's finding; without one it has findings of its own.
    const name = hasMain ? 'main' : JSON.stringify([[each.fields.by].flat(), periodOf([each.fields])]);
    groups.set(name, [...(groups.get(name) ?? []), each]);
  }
  return [...groups.values()].map((members) => ({
    name: members[0]!.name,
    period: periodOf(members.map(({ fields }) => fields)),
    lookBack: Math.max(...members.map(({ fields }) => secondsOf(fields.within))),
    windows: members.map(countedOf),
  }));
}

const countedOf = ({ name, fields, to }: Placed & { fields: CountedFields }): CountedWindow => ({
  ...{ name, within: secondsOf(fields.within), enough: enoughOf(fields) },
  ...(to === undefined ? {} : { to }),
});

function enoughOf(fields: CountedFields): Enough {
  if ('threshold' in fields) return { kind: 'threshold', atLeast: fields.threshold };
  if ('distinct' in fields) return { kind: 'distinct', atLeast: fields.atLeast };
  return { kind: 'sequence', steps: fields.sequence.map(({ atLeast = 1 }) => atLeast) };
}

const firstSeenOf = (name: string, fields: Extract<WindowFields, { firstSeen: unknown }>, to: Severity | undefined): FirstSeenWindow => ({
  ...{ name, remember: fields.remember === undefined ? DEFAULT_REMEMBER : secondsOf(fields.remember) },
  ...(fields.learn === undefined ? {} : { learn: secondsOf(fields.learn) }),
  ...(to === undefined ? {} : { to }),
});
