// The detections that a configuration turns on, with what it says of them.
import { type ChosenDetections, chooseDetections, type Detection, type DetectionsInForce, secondsOf } from '../events/detect/index.ts';
import { UsageError } from '../events/errors.ts';
import type { LoadedConfig } from './configfile.ts';
import { detectionsIn, packDetections } from './detectionfiles.ts';

/**
 * The detections that a configuration turns on, those it leaves off, and all there are.
 * @param paths  detection files and folders that the command line adds
 * @param all  turn on every detection; lists, overrides and exclusions stay as the configuration has them
 * @throws UsageError, FileError
 */
export function chosenDetections(
  { fields, lists, pathOf, source }: LoadedConfig,
  paths: readonly string[],
  all: boolean,
): ChosenDetections {
  const { pack: usesPack = true, files = [], ...choice } = fields.detections ?? {};
  const own = detectionsIn([...files.map(pathOf), ...paths], [...lists.keys()]);
  const pack = usesPack ? packDetections() : [];
  const chosen = chooseDetections(pack, own, choice, all);
  const [unknown] = chosen.unknown;
  if (unknown !== undefined)
    throw new UsageError(`no detection is called \`${unknown.name}\``, {
      source,
      path: 'detections',
      help: unknown.meant === undefined ? 'see `trailbus rules list`' : `did you mean \`${unknown.meant}\`?`,
    });
  return chosen;
}

/** @param detections  those that are on */
export const inForce = (detections: readonly Detection[], { fields, lists }: LoadedConfig): DetectionsInForce => ({
  detections,
  lists: [...lists],
  exclusions: (fields.exclusions ?? []).map(({ pattern, until, ...rest }) => ({
    ...rest,
    patterns: [pattern].flat(),
    ...(until === undefined ? {} : { until }),
  })),
  ...(fields.learn === undefined ? {} : { learnSeconds: secondsOf(fields.learn) }),
  ...(fields.storm === undefined ? {} : { stormLimit: fields.storm }),
});
