// Text predicates (equal, prefix, suffix, ignoring case, wildcard) as one small machine over UTF-8 bytes, to be run by `automaton.ts`.

/** What stands at a position of the program. */
export const BYTE = 0;
export const STAR = 1;
export const FORK = 2;
export const JUMP = 3;
export const ACCEPT = 4;

/** A text predicate: literal pieces with stars between them; a piece may ignore case. */
export interface TextShape {
  /** `[a, b]` is `a*b`; one piece alone is an exact text. */
  parts: string[];
  ignoreCase: boolean;
}

/**
 * Positions of all predicates of a field, one after the other. `BYTE` goes on with the next position when the byte is `arg`, `STAR` takes any
 * byte and stays, and also goes on without one; `FORK` goes on with the next position and with `arg`, `JUMP` with `arg`; `ACCEPT` says that
 * predicate `arg` holds if the text ends here.
 */
export class Program {
  op: number[] = [];
  arg: number[] = [];
  /** Where each predicate begins. */
  starts: number[] = [];

  /** Adds a predicate and gives its number. */
  add(shape: TextShape): number {
    const number = this.starts.length;
    this.starts.push(this.op.length);
    shape.parts.forEach((part, index) => {
      if (index > 0) this.#emit(STAR, 0);
      if (shape.ignoreCase) this.#addIgnoringCase(part);
      else for (const byte of utf8(part)) this.#emit(BYTE, byte);
    });
    this.#emit(ACCEPT, number);
    return number;
  }

  #emit(op: number, arg: number): number {
    this.op.push(op);
    this.arg.push(arg);
    return this.op.length - 1;
  }

  #addIgnoringCase(text: string): void {
    for (const character of text) {
      const [first = new Uint8Array(), second] = spellings(character);
      const fork = second === undefined ? -1 : this.#emit(FORK, 0);
      for (const byte of first) this.#emit(BYTE, byte);
      if (second !== undefined) this.#addOther(fork, second);
    }
  }

  /** The other spelling of a character, to be taken instead of the one that begins behind `fork`. */
  #addOther(fork: number, bytes: Uint8Array): void {
    const jump = this.#emit(JUMP, 0);
    this.arg[fork] = this.op.length;
    for (const byte of bytes) this.#emit(BYTE, byte);
    this.arg[jump] = this.op.length;
  }
}

/**
 * Both cases of one character as UTF-8. Event Ruler takes each UTF-16 unit of the pattern alone (`EqualsIgnoreCaseParser`): `ß` is `ß` or `SS`.
 * Characters beyond the basic plane stand for themselves (it breaks them apart and never matches them).
 */
function spellings(character: string): Uint8Array[] {
  if (character.length > 1) return [utf8(character)];
  const [lower, upper] = [character.toLowerCase(), character.toUpperCase()];
  return lower === upper ? [utf8(lower)] : [utf8(lower), utf8(upper)];
}

const encoder = new TextEncoder();

/** UTF-8 of a text; half surrogates, which have no UTF-8, as the three bytes their number would have, so that they equal only themselves. */
export function utf8(text: string): Uint8Array {
  if (!/\p{Surrogate}/u.test(text)) return encoder.encode(text);
  const bytes: number[] = [];
  for (const character of text) {
    const unit = character.charCodeAt(0);
    const half = character.length === 1 && unit >= 0xd800 && unit <= 0xdfff;
    bytes.push(...(half ? [0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 63), 0x80 | (unit & 63)] : encoder.encode(character)));
  }
  return Uint8Array.from(bytes);
}
