// Detection files to detections: YAML, one or more a file, checked by the schema, their patterns kept as text with their places.
import type { Document, Node } from 'yaml';
import type { Severity } from '../finding.ts';
import { placeAt, type TextPlace } from '../pattern/index.ts';
import { patternTextOf, type Segment } from '../rules/index.ts';
import { checkYaml, FileError, type FileFault, nodeAt, readYaml, type YamlDocument } from '../yamlfile.ts';
import {
  type Condition,
  type DetectionFields,
  detectionSchema,
  type ExclusionFields,
  type TestCase,
  type WindowFields,
} from './detection.ts';

/** A pattern as its file has it. */
export interface PlacedPattern {
  /** JSON text; `$lists` are still in it. */
  text: string;
  segments: Segment[];
}

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
  exclusions: ExclusionFields[];
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
  patterns: object[];
  where: Condition[];
  window?: WindowFields;
}

const listOf = <Value>(value: Value | Value[] | undefined): Value[] => (value === undefined ? [] : Array.isArray(value) ? value : [value]);

const optional = <Name extends string, Value>(name: Name, value: Value | undefined) =>
  (value === undefined ? {} : { [name]: value }) as Partial<Record<Name, Value>>;

/**
 * The detections of a file.
 * @param source  the file's name, for errors and for a detection without an id
 * @throws FileError with every fault of the file
 */
export function readDetections(file: string, source: string): Detection[] {
  const faults: FileFault[] = [];
  const detections = readYaml(file, source).flatMap((each) => {
    const checked = checkYaml(each, detectionSchema);
    if ('value' in checked) return detectionOf(checked.value, each, faults);
    faults.push(...checked.faults);
    return [];
  });
  faults.push(...repeatedIds(detections));
  if (faults.length > 0) throw new FileError(faults);
  return detections;
}

const baseName = (source: string) => source.replace(/^.*\//, '').replace(/\.(json|ya?ml)$/, '') || source;

function detectionOf(fields: DetectionFields, each: YamlDocument, faults: FileFault[]): Detection {
  const id = fields.id ?? baseName(each.source);
  return {
    ...{ id, title: fields.title ?? id, description: fields.description ?? '', severity: fields.severity ?? 'medium' },
    ...{ tags: listOf(fields.tags), references: listOf(fields.references), falsePositives: listOf(fields.falsePositives) },
    ...{ runbook: listOf(fields.runbook), where: listOf(fields.where), exclusions: fields.exclusions ?? [] },
    raise: (fields.raise ?? []).map(({ to, pattern, where, window }) => ({
      to,
      patterns: listOf(pattern),
      where: listOf(where),
      ...optional('window', window),
    })),
    patterns: patternsIn(fields, each, faults),
    success: fields.success ?? false,
    dryRun: fields.dryRun ?? false,
    ...optional('window', fields.window),
    ...optional('off', fields.off),
    tests: { lists: fields.tests?.lists ?? {}, matches: fields.tests?.matches ?? [], ignores: fields.tests?.ignores ?? [] },
    source: each.source,
    place: placeAt(each.file, each.document.contents?.range?.[0] ?? 0),
  };
}

function patternsIn({ pattern }: DetectionFields, each: YamlDocument, faults: FileFault[]): PlacedPattern[] {
  const paths = Array.isArray(pattern) ? pattern.map((_, at) => ['pattern', at]) : pattern === undefined ? [] : [['pattern']];
  return paths.flatMap((path) => patternAt(nodeAt(each.document, path)!, each, path, faults));
}

function patternAt(node: Node, { document, file, source }: YamlDocument, path: (string | number)[], faults: FileFault[]): PlacedPattern[] {
  try {
    const { text, segments } = patternTextOf(node, document as Document, file);
    return [{ text, segments }];
  } catch (error) {
    const { message, at = 0, help } = error as { message: string; at?: number; help?: string };
    faults.push({ source, ...placeAt(file, at), path: path.join('.'), message, ...optional('help', help) });
    return [];
  }
}

function repeatedIds(detections: readonly Detection[]): FileFault[] {
  const seen = new Set<string>();
  return detections.flatMap(({ id, source, place }) => {
    if (!seen.has(id)) {
      seen.add(id);
      return [];
    }
    return [{ source, ...place, path: 'id', message: `is \`${id}\` a second time`, help: 'give each detection an id of its own' }];
  });
}
