// A downloaded copy of a trail's bucket as a folder: keys are paths, a digest's metadata lies beside it in `NAME.metadata.json`.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredObject, TrailBuckets } from '../events/digest/doors.ts';
import { ServiceError } from '../events/digest/index.ts';
import { UsageError } from '../events/errors.ts';
import { isDigestName } from '../events/objectkey.ts';

const METADATA_END = '.metadata.json';

const isMissing = (error: unknown) => ['ENOENT', 'ENOTDIR', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '');

/** A key that climbs out of the folder or isn't a path at all is not in the copy. */
const isInside = (key: string) => !key.split('/').some((part) => part === '' || part === '.' || part === '..') && !key.includes('\0');

const noSuchKey = () => new ServiceError({ operation: 'GetObject', errorCode: 'NoSuchKey', said: 'The specified key does not exist.' });

/** Names in the folder that a prefix begins in; none when there is no such folder. */
async function filesUnder(root: string, prefix: string): Promise<string[]> {
  const folder = prefix.includes('/') ? prefix.slice(0, prefix.lastIndexOf('/')) : '';
  try {
    const found = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
    const files = found.filter((item) => item.isFile() && !item.name.endsWith(METADATA_END));
    return files.map((item) => join(item.parentPath, item.name).slice(join(root, '/').length));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function readMetadata(path: string): Promise<Record<string, string>> {
  let text: string;
  try {
    text = await readFile(`${path}${METADATA_END}`, 'utf8');
  } catch (error) {
    if (isMissing(error)) return {};
    throw error;
  }
  try {
    return JSON.parse(text) as Record<string, string>;
  } catch (cause) {
    throw new Error(`${path}${METADATA_END} is not JSON`, { cause });
  }
}

export class FolderBuckets implements TrailBuckets {
  private readonly root: string;
  private readonly bucket: string;

  /** @param bucket  the bucket the folder is a copy of */
  constructor(root: string, bucket: string) {
    this.root = root;
    this.bucket = bucket;
  }

  /** @throws UsageError when there is no such folder */
  static async open(root: string, bucket: string): Promise<FolderBuckets> {
    const found = await stat(root).catch(() => undefined);
    if (!found?.isDirectory())
      throw new UsageError(`\`${root}\` is no folder`, { help: 'name the folder that holds `AWSLogs`, or the prefix above it' });
    return new FolderBuckets(root, bucket);
  }

  private assertBucket(bucket: string): void {
    if (bucket !== this.bucket) throw new Error(`bucket ${bucket} is not in this copy of ${this.bucket}`);
  }

  async *listObjects(bucket: string, prefix: string, marker: string): AsyncGenerator<string[]> {
    this.assertBucket(bucket);
    const keys = await filesUnder(this.root, prefix);
    yield keys.filter((key) => key.startsWith(prefix) && key > marker).sort();
  }

  async listFolders(bucket: string, prefix: string): Promise<string[]> {
    this.assertBucket(bucket);
    try {
      const found = await readdir(join(this.root, prefix), { withFileTypes: true });
      return found.filter((item) => item.isDirectory()).map(({ name }) => name);
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  async readObject(bucket: string, key: string): Promise<StoredObject> {
    this.assertBucket(bucket);
    if (!isInside(key)) throw noSuchKey();
    const path = join(this.root, key);
    try {
      const [bytes, metadata] = await Promise.all([readFile(path), isDigestName(key) ? readMetadata(path) : {}]);
      return { bytes, metadata };
    } catch (error) {
      throw isMissing(error) ? noSuchKey() : error;
    }
  }
}
