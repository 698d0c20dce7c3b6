// Which detections are asked: what comes with Trailbus and one's own, turned on, off and changed as trailbus.yml says.
import type { Severity } from '../finding.ts';
import type { WindowFields } from './detection.ts';
import type { Detection, Raise, SequenceStep } from './detectionfile.ts';
import { isNamed } from './detectionid.ts';
import type { OffDetection } from './evaluator.ts';

/** What trailbus.yml changes of a detection. */
export interface DetectionChanges {
  severity?: Severity | undefined;
  window?: WindowFields | undefined;
  dryRun?: boolean | undefined;
  /** Of a window that is a sequence. */
  steps?: SequenceStep[] | undefined;
}

/** What trailbus.yml says of detections. */
export interface DetectionChoice {
  /** Ids, or their beginnings with `*`. */
  on?: readonly string[] | undefined;
  off?: readonly string[] | undefined;
  override?: Readonly<Record<string, DetectionChanges>> | undefined;
}

export interface ChosenDetections {
  on: Detection[];
  off: OffDetection[];
  /** All there are, on or off. */
  every: Detection[];
}

/**
 * @param own  one's own detections; one with the id of another takes its place
 * @param all  turn on every detection, those too that are off by themselves or in the configuration
 */
export function chooseDetections(
  pack: readonly Detection[],
  own: readonly Detection[],
  choice: DetectionChoice,
  all = false,
): ChosenDetections {
  const byId = new Map([...pack, ...own].map((detection) => [detection.id, detection]));
  const chosen: ChosenDetections = { on: [], off: [], every: [...byId.values()] };
  for (const detection of chosen.every) {
    const why = whyOff(detection, choice, all);
    if (why === undefined) chosen.on.push(overridden(detection, changesOf(detection, choice)));
    else chosen.off.push({ id: detection.id, why });
  }
  return chosen;
}

const isNamedIn = (names: readonly string[] | undefined, id: string): boolean => names?.some((name) => isNamed(name, id)) ?? false;

function whyOff({ id, off }: Detection, choice: DetectionChoice, all: boolean): string | undefined {
  if (all) return undefined;
  if (isNamedIn(choice.off, id)) return 'turned off in the configuration';
  return off === undefined || isNamedIn(choice.on, id) ? undefined : off;
}

const changesOf = ({ id }: Detection, { override = {} }: DetectionChoice): DetectionChanges =>
  Object.hasOwn(override, id) ? override[id]! : {};

/** A detection with what is changed of it: its raises go on counting by what it counts by itself. */
export function overridden(detection: Detection, changes: DetectionChanges): Detection {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  if (given.length === 0) return detection;
  const { window } = changes;
  const raise =
    window === undefined || detection.window === undefined ? detection.raise : detection.raise.map((each) => countingBy(each, window));
  return { ...detection, raise, ...Object.fromEntries(given) };
}

const countingBy = (raise: Raise, { by }: WindowFields): Raise =>
  raise.window === undefined || 'firstSeen' in raise.window ? raise : { ...raise, window: { ...raise.window, by } };
