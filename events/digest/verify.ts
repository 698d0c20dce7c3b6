// Whether a digest is where it says it is, and signed by a key that CloudTrail published.
import { createHash } from 'node:crypto';
import { addSeconds, asUtc, type ClockTime, displayTime, toMs } from './clocktime.ts';
import type { Digest } from './digestfile.ts';
import type { PublicKey, PublicKeys } from './doors.ts';
import { IntegrityError } from './integrityerrors.ts';
import type { DigestReading } from './reading.ts';
import { PublicKeyError, signingHash } from './signature.ts';

const REQUIRED = [
  'digestPublicKeyFingerprint',
  'digestS3Bucket',
  'digestS3Object',
  'previousDigestSignature',
  'digestEndTime',
  'digestStartTime',
];

/** Known public keys by fingerprint. */
export type KeyRing = Map<string, PublicKey>;

/** A time field of a digest, as it stands. @throws IntegrityError for what is no text, or no date */
export function timeField(fields: Digest['fields'], field: 'digestStartTime' | 'digestEndTime', reading: DigestReading): ClockTime {
  const value = fields[field];
  if (typeof value !== 'string') throw new IntegrityError({ code: 'TIME_NOT_TEXT', field, value });
  return reading.date(value);
}

/** Adds the keys in use between two times. @throws IntegrityError `NO_PUBLIC_KEYS` when there was none */
export async function addPublicKeys(ring: KeyRing, keys: PublicKeys, start: ClockTime, end: ClockTime): Promise<void> {
  const found = await keys.listPublicKeys(toMs(start), toMs(end));
  if (found.length === 0) throw new IntegrityError({ code: 'NO_PUBLIC_KEYS', from: displayTime(start), to: displayTime(end) });
  for (const key of found) ring.set(key.fingerprint, key);
}

function assertPlace({ fields }: Digest, bucket: string, key: string): void {
  const field = REQUIRED.find((name) => !Object.hasOwn(fields, name));
  if (field !== undefined) throw new IntegrityError({ code: 'DIGEST_FIELD_MISSING', field });
  const { digestS3Bucket, digestS3Object } = fields;
  if (digestS3Bucket !== bucket || digestS3Object !== key)
    throw new IntegrityError({ code: 'DIGEST_MOVED', bucket: digestS3Bucket, key: digestS3Object });
}

/** The text a digest's signature signs. */
function signedText({ fields, inflated }: Digest, reading: DigestReading): string {
  const hash = createHash('sha256').update(inflated).digest('hex');
  const previous = fields['previousDigestSignature'];
  const place = `${reading.text(fields['digestS3Bucket'])}/${reading.text(fields['digestS3Object'])}`;
  return `${reading.text(fields['digestEndTime'])}\n${place}\n${hash}\n${previous === null ? 'null' : reading.text(previous)}`;
}

/** What can't be written as UTF-8 can't be signed either. @throws IntegrityError */
function assertEncodable(signed: string): void {
  const half = /\p{Surrogate}/u.exec(signed);
  if (!half) return;
  const position = [...signed.slice(0, half.index)].length;
  throw new IntegrityError({ code: 'SIGNED_TEXT_BROKEN', charCode: half[0].charCodeAt(0), position });
}

/** The hash a digest is signed with. @throws IntegrityError when it isn't signed with this key */
function signedWith(digest: Digest, { fingerprint, value }: PublicKey, reading: DigestReading): string {
  if (value === undefined) throw new IntegrityError({ code: 'PUBLIC_KEY_WITHOUT_VALUE', fingerprint });
  const signed = signedText(digest, reading);
  assertEncodable(signed);
  let hash: string | undefined;
  try {
    hash = signingHash(signed, digest.signature, value);
  } catch (error) {
    if (!(error instanceof PublicKeyError)) throw error;
    throw new IntegrityError({ code: 'PUBLIC_KEY_UNREADABLE', fingerprint, why: error.message }, error);
  }
  if (hash === undefined) throw new IntegrityError({ code: 'SIGNATURE_WRONG' });
  return hash;
}

/** Backfill digests may be signed by a key that was in use when they were made, long after the hours they list. */
async function addBackfillKeys(digest: Digest, ring: KeyRing, keys: PublicKeys, reading: DigestReading): Promise<void> {
  if (digest.backfillTime === undefined) throw new IntegrityError({ code: 'NOT_BACKFILL' });
  const made = asUtc(reading.date(digest.backfillTime));
  await addPublicKeys(ring, keys, addSeconds(made, -3_600), addSeconds(made, 3_600));
}

export interface VerifyOptions {
  bucket: string;
  key: string;
  ring: KeyRing;
  keys: PublicKeys;
  isBackfill: boolean;
  /** Region of the trail's ARN, for the message. */
  homeRegion: string;
  reading: DigestReading;
}

/** With what a digest is proven. */
export interface DigestProof {
  publicKey: PublicKey;
  /** The hash its signature is made with: awscli takes any that the signature names. */
  signatureHash: string;
}

/**
 * Verifies that a digest lies where it says and that its signature fits.
 * @throws IntegrityError with what is wrong; ServiceError when the keys can't be asked for
 */
export async function verifyDigest(digest: Digest, options: VerifyOptions): Promise<DigestProof> {
  const { bucket, key, ring, keys, reading, homeRegion: region } = options;
  assertPlace(digest, bucket, key);
  const fingerprint = digest.fields['digestPublicKeyFingerprint'];
  if (typeof fingerprint === 'object' && fingerprint !== null)
    throw new IntegrityError({ code: 'FINGERPRINT_NOT_TEXT', value: fingerprint });
  const known = () => (typeof fingerprint === 'string' ? ring.get(fingerprint) : undefined);
  if (!known() && options.isBackfill) await addBackfillKeys(digest, ring, keys, reading);
  const publicKey = known();
  if (!publicKey) throw new IntegrityError({ code: 'PUBLIC_KEY_UNKNOWN', region, fingerprint });
  return { publicKey, signatureHash: signedWith(digest, publicKey, reading) };
}
