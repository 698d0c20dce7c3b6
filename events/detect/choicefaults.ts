// What trailbus.yml says of detections, and of what is no finding, held against what there is: every slip with its place.
import { nearest } from '../pattern/index.ts';
import { type FileFault, placeOfKey, placeOfPath, valueAtPath, type YamlDocument } from '../yamlfile.ts';
import { type DetectionChanges, type DetectionChoice, overridden } from './choose.ts';
import { detectionWindow } from './detection.ts';
import { type Detection, sequenceSteps } from './detectionfile.ts';
import { isNamed } from './detectionid.ts';
import { wordFaults } from './detectionwords.ts';
import { LIST_NAMES, type Lists } from './lists.ts';
import { type WrongValue, wrongValues } from './listvalues.ts';
import { PatternsInFile, type PlacedPattern } from './patternsinfile.ts';
import { isFields } from './record.ts';
import { windowFaults } from './windowlimits.ts';

type Path = (string | number)[];

const OVERRIDE: Path = ['detections', 'override'];

/**
 * What is wrong whatever detections there are: patterns of exclusions, and words of windows in place of others.
 * @param lists  those of the configuration: each name may stand in a pattern
 */
export function configuredFaults(document: YamlDocument, lists: Lists): FileFault[] {
  const patterns = patternsOf(document, [...lists.keys()]);
  const windows = overriddenIds(document).map((id) => [...OVERRIDE, id, 'window']);
  return [
    ...patterns.faults,
    ...patterns.refusedWith(lists),
    ...wordFaults(document, [...LIST_NAMES, ...lists.keys()], windows),
    ...onAndOff(document),
  ];
}

/**
 * What is wrong with names of detections, and with what is changed of them.
 * @param ids  of all there are; `detections` are those of them that could be read
 */
export const choiceFaults = (
  document: YamlDocument,
  detections: readonly Detection[],
  ids: readonly string[],
  lists: Lists,
): FileFault[] => [
  ...wrongValues(detections, lists).map((wrong) => wrongValueFault(document, wrong)),
  ...namesIn(document).flatMap(([name, path]) => unknownName(document, name, path, ids)),
  ...overriddenIds(document).flatMap((id) => overrideFaults(document, id, detections, ids)),
  ...unusedLists(document, detections),
];

function wrongValueFault(document: YamlDocument, { list, at, message, help }: WrongValue): FileFault {
  const path = ['lists', list, ...(Array.isArray(valueAtPath(document.value, ['lists', list])) ? [at] : ['file'])];
  return { ...placeOfPath(document, path), message, ...(help === undefined ? {} : { help }) };
}

/** The choice with the steps of sequences that it puts in place of others. */
export function withSteps(choice: DetectionChoice, document: YamlDocument, lists: readonly string[]): DetectionChoice {
  const changes = Object.entries(choice.override ?? {});
  if (!changes.some(([, { window }]) => window !== undefined && 'sequence' in window)) return choice;
  const patterns = patternsOf(document, lists);
  const withStepsOf = ([id, change]: [string, DetectionChanges]): [string, DetectionChanges] => {
    const steps = sequenceSteps(change.window, patterns, [...OVERRIDE, id, 'window']);
    return [id, steps.length === 0 ? change : { ...change, steps }];
  };
  return { ...choice, override: Object.fromEntries(changes.map(withStepsOf)) };
}

/** Patterns of what is no finding, with their places. */
export const exclusionPatterns = (document: YamlDocument, lists: readonly string[]): PlacedPattern[] => {
  const patterns = patternsOf(document, lists);
  return positions(document, ['exclusions']).flatMap((at) => patterns.at('exclusions', at, 'pattern'));
};

function patternsOf(document: YamlDocument, lists: readonly string[]): PatternsInFile {
  const ofExclusions = positions(document, ['exclusions']).map((at): Path => ['exclusions', at, 'pattern']);
  const ofSteps = overriddenIds(document).flatMap((id) => {
    const path = [...OVERRIDE, id, 'window', 'sequence'];
    return positions(document, path).map((at) => [...path, at, 'pattern']);
  });
  return new PatternsInFile(document, [...LIST_NAMES, ...lists], [...ofExclusions, ...ofSteps]);
}

function positions({ value }: YamlDocument, path: Path): number[] {
  const found = valueAtPath(value, path);
  return Array.isArray(found) ? [...found.keys()] : [];
}

function overriddenIds({ value }: YamlDocument): string[] {
  const found = valueAtPath(value, OVERRIDE);
  return isFields(found) ? Object.keys(found) : [];
}

/** Texts of a list, with their paths. */
const textsAt = (document: YamlDocument, path: Path): [string, Path][] =>
  positions(document, path).flatMap((at) => {
    const text = valueAtPath(document.value, [...path, at]);
    return typeof text === 'string' && text !== '' ? [[text, [...path, at]]] : [];
  });

/** Every name that means detections. */
const namesIn = (document: YamlDocument): [string, Path][] => [
  ...textsAt(document, ['detections', 'on']),
  ...textsAt(document, ['detections', 'off']),
  ...positions(document, ['exclusions']).flatMap((at) => textsAt(document, ['exclusions', at, 'rules'])),
];

function unknownName(document: YamlDocument, name: string, path: Path, ids: readonly string[]): FileFault[] {
  if (ids.some((id) => isNamed(name, id))) return [];
  const groups = new Set(ids.map((id) => id.replace(/\..*$/, '.*')));
  const message = `${name.endsWith('*') ? 'names no detections' : 'names no detection'}: \`${name}\``;
  return [{ ...placeOfPath(document, path), message, help: meantWords(name, [...ids, ...groups]) }];
}

const meantWords = (name: string, names: readonly string[]): string => {
  const meant = nearest(name, names);
  return meant === undefined ? 'see `trailbus rules list`' : `did you mean \`${meant}\`?`;
};

/** What is turned on and off at once: off counts, and the other word would do nothing. */
function onAndOff(document: YamlDocument): FileFault[] {
  const off = textsAt(document, ['detections', 'off']).map(([name]) => name);
  return textsAt(document, ['detections', 'on']).flatMap(([name, path]) => {
    const by = off.find((other) => other === name || isNamed(other, name.replace(/\*$/, '')));
    if (by === undefined) return [];
    return [{ ...placeOfPath(document, path), message: `is turned off, too, by \`${by}\``, help: 'take it out of `on` or of `off`' }];
  });
}

function overrideFaults(document: YamlDocument, id: string, detections: readonly Detection[], ids: readonly string[]): FileFault[] {
  if (!ids.includes(id)) {
    const help = id.endsWith('*') ? 'write each detection’s own id' : meantWords(id, ids);
    return [{ ...placeOfKey(document, [...OVERRIDE, id]), message: `names no detection: \`${id}\``, help }];
  }
  const path = [...OVERRIDE, id, 'window'];
  const { success, data: window } = detectionWindow.safeParse(valueAtPath(document.value, path));
  const detection = detections.find((each) => each.id === id);
  if (!success || detection === undefined) return [];
  const kind = kindFault(detection, 'sequence' in window);
  if (kind !== undefined) return [{ ...placeOfPath(document, path), ...kind }];
  return windowFaults(overridden(detection, { window })).map((fault) => {
    if (fault.path[0] === 'window') return { ...placeOfPath(document, [...OVERRIDE, id, ...fault.path]), message: fault.message };
    const [, at, ...rest] = fault.path;
    return {
      ...placeOfPath(document, path),
      message: `does not go with the detection’s \`raise[${at}].${rest.join('.')}\`: that ${fault.message}`,
    };
  });
}

/** Steps have patterns of their own, and whatever isn't a sequence counts those of the detection. */
function kindFault({ steps }: Detection, isSequence: boolean): Pick<FileFault, 'message' | 'help'> | undefined {
  if (isSequence === steps.length > 0) return undefined;
  const help = 'write a detection of your own; one with the same id takes its place';
  return isSequence
    ? { message: 'can’t be a sequence: the detection’s pattern would be lost', help }
    : { message: 'must be a sequence, as the detection has it: only its steps have patterns', help };
}

/** A list that nothing names may have any name; one that is nearly the name of another was meant for it. */
function unusedLists(document: YamlDocument, detections: readonly Detection[]): FileFault[] {
  const lists = valueAtPath(document.value, ['lists']);
  return Object.keys(isFields(lists) ? lists : {}).flatMap((name) => {
    const meant = nearest(name, LIST_NAMES);
    const isUsed = () => document.file.includes(`$${name}`) || JSON.stringify(detections).includes(`$${name}`);
    if (meant === undefined || isUsed()) return [];
    const message = `is a list that nothing names: \`$${name}\``;
    return [{ ...placeOfKey(document, ['lists', name]), message, help: `did you mean \`${meant}\`?` }];
  });
}
