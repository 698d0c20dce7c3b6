// Detection files looked at by `trailbus rules lint`: what can't be read is found, too.
import { dirname, join, resolve } from 'node:path';
import { type Detection, type DetectionInFile, readDetectionsInFile, recordsOfTest, repeatedIds } from '../../events/detect/index.ts';
import { type DetectionLintFinding, lintDetection } from '../../events/detect/lint/index.ts';
import { FileError, type FileFault } from '../../events/yamlfile.ts';
import { loadConfig } from '../../local/configfile.ts';
import { recordsBeside } from '../../local/detectionfiles.ts';
import type { RuleFiles } from '../../local/rulefiles.ts';
import type { PlacedFinding } from './sarif.ts';

export interface LintedFiles {
  /** The files that were looked at. */
  files: ReadonlySet<string>;
  count: number;
  findings: PlacedFinding[];
  /** Whole paths of the files that tests name: they hold events. */
  examples: ReadonlySet<string>;
}

export interface DetectionLintOptions {
  /** The configuration, for lists of one's own. */
  config: string | undefined;
  isInPack: (file: string) => boolean;
  /** `YYYY-MM-DD` */
  today: string;
}

/** @param files  texts by name */
export function lintDetectionFiles(files: ReadonlyMap<string, string>, { config, isInPack, today }: DetectionLintOptions): LintedFiles {
  const findings: PlacedFinding[] = [];
  const examples = new Set<string>();
  const all: Detection[] = [];
  const lists = files.size === 0 ? [] : [...loadConfig(config).lists.keys()];
  for (const [name, text] of files) {
    const read = noting(findings, () => readDetectionsInFile(text, name, lists));
    for (const each of read) {
      for (const file of filesNamedBy(each)) examples.add(file);
      const looked = lintDetection({ ...each, isInPack: isInPack(name), today, recordsOf: (test) => recordsIn(test, name) });
      findings.push(...looked.map(placedFinding));
      all.push(each.detection);
    }
  }
  findings.push(...repeatedIds(all).map(faultFinding));
  return { files: new Set(files.keys()), count: all.length, findings, examples };
}

/**
 * What the reader of detections refuses in rule files: the rules of a bus in them are detections, too, in their smallest form.
 * @param found  what was found already: it isn't said twice
 */
export function smallestFormFaults(
  { rules, files }: RuleFiles,
  config: string | undefined,
  found: readonly PlacedFinding[],
): PlacedFinding[] {
  const names = new Set(rules.filter(({ form }) => form === 'detection').map(({ source }) => source));
  if (names.size === 0) return [];
  const lists = [...loadConfig(config).lists.keys()];
  const faults: PlacedFinding[] = [];
  const read = [...names].flatMap((name) => noting(faults, () => readDetectionsInFile(files.get(name)!, name, lists)));
  faults.push(...repeatedIds(read.map(({ detection }) => detection)).map(faultFinding));
  const known = new Set(found.map(placeText));
  return faults.filter((fault) => !known.has(placeText(fault)) && !isTextOfPattern(fault));
}

const placeText = ({ file, line, column }: PlacedFinding): string => `${file}:${line}:${column}`;

/** A rule of a bus may have its pattern as JSON in a text. */
const isTextOfPattern = ({ path, message }: PlacedFinding): boolean => path === 'pattern' && message === 'must be a map, got text';

/** The detections of a file; of one that can't be read its faults are noted. */
function noting(findings: PlacedFinding[], read: () => DetectionInFile[]): DetectionInFile[] {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    findings.push(...error.faults.map(faultFinding));
    return [];
  }
}

const recordsIn = (test: Parameters<typeof recordsOfTest>[0], source: string): object[] => {
  try {
    return recordsOfTest(test, source, recordsBeside);
  } catch {
    // `rules test` says so.
    return [];
  }
};

const filesNamedBy = ({ detection: { tests, source } }: DetectionInFile): string[] =>
  [...tests.matches, ...tests.ignores]
    .flat()
    .flatMap((event) => (typeof event === 'string' ? [resolve(join(dirname(source), event))] : []));

const placedFinding = ({ source, start, end, ...rest }: DetectionLintFinding): PlacedFinding => ({
  ...rest,
  ...{ file: source, ...start, endLine: end.line, endColumn: end.column },
});

/** What its reader refuses: `rules test` and `run` refuse the file for it. */
const faultFinding = ({ source, line, column, path, message, help }: FileFault): PlacedFinding => ({
  ...{ rule: source.replace(/^.*\//, ''), id: 'invalid-detection', severity: 'error', path, message },
  ...(help === undefined ? {} : { help }),
  ...{ file: source, line, column, endLine: line, endColumn: column + 1 },
});
