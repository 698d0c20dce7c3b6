// The name somebody probably meant.

/** How many characters must be added, dropped, changed or swapped with their neighbour to make one text of the other; `most + 1` when more than `most`. */
function distance(left: string, right: string, most: number): number {
  if (Math.abs(left.length - right.length) > most) return most + 1;
  let before: number[] = [];
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const same = left[i - 1] === right[j - 1];
      const swapped = i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1];
      const changed = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (same ? 0 : 1));
      next.push(swapped ? Math.min(changed, before[j - 2]! + 1) : changed);
    }
    if (Math.min(...next) > most) return most + 1;
    before = row;
    row = next;
  }
  return row[right.length]!;
}

/** Two characters in a long name may be wrong, one in a short one. */
const mostFor = (name: string): number => (name.length >= 8 ? 2 : name.length >= 4 ? 1 : 0);

/**
 * The candidate that differs least from `name`, when it differs so little that it was probably meant: in case, or in two characters (one in a
 * short name). Undefined when there is none, or when `name` itself is among them.
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const most = mostFor(name);
  const lower = name.toLowerCase();
  let best: string | undefined;
  let least = most + 1;
  for (const candidate of candidates) {
    if (candidate === name) return undefined;
    const other = candidate.toLowerCase();
    const far = other === lower ? 0 : distance(lower, other, Math.min(most, least));
    if (far < least || (far === 0 && best === undefined)) {
      best = candidate;
      least = far;
    }
  }
  return best;
}

/**
 * The same among a few words that are all there may be: less is asked of likeness, for whoever wrote `hgh` or `crit` meant one of them. A word of two or three
 * letters may have one wrong, and the beginning of one word alone is enough.
 */
export function nearestOfFew(name: string, words: readonly string[]): string | undefined {
  if (words.includes(name)) return undefined;
  const near = nearest(name, words) ?? (name.length < 4 ? only(words.filter((word) => isOneOff(name, word))) : undefined);
  return near ?? (name.length < 2 ? undefined : only(words.filter((word) => word.toLowerCase().startsWith(name.toLowerCase()))));
}

const isOneOff = (name: string, word: string): boolean =>
  name.length > 1 && word.length > 1 && distance(name.toLowerCase(), word.toLowerCase(), 1) === 1;

const only = (words: readonly string[]): string | undefined => (words.length === 1 ? words[0] : undefined);

/** The letters of a text in lower case: what is left of a name however its spaces, signs and capitals are set. */
export const lettersOf = (text: string): string => text.toLowerCase().replace(/[^a-z]/g, '');
