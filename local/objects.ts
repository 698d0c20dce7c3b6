// Log files on this machine: read, listed, followed.
import { readFileSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LogFileError, ReadError, UsageError } from '../events/errors.ts';
import { classifyKey, type ObjectRef, skipReason } from '../events/objectkey.ts';
import type { ObjectStore } from '../events/ports.ts';

/** Largest stored file that is read: CloudTrail's own are at most 50 MB. Source: CloudTrail quotas (read 2026-11-22). */
const MAX_STORED_BYTES = 1024 ** 3;

/** A folder's files as objects: `key` is the path, `-` standard input. */
export class FolderStore implements ObjectStore {
  async read({ key }: ObjectRef): Promise<Uint8Array> {
    try {
      if (key !== '-' && statSync(key).size > MAX_STORED_BYTES)
        throw new LogFileError('TOO_LARGE', `the file is larger than ${MAX_STORED_BYTES} bytes`);
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
  skip: string | undefined;
}

/**
 * Every file below a folder, in order of path; a file by itself is always taken for a log file.
 * @throws UsageError when there is no such path
 */
export async function listFiles(path: string): Promise<FoundFile[]> {
  if (path === '-') return [{ ref: { bucket: '', key: '-' }, skip: undefined }];
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined)
    throw new UsageError(`no such file or folder: \`${path}\``, {
      help: 'name a log file, a folder of log files, s3://bucket/prefix or - for standard input',
    });
  if (!stat.isDirectory()) return [{ ref: { bucket: '', key: path }, skip: undefined }];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
  return paths.sort().map((key) => ({ ref: { bucket: '', key }, skip: skipReasonOfPath(key) }));
}

/** In a copy of a bucket the key's layout decides; in a folder of loose files, the ending does. */
function skipReasonOfPath(path: string): string | undefined {
  if (/(^|\/)AWSLogs\//.test(path)) return skipReason(classifyKey(path).kind);
  if (/_CloudTrail-Digest_[^/]*\.json\.gz$/.test(path)) return 'DIGEST_FILE';
  return /\.json(\.gz)?$/.test(path) ? undefined : 'NOT_CLOUDTRAIL_LOG';
}

/** What it takes to tell a file that is still being written from one that is whole. */
interface Sighting {
  size: number;
  modified: number;
  given: boolean;
}

/**
 * Gives each new or changed file below the folders once it has stopped growing between two looks.
 * @param known  paths that were read already
 * @param tick  waits until the next look; false ends it
 */
export async function* followFolders(folders: string[], known: Iterable<string>, tick: () => Promise<boolean>): AsyncGenerator<FoundFile> {
  const seen = new Map<string, Sighting>();
  for (const key of known) seen.set(key, { ...look(key), given: true });
  while (await tick())
    for (const folder of folders) for (const file of await listFiles(folder)) if (isNewAndWhole(file.ref.key, seen)) yield file;
}

function isNewAndWhole(path: string, seen: Map<string, Sighting>): boolean {
  const now = look(path);
  const before = seen.get(path);
  const settled = before !== undefined && before.size === now.size && before.modified === now.modified;
  seen.set(path, { ...now, given: settled });
  return settled && !before.given;
}

function look(path: string): { size: number; modified: number } {
  const stat = statSync(path, { throwIfNoEntry: false });
  return { size: stat?.size ?? -1, modified: stat?.mtimeMs ?? 0 };
}
