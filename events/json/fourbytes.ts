// Four bytes of JSON at a time: how many of them stand for themselves inside a string.

/**
 * Marks the bytes of a little-endian word that are a quote, a backslash or a control below 0x20, by their top bits; 0 when there are none.
 * Only the lowest mark is sure: a borrow can mark bytes above a true one.
 * @see https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord
 */
export function specialBytes(word: number): number {
  const quotes = word ^ 0x22222222;
  const backslashes = word ^ 0x5c5c5c5c;
  return (((quotes - 0x01010101) & ~quotes) | ((backslashes - 0x01010101) & ~backslashes) | ((word - 0x20202020) & ~word)) & 0x80808080;
}

/** How many bytes stand before the lowest mark. */
export const bytesBefore = (marks: number): number => (31 - Math.clz32(marks & -marks)) >> 3;
