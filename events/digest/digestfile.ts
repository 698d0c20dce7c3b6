// A digest object becomes its fields and the exact bytes that were signed.

import { isBackfillName } from './digestnames.ts';
import type { StoredObject } from './doors.ts';
import { type Inflated, inflateFirstMember } from './gzip.ts';
import { IntegrityError } from './integrityerrors.ts';

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

/** JSON as Python reads it, which awscli does. @throws SyntaxError */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!/NaN|Infinity/.test(text)) throw error;
    return JSON.parse(text.replace(PYTHON_NUMBERS, (found) => (found.startsWith('"') ? found : '0.5')));
  }
}

/** @throws IntegrityError for what isn't gzip, or breaks off */
function inflate(stored: StoredObject): Uint8Array {
  let inflated: Inflated;
  try {
    inflated = inflateFirstMember(stored.bytes);
  } catch (error) {
    throw new IntegrityError({ code: 'NOT_GZIP', why: error instanceof Error ? error.message : String(error) }, error);
  }
  if (!inflated.isWhole) throw new IntegrityError({ code: 'CUT_SHORT' });
  return inflated.bytes;
}

/** @throws IntegrityError for what is no UTF-8, or no JSON */
function readJson(inflated: Uint8Array): unknown {
  try {
    return parseJson(DECODER.decode(inflated));
  } catch (error) {
    throw new IntegrityError({ code: 'DIGEST_NOT_JSON' }, error);
  }
}

/**
 * Reads a digest as stored under a name.
 * @throws IntegrityError when it isn't gzip or JSON, or its metadata lacks what a digest's must hold
 */
export function readDigest(stored: StoredObject, name: string): Digest {
  const inflated = inflate(stored);
  const json = readJson(inflated);
  const { signature, 'signature-algorithm': algorithm, 'backfill-generation-timestamp': backfillTime } = stored.metadata;
  if (signature === undefined || algorithm === undefined) throw new IntegrityError({ code: 'SIGNATURE_MISSING' });
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new IntegrityError({ code: 'DIGEST_NOT_OBJECT', value: json });
  const digest = { fields: json as Record<string, unknown>, inflated, signature };
  if (!isBackfillName(name)) return digest;
  if (backfillTime === undefined) throw new IntegrityError({ code: 'BACKFILL_TIME_MISSING' });
  return { ...digest, backfillTime };
}
