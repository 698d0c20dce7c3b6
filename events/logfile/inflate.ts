// The container: an object's stored bytes to its inflated bytes, the gzip checked to its last byte.
import { createGunzip, gunzipSync } from 'node:zlib';
import { LogFileError } from '../errors.ts';
import { copyToWindow, SPARE_BYTES, toWindow, type Window } from '../json/paddedbytes.ts';

/** Files that inflate to no more than this are held whole; larger ones are streamed, twice. */
export const WHOLE_LIMIT_BYTES = 64 * 1024 * 1024;

/** Deflate can't do better than 1032:1. Source: zlib, "Maximum Expansion Factor" in its technical details (read 2026-11-22). */
const MAX_RATIO = 1032;

const isGzip = (stored: Uint8Array) => stored[0] === 0x1f && stored[1] === 0x8b;

/**
 * The whole inflated file as one window, or undefined when it is larger than `limitBytes`. Bytes that are not gzip are taken as they are (a proxy inflated them).
 * @throws LogFileError GZIP_TRUNCATED, GZIP_CORRUPT, GZIP_TRAILING_DATA
 */
export function inflateWhole(stored: Uint8Array, limitBytes = WHOLE_LIMIT_BYTES): Window | undefined {
  if (!isGzip(stored)) return stored.length > limitBytes ? undefined : copyToWindow(stored);
  const claimed = claimedBytes(stored);
  if (claimed > limitBytes || (claimed < stored.length && stored.length > SMALL_BYTES)) return undefined;
  // One output buffer of the right size saves zlib's chunks and their joining; the bytes to spare become the window's zeros.
  const chunkSize = Math.max(16 * 1024, claimed + SPARE_BYTES);
  try {
    const { buffer, engine } = gunzipSync(stored, { chunkSize, maxOutputLength: limitBytes, info: true }) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    checkTrailing(stored, engine.bytesWritten);
    return closeWindow(buffer, chunkSize);
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') return undefined;
    throw asLogFileError(error, stored);
  }
}

/** Above this a length field smaller than the stored bytes is not believed: it is the last member's of many, or a lie, and the file is streamed. */
const SMALL_BYTES = 64 * 1024;

/** ISIZE, the trailer's length field; it may lie, so it is held against what the stored bytes can inflate to. */
function claimedBytes(stored: Uint8Array): number {
  const trailer = new DataView(stored.buffer, stored.byteOffset + Math.max(0, stored.length - 4));
  return Math.min(trailer.byteLength === 4 ? trailer.getUint32(0, true) : 0, stored.length * MAX_RATIO);
}

/** Takes zlib's own output buffer for the window where it came in one chunk with room to spare; else copies. */
function closeWindow(output: Buffer, chunkSize: number): Window {
  const { buffer, byteOffset, length } = output;
  if (length + SPARE_BYTES > chunkSize || byteOffset + length + SPARE_BYTES > buffer.byteLength) return copyToWindow(output);
  return toWindow(new Uint8Array(buffer, byteOffset, length + SPARE_BYTES), length);
}

/** zlib stops without a word at a zero after the last member; only zeros may follow it. */
function checkTrailing(stored: Uint8Array, consumed: number): void {
  for (let at = consumed; at < stored.length; at++) {
    if (stored[at] !== 0) throw new LogFileError('GZIP_TRAILING_DATA', `bytes after the end of the gzip data, at byte ${at}`);
  }
}

/** The reason codes of zlib's errors. After a whole member, a bad header is data that doesn't belong there. */
function asLogFileError(error: unknown, stored: Uint8Array): unknown {
  const { code, message } = error as { code?: string; message: string };
  if (code === 'Z_BUF_ERROR') return new LogFileError('GZIP_TRUNCATED', 'the gzip data ends before its trailer', { cause: error });
  if (code !== 'Z_DATA_ERROR') return error;
  const trailing = message === 'incorrect header check' || message === 'unknown compression method';
  // A first member with a sound header (method 8, no reserved flag) was read to its end when another header is complained of.
  if (trailing && stored[2] === 8 && (stored[3]! & 0xe0) === 0)
    return new LogFileError('GZIP_TRAILING_DATA', 'bytes after the end of the gzip data', { cause: error });
  return new LogFileError('GZIP_CORRUPT', `the gzip data is damaged: ${message}`, { cause: error });
}

const CHUNK_BYTES = 256 * 1024;

/**
 * The inflated bytes piece by piece, for a file too large to hold.
 * @throws LogFileError as `inflateWhole`, and TOO_LARGE as soon as more than `maxInflatedBytes` came out
 */
export async function* inflateChunks(stored: Uint8Array, maxInflatedBytes: number): AsyncGenerator<Uint8Array> {
  let total = 0;
  for await (const chunk of isGzip(stored) ? gunzipChunks(stored) : plainChunks(stored)) {
    total += chunk.length;
    if (total > maxInflatedBytes) throw new LogFileError('TOO_LARGE', `inflates to more than ${maxInflatedBytes} bytes`);
    yield chunk;
  }
}

function* plainChunks(stored: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < stored.length; at += CHUNK_BYTES) yield stored.subarray(at, at + CHUNK_BYTES);
}

async function* gunzipChunks(stored: Uint8Array): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  gunzip.end(stored);
  try {
    yield* gunzip as AsyncIterable<Uint8Array>;
    checkTrailing(stored, gunzip.bytesWritten);
  } catch (error) {
    throw error instanceof LogFileError ? error : asLogFileError(error, stored);
  } finally {
    gunzip.destroy();
  }
}
