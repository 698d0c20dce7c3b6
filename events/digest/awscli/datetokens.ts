// A date's text cut into words, numbers and marks, as python-dateutil 2.9 cuts it.

const CLASSES: [RegExp, string][] = [
  [/\p{Alphabetic}/u, 'a'],
  [/\p{Nd}/u, '0'],
];
const classOf = (char: string): string => CLASSES.find(([pattern]) => pattern.test(char))?.[1] ?? (/\s/.test(char) ? ' ' : 'x');

/** Where a number or word that has begun goes on: states are `a`, `0`, and the same after a dot. */
function nextState(state: string, token: string, char: string): string | undefined {
  const kind = classOf(char);
  if (state === 'a') return kind === 'a' ? 'a' : char === '.' ? 'a.' : undefined;
  if (state === '0') return kind === '0' ? '0' : char === '.' || (char === ',' && token.length >= 2) ? '0.' : undefined;
  if (state === 'a.') return char === '.' || kind === 'a' ? 'a.' : kind === '0' && token.endsWith('.') ? '0.' : undefined;
  return char === '.' || kind === '0' ? '0.' : kind === 'a' && token.endsWith('.') ? 'a.' : undefined;
}

/** Dots that turned out to separate rather than mark a decimal: the token falls apart at them. */
function splitDots(token: string, state: string, sawLetters: boolean): string[] {
  if (!state.endsWith('.')) return [token];
  if (sawLetters || token.split('.').length > 2 || /[.,]$/.test(token)) {
    const [first, ...others] = token.split(/([.,])/);
    return [state === '0.' && !first!.includes('.') ? first!.replaceAll(',', '.') : first!, ...others.filter((part) => part !== '')];
  }
  return [state === '0.' && !token.includes('.') ? token.replaceAll(',', '.') : token];
}

/** Cuts the text into runs of letters, runs of digits (with a decimal point) and single other characters. */
export function tokensOf(text: string): string[] {
  const chars = [...text.replaceAll('\0', '')];
  const tokens: string[] = [];
  let at = 0;
  while (at < chars.length) {
    let token = chars[at++]!;
    let state = classOf(token);
    if (state === 'a' || state === '0') {
      let sawLetters = false;
      for (; at < chars.length; at++) {
        sawLetters ||= state.startsWith('a');
        const next = nextState(state, token, chars[at]!);
        if (next === undefined) break;
        token += chars[at]!;
        state = next;
      }
      tokens.push(...splitDots(token, state, sawLetters));
    } else tokens.push(state === ' ' ? ' ' : token);
  }
  return tokens;
}
