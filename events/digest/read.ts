// A digest object becomes its fields and the exact bytes that were signed.

import { typeName } from './awscli/pythontext.ts';
import { isBackfillKey } from './digestnames.ts';
import type { StoredObject } from './doors.ts';
import { inflateFirstMember } from './gzip.ts';

/** Why a digest is invalid; the message is the reason awscli prints after `INVALID: `. */
export class DigestFault extends Error {}

export interface Digest {
  /** The digest's JSON as it stands; nothing about it is sure but that it is an object. */
  fields: Readonly<Record<string, unknown>>;
  /** The inflated bytes, which the signature covers. */
  inflated: Uint8Array;
  signature: string;
  /** When a backfill digest was made, as its metadata says. */
  backfillTime?: string;
}

const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Numbers that Python's JSON knows and JavaScript's doesn't, told from the same letters inside a text. */
const PYTHON_NUMBERS = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;

/** JSON as Python reads it. @throws SyntaxError */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!/NaN|Infinity/.test(text)) throw error;
    return JSON.parse(text.replace(PYTHON_NUMBERS, (found) => (found.startsWith('"') ? found : '0.5')));
  }
}

/** The digest's inflated bytes and the JSON in them. @throws DigestFault `invalid format` */
function readJson(stored: StoredObject): { inflated: Uint8Array; json: unknown } {
  try {
    const { bytes: inflated, isWhole } = inflateFirstMember(stored.bytes);
    if (!isWhole) throw new Error('cut short');
    return { inflated, json: parseJson(DECODER.decode(inflated)) };
  } catch (error) {
    throw new DigestFault('invalid format', { cause: error });
  }
}

/** Python's complaint when a digest's JSON is no object and something is to be written into it. */
const notAnObject = (json: unknown): string =>
  Array.isArray(json) ? 'list indices must be integers or slices, not str' : `'${typeName(json)}' object does not support item assignment`;

/**
 * Reads a digest as stored under `key`.
 * @throws DigestFault when it isn't gzip or JSON, or its metadata lacks what a digest's must hold
 */
export function readDigest(stored: StoredObject, key: string): Digest {
  const { inflated, json } = readJson(stored);
  const { signature, 'signature-algorithm': algorithm, 'backfill-generation-timestamp': backfillTime } = stored.metadata;
  if (signature === undefined || algorithm === undefined) throw new DigestFault('signature verification failed');
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new DigestFault(notAnObject(json));
  const digest = { fields: json as Record<string, unknown>, inflated, signature };
  if (!isBackfillKey(key)) return digest;
  if (backfillTime === undefined) throw new DigestFault('invalid format');
  return { ...digest, backfillTime };
}
