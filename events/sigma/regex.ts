// Sigma's regular expressions as globs, where they are no more than texts, choices and wildcards.
import { ANY_TEXT, type Glob, ONE_CHARACTER, tidied, type Wild } from './glob.ts';

interface RegexGlobs {
  globs: Glob[];
  /** Whether a `.` is left in them: it stops at line breaks, a wildcard doesn't. */
  hasDots: boolean;
}

const START = { anchor: '^' } as const;
const END = { anchor: '$' } as const;
type Part = string | Wild | typeof START | typeof END;
/** One of the texts that an expression may stand for. */
type Way = readonly Part[];

/** Most ways an expression may have. */
const MAX_WAYS = 64;
/** Most characters of `[…]`, and repeats of `{n}`. */
const MAX_CLASS = 16;

/** Thrown for what is more than a glob; the message says what. */
export class RegexTooRich extends Error {}

/**
 * What a regular expression finds, as globs of which any may match the whole text.
 * @throws RegexTooRich
 */
export function globsOfRegex(text: string): RegexGlobs {
  const ways = new RegexReader(text).read();
  const globs = ways.map(globOfWay);
  return { globs, hasDots: ways.some((way) => withoutEnds(way).some((part) => part === ANY_TEXT || part === ONE_CHARACTER)) };
}

/** What is found anywhere has any text before and behind it. */
function globOfWay(way: Way): Glob {
  const [first, last] = [way[0] === START, way.length > 0 && way.at(-1) === END];
  const inner = way.slice(first ? 1 : 0, last ? -1 : undefined);
  if (inner.some((part) => part === START || part === END)) throw new RegexTooRich('has `^` or `$` inside');
  return tidied([...(first ? [] : [ANY_TEXT]), ...(inner as (string | Wild)[]), ...(last ? [] : [ANY_TEXT])]);
}

/** Without the `.*` at either end, which find nothing that isn't found without them. */
function withoutEnds(way: Way): Way {
  const begin = way[0] === ANY_TEXT ? 1 : 0;
  return way.slice(begin, way.length > begin && way.at(-1) === ANY_TEXT ? -1 : undefined);
}

class RegexReader {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  read(): Way[] {
    const ways = this.choice();
    if (this.at < this.text.length) throw new RegexTooRich('has a bracket that isn’t opened');
    return ways;
  }

  private choice(): Way[] {
    const ways = this.sequence();
    while (this.text[this.at] === '|') {
      this.at++;
      ways.push(...this.sequence());
    }
    return bounded(ways);
  }

  private sequence(): Way[] {
    let ways: Way[] = [[]];
    while (this.at < this.text.length && !'|)'.includes(this.text[this.at]!)) {
      const next = this.repeated(this.item());
      ways = bounded(ways.flatMap((way) => next.map((more) => [...way, ...more])));
    }
    return ways;
  }

  private item(): Way[] {
    const unit = this.text[this.at++]!;
    if (unit === '^') return [[START]];
    if (unit === '$') return [[END]];
    if (unit === '.') return [[ONE_CHARACTER]];
    if (unit === '(') return this.group();
    if (unit === '[') return this.characters();
    if (unit === '\\') return [[this.escaped()]];
    if ('*+?{'.includes(unit)) throw new RegexTooRich(`has \`${unit}\` where nothing can be repeated`);
    return [[unit]];
  }

  private group(): Way[] {
    if (this.text.startsWith('?:', this.at)) this.at += 2;
    else if (this.text[this.at] === '?') throw new RegexTooRich('looks ahead or behind');
    const ways = this.choice();
    if (this.text[this.at++] !== ')') throw new RegexTooRich('has a bracket that isn’t closed');
    return ways;
  }

  private escaped(): string {
    const unit = this.text[this.at++] ?? '';
    if (unit === '' || /[A-Za-z0-9]/.test(unit)) throw new RegexTooRich(`has \`\\${unit}\``);
    return unit;
  }

  private characters(): Way[] {
    const end = this.text.indexOf(']', this.at + 1);
    const inside = this.text.slice(this.at, end);
    if (end < 0 || /^\^|\\[A-Za-z0-9]|\[:/.test(inside)) throw new RegexTooRich(`has \`[${inside}]\``);
    this.at = end + 1;
    const all = charactersIn(inside);
    if (all.length > MAX_CLASS) throw new RegexTooRich(`has \`[${inside}]\``);
    return all.map((each) => [each]);
  }

  /** With what stands behind it: `?`, `{2}`, of a `.` also `*` and `+`. */
  private repeated(item: Way[]): Way[] {
    const [all, count] = /^(?:\{(\d+)\}|[*+?])/.exec(this.text.slice(this.at)) ?? [];
    if (all === undefined) {
      if (this.text[this.at] === '{') throw new RegexTooRich('has a number of repeats that isn’t fixed');
      return item;
    }
    this.at += all.length;
    if ('+?'.includes(this.text[this.at] ?? ' ') && all !== '?') throw new RegexTooRich(`has \`${all}${this.text[this.at]}\``);
    const isDot = item.length === 1 && item[0]!.length === 1 && item[0]![0] === ONE_CHARACTER;
    if (all === '?') return [...item, []];
    if (count !== undefined) return times(item, Number(count));
    if (!isDot) throw new RegexTooRich(`repeats with \`${all}\``);
    return all === '*' ? [[ANY_TEXT]] : [[ONE_CHARACTER, ANY_TEXT]];
  }
}

function bounded(ways: Way[]): Way[] {
  if (ways.length > MAX_WAYS) throw new RegexTooRich(`stands for more than ${MAX_WAYS} texts`);
  return ways;
}

function times(item: Way[], count: number): Way[] {
  if (count > MAX_CLASS) throw new RegexTooRich(`repeats ${count} times`);
  let ways: Way[] = [[]];
  for (let left = count; left > 0; left--) ways = bounded(ways.flatMap((way) => item.map((more) => [...way, ...more])));
  return ways;
}

/** `a-c_` as its characters. */
const charactersIn = (inside: string): string[] =>
  [...inside.replace(/\\(.)/g, '$1').matchAll(/(.)-(.)|./gs)].flatMap(([one, from, to]) => {
    if (from === undefined || to === undefined) return [one];
    const [low, high] = [from.charCodeAt(0), to.charCodeAt(0)];
    if (high - low >= MAX_CLASS) throw new RegexTooRich(`has \`[${inside}]\``);
    return Array.from({ length: Math.max(0, high - low + 1) }, (_, more) => String.fromCharCode(low + more));
  });
