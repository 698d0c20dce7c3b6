// The paths rules name, as a tree of keys: what lies off it in an event is never looked at.
import type { Field } from './field.ts';
import { utf8 } from './nfa.ts';

const BACKSLASH = 0x5c;
/** What follows the opening quote of an empty key, alone or before a dot. */
const EMPTY_KEY = [0x22, 0x2e];
const NO_BYTES = new Uint8Array(256);

/** A place in events some rule looks at, or that leads to one. */
export class PathNode {
  /** The field whose path ends here. */
  field: Field | undefined;
  readonly children = new Map<string, PathNode>();
  /** The children's keys as bytes and a table to find them by. */
  private keys: Uint8Array[] = [];
  private nodes: PathNode[] = [];
  private slots = new Int32Array(0);
  private ready = false;
  private preparedBytes = NO_BYTES;

  /** 1 for every byte an event's key may begin with and lead further: most keys are told apart by it. */
  get firstBytes(): Uint8Array {
    if (!this.ready) this.prepare();
    return this.preparedBytes;
  }

  /** The node below by a key without dots in it. */
  child(key: string): PathNode {
    const known = this.children.get(key);
    if (known !== undefined) return known;
    const made = new PathNode();
    this.children.set(key, made);
    this.ready = false;
    return made;
  }

  /** The node an event's key leads to: `a.b` as one key equals `b` below `a`. */
  find(key: string): PathNode | undefined {
    const direct = this.children.get(key);
    if (direct !== undefined || !key.includes('.')) return direct;
    return key.split('.').reduce<PathNode | undefined>((node, step) => node?.children.get(step), this);
  }

  /** The child whose key is these bytes. */
  findBytes(bytes: Uint8Array, from: number, to: number): PathNode | undefined {
    if (!this.ready) this.prepare();
    const slots = this.slots;
    const mask = slots.length - 1;
    for (let slot = hashOf(bytes, from, to) & mask; slots[slot]! >= 0; slot = (slot + 1) & mask) {
      const key = this.keys[slots[slot]!]!;
      if (key.length === to - from && equalAt(bytes, from, key)) return this.nodes[slots[slot]!];
    }
    return undefined;
  }

  /** Removes the field at the end of `steps` and every node that then leads nowhere. */
  remove(steps: string[]): void {
    const way: PathNode[] = [this];
    for (const step of steps) way.push(way[way.length - 1]!.children.get(step)!);
    way[way.length - 1]!.field = undefined;
    for (let depth = steps.length; depth > 0; depth--) {
      const node = way[depth]!;
      if (node.field !== undefined || node.children.size > 0) return;
      way[depth - 1]!.children.delete(steps[depth - 1]!);
      way[depth - 1]!.ready = false;
    }
  }

  private prepare(): void {
    this.preparedBytes = new Uint8Array(256);
    this.keys = [...this.children.keys()].map(utf8);
    this.nodes = [...this.children.values()];
    const size = 4 << Math.ceil(Math.log2(this.keys.length + 1));
    this.slots = new Int32Array(size).fill(-1);
    this.keys.forEach((key, index) => {
      let slot = hashOf(key, 0, key.length) & (size - 1);
      while (this.slots[slot]! >= 0) slot = (slot + 1) & (size - 1);
      this.slots[slot] = index;
    });
    for (const key of this.keys) for (const byte of key.length > 0 ? [key[0]!] : EMPTY_KEY) this.preparedBytes[byte] = 1;
    this.preparedBytes[BACKSLASH] = 1;
    this.ready = true;
  }
}

/** From the length and three bytes: keys of one object differ in these nearly always. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  const length = to - from;
  if (length === 0) return 0;
  return length * 7 + bytes[from]! * 31 + bytes[to - 1]! * 131 + bytes[from + (length >> 1)]! * 17;
}

function equalAt(bytes: Uint8Array, from: number, key: Uint8Array): boolean {
  for (let index = 0; index < key.length; index++) if (bytes[from + index] !== key[index]) return false;
  return true;
}
