// Which detections are asked: what comes with Trailbus and one's own, turned on, off and changed as trailbus.yml says.
import type { Severity } from '../finding.ts';
import { nearest } from '../pattern/index.ts';
import type { WindowFields } from './detection.ts';
import type { Detection } from './detectionfile.ts';
import { isNamed } from './detectionid.ts';
import type { OffDetection } from './evaluator.ts';

/** What trailbus.yml says of detections. */
export interface DetectionChoice {
  /** Ids, or their beginnings with `*`. */
  on?: readonly string[] | undefined;
  off?: readonly string[] | undefined;
  override?:
    | Readonly<Record<string, { severity?: Severity | undefined; window?: WindowFields | undefined; dryRun?: boolean | undefined }>>
    | undefined;
}

export interface ChosenDetections {
  on: Detection[];
  off: OffDetection[];
  /** All there are, on or off. */
  every: Detection[];
  /** Names in the choice that no detection has, with the one that was probably meant. */
  unknown: { name: string; meant: string | undefined }[];
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
  const chosen: ChosenDetections = { on: [], off: [], every: [...byId.values()], unknown: unknownIn(choice, [...byId.keys()]) };
  for (const detection of chosen.every) {
    const why = whyOff(detection, choice, all);
    if (why === undefined) chosen.on.push(overridden(detection, choice));
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

function overridden(detection: Detection, { override = {} }: DetectionChoice): Detection {
  const changes = Object.hasOwn(override, detection.id) ? override[detection.id]! : {};
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  return given.length === 0 ? detection : { ...detection, ...Object.fromEntries(given) };
}

function unknownIn({ on = [], off = [], override = {} }: DetectionChoice, ids: readonly string[]): ChosenDetections['unknown'] {
  return [...on, ...off, ...Object.keys(override)]
    .filter((name) => !ids.some((id) => isNamed(name, id)))
    .map((name) => ({ name, meant: nearest(name, ids) }));
}
