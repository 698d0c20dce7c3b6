// Log file bytes to records, each as its own original bytes.
import { LogFileError } from '../errors.ts';
import { MAX_INFLATED_BYTES } from '../filelimits.ts';
import { SPARE_BYTES, toWindow, type Window } from '../json/paddedbytes.ts';
import { inflateChunks, inflateWhole, WHOLE_LIMIT_BYTES } from './inflate.ts';
import type { Records, RecordWindow } from './record.ts';
import { RootReader } from './rootreader.ts';

export type { KnownCaller } from './callers.ts';
export { type FieldName, isFieldName, type LogRecord, type Records } from './record.ts';

export interface LogFileLimits {
  /** A file that inflates to more is refused as TOO_LARGE. Default MAX_INFLATED_BYTES. */
  maxInflatedBytes?: number;
  /** Files that inflate to no more are held whole, larger ones streamed twice. Default 64 MiB; for tests. */
  wholeLimitBytes?: number;
  /** Called after each window of a streamed file, in the checking pass too; what it throws ends the reading. */
  onWindow?: () => void;
}

const STREAM_WINDOW_BYTES = 8 * 1024 * 1024;

/**
 * The records of a log file, in file order, a window at a time. The whole file is checked before the first window comes:
 * a damaged file gives no records at all.
 *
 * @param stored  the object as stored: gzip (or plain JSON) of `{"Records":[…]}`
 * @throws LogFileError EMPTY_FILE, GZIP_TRUNCATED, GZIP_CORRUPT, GZIP_TRAILING_DATA, INVALID_JSON, INVALID_UTF8, ROOT_NOT_OBJECT, RECORDS_MISSING,
 *   RECORDS_NOT_ARRAY, DUPLICATE_RECORDS_KEY, TOO_LARGE
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html
 */
export async function* readRecords(stored: Uint8Array, limits: LogFileLimits = {}): AsyncGenerator<Records> {
  const whole = recordsOfWhole(stored, limits);
  if (whole !== undefined) yield whole;
  else {
    const maxInflatedBytes = limits.maxInflatedBytes ?? MAX_INFLATED_BYTES;
    for await (const _ of windows(stored, maxInflatedBytes)) limits.onWindow?.(); // First pass: is all of it sound?
    yield* windows(stored, maxInflatedBytes);
  }
}

/** The records of a file small enough to hold whole, all at once; undefined for a larger one. Throws as `readRecords`. */
export function recordsOfWhole(stored: Uint8Array, limits: LogFileLimits = {}): Records | undefined {
  if (stored.length === 0) throw new LogFileError('EMPTY_FILE', 'the object has no bytes');
  const maxInflatedBytes = limits.maxInflatedBytes ?? MAX_INFLATED_BYTES;
  const window = inflateWhole(stored, Math.min(limits.wholeLimitBytes ?? WHOLE_LIMIT_BYTES, maxInflatedBytes));
  if (window === undefined) return undefined;
  const reader = new RootReader();
  const records = reader.read(window, true);
  reader.finish();
  return records;
}

async function* windows(stored: Uint8Array, maxInflatedBytes: number): AsyncGenerator<RecordWindow> {
  const reader = new RootReader();
  const pending = new PendingBytes();
  for await (const chunk of inflateChunks(stored, maxInflatedBytes)) {
    pending.add(chunk);
    if (pending.length < STREAM_WINDOW_BYTES + reader.stuckAt) continue;
    const records = reader.read(pending.window(), false);
    yield records;
    pending.drop(reader.consumed);
  }
  yield reader.read(pending.window(), true);
  reader.finish();
}

/** Inflated bytes that no window has used up yet. */
class PendingBytes {
  private bytes = new Uint8Array(STREAM_WINDOW_BYTES / 16);
  length = 0;

  add(chunk: Uint8Array): void {
    const needed = this.length + chunk.length + SPARE_BYTES;
    if (needed > this.bytes.length) this.grow(needed);
    this.bytes.set(chunk, this.length);
    this.length += chunk.length;
  }

  window(): Window {
    return toWindow(this.bytes, this.length);
  }

  drop(count: number): void {
    this.bytes.copyWithin(0, count, this.length);
    this.length -= count;
  }

  private grow(needed: number): void {
    const wider = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    wider.set(this.bytes.subarray(0, this.length));
    this.bytes = wider;
  }
}
