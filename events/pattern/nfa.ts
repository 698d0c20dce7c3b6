// Text predicates (equal, prefix, suffix, ignoring case, wildcard) as one machine over UTF-8 bytes, to be run by `lazydfa.ts`.

/** A text predicate: literal pieces with stars between them; a piece may ignore case. */
export interface TextShape {
  /** `[a, b]` is `a*b`; one piece alone is an exact text. */
  parts: string[];
  ignoreCase: boolean;
}

/**
 * All text predicates of a field as one graph of nodes, begun at node 0; predicates that begin alike share their nodes as long as they do. An edge
 * reads one byte, a byte may lead to several nodes. A star node stays when any byte is read; `skips` leads to one without reading.
 * Where a text ends, the predicates of `accepts` hold.
 */
export class Nfa {
  /** By `node * 256 + byte`. */
  readonly edges = new Map<number, number | number[]>();
  readonly isStar: boolean[] = [false];
  readonly skips = new Map<number, number>();
  readonly accepts = new Map<number, number[]>();
  /** Nodes by where they come from and the two spellings of a character that lead there. */
  private readonly folded = new Map<string, number>();
  private count = 0;

  /** Adds a predicate and gives its number. */
  add(shape: TextShape): number {
    let node = 0;
    shape.parts.forEach((part, index) => {
      if (index > 0) node = this.star(node);
      if (shape.ignoreCase) for (const character of part) node = this.character(node, character);
      else node = this.bytes(node, utf8(part));
    });
    this.accepts.set(node, [...(this.accepts.get(node) ?? []), this.count]);
    return this.count++;
  }

  private node(isStar: boolean): number {
    return this.isStar.push(isStar) - 1;
  }

  private star(from: number): number {
    const known = this.skips.get(from);
    if (known !== undefined) return known;
    const made = this.node(true);
    this.skips.set(from, made);
    return made;
  }

  private bytes(from: number, bytes: Uint8Array): number {
    let node = from;
    for (const byte of bytes) {
      const known = this.edges.get(node * 256 + byte);
      const shared = typeof known === 'object' ? known.find((each) => !this.foldedNodes.has(each)) : known;
      node = shared !== undefined && !this.foldedNodes.has(shared) ? shared : this.edge(node, byte, this.node(false));
    }
    return node;
  }

  /** Nodes reached by either case of a character: predicates that want one case can't share them. */
  private readonly foldedNodes = new Set<number>();

  private edge(from: number, byte: number, to: number): number {
    const before = this.edges.get(from * 256 + byte);
    this.edges.set(from * 256 + byte, before === undefined ? to : [before, to].flat());
    return to;
  }

  private character(from: number, character: string): number {
    const [first, second] = spellings(character);
    if (second === undefined) return this.bytes(from, first!);
    const key = `${from} ${character.toLowerCase()} ${character.toUpperCase()}`;
    const known = this.folded.get(key);
    if (known !== undefined) return known;
    const made = this.node(false);
    this.foldedNodes.add(made);
    this.folded.set(key, made);
    for (const bytes of [first!, second]) this.edge(this.bytes(from, bytes.subarray(0, -1)), bytes[bytes.length - 1]!, made);
    return made;
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
