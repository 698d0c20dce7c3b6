// Inflates one gzip member the way Python's zlib does, which validate-logs' verdicts rest on and Node's gunzip differs from:
// Node joins several members, ignores trailing zeros, and throws on other trailing bytes and on a cut file.
import { kMaxLength } from 'node:buffer';
import { createHash } from 'node:crypto';
import { constants, crc32, createInflateRaw, inflateRawSync } from 'node:zlib';

/** What came out of the first gzip member of a file. */
export interface Inflated {
  bytes: Uint8Array;
  /** The member ended with its own trailer; false for a file that was cut short. */
  isWhole: boolean;
  /** Bytes follow the member. */
  hasTrailingData: boolean;
}

/** Not gzip, or damaged inside; the message says how. */
export class GzipError extends Error {}

const NOTHING = new Uint8Array(0);
const CUT: Inflated = { bytes: NOTHING, isWhole: false, hasTrailingData: false };

/** Flag bits of a gzip header, RFC 1952 section 2.3.1. */
const FLAGS = { headerCrc: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 };

/** Where the zero-terminated text that begins at `at` ends; undefined when the file is cut before. */
function afterText(bytes: Uint8Array, at: number): number | undefined {
  const zero = bytes.indexOf(0, at);
  return zero < 0 ? undefined : zero + 1;
}

/** Offset of the deflate stream; undefined when the file is cut inside the header. @throws GzipError when it isn't gzip */
function skipHeader(bytes: Uint8Array): number | undefined {
  if (bytes.length < 2) return undefined;
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) throw new GzipError('it does not begin as gzip does');
  if (bytes.length < 4) return undefined;
  const flags = bytes[3]!;
  if (bytes[2] !== 8) throw new GzipError('its compression method is unknown');
  if (flags & FLAGS.reserved) throw new GzipError('it has flags that nobody knows');
  let at: number | undefined = 10;
  if (flags & FLAGS.extra) at = bytes.length < 12 ? undefined : 12 + bytes[10]! + bytes[11]! * 256;
  if (at !== undefined && flags & FLAGS.name) at = afterText(bytes, at);
  if (at !== undefined && flags & FLAGS.comment) at = afterText(bytes, at);
  if (at !== undefined && flags & FLAGS.headerCrc) {
    if (bytes.length < at + 2) return undefined;
    if ((crc32(bytes.subarray(0, at)) & 0xffff) !== bytes[at]! + bytes[at + 1]! * 256)
      throw new GzipError('the checksum of its header is wrong');
    at += 2;
  }
  return at === undefined || at > bytes.length ? undefined : at;
}

interface RawResult {
  buffer: Buffer;
  engine: { bytesWritten: number };
}

/** Most bytes inflated in one piece; what gives more is hashed as it comes. */
const MAX_AT_ONCE_BYTES = 64 * 2 ** 20;

/** An unfinished stream gives what it has instead of an error. */
const UNFINISHED_IS_FINE = { finishFlush: constants.Z_SYNC_FLUSH } as const;

const isTooLarge = (error: unknown) => (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE';

function inflateRaw(deflated: Uint8Array, maxOutputLength: number): RawResult {
  try {
    return inflateRawSync(deflated, { ...UNFINISHED_IS_FINE, maxOutputLength, info: true }) as unknown as RawResult;
  } catch (error) {
    if (isTooLarge(error)) throw error;
    throw new GzipError('it is damaged inside', { cause: error });
  }
}

/** What stands behind the deflate stream. @throws GzipError when the trailer is wrong */
function readTrailer(bytes: Uint8Array, trailerAt: number, crc: number, length: number): Omit<Inflated, 'bytes'> {
  const trailer = bytes.subarray(trailerAt, trailerAt + 8);
  if (!trailerFits(trailer, crc, length)) throw new GzipError('the checksum or the length at its end is wrong');
  return { isWhole: trailer.length === 8, hasTrailingData: bytes.length > trailerAt + 8 };
}

/**
 * Inflates the first gzip member of a file.
 *
 * A file cut short is no error: what came out is given, with `isWhole` false.
 * @throws GzipError when the header, the deflate stream, the checksum or the length is wrong
 */
export function inflateFirstMember(bytes: Uint8Array, maxOutputLength = kMaxLength): Inflated {
  const start = skipHeader(bytes);
  if (start === undefined || start === bytes.length) return CUT;
  const { buffer, engine } = inflateRaw(bytes.subarray(start), maxOutputLength);
  return { bytes: buffer, ...readTrailer(bytes, start + engine.bytesWritten, crc32(buffer), buffer.length) };
}

/** SHA-256 of what the first gzip member of a file inflates to. */
export interface InflatedHash extends Omit<Inflated, 'bytes'> {
  /** Hex, lower case. */
  sha256: string;
}

/**
 * Hashes what the first gzip member inflates to, in bounded memory however much that is.
 * @throws GzipError as `inflateFirstMember` does
 */
export async function hashFirstMember(bytes: Uint8Array): Promise<InflatedHash> {
  try {
    const { bytes: inflated, ...ending } = inflateFirstMember(bytes, MAX_AT_ONCE_BYTES);
    return { ...ending, sha256: createHash('sha256').update(inflated).digest('hex') };
  } catch (error) {
    if (!isTooLarge(error)) throw error;
    return hashInPieces(bytes, skipHeader(bytes)!);
  }
}

async function hashInPieces(bytes: Uint8Array, start: number): Promise<InflatedHash> {
  const inflater = createInflateRaw(UNFINISHED_IS_FINE);
  const hash = createHash('sha256');
  let [crc, length] = [0, 0];
  inflater.end(bytes.subarray(start));
  try {
    for await (const piece of inflater as AsyncIterable<Buffer>) {
      hash.update(piece);
      crc = crc32(piece, crc);
      length += piece.length;
    }
  } catch (error) {
    throw new GzipError('it is damaged inside', { cause: error });
  }
  return { ...readTrailer(bytes, start + inflater.bytesWritten, crc, length), sha256: hash.digest('hex') };
}

/** The trailer's checksum and length are right as far as they are there; each is looked at only when whole. */
function trailerFits(trailer: Uint8Array, crc: number, length: number): boolean {
  const view = new DataView(trailer.buffer, trailer.byteOffset, trailer.length);
  if (trailer.length >= 4 && view.getUint32(0, true) !== crc) return false;
  return trailer.length < 8 || view.getUint32(4, true) === length % 2 ** 32;
}
