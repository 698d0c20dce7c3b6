// The text of a `wildcard` matcher taken apart at its stars.

const STAR = 0x2a;
const BACKSLASH = 0x5c;

/**
 * UTF-8 length of the text before `index`, plus one for the opening quote: how EventBridge counts positions in a wildcard. A half surrogate is one
 * byte, the question mark Java puts in its place.
 */
const positionIn = (text: string, index: number): number =>
  new TextEncoder().encode(text.slice(0, index).replace(/\p{Surrogate}/gu, '?')).length + 1;

/**
 * The literal pieces between the stars of a wildcard, `\*` and `\\` undone: `a*b\*` is `['a', 'b*']`.
 *
 * @throws RangeError with EventBridge's words
 */
export function wildcardParts(text: string): string[] {
  const parts: string[] = [];
  let part = '';
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    const next = text.charCodeAt(index + 1);
    if (unit === STAR && next === STAR) throw new RangeError(`Consecutive wildcard characters at pos ${positionIn(text, index)}`);
    if (unit === BACKSLASH && next !== STAR && next !== BACKSLASH)
      throw new RangeError(`Invalid escape character at pos ${positionIn(text, index)}`);
    if (unit !== STAR) {
      part += unit === BACKSLASH ? text[++index] : text[index];
      continue;
    }
    parts.push(part);
    part = '';
  }
  return [...parts, part];
}
