// Whether a digest is where it says it is, and signed by a key that CloudTrail published.
import { createHash } from 'node:crypto';
import { addSeconds, asUtc, type ClockTime, displayTime, parseDate, toMillis } from './awscli/datetime.ts';
import { text, typeName } from './awscli/pythontext.ts';
import type { PublicKey, PublicKeys } from './doors.ts';
import { type Digest, DigestFault } from './read.ts';
import { EncodingError, KeyError, signingHash } from './signature.ts';

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

/** A time field of a digest, as it stands. @throws DateError or DigestFault with Python's words */
export function timeField(value: unknown, now: Date): ClockTime {
  if (typeof value !== 'string') throw new DigestFault(`Parser must be a string or character stream, not ${typeName(value)}`);
  return parseDate(value, now);
}

/** No key was in use between two times; the message is awscli's. */
export class NoPublicKeysError extends Error {}

/** Adds the keys in use between two times. @throws NoPublicKeysError when there was none */
export async function addPublicKeys(ring: KeyRing, keys: PublicKeys, start: ClockTime, end: ClockTime): Promise<void> {
  const found = await keys.listPublicKeys(toMillis(start), toMillis(end));
  if (found.length === 0) throw new NoPublicKeysError(`No public keys found between ${displayTime(start)} and ${displayTime(end)}`);
  for (const key of found) ring.set(key.fingerprint, key);
}

function assertPlace({ fields }: Digest, bucket: string, key: string): void {
  if (REQUIRED.some((name) => !Object.hasOwn(fields, name))) throw new DigestFault('invalid format');
  if (fields['digestS3Bucket'] !== bucket || fields['digestS3Object'] !== key)
    throw new DigestFault('has been moved from its original location');
}

/** The text a digest's signature signs. */
function signedText({ fields, inflated }: Digest): string {
  const hash = createHash('sha256').update(inflated).digest('hex');
  const previous = fields['previousDigestSignature'];
  const place = `${text(fields['digestS3Bucket'])}/${text(fields['digestS3Object'])}`;
  return `${text(fields['digestEndTime'])}\n${place}\n${hash}\n${previous === null ? 'null' : text(previous)}`;
}

/** What can't be written as UTF-8 can't be signed either. @throws DigestFault in Python's words */
function assertEncodable(signed: string): void {
  const half = /\p{Surrogate}/u.exec(signed);
  if (!half) return;
  const at = [...signed.slice(0, half.index)].length;
  const code = half[0].charCodeAt(0).toString(16);
  throw new DigestFault(`'utf-8' codec can't encode character '\\u${code}' in position ${at}: surrogates not allowed`);
}

/** The hash a digest is signed with. @throws DigestFault when it isn't signed with this key */
function signedWith(digest: Digest, publicKey: PublicKey): string {
  if (publicKey.value === undefined) throw new DigestFault("'Value'");
  try {
    const signed = signedText(digest);
    assertEncodable(signed);
    const hash = signingHash(signed, digest.signature, publicKey.value);
    if (hash === undefined) throw new DigestFault('signature verification failed');
    return hash;
  } catch (error) {
    if (error instanceof KeyError) throw new DigestFault(`Unable to load PKCS #1 key with fingerprint ${text(publicKey.fingerprint)}`);
    if (error instanceof EncodingError) throw new DigestFault(error.message);
    throw error;
  }
}

/** Backfill digests may be signed by a key that was in use when they were made, long after the hours they list. */
async function addBackfillKeys(digest: Digest, ring: KeyRing, keys: PublicKeys, now: Date): Promise<void> {
  if (digest.backfillTime === undefined) throw new DigestFault("'_backfill_generation_timestamp'");
  const made = asUtc(parseDate(digest.backfillTime, now));
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
  now: Date;
}

/** With what a digest is proven. */
export interface Proof {
  publicKey: PublicKey;
  signatureHash: string;
}

/**
 * Verifies that a digest lies where it says and that its signature fits.
 * @throws DigestFault and others whose message is the reason; ServiceError when the keys can't be asked for
 */
export async function verifyDigest(digest: Digest, options: VerifyOptions): Promise<Proof> {
  const { bucket, key, ring, keys, now } = options;
  assertPlace(digest, bucket, key);
  const fingerprint = digest.fields['digestPublicKeyFingerprint'];
  if (typeof fingerprint === 'object' && fingerprint !== null) throw new DigestFault(`unhashable type: '${typeName(fingerprint)}'`);
  const known = () => (typeof fingerprint === 'string' ? ring.get(fingerprint) : undefined);
  if (!known() && options.isBackfill) await addBackfillKeys(digest, ring, keys, now);
  const publicKey = known();
  if (!publicKey) throw new DigestFault(`public key not found in region ${options.homeRegion} for fingerprint ${text(fingerprint)}`);
  return { publicKey, signatureHash: signedWith(digest, publicKey) };
}
