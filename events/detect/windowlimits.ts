// What windows can be counted exactly: a look-back below the period, no more events than are remembered, raises that count by the same.
import { DURATION, durationText, secondsOf } from './duration.ts';

/** Most events a window remembers of a key in a period; of more, only those are kept that decide. */
export const MAX_WINDOW_EVENTS = 10_000;

const HOUR = 3600;
const DAY = 24 * HOUR;

/** Longest look-back first: the period where the file names none. */
const DEFAULT_PERIODS: readonly (readonly [below: number, period: number])[] = [
  [HOUR, HOUR],
  [DAY, DAY],
  [7 * DAY, 7 * DAY],
];

/** Most seconds that a window whose period isn't named may look back. */
const LONGEST_WITHOUT_PERIOD = 7 * DAY;

/** Seconds from one finding of a key to the next, where none is named: an hour for windows below one, a day below a day, else seven days. */
const defaultPeriod = (within: number): number => DEFAULT_PERIODS.find(([below]) => within < below)?.[1] ?? LONGEST_WITHOUT_PERIOD;

/** A window as a detection file has it. */
interface WrittenWindow {
  /** Of a raise, where none is given: that of the detection's own window. */
  by?: string | string[] | undefined;
  within?: string;
  dedup?: string | undefined;
  threshold?: number;
  atLeast?: number;
  sequence?: { atLeast?: number | undefined }[];
  firstSeen?: string | string[];
}

/** What is wrong with a detection's windows, and where. */
export interface WindowFault {
  path: (string | number)[];
  message: string;
}

/** Everything that is wrong with the windows of a detection and its raises. */
export function windowFaults(detection: {
  window?: WrittenWindow | undefined;
  raise?: { window?: WrittenWindow | undefined }[] | undefined;
}): WindowFault[] {
  const raises = (detection.raise ?? []).flatMap(({ window }, at) =>
    window === undefined ? [] : [{ window, path: ['raise', at, 'window'] }],
  );
  const byMissing = detection.window === undefined ? raises.flatMap(({ window, path }) => byFaults(window, path)) : [];
  const main = detection.window === undefined || detection.window.firstSeen !== undefined ? undefined : detection.window;
  if (main === undefined)
    return [
      ...byMissing,
      ...raises.flatMap(({ window, path }) => [...sequenceFaults(window, path), ...lengthFaults(window, path, periodOf([window]))]),
    ];
  const counted = [main, ...raises.map(({ window }) => window)];
  const period = periodOf(counted);
  return [
    ...lengthFaults(main, ['window'], period),
    ...raises.flatMap(({ window, path }) => [
      ...sequenceFaults(window, path),
      ...besideFaults(window, main, path),
      ...lengthFaults(window, path, period),
    ]),
  ];
}

/** What the first of them says, or what suits the longest. In seconds; NaN where one of them has something that is no length of time. */
export function periodOf(windows: readonly WrittenWindow[]): number {
  const named = windows[0]?.dedup;
  if (windows.some(({ within = '1s', dedup = '1s' }) => !DURATION.test(within) || !DURATION.test(dedup))) return Number.NaN;
  const longest = Math.max(0, ...windows.map(({ within }) => (within === undefined ? 0 : secondsOf(within))));
  return named === undefined ? defaultPeriod(longest) : secondsOf(named);
}

const byFaults = ({ by }: WrittenWindow, path: (string | number)[]): WindowFault[] =>
  by === undefined ? [{ path: [...path, 'by'], message: 'is missing: only beside a window of the detection’s own its `by` holds' }] : [];

const sequenceFaults = ({ sequence }: WrittenWindow, path: (string | number)[]): WindowFault[] =>
  sequence === undefined
    ? []
    : [{ path, message: 'can’t be a sequence: a raise counts the detection’s own events; write the sequence as a detection of its own' }];

/** A raise beside the detection's own window lifts the finding of the same key and period. */
function besideFaults({ by, dedup, firstSeen }: WrittenWindow, main: WrittenWindow, path: (string | number)[]): WindowFault[] {
  if (firstSeen !== undefined) return [];
  const [own, wanted] = [[by].flat().join(', '), [main.by].flat().join(', ')];
  return [
    ...(by === undefined || own === wanted
      ? []
      : [{ path: [...path, 'by'], message: `must be \`${wanted}\`, as the detection’s own window has it: it lifts that one’s finding` }]),
    ...(dedup === undefined
      ? []
      : [{ path: [...path, 'dedup'], message: 'must not be given: the period of the detection’s own window holds' }]),
  ];
}

function lengthFaults(window: WrittenWindow, path: (string | number)[], period: number): WindowFault[] {
  // What is no length of time is told as that, and nothing can be told of its length.
  if (window.within === undefined || Number.isNaN(period) || !DURATION.test(window.within)) return [];
  const within = secondsOf(window.within);
  if (within >= period) {
    const message = `must be shorter than the period that gives one finding, ${durationText(period)}; write a longer \`dedup\` at the detection’s window`;
    return [{ path: [...path, 'within'], message }];
  }
  const needed = eventsNeeded(window) * (period / within + 2);
  if (needed <= MAX_WINDOW_EVENTS) return [];
  const fitting = Math.floor((MAX_WINDOW_EVENTS / eventsNeeded(window) - 2) * within);
  const help = fitting > within ? `a \`dedup\` of at most ${durationText(wholeMinutes(fitting))}` : 'a smaller number';
  return [{ path, message: `may need more than the ${MAX_WINDOW_EVENTS} events that are remembered of a key in a period; write ${help}` }];
}

const wholeMinutes = (seconds: number): number => (seconds < 120 ? seconds : seconds - (seconds % 60));

/** Events that must be kept of each length of the window while it isn't complete; of a sequence, of each eighth. */
function eventsNeeded({ threshold, atLeast, sequence }: WrittenWindow): number {
  if (sequence !== undefined) return 16 * sequence.reduce((sum, step) => sum + (step.atLeast ?? 1), 0);
  return threshold ?? 2 * (atLeast ?? 1);
}
