// Four bytes of JSON at a time: how many of them stand for themselves inside a string.

/**
 * How many of a little-endian word's first bytes are neither quote, backslash nor a control below 0x20: 0 to 4.
 * Each line marks the top bit of a byte that is zero after its mask is taken off, or below 0x20; a borrow can mark only bytes above a true one, so the lowest mark is exact.
 * @see https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord
 */
export function plainBytes(word: number): number {
  const quotes = word ^ 0x22222222;
  const backslashes = word ^ 0x5c5c5c5c;
  const marks =
    (((quotes - 0x01010101) & ~quotes) | ((backslashes - 0x01010101) & ~backslashes) | ((word - 0x20202020) & ~word)) & 0x80808080;
  return marks === 0 ? 4 : (31 - Math.clz32(marks & -marks)) >> 3;
}
