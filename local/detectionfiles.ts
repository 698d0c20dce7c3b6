// Detection files on this machine: those that come with Trailbus, and one's own.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { type Detection, readDetections, repeatedIds } from '../events/detect/index.ts';
import { UsageError } from '../events/errors.ts';
import { FileError, type FileFault } from '../events/yamlfile.ts';
import { readText } from './textfile.ts';

/** The pack as the build put it beside the command: reading its YAML would take longer than most runs. */
const BUILT = fileURLToPath(new URL('./detections.json', import.meta.url));
/** Beside the sources, and in the package. */
const SOURCES = ['../detections', '../../detections'].map((path) => fileURLToPath(new URL(path, import.meta.url)));

/** The detections that come with Trailbus. */
export const packDetections = (): Detection[] =>
  existsSync(BUILT) ? (JSON.parse(readFileSync(BUILT, 'utf8')) as Detection[]) : detectionsIn([packSources()]);

/** The folder of their files, with their tests. */
export const packSources = (): string => SOURCES.find((path) => existsSync(path)) ?? SOURCES[0]!;

/** In the package and beside the sources, as the build wrote it. */
const SCHEMAS = ['../schema', '../../schema'].map((path) => fileURLToPath(new URL(`${path}/detection.schema.json`, import.meta.url)));
/** Where the schema is had by who has no package beside. */
const PUBLISHED_SCHEMA = 'https://unpkg.com/trailbus/schema/detection.schema.json';

/**
 * Where a new detection file finds its schema, for its first line: a path where the package lies below this folder.
 * @param file  undefined for one whose place isn't known
 */
export function schemaFor(file: string | undefined): string {
  const schema = SCHEMAS.find((path) => existsSync(path));
  if (schema === undefined || relative(process.cwd(), schema).startsWith('..')) return PUBLISHED_SCHEMA;
  const path = relative(resolve(file === undefined ? '.' : dirname(file)), schema);
  return path.startsWith('.') ? path : `./${path}`;
}

/**
 * The detections of files and folders (every .yaml and .yml below, folders called `fixtures` and `node_modules` aside).
 * @param lists  names of lists that the configuration adds to those there are
 * @throws UsageError when there is no such file, FileError with the faults of all files
 */
export function detectionsIn(paths: readonly string[], lists: readonly string[] = []): Detection[] {
  const { detections, faults } = readDetectionFiles(paths, lists);
  if (faults.length > 0) throw new FileError(faults);
  return detections;
}

/** Detections as far as they could be read. */
export interface ReadDetections {
  detections: Detection[];
  faults: FileFault[];
  /** Ids that files with faults seem to have. */
  unread: string[];
}

/** The same as far as files are sound, each read once. @throws UsageError when there is no such file, or none in a folder */
export function readDetectionFiles(paths: readonly string[], lists: readonly string[] = []): ReadDetections {
  const read: ReadDetections = { detections: [], faults: [], unread: [] };
  const files = new Map(paths.flatMap(detectionFilesAt).map((file) => [resolve(file), file]));
  for (const file of files.values()) {
    const text = textOrFault(file, read.faults);
    try {
      if (text !== undefined) read.detections.push(...readDetections(text, file, lists));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      read.faults.push(...error.faults);
      read.unread.push(...idsIn(text!, file));
    }
  }
  read.faults.push(...repeatedIds(read.detections));
  return read;
}

function detectionFilesAt(path: string): string[] {
  const files = [...yamlFilesAt(path), ...jsonDetectionsBelow(path)];
  if (files.length === 0)
    throw new UsageError(`no detection files in \`${path}\``, {
      help: 'detection files end in .yaml or .yml, or in .json where they have a pattern or a window',
    });
  return files;
}

const jsonDetectionsBelow = (path: string): string[] =>
  statSync(path).isDirectory() ? filesBelow(path, /\.json$/i).filter((file) => isJsonDetection(readText(file))) : [];

const DETECTION_KEYS = ['id', 'title', 'severity', 'pattern', 'where', 'window', 'raise', 'exclusions', 'tests'];
const EVENT_KEYS = ['eventName', 'eventVersion', 'Records', 'detail', 'detail-type'];

/** Events for tests may stand beside detections; what is said wrongly in a detection is said by whoever reads it. */
function isJsonDetection(text: string): boolean {
  try {
    const keys = Object.keys((JSON.parse(text) as object | null) ?? {});
    return keys.some((key) => DETECTION_KEYS.includes(key)) && !keys.some((key) => EVENT_KEYS.includes(key));
  } catch {
    return /^\s*\{/.test(text) && /"(pattern|window)"\s*:/.test(text);
  }
}

function textOrFault(file: string, faults: FileFault[]): string | undefined {
  try {
    return readText(file);
  } catch (error) {
    faults.push({ source: file, line: 1, column: 1, path: '', message: `can’t be read: ${(error as Error).message}` });
    return undefined;
  }
}

const idsIn = (text: string, file: string): string[] => [
  ...[...text.matchAll(/^id:\s*["']?([\w.-]+)/gm)].map(([, id]) => id!),
  basename(file).replace(/\.(json|ya?ml)$/i, ''),
];

/**
 * A file, or every .yaml and .yml below a folder, folders called `fixtures` and `node_modules` aside.
 * @throws UsageError when there is neither
 */
export function yamlFilesAt(path: string): string[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new UsageError(`no such file or folder: \`${path}\``, { help: 'name a file or a folder of them' });
  return stat.isDirectory() ? filesBelow(path, /\.ya?ml$/i) : [path];
}

const filesBelow = (folder: string, ending: RegExp): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => ending.test(name) && !/(^|\/)(fixtures|node_modules)\//.test(name))
    .sort()
    .map((name) => join(folder, name));

/** Records in a file beside a detection: one, a list of them, or a log file, gzip or not. */
export function recordsBeside(name: string, source: string): object[] {
  const bytes = readFileSync(join(dirname(source), name));
  const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8');
  const parsed = JSON.parse(text) as object | { Records: object[] };
  if (Array.isArray(parsed)) return parsed as object[];
  return 'Records' in parsed ? parsed.Records : [parsed];
}
