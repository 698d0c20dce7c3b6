// Verifies a digest's RSA signature as python-rsa 4.7 does for awscli: PKCS#1 v1.5, whichever hash the signature itself names.
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-custom-validation.html
import { createHash } from 'node:crypto';
import { IntegrityError } from './integrityerrors.ts';

/** The key isn't a DER PKCS#1 RSAPublicKey; the message says how. */
export class PublicKeyError extends Error {}

interface RsaKey {
  modulus: bigint;
  exponent: bigint;
  lengthBytes: number;
}

/** Reads the DER element at `at`: its tag, its content and where the next one begins. */
function readElement(der: Uint8Array, at: number): { tag: number; content: Uint8Array; end: number } {
  const first = der[at + 1];
  if (first === undefined) throw new PublicKeyError('it is cut short');
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  let length = lengthBytes === 0 ? first : 0;
  for (let i = 0; i < lengthBytes; i++) length = length * 256 + (der[at + 2 + i] ?? Number.NaN);
  const start = at + 2 + lengthBytes;
  if (!(start + length <= der.length) || first === 0x80) throw new PublicKeyError('it is cut short');
  return { tag: der[at]!, content: der.subarray(start, start + length), end: start + length };
}

const toBigInt = (bytes: Uint8Array): bigint => (bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString('hex')}`));

function readInteger(der: Uint8Array, at: number): { value: bigint; end: number } {
  const { tag, content, end } = readElement(der, at);
  if (tag !== 0x02) throw new PublicKeyError('it holds something else than two integers');
  const value = toBigInt(content);
  return { value: content[0] !== undefined && content[0] >= 0x80 ? value - (1n << BigInt(8 * content.length)) : value, end };
}

function readKey(der: Uint8Array): RsaKey {
  const { tag, content } = readElement(der, 0);
  if (tag !== 0x30) throw new PublicKeyError('it is not a sequence');
  const modulus = readInteger(content, 0);
  const exponent = readInteger(content, modulus.end);
  if (exponent.end !== content.length) throw new PublicKeyError('it holds more than two integers');
  return { modulus: modulus.value, exponent: exponent.value, lengthBytes: Math.ceil(modulus.value.toString(16).length / 2) };
}

/** Base64 as Python's b64decode takes it: other characters are passed over, padding must be right. */
function decodeBase64(text: string): Buffer {
  if (/[^\0-\x7f]/.test(text)) throw new IntegrityError({ code: 'PUBLIC_KEY_NOT_ASCII' });
  const data = text.replace(/[^A-Za-z0-9+/=]/g, '');
  const letters = data.replace(/=.*$/, '');
  const padding = data.length - letters.length;
  if (letters.length % 4 === 1) throw new IntegrityError({ code: 'PUBLIC_KEY_LENGTH', letters: letters.length });
  if (letters.length % 4 !== 0 && padding < 4 - (letters.length % 4)) throw new IntegrityError({ code: 'PUBLIC_KEY_PADDING' });
  return Buffer.from(letters, 'base64');
}

/** Hex as Python's unhexlify takes it. */
function decodeHex(text: string): Buffer {
  if (/[^\0-\x7f]/.test(text)) throw new IntegrityError({ code: 'SIGNATURE_NOT_ASCII' });
  if (text.length % 2 !== 0) throw new IntegrityError({ code: 'SIGNATURE_ODD_LENGTH' });
  if (!/^[0-9a-fA-F]*$/.test(text)) throw new IntegrityError({ code: 'SIGNATURE_NOT_HEX' });
  return Buffer.from(text, 'hex');
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

/** The DER in front of each hash inside a signature, RFC 8017 section 9.2, in the order python-rsa looks for them. */
const HASHES: [name: string, prefix: Buffer][] = (
  [
    ['md5', '3020300c06082a864886f70d020505000410'],
    ['sha1', '3021300906052b0e03021a05000414'],
    ['sha224', '302d300d06096086480165030402040500041c'],
    ['sha256', '3031300d060960864801650304020105000420'],
    ['sha384', '3041300d060960864801650304020205000430'],
    ['sha512', '3051300d060960864801650304020305000440'],
    ['sha3-256', '3031300d060960864801650304020805000420'],
    ['sha3-384', '3041300d060960864801650304020905000430'],
    ['sha3-512', '3051300d060960864801650304020a05000440'],
  ] as const
).map(([name, hex]) => [name, Buffer.from(hex, 'hex')]);

/** The padded text that a right signature opens to: 00 01 FF… 00, the hash's DER, the hash. */
function expectedBlock(prefix: Buffer, hash: Buffer, lengthBytes: number): Buffer {
  const text = Buffer.concat([prefix, hash]);
  if (text.length > lengthBytes - 11)
    throw new IntegrityError({ code: 'PUBLIC_KEY_TOO_SMALL', neededBytes: text.length, roomBytes: lengthBytes - 11 });
  return Buffer.concat([Buffer.from([0, 1]), Buffer.alloc(lengthBytes - text.length - 3, 0xff), Buffer.from([0]), text]);
}

/**
 * The name of the hash with which `signatureHex` signs `text` under a public key; undefined when it doesn't.
 *
 * @param keyBase64  DER PKCS#1 RSAPublicKey
 * @throws PublicKeyError for a key that can't be read; IntegrityError for base64 or hex that can't be decoded, or a key too small
 */
export function signingHash(text: string, signatureHex: string, keyBase64: string): string | undefined {
  const key = readKey(decodeBase64(keyBase64));
  const signature = decodeHex(signatureHex);
  const opened = power(toBigInt(signature), key.exponent, key.modulus);
  const block = Buffer.from(opened.toString(16).padStart(key.lengthBytes * 2, '0'), 'hex');
  const found = HASHES.find(([, prefix]) => block.includes(prefix));
  if (!found) return undefined;
  const expected = expectedBlock(found[1], createHash(found[0]).update(text).digest(), key.lengthBytes);
  return signature.length === key.lengthBytes && expected.equals(block) ? found[0] : undefined;
}
