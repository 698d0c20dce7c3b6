// What a command's SOURCE arguments name: a file, a folder, s3://bucket/prefix, or - for standard input.

import { basename } from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import type { ObjectStore } from '../events/doors.ts';
import { UsageError } from '../events/errors.ts';
import { classifyKey, fileTime, type ObjectRef, skipReason } from '../events/objectkey.ts';
import { FolderStore, type FoundFile, listFiles } from '../local/objects.ts';
import { startProgress } from './progress.ts';
import { ReadAheadStore } from './readahead.ts';
import { printable } from './terminal.ts';

export interface SourceFile extends FoundFile {
  store: ObjectStore;
  /** How many files the sources have in all, where that is known beforehand. */
  total: number | undefined;
}

/** S3 objects read while others are worked on. */
const READ_AHEAD = 32;

export const isBucketAddress = (source: string) => source.startsWith('s3://');

/** How a file is named to a person: its path, or its s3:// address. */
export const addressOfFile = (ref: ObjectRef) =>
  ref.bucket === '' ? (ref.key === '-' ? 'standard input' : ref.key) : `s3://${ref.bucket}/${ref.key}`;

/** In which order files come. */
export interface FileOrder {
  /** As CloudTrail delivered them, by the times in their names, for which buckets are listed beforehand; else folder by folder. */
  byTime: boolean;
}

/** What the sources name: files and folders are listed once, when first asked for; buckets while they are read, or once where all names are asked for. */
export class SourceListing {
  readonly sources: readonly string[];
  private readonly isQuiet: boolean;
  private listed: (string | FoundFile[])[] | undefined;
  private whole: Promise<FoundFile[]> | undefined;

  /** @param isQuiet  nothing is shown while buckets are listed */
  constructor(sources: readonly string[], { isQuiet = false } = {}) {
    [this.sources, this.isQuiet] = [sources, isQuiet];
  }

  /** Whether each log file's name says when it was delivered, so that all can be read in that order. */
  async isTimed(): Promise<boolean> {
    return (await this.all()).every((file) => file.skip !== undefined || timeOfName(file) !== '');
  }

  /** Every file, those of buckets too. @throws UsageError, and ReadError for a bucket that can't be listed */
  all(): Promise<FoundFile[]> {
    this.whole ??= this.listAll();
    return this.whole;
  }

  private async listAll(): Promise<FoundFile[]> {
    const all: FoundFile[] = [];
    for (const files of this.bySource())
      for (const file of typeof files === 'string' ? await this.listBucket(files) : files) all.push(file);
    return all;
  }

  private async listBucket(source: string): Promise<FoundFile[]> {
    const progress = await startProgress('objects listed', this.isQuiet);
    const files: FoundFile[] = [];
    try {
      for await (const file of (await openBucket(source)).files) {
        files.push(file);
        progress.advance(files.length, undefined, printable(source));
      }
    } finally {
      progress.stop();
    }
    return files;
  }

  /** For each source its files, or the address of a bucket. @throws UsageError for a source that isn't there */
  bySource(): readonly (string | FoundFile[])[] {
    this.listed ??= this.sources.map((source) => (isBucketAddress(source) ? source : listFiles(source)));
    return this.listed;
  }
}

/**
 * Every file that the sources name, in order.
 * @throws UsageError for a source that isn't there, ReadError for a bucket that can't be listed
 */
export async function* filesOf(listing: SourceListing, { byTime }: FileOrder = { byTime: false }): AsyncGenerator<SourceFile> {
  if (byTime) return yield* inOrderOfTime(await listing.all());
  const store = new FolderStore();
  const listed = listing.bySource();
  const total = listed.every((files) => typeof files !== 'string') ? listed.flat().length : undefined;
  for (const files of listed) {
    if (typeof files === 'string') yield* objectsOf(files);
    else for (const file of files) yield { ...file, store, total };
  }
}

async function* inOrderOfTime(files: readonly FoundFile[]): AsyncGenerator<SourceFile> {
  const [sorted, total, folders] = [sortedByTime(files), files.length, new FolderStore()];
  if (!sorted.some(isInBucket)) for (const file of sorted) yield { ...file, store: folders, total };
  else {
    const buckets = await openBuckets();
    for await (const file of readAhead(buckets, sorted)) yield { ...file, store: isInBucket(file) ? buckets : folders, total };
  }
}

const isInBucket = ({ ref }: FoundFile): boolean => ref.bucket !== '';

const readAhead = (buckets: ReadAheadStore, files: Iterable<FoundFile> | AsyncIterable<FoundFile>): AsyncGenerator<FoundFile> =>
  buckets.ahead(files, READ_AHEAD, (file) => (file.skip === undefined && isInBucket(file) ? file.ref : undefined));

const timeOfName = ({ ref, skip }: FoundFile): string => (skip === undefined && fileTime(basename(ref.key))) || '';

function sortedByTime(files: readonly FoundFile[]): FoundFile[] {
  // What is skipped comes first: it shouldn't stand between files that are taken together.
  const placed = files.map((file) => ({ file, time: timeOfName(file) }));
  return placed.sort((left, right) => (left.time < right.time ? -1 : left.time > right.time ? 1 : 0)).map(({ file }) => file);
}

async function* objectsOf(source: string): AsyncGenerator<SourceFile> {
  const { files } = await openBucket(source);
  const store = await openBuckets();
  for await (const file of readAhead(store, files)) yield { ...file, store, total: undefined };
}

/** The objects that an address names, as they are listed. */
async function openBucket(source: string): Promise<{ files: AsyncIterable<FoundFile> }> {
  const [, bucket, prefix = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/.exec(source) ?? [];
  if (bucket === undefined)
    throw new UsageError(`not a bucket address: \`${source}\``, { help: 'write s3://bucket or s3://bucket/prefix' });
  const { listObjects } = await import('./bucketlisting.ts');
  return { files: withSkips(listObjects(await openS3(), bucket, prefix)) };
}

async function openBuckets(): Promise<ReadAheadStore> {
  const { S3ObjectStore } = await import('../aws/objects.ts');
  return new ReadAheadStore(new S3ObjectStore(await openS3()));
}

async function openS3(): Promise<S3Client> {
  const { S3Client } = await import('@aws-sdk/client-s3');
  return new S3Client({ followRegionRedirects: true, ...pathStyle(process.env) });
}

async function* withSkips(refs: AsyncIterable<ObjectRef>): AsyncGenerator<FoundFile> {
  for await (const ref of refs) yield { ref, skip: skipReason(classifyKey(ref.key).kind) };
}

/** An endpoint of one's own (LocalStack, MinIO) has no name for each bucket. */
const pathStyle = ({ AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_S3 }: NodeJS.ProcessEnv) =>
  AWS_ENDPOINT_URL_S3 === undefined && AWS_ENDPOINT_URL === undefined ? {} : { forcePathStyle: true };
