// The key pairs that sign the sample's digests, derived from a seed so that no private key is stored.
import { checkPrimeSync, createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { Random } from './random.ts';

export interface SigningKey {
  privateKey: KeyObject;
  /** DER of the PKCS#1 `RSAPublicKey`, as ListPublicKeys answers it. */
  publicKey: Buffer;
  /** 32 hex digits, as CloudTrail's are; here the MD5 of the DER. CloudTrail does not say how it computes its own. */
  fingerprint: string;
}

const EXPONENT = 65537n;

/** Rounds of Miller and Rabin. Numbers drawn at random need few; OpenSSL's own 64 are for numbers that somebody chose. */
const CHECKS = 8;

function drawPrime(random: Random): bigint {
  // The two top bits are set so that the product of two primes has all 2048 bits, the lowest so that it is odd.
  let candidate = BigInt(`0x${random.hex(256)}`) | (3n << 1022n) | 1n;
  while (candidate % EXPONENT === 1n || !checkPrimeSync(candidate, { checks: CHECKS })) candidate += 2n;
  return candidate;
}

/** Finds the inverse of a number by the extended Euclidean algorithm. */
function invert(number: bigint, modulus: bigint): bigint {
  let [previous, current] = [0n, 1n];
  let [dividend, divisor] = [modulus, number % modulus];
  while (divisor > 0n) {
    const quotient = dividend / divisor;
    [previous, current] = [current, previous - quotient * current];
    [dividend, divisor] = [divisor, dividend - quotient * divisor];
  }
  return previous < 0n ? previous + modulus : previous;
}

function base64url(number: bigint): string {
  const hex = number.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex').toString('base64url');
}

/** Makes the RSA 2048 key pair of a seed. It protects nothing: anybody can make it again. */
export function makeSigningKey(seed: string): SigningKey {
  const random = new Random(`${seed}/signing-key`);
  const [p, q] = [drawPrime(random), drawPrime(random)];
  const d = invert(EXPONENT, (p - 1n) * (q - 1n));
  const numbers = { n: p * q, e: EXPONENT, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: invert(q, p) };
  const jwk = Object.fromEntries(Object.entries(numbers).map(([name, number]) => [name, base64url(number)]));
  const privateKey = createPrivateKey({ key: { kty: 'RSA', ...jwk }, format: 'jwk' });
  const publicKey = createPublicKey(privateKey).export({ type: 'pkcs1', format: 'der' });
  return { privateKey, publicKey, fingerprint: createHash('md5').update(publicKey).digest('hex') };
}
