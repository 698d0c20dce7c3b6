// Findings as they are told: of one event, of a window, of a rule that found too much.
import { createHash } from 'node:crypto';
import { type Finding, MAX_FINDING_EVENTS, type Severity } from '../finding.ts';
import type { Detection } from './detectionfile.ts';
import type { EventWords, WindowEvent } from './windowevent.ts';

/** The same for the same detection and whatever else tells its findings apart. */
export const findingId = (...parts: readonly (string | number | readonly string[])[]): string =>
  `detection-${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)}`;

type Told = Pick<Detection, 'id' | 'tags' | 'runbook'>;

const ofDetection = ({ id, tags, runbook }: Told) => ({
  ...{ kind: 'detection' as const, rule: id, tags },
  ...(runbook.length === 0 ? {} : { runbook: runbookText(runbook) }),
});

const RUNBOOKS = new WeakMap<readonly string[], string>();

/** One text for all findings of a detection: many of them are kept. */
function runbookText(runbook: readonly string[]): string {
  const known = RUNBOOKS.get(runbook);
  if (known !== undefined) return known;
  const text = runbook.join('\n');
  RUNBOOKS.set(runbook, text);
  return text;
}

const timeText = (seconds: number): string => new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z');

/** Nothing where the time of the events isn't known: they stand at the beginning of time, with none that has one. */
const spanned = (first: number, last: number) => (last === 0 ? {} : { firstTime: timeText(first), lastTime: timeText(last) });

/** The finding of one event. */
export function findingOfEvent(
  detection: Told,
  id: string,
  { event, ...words }: EventWords,
  { severity, time }: { severity: Severity; time: number },
): Finding {
  return { id, ...ofDetection(detection), state: 'open', severity, ...words, events: [event], count: 1, ...spanned(time, time) };
}

/** What several events come to. */
export interface Several {
  severity: Severity;
  /** In order; those without words are counted, not named. */
  events: readonly Pick<WindowEvent, 'words'>[];
  count: number;
  firstTime: number;
  lastTime: number;
  /** There may be more than `count`. */
  isAtLeast: boolean;
  /** What the finding says of itself. */
  words: Omit<EventWords, 'event' | 'resources'>;
}

/** The finding of several events. */
export function findingOfSeveral(detection: Told, id: string, state: Finding['state'], several: Several): Finding {
  const named = several.events.flatMap(({ words }) => (words === undefined ? [] : [words])).slice(0, MAX_FINDING_EVENTS);
  const resources = [...new Set(named.flatMap((each) => each.resources))].slice(0, MAX_FINDING_EVENTS);
  return {
    ...{ id, ...ofDetection(detection), state, severity: several.severity, ...several.words, resources },
    ...{ events: named.map(({ event }) => event), count: several.count, ...spanned(several.firstTime, several.lastTime) },
    ...(several.isAtLeast ? { detail: { isAtLeast: true } } : {}),
  };
}
