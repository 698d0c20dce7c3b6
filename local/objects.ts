// Log files on this machine: read, listed, followed.
import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ObjectStore } from '../events/doors.ts';
import { LogFileError, ReadError, UsageError } from '../events/errors.ts';
import { MAX_STORED_ON_DISK_BYTES } from '../events/filelimits.ts';
import { classifyKey, isDigestName, type ObjectRef, skipReason } from '../events/objectkey.ts';
import type { FileSkip } from '../events/reasons.ts';

/** A folder's files as objects: `key` is the path, `-` standard input. */
export class FolderStore implements ObjectStore {
  async read({ key }: ObjectRef): Promise<Uint8Array> {
    try {
      if (key !== '-' && statSync(key).size > MAX_STORED_ON_DISK_BYTES)
        throw new LogFileError('TOO_LARGE', `the file is larger than ${MAX_STORED_ON_DISK_BYTES} bytes`);
      // Read in one go, without the thread pool: a file is small, and in the page cache more often than not.
      return readFileSync(key === '-' ? 0 : key);
    } catch (cause) {
      if (cause instanceof LogFileError) throw cause;
      throw new ReadError(`can’t be read: ${(cause as Error).message}`, false, {
        source: key,
        cause,
        help: 'check that the file is there and that you may read it',
      });
    }
  }
}

/** A file found below a source. */
export interface FoundFile {
  ref: ObjectRef;
  /** Why it is not a log file; undefined for one that is. */
  skip: FileSkip | undefined;
}

/**
 * Every file below a folder, in order of path; a file by itself is always taken for a log file. A folder that may not be read is given in place of its files:
 * whoever reads it is told why not. Links to folders are not followed, for they may go round in a circle.
 * @throws UsageError when there is no such path
 */
export function listFiles(path: string): FoundFile[] {
  if (path === '-') return [{ ref: { bucket: '', key: '-' }, skip: undefined }];
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined)
    throw new UsageError(`no such file or folder: \`${path}\``, {
      help: 'name a log file, a folder of log files, s3://bucket/prefix or - for standard input',
    });
  if (!stat.isDirectory()) return [{ ref: { bucket: '', key: path }, skip: undefined }];
  return filesBelow(path).sort((left, right) => (left.ref.key < right.ref.key ? -1 : 1));
}

function filesBelow(folder: string): FoundFile[] {
  return entriesOf(folder).flatMap((entry) => {
    if (entry === 'unreadable') return { ref: { bucket: '', key: folder }, skip: undefined };
    const key = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(key) : { ref: { bucket: '', key }, skip: skipReasonOfEntry(entry, key) };
  });
}

function entriesOf(folder: string): (Dirent | 'unreadable')[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return ['unreadable'];
  }
}

/** Pipes, sockets and devices are no log files, whatever they are called: reading one may never end. */
function skipReasonOfEntry(entry: Dirent, path: string): FileSkip | undefined {
  const target = entry.isSymbolicLink() ? statSync(path, { throwIfNoEntry: false }) : entry;
  if (target?.isDirectory()) return 'LINK_TO_FOLDER';
  return target === undefined || target.isFile() ? skipReasonOfPath(path) : 'NOT_CLOUDTRAIL_LOG';
}

/** In a copy of a bucket the key's layout decides; in a folder of loose files, the ending does. */
function skipReasonOfPath(path: string): FileSkip | undefined {
  if (/(^|\/)AWSLogs\//.test(path)) return skipReason(classifyKey(path).kind);
  if (isDigestName(path)) return 'DIGEST_FILE';
  return /\.json(\.gz)?$/.test(path) ? undefined : 'NOT_CLOUDTRAIL_LOG';
}

/** What it takes to tell a file that is still being written from one that is whole. */
export interface Look {
  size: number;
  modified: number;
}

interface Sighting extends Look {
  given: boolean;
}

/**
 * Gives each new or changed file below the folders once it has stopped growing between two looks.
 * @param known  paths that were read already, each as it looked before
 * @param tick  waits until the next look; false ends it
 */
export async function* followFolders(
  folders: readonly string[],
  known: Iterable<[path: string, look: Look]>,
  tick: () => Promise<boolean>,
): AsyncGenerator<FoundFile> {
  const seen = new Map<string, Sighting>();
  for (const [key, before] of known) seen.set(key, { ...before, given: true });
  while (await tick())
    for (const folder of folders) for (const file of listFiles(folder)) if (isNewAndWhole(file.ref.key, seen)) yield file;
}

function isNewAndWhole(path: string, seen: Map<string, Sighting>): boolean {
  const now = look(path);
  const before = seen.get(path);
  const settled = before !== undefined && before.size === now.size && before.modified === now.modified;
  seen.set(path, { ...now, given: settled });
  return settled && !before.given;
}

/** How a file looks now. */
export function look(path: string): Look {
  const stat = statSync(path, { throwIfNoEntry: false });
  return { size: stat?.size ?? -1, modified: stat?.mtimeMs ?? 0 };
}
