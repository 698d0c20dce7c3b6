// Runs all text predicates of a field over a value at once, each byte read once whatever their number.
import { Interned } from './interned.ts';
import type { Nfa } from './nfa.ts';

/** The state no predicate comes back from. */
export const DEAD = 0;

/** What the table says where the next state isn't worked out yet, and where a string of JSON text may end. */
export const UNKNOWN = -1;
const STOP = -2;

/** Entries of the transition table at most (4 bytes each); then the states seen so far are forgotten. */
const MAX_TABLE = 1 << 20;

/**
 * A deterministic automaton (DFA) made while it runs: a state is the set of NFA nodes that are still possible, its transitions are
 * worked out when first taken and then looked up. Work for a byte is bounded by the size of the NFA, never by the text before it, so
 * time is linear in the text for any wildcard. When the table is full it begins anew from the state it is in.
 *
 * States are numbers: offsets of their row in `table`, so that `table[state + classes[byte]]` is the next state, or `UNKNOWN`.
 * `table[state + note]` is for the caller to keep a number with a state; it is `UNKNOWN` at first and whenever states are forgotten.
 */
export class LazyDfa {
  readonly classes: Uint8Array;
  /** The same for bytes of JSON text, where a quote ends a string and a backslash is not itself: their transition is always `STOP`. */
  readonly rawClasses: Uint8Array;
  readonly note: number;
  table: Int32Array;
  start = DEAD;
  /** Nodes looked at so far in working out transitions: tests bound it. */
  steps = 0;
  private readonly nfa: Nfa;
  private readonly width: number;
  private readonly byteOf: number[];
  private sets: Int32Array[] = [];
  private readonly known = new Interned<number>();

  constructor(nfa: Nfa) {
    this.nfa = nfa;
    this.byteOf = [-1];
    this.classes = classesOf(nfa, this.byteOf);
    this.note = this.byteOf.length;
    this.width = this.note + 2;
    this.rawClasses = this.classes.slice();
    for (const byte of [0x22, 0x5c]) this.rawClasses[byte] = this.note + 1;
    this.table = new Int32Array(this.width * 8).fill(UNKNOWN);
    this.begin();
  }

  /** Predicates that hold if the text ends in this state. */
  accepted(state: number): number[] {
    const found: number[] = [];
    for (const node of this.sets[state / this.width]!) found.push(...(this.nfa.accepts.get(node) ?? []));
    return found;
  }

  /** How many nodes are possible in a state. */
  possible(state: number): number {
    return this.sets[state / this.width]!.length;
  }

  /** The state after a byte of class `byteClass` in a state whose transition isn't known yet. */
  advance(state: number, byteClass: number): number {
    const next = this.stepped(this.sets[state / this.width]!, this.byteOf[byteClass]!);
    if (this.sets.length * this.width >= MAX_TABLE) {
      this.begin();
      return this.stateOf(next);
    }
    const target = this.stateOf(next);
    this.table[state + byteClass] = target;
    return target;
  }

  /** Number of states known. */
  get size(): number {
    return this.sets.length;
  }

  private begin(): void {
    this.sets = [];
    this.known.clear();
    this.table.fill(UNKNOWN);
    this.stateOf(new Int32Array(0));
    this.table.fill(DEAD, 0, this.note);
    this.start = this.stateOf(this.withSkips(new Set([0])));
  }

  private stateOf(set: Int32Array): number {
    return this.known.of(set, () => {
      const state = this.sets.length * this.width;
      this.sets.push(set);
      if (state + this.width > this.table.length) this.grow();
      this.table[state + this.note + 1] = STOP;
      return state;
    });
  }

  private grow(): void {
    const table = new Int32Array(this.table.length * 2).fill(UNKNOWN);
    table.set(this.table);
    this.table = table;
  }

  /** The nodes possible after `byte`; -1 stands for every byte no predicate names. */
  private stepped(set: Int32Array, byte: number): Int32Array {
    const { edges, isStar } = this.nfa;
    const reached = new Set<number>();
    this.steps += set.length;
    for (const node of set) {
      if (isStar[node]) reached.add(node);
      const next = byte < 0 ? undefined : edges.get(node * 256 + byte);
      if (typeof next === 'number') reached.add(next);
      else if (next !== undefined) for (const each of next) reached.add(each);
    }
    return this.withSkips(reached);
  }

  /** These nodes and the star nodes they lead to without reading, sorted. */
  private withSkips(nodes: Set<number>): Int32Array {
    for (const node of nodes) {
      const star = this.nfa.skips.get(node);
      if (star !== undefined) nodes.add(star);
    }
    this.steps += nodes.size;
    return Int32Array.from(nodes).sort();
  }
}

/** Bytes no predicate tells apart share a class; class 0 is every byte none of them names. */
function classesOf(nfa: Nfa, byteOf: number[]): Uint8Array {
  const classes = new Uint8Array(256);
  for (const key of nfa.edges.keys()) if (classes[key & 255] === 0) classes[key & 255] = byteOf.push(key & 255) - 1;
  return classes;
}
