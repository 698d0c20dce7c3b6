// What a command's SOURCE arguments name: a file, a folder, s3://bucket/prefix, or - for standard input.

import { basename } from 'node:path';
import type { ObjectStore } from '../events/doors.ts';
import { UsageError } from '../events/errors.ts';
import { classifyKey, fileTime, type ObjectRef, skipReason } from '../events/objectkey.ts';
import { FolderStore, type FoundFile, listFiles } from '../local/objects.ts';
import { ReadAheadStore } from './readahead.ts';

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
  /** As CloudTrail delivered them, by the times in their names, where all are listed beforehand; else folder by folder. */
  byTime: boolean;
}

/** What the sources name: files and folders are listed once, when first asked for; buckets while they are read. */
export class SourceListing {
  readonly sources: readonly string[];
  private listed: (string | FoundFile[])[] | undefined;

  constructor(sources: readonly string[]) {
    this.sources = sources;
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
  const store = new FolderStore();
  const listed = listing.bySource();
  const known = listed.every((files) => typeof files !== 'string') ? listed.flat() : undefined;
  const total = known?.length;
  for (const files of byTime && known !== undefined ? [sortedByTime(known)] : listed) {
    if (typeof files === 'string') yield* objectsOf(files);
    else for (const file of files) yield { ...file, store, total };
  }
}

function sortedByTime(files: readonly FoundFile[]): FoundFile[] {
  // What is skipped comes first: it shouldn't stand between files that are taken together.
  const placed = files.map((file) => ({ file, time: (file.skip === undefined && fileTime(basename(file.ref.key))) || '' }));
  return placed.sort((left, right) => (left.time < right.time ? -1 : left.time > right.time ? 1 : 0)).map(({ file }) => file);
}

async function* objectsOf(source: string): AsyncGenerator<SourceFile> {
  const [, bucket, prefix = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/.exec(source) ?? [];
  if (bucket === undefined)
    throw new UsageError(`not a bucket address: \`${source}\``, { help: 'write s3://bucket or s3://bucket/prefix' });
  const [{ S3Client }, { S3ObjectStore }, { listObjects }] = await Promise.all([
    import('@aws-sdk/client-s3'),
    import('../aws/objects.ts'),
    import('./bucketlisting.ts'),
  ]);
  const client = new S3Client({ followRegionRedirects: true, ...pathStyle(process.env) });
  const store = new ReadAheadStore(new S3ObjectStore(client));
  const objects = withSkips(listObjects(client, bucket, prefix));
  for await (const file of store.ahead(objects, READ_AHEAD, ({ ref, skip }) => (skip === undefined ? ref : undefined)))
    yield { ...file, store, total: undefined };
}

async function* withSkips(refs: AsyncIterable<ObjectRef>): AsyncGenerator<FoundFile> {
  for await (const ref of refs) yield { ref, skip: skipReason(classifyKey(ref.key).kind) };
}

/** An endpoint of one's own (LocalStack, MinIO) has no name for each bucket. */
const pathStyle = ({ AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_S3 }: NodeJS.ProcessEnv) =>
  AWS_ENDPOINT_URL_S3 === undefined && AWS_ENDPOINT_URL === undefined ? {} : { forcePathStyle: true };
