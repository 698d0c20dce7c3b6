// Detection files on this machine: those that come with Trailbus, and one's own.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Detection, readDetections } from '../events/detect/index.ts';
import { UsageError } from '../events/errors.ts';
import { FileError, type FileFault } from '../events/yamlfile.ts';

/** The pack as the build put it beside the command: reading its YAML would take longer than most runs. */
const BUILT = fileURLToPath(new URL('./detections.json', import.meta.url));
/** Beside the sources, and in the package. */
const SOURCES = ['../detections', '../../detections'].map((path) => fileURLToPath(new URL(path, import.meta.url)));

/** The detections that come with Trailbus. */
export const packDetections = (): Detection[] =>
  existsSync(BUILT) ? (JSON.parse(readFileSync(BUILT, 'utf8')) as Detection[]) : detectionsIn([packSources()]);

/** The folder of their files, with their tests. */
export const packSources = (): string => SOURCES.find((path) => existsSync(path)) ?? SOURCES[0]!;

/**
 * The detections of files and folders (every .yaml and .yml below, folders called `fixtures` and `node_modules` aside).
 * @throws UsageError when there is no such file, FileError with the faults of all files
 */
export function detectionsIn(paths: readonly string[]): Detection[] {
  const faults: FileFault[] = [];
  const detections = paths.flatMap(filesAt).flatMap((file) => {
    try {
      return readDetections(readFileSync(file, 'utf8').replace(/^\ufeff/, ''), file);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      faults.push(...error.faults);
      return [];
    }
  });
  if (faults.length > 0) throw new FileError(faults);
  return detections;
}

function filesAt(path: string): string[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined)
    throw new UsageError(`no such file or folder: \`${path}\``, { help: 'name a detection file or a folder of them' });
  if (!stat.isDirectory()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name) && !/(^|\/)(fixtures|node_modules)\//.test(name))
    .sort()
    .map((name) => join(path, name));
}
