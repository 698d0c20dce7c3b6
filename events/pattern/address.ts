// IP addresses as patterns see them: literals of either family as hexadecimal digits, and CIDR blocks as the range between two of them.
import type { Address } from './ast.ts';

const V4 = /^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$/;
const V6 = /^[0-9a-fA-F:]*:[0-9a-fA-F:]*$/;

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

function fourBytes(text: string): Address | undefined {
  const numbers = text.split('.').map(Number);
  return numbers.every((number) => number <= 255) ? numbers.map((number) => hex(number, 2)).join('') : undefined;
}

/** Groups of up to four hexadecimal digits, leading zeros aside. */
function groupsOf(text: string): string[] | undefined {
  const groups = text === '' ? [] : text.split(':').map((group) => group.replace(/^0+(?=.)/, ''));
  return groups.every((group) => group.length >= 1 && group.length <= 4) ? groups : undefined;
}

function sixteenBytes(text: string): Address | undefined {
  const [head = '', tail, ...more] = text.split('::');
  const before = groupsOf(head);
  const after = groupsOf(tail ?? '');
  if (before === undefined || after === undefined || more.length > 0) return undefined;
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...before, ...Array<string>(missing).fill('0'), ...after];
  return groups.map((group) => group.padStart(4, '0').toLowerCase()).join('');
}

/** The address a text spells out, 8 hexadecimal digits for v4 and 32 for v6, or undefined when it isn't one. */
export function ipAddressOf(text: string): Address | undefined {
  if (text.length > 45) return undefined;
  if (V4.test(text)) return fourBytes(text);
  return V6.test(text) ? sixteenBytes(text) : undefined;
}

const MAPPED = '00000000000000000000ffff';

/** A v4 address written as v6 (`::ffff:a00:1`) as the v4 address it is, which is how Java and so EventBridge reads it for `cidr`. */
export const unmapped = (address: Address): Address => (address.startsWith(MAPPED) && address.length === 32 ? address.slice(24) : address);

/** Whether a text has the shape of an address, a right one or not. */
const looksLikeAddress = (text: string): boolean => V4.test(text) || V6.test(text);

export interface AddressRange {
  low: Address;
  high: Address;
}

function maskOf(text: string): number {
  if (!/^[+-]?[0-9]{1,10}$/.test(text)) throw new RangeError('Malformed CIDR, mask bits must be an integer');
  const bits = Number(text);
  if (bits > 0x7fffffff) throw new RangeError('Malformed CIDR, mask bits must be an integer');
  if (bits < 0) throw new RangeError('Malformed CIDR, mask bits must not be negative');
  return bits;
}

function splitBlock(block: string): [string, string] {
  const parts = block.split('/');
  while (parts.length > 0 && parts[parts.length - 1] === '') parts.pop();
  const [address, mask] = parts;
  if (parts.length !== 2 || address === undefined || mask === undefined) throw new RangeError("Malformed CIDR, one '/' required");
  return [address, mask];
}

/** A block's address digits, mask bits checked for its family. */
function checkedBlock(block: string): [Address, number] {
  const [text, mask] = splitBlock(block);
  const bits = maskOf(mask);
  const given = ipAddressOf(text);
  if (given === undefined) throw new RangeError(`${looksLikeAddress(text) ? 'Invalid' : 'Nonstandard'} IP address: ${text}`);
  const address = unmapped(given);
  if (address.length === 8 && bits > 31) throw new RangeError('IPv4 mask bits must be < 32');
  if (address.length === 32 && bits > 127) throw new RangeError('IPv6 mask bits must be < 128');
  return [address, bits];
}

/**
 * The range of a block: `10.0.0.0/8` is `0a000000` to `0affffff`; bits behind the mask in the address don't matter.
 *
 * @throws RangeError with EventBridge's words
 */
export function blockOf(block: string): AddressRange {
  const [address, bits] = checkedBlock(block);
  const free = BigInt(address.length * 4 - bits);
  const low = (BigInt(`0x${address}`) >> free) << free;
  const high = low | ((1n << free) - 1n);
  const digits = (value: bigint): Address => value.toString(16).padStart(address.length, '0');
  return { low: digits(low), high: digits(high) };
}
