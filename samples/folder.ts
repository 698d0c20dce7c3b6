// A sample in a folder: files written under their keys, metadata beside the digests, and one hash over it all.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { DigestFile } from './digests.ts';
import { compress, type DeliveredFile, sha256 } from './logfile.ts';

/** A copy of a bucket loses the objects' metadata; it is kept beside the digest, under its name and this ending. */
export const METADATA_ENDING = '.metadata.json';

export interface Totals {
  files: number;
  records: number;
  digests: number;
  /** Bytes of the log files, before and after compression. */
  plainBytes: number;
  gzipBytes: number;
  /** SHA-256 over the lines `sha256(inflated file)  key` of logs and digests, in order of their keys. */
  sha256: string;
}

/** Writes files and counts them. */
export class SampleFolder {
  private readonly root: string;
  private readonly hashes = new Map<string, string>();
  private readonly counts = { files: 0, records: 0, digests: 0, plainBytes: 0, gzipBytes: 0 };

  constructor(root: string) {
    this.root = root;
  }

  private write(key: string, content: string | Uint8Array): void {
    const path = join(this.root, key);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }

  writeLog({ key, text, records, entry }: DeliveredFile): void {
    const bytes = compress(text);
    this.write(key, bytes);
    this.hashes.set(key, entry.hashValue);
    this.counts.files++;
    this.counts.records += records;
    this.counts.plainBytes += Buffer.byteLength(text);
    this.counts.gzipBytes += bytes.length;
  }

  writeDigest({ key, text, metadata }: DigestFile): void {
    this.write(key, compress(text));
    this.write(`${key}${METADATA_ENDING}`, `${JSON.stringify(metadata)}\n`);
    this.hashes.set(key, sha256(text));
    this.counts.digests++;
  }

  totals(): Totals {
    return { ...this.counts, sha256: hashOfHashes(this.hashes) };
  }
}

function hashOfHashes(hashes: Map<string, string>): string {
  const lines = [...hashes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, hash]) => `${hash}  ${key}\n`);
  return sha256(lines.join(''));
}

/** Lists the keys of the compressed files of a folder, in order. */
export function keysIn(root: string): string[] {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.json.gz')).sort();
}

/** Reads a file of a sample back. */
export const readSampleText = (root: string, key: string): string => gunzipSync(readFileSync(join(root, key))).toString('utf8');

/** Hashes what a folder holds as `totals()` does for what was written. */
export const hashFolder = (root: string): string =>
  hashOfHashes(new Map(keysIn(root).map((key) => [key, sha256(readSampleText(root, key))])));
