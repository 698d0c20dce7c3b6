// Sigma's texts with wildcards: read, joined and matched.

/** `*`: any text, none too. `?`: one character. */
export type Wild = typeof ANY_TEXT | typeof ONE_CHARACTER;
export const ANY_TEXT = { wild: '*' } as const;
export const ONE_CHARACTER = { wild: '?' } as const;

/** Literal texts and wildcards, no two literals and no two `*` side by side. */
export type Glob = readonly (string | Wild)[];

/**
 * A value as Sigma writes it. A backslash takes the meaning from `*`, `?` and a backslash behind it; before anything else it stands for itself.
 * @see https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-rules-specification.md (Escape Character)
 */
export function globOf(text: string): Glob {
  const parts: (string | Wild)[] = [];
  for (let at = 0; at < text.length; at++) {
    const [unit, next] = [text[at]!, text[at + 1] ?? ''];
    if (unit === '\\' && next !== '' && '*?\\'.includes(next)) parts.push(text[++at]!);
    else parts.push(unit === '*' ? ANY_TEXT : unit === '?' ? ONE_CHARACTER : unit);
  }
  return tidied(parts);
}

/** Literals side by side put together, empty ones and repeated stars left out. */
export function tidied(parts: readonly (string | Wild)[]): Glob {
  const tidy: (string | Wild)[] = [];
  for (const part of parts) {
    const last = tidy.at(-1);
    if (part === '' || (part === ANY_TEXT && last === ANY_TEXT)) continue;
    if (typeof part === 'string' && typeof last === 'string') tidy[tidy.length - 1] = last + part;
    else tidy.push(part);
  }
  return tidy;
}

/** The text of a glob without wildcards; undefined for one that has some. */
export function literalOf(glob: Glob): string | undefined {
  const [only = '', ...more] = glob;
  return more.length === 0 && typeof only === 'string' ? only : undefined;
}

/** Whether every text matches. */
export const isAnyText = (glob: Glob): boolean => glob.length === 1 && glob[0] === ANY_TEXT;

const isLetter = (character: string): boolean => character.toLowerCase() !== character.toUpperCase();

/** How many characters have an upper and a lower form. */
export const lettersIn = (glob: Glob): number =>
  glob.flatMap((part) => (typeof part === 'string' ? [...part] : [])).filter(isLetter).length;

/** Whether a text matches: a star takes more only when what follows it doesn't fit, so no text takes long. */
export function matchesGlob(glob: Glob, text: string, isCased: boolean): boolean {
  const units = glob.flatMap<string | Wild>((part) => (typeof part === 'string' ? [...folded(part, isCased)] : [part]));
  const wanted = [...folded(text, isCased)];
  let [at, given] = [0, 0];
  let [star, taken] = [-1, 0];
  while (given < wanted.length) {
    const unit = units[at];
    if (unit === ANY_TEXT) [star, taken] = [at++, given];
    else if (unit === ONE_CHARACTER || unit === wanted[given]) [at, given] = [at + 1, given + 1];
    else if (star < 0) return false;
    else [at, given] = [star + 1, ++taken];
  }
  return units.slice(at).every((unit) => unit === ANY_TEXT);
}

const folded = (text: string, isCased: boolean): string => (isCased ? text : text.toLowerCase());
