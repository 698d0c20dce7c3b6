// Texts with wildcards, compared in a time that no pattern can blow up.

/** Whether a text fits a pattern where `*` is any text, and `?` one character where that is said. */
export function fitsWildcards(pattern: string, text: string, { hasQuestionMarks = true } = {}): boolean {
  let [at, read] = [0, 0];
  // Where the last star stands, and how far it has been stretched.
  let [star, stretched] = [-1, 0];
  while (read < text.length) {
    if (pattern[at] === '*') [star, stretched, at] = [at, read, at + 1];
    else if (at < pattern.length && ((hasQuestionMarks && pattern[at] === '?') || pattern[at] === text[read]))
      [at, read] = [at + 1, read + 1];
    else if (star >= 0) [stretched, read, at] = [stretched + 1, stretched + 1, star + 1];
    else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}
