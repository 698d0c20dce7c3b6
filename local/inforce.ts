// The detections that a configuration turns on, with what it says of them.
import {
  type ChosenDetections,
  choiceFaults,
  chooseDetections,
  type Detection,
  type DetectionsInForce,
  exclusionPatterns,
  secondsOf,
  withSteps,
} from '../events/detect/index.ts';
import { unheardIn, unheardPatterns } from '../events/detect/lint/index.ts';
import { FileError, type FileFault } from '../events/errors.ts';
import { valueAtPath } from '../events/yamlfile.ts';
import { inFileOrder, type LoadedConfig } from './configfile.ts';
import { packDetections, readDetectionFiles } from './detectionfiles.ts';

/**
 * The detections that a configuration turns on, those it leaves off, and all there are.
 * @param paths  detection files and folders that the command line adds
 * @param all  turn on every detection; lists, overrides and exclusions stay as the configuration has them
 * @throws FileError with every fault of the configuration and of the detections, UsageError
 */
export function chosenDetections(config: LoadedConfig, paths: readonly string[], all: boolean): ChosenDetections {
  const { chosen, faults } = checkedDetections(config, paths, all);
  const every = [...config.faults, ...faults];
  if (every.length > 0) throw new FileError(inFileOrder(every, config.source));
  return chosen;
}

/** The same as far as they are sound, with what is wrong besides the configuration's own faults. @throws UsageError */
export function checkedDetections(
  config: LoadedConfig,
  paths: readonly string[],
  all: boolean,
): { chosen: ChosenDetections; faults: FileFault[] } {
  const { document, lists, fields, named } = config;
  const own = readDetectionFiles([...named.detections, ...paths], [...lists.keys()]);
  const pack = valueAtPath(document?.value, ['detections', 'pack']) === false ? [] : packDetections();
  const choice = document === undefined ? {} : withSteps(fields.detections ?? {}, document, [...lists.keys()]);
  const chosen = chooseDetections(pack, own.detections, choice, all);
  const ids = [...chosen.every.map(({ id }) => id), ...own.unread];
  const slips = document === undefined ? [] : choiceFaults(document, chosen.every, ids, lists);
  return { chosen, faults: [...slips, ...own.faults] };
}

/**
 * Patterns that no entry matches for their source or detail-type, of detections and of what is no finding: nothing is wrong with them but that they are
 * for another bus.
 * @param detections  those that are on; of each the first such pattern
 */
export const unheardOf = (detections: readonly Detection[], { document, source, lists }: LoadedConfig): FileFault[] => [
  ...(document === undefined ? [] : unheardIn(exclusionPatterns(document, [...lists.keys()]), source)),
  ...unheardPatterns(detections),
];

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

/** Where no accounts are named, a run takes those whose files it reads. */
export const withAnyAccount = (lists: ReadonlyMap<string, readonly string[]>): Map<string, readonly string[]> =>
  new Map([['accounts', ['000000000000']], ...lists]);
