// Detection files to detections: YAML, one or more a file, checked by the schema, their patterns kept as text with their places.
import type { Severity } from '../finding.ts';
import { placeAt, type TextPlace } from '../pattern/index.ts';
import { checkYaml, FileError, type FileFault, readYaml, type YamlDocument } from '../yamlfile.ts';
import { type Condition, type DetectionFields, detectionSchema, type TestCase, type WindowFields } from './detection.ts';
import { repeatedIds } from './detectionid.ts';
import { wordFaults } from './detectionwords.ts';
import { LIST_NAMES } from './lists.ts';
import { PatternsInFile, type PlacedPattern } from './patternsinfile.ts';

/** A detection as its file has it: one form for what may be written in several. */
export interface Detection {
  id: string;
  title: string;
  description: string;
  severity: Severity;
  raise: Raise[];
  tags: string[];
  references: string[];
  falsePositives: string[];
  runbook: string[];
  /** Any of these matches; none for a sequence, whose steps have theirs. */
  patterns: PlacedPattern[];
  where: Condition[];
  success: boolean;
  window?: WindowFields;
  /** Of a sequence, in order; else empty. */
  steps: SequenceStep[];
  exclusions: Exclusion[];
  /** Why it is off unless it is turned on. */
  off?: string;
  dryRun: boolean;
  tests: { lists: Record<string, string[]>; matches: TestCase[]; ignores: TestCase[] };
  /** The file it stands in, and where. */
  source: string;
  place: TextPlace;
}

export interface Raise {
  to: Severity;
  /** Any of these; none where only `where` or a window decides. */
  patterns: PlacedPattern[];
  where: Condition[];
  window?: WindowFields;
}

export interface SequenceStep {
  patterns: PlacedPattern[];
  where: Condition[];
  atLeast: number;
}

export interface Exclusion {
  patterns: PlacedPattern[];
  reason: string;
  owner: string;
  /** `YYYY-MM-DD`: the last day it holds. */
  until?: string;
}

const listOf = <Value>(value: Value | Value[] | undefined): Value[] => (value === undefined ? [] : Array.isArray(value) ? value : [value]);

const optional = <Name extends string, Value>(name: Name, value: Value | undefined) =>
  (value === undefined ? {} : { [name]: value }) as Partial<Record<Name, Value>>;

/** A detection, and the document of its file. */
export interface DetectionInFile {
  detection: Detection;
  document: YamlDocument;
}

/**
 * The detections of a file.
 * @param source  the file's name, for errors and for a detection without an id
 * @param lists  names of further lists that the deployment has
 * @throws FileError with every fault of the file
 */
export const readDetections = (file: string, source: string, lists: readonly string[] = []): Detection[] =>
  readDetectionsInFile(file, source, lists).map(({ detection }) => detection);

/** The same with their documents, for who asks where something stands. @throws FileError with every fault of the file */
export function readDetectionsInFile(file: string, source: string, lists: readonly string[] = []): DetectionInFile[] {
  const faults: FileFault[] = [];
  const documents = readYaml(file, source);
  if (documents.every(({ value }) => value === null)) throw new FileError([noDetection(source)]);
  const found = documents.flatMap((document) => {
    const patterns = new PatternsInFile(document, [...LIST_NAMES, ...lists]);
    const checked = checkYaml(document, detectionSchema);
    faults.push(...('faults' in checked ? checked.faults : []), ...patterns.faults, ...wordFaults(document, [...LIST_NAMES, ...lists]));
    return 'value' in checked ? [{ detection: detectionOf(checked.value, document, patterns), document }] : [];
  });
  faults.push(...repeatedIds(found.map(({ detection }) => detection)));
  if (faults.length > 0) throw new FileError(faults.sort((left, right) => left.line - right.line || left.column - right.column));
  return found;
}

/** What a file without any says: one that is forgotten, or wholly in comments, would be missed by nobody. */
const noDetection = (source: string): FileFault => ({
  ...{ source, line: 1, column: 1, path: '', message: 'has no detection in it' },
  help: 'write one, or take the file out; `trailbus rules new` makes one of an event',
});

const baseName = (source: string) => source.replace(/^.*\//, '').replace(/\.(json|ya?ml)$/, '') || source;

function detectionOf(fields: DetectionFields, each: YamlDocument, patterns: PatternsInFile): Detection {
  const id = fields.id ?? baseName(each.source);
  return {
    ...{ id, title: fields.title ?? id, description: fields.description ?? '', severity: fields.severity ?? 'medium' },
    ...{ tags: listOf(fields.tags), references: listOf(fields.references), falsePositives: listOf(fields.falsePositives) },
    ...{ runbook: listOf(fields.runbook), where: listOf(fields.where), patterns: patterns.at('pattern') },
    raise: (fields.raise ?? []).map(({ to, where, window }, at) => ({
      ...{ to, patterns: patterns.at('raise', at, 'pattern'), where: listOf(where) },
      ...optional('window', window && ({ ...window, by: window.by ?? fields.window?.by } as WindowFields)),
    })),
    ...{ success: fields.success ?? false, dryRun: fields.dryRun ?? false },
    ...optional('window', fields.window),
    steps: sequenceSteps(fields.window, patterns, ['window']),
    exclusions: (fields.exclusions ?? []).map(({ reason, owner, until }, at) => ({
      ...{ patterns: patterns.at('exclusions', at, 'pattern'), reason, owner },
      ...optional('until', until),
    })),
    ...optional('off', fields.off),
    tests: { lists: fields.tests?.lists ?? {}, matches: fields.tests?.matches ?? [], ignores: fields.tests?.ignores ?? [] },
    source: each.source,
    place: placeAt(each.file, each.document.contents?.range?.[0] ?? 0),
  };
}

/** @param path  where the window stands */
export const sequenceSteps = (window: WindowFields | undefined, patterns: PatternsInFile, path: (string | number)[]): SequenceStep[] =>
  window !== undefined && 'sequence' in window
    ? window.sequence.map(({ where, atLeast = 1 }, at) => ({
        ...{ patterns: patterns.at(...path, 'sequence', at, 'pattern'), where: listOf(where), atLeast },
      }))
    : [];
