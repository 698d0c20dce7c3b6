// CloudWatch Logs' filter patterns for JSON, asked about an event: to compare filters by what they match.
import { fitsWildcards } from '../../events/wildcards.ts';

/** Whether an event matches. */
export type EventFilter = (event: object) => boolean;

/** One token: a symbol, a selector, a text in quotes, a word. */
const TOKEN = /\s*(?:(\|\||&&|!=|<=|>=|[(){}=<>])|(\$(?:\.[\w-]+|\[[^\]]*\])*)|"((?:[^"\\]|\\.)*)"|([^\s(){}&|=!<>"%]+))\s*/y;

interface Token {
  kind: 'symbol' | 'selector' | 'quoted' | 'word';
  text: string;
}

/**
 * The filter of a pattern; undefined where it isn't one for JSON, or uses a regular expression: such filters can't be
 * compared here.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html
 */
export function eventFilter(pattern: string): EventFilter | undefined {
  const tokens = filterTokens(pattern);
  if (tokens === undefined) return undefined;
  try {
    const parser = new FilterParser(tokens);
    return parser.whole();
  } catch (error) {
    if (error instanceof NotComparable) return undefined;
    throw error;
  }
}

class NotComparable extends Error {}

function filterTokens(pattern: string): Token[] | undefined {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < pattern.length) {
    const found = TOKEN.exec(pattern);
    if (found === null) return undefined;
    const at = found.slice(1).findIndex((text) => text !== undefined);
    tokens.push({ kind: (['symbol', 'selector', 'quoted', 'word'] as const)[at]!, text: found[at + 1]! });
  }
  return tokens;
}

/** Most parentheses within each other; a pattern has at most 1024 characters. */
const MAX_DEPTH = 200;

class FilterParser {
  private readonly tokens: readonly Token[];
  private at = 0;
  private depth = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  whole(): EventFilter {
    this.demand('{');
    const filter = this.anyOf();
    this.demand('}');
    if (this.at < this.tokens.length) throw new NotComparable();
    return filter;
  }

  private anyOf(): EventFilter {
    const filters = this.list('||', () => this.allOf());
    return (event) => filters.some((filter) => filter(event));
  }

  private allOf(): EventFilter {
    const filters = this.list('&&', () => this.one());
    return (event) => filters.every((filter) => filter(event));
  }

  private list(between: string, read: () => EventFilter): EventFilter[] {
    const filters = [read()];
    while (this.take(between)) filters.push(read());
    return filters;
  }

  private one(): EventFilter {
    if (!this.take('(')) return this.condition();
    if (++this.depth > MAX_DEPTH) throw new NotComparable();
    const filter = this.anyOf();
    this.demand(')');
    this.depth--;
    return filter;
  }

  private condition(): EventFilter {
    const { kind, text: selector } = this.next();
    if (kind !== 'selector') throw new NotComparable();
    const { kind: operatorKind, text } = this.next();
    if (operatorKind === 'symbol') return comparison(selector, text, this.next());
    return existence(selector, `${text} ${this.next().text}`.toUpperCase());
  }

  private next(): Token {
    const token = this.tokens[this.at++];
    if (token === undefined) throw new NotComparable();
    return token;
  }

  private take(symbol: string): boolean {
    const token = this.tokens[this.at];
    const isIt = token?.kind === 'symbol' && token.text === symbol;
    if (isIt) this.at++;
    return isIt;
  }

  private demand(symbol: string): void {
    if (!this.take(symbol)) throw new NotComparable();
  }
}

function existence(selector: string, words: string): EventFilter {
  const path = pathOf(selector);
  const asks: Readonly<Record<string, (value: unknown) => boolean>> = {
    'NOT EXISTS': (value) => value === undefined,
    'IS NULL': (value) => value === null,
    'IS TRUE': (value) => value === true,
    'IS FALSE': (value) => value === false,
  };
  const asked = Object.hasOwn(asks, words) ? asks[words] : undefined;
  if (asked === undefined) throw new NotComparable();
  return (event) => asked(valueAt(event, path));
}

const isAlike = (value: unknown, wanted: string): boolean =>
  (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') &&
  fitsWildcards(wanted, String(value), { hasQuestionMarks: false });

/** A value that isn't there equals nothing, and differs from nothing. */
const COMPARISONS: Readonly<Record<string, (value: unknown, wanted: string) => boolean>> = {
  '=': isAlike,
  '!=': (value, wanted) => value !== undefined && !isAlike(value, wanted),
  '<': (value, wanted) => Number(value) < Number(wanted),
  '>': (value, wanted) => Number(value) > Number(wanted),
  '<=': (value, wanted) => Number(value) <= Number(wanted),
  '>=': (value, wanted) => Number(value) >= Number(wanted),
};

function comparison(selector: string, operator: string, { kind, text }: Token): EventFilter {
  const compare = COMPARISONS[operator];
  if (compare === undefined || kind === 'symbol') throw new NotComparable();
  const path = pathOf(selector);
  const wanted = kind === 'quoted' ? text.replace(/\\(.)/g, '$1') : text;
  return (event) => compare(valueAt(event, path), wanted);
}

/** `$.userIdentity.type`, `$.resources[0].ARN`, `$['eventName']`. */
const pathOf = (selector: string): string[] =>
  [...selector.matchAll(/\.([\w-]+)|\[\s*["']?([^"'\]]*)["']?\s*\]/g)].map(([, name, index]) => name ?? index ?? '');

const valueAt = (event: object, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined,
    event,
  );
