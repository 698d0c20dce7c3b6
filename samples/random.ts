// Random numbers, ids and picks that come out the same for the same seed, on every machine.
import { createHash } from 'node:crypto';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const BASE62 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Gives the 32 bytes that stand for a name: the same name gives the same bytes for ever. */
const bytesOf = (name: string): Buffer => createHash('sha256').update(name).digest();

/** One stream of random numbers (the generator sfc32), begun from the hash of a seed text; only integer arithmetic, so no platform differs. */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter: number;

  constructor(seed: string) {
    const bytes = bytesOf(seed);
    this.a = bytes.readInt32LE(0);
    this.b = bytes.readInt32LE(4);
    this.c = bytes.readInt32LE(8);
    this.counter = bytes.readInt32LE(12);
  }

  uint32(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** A number from 0 up to, not including, 1. */
  fraction(): number {
    return this.uint32() / 4294967296;
  }

  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }

  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** Picks an item, each as often as its weight says. */
  weighted<T extends { weight: number }>(list: readonly T[]): T {
    let rest = this.fraction() * list.reduce((sum, item) => sum + item.weight, 0);
    for (const item of list) {
      rest -= item.weight;
      if (rest < 0) return item;
    }
    return list[0]!;
  }

  hex(length: number): string {
    let text = '';
    while (text.length < length) text += this.uint32().toString(16).padStart(8, '0');
    return text.slice(0, length);
  }

  uuid(): string {
    const hex = this.hex(32);
    const variant = '89ab'[this.below(4)];
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
  }

  letters(length: number): string {
    return Array.from({ length }, () => BASE62[this.below(62)]).join('');
  }
}

const remembered = new Map<string, string>();

function remember(key: string, make: () => string): string {
  const known = remembered.get(key) ?? make();
  remembered.set(key, known);
  return known;
}

/** Gives a thing its id: `idOf('i-0', 16, 'web-1')` is an instance id that `web-1` keeps in every record. */
export const idOf = (prefix: string, length: number, name: string): string =>
  remember(
    `${prefix}/${length}/${name}`,
    () =>
      prefix +
      bytesOf(prefix + name)
        .toString('hex')
        .slice(0, length),
  );

/** Gives a name its uuid. */
export const uuidOf = (name: string): string => remember(`uuid/${name}`, () => new Random(`uuid/${name}`).uuid());

/** Gives an access key id, or another IAM id of this kind, which is plainly none of the real ones: it ends in `EXAMPLE`. */
export function exampleId(prefix: 'AKIA' | 'ASIA' | 'AIDA' | 'AROA', name: string): string {
  const length = prefix === 'AKIA' || prefix === 'ASIA' ? 9 : 10;
  const letters = () => [...bytesOf(`${prefix}/${name}`)].slice(0, length).map((byte) => BASE32[byte & 31]);
  return remember(`${prefix}/${name}`, () => `${prefix}${letters().join('')}EXAMPLE`);
}
