// Sigma's conditions: `selection and not 1 of filter_*`.
import type { Expression } from './expression.ts';
import { Unsayable } from './notes.ts';

/** What is wrong with a condition, for who wrote it. */
export class ConditionError extends Error {}

/** Most searches of which `2 of them` chooses. */
const MAX_CHOSEN = 8;

/**
 * Reads a condition.
 * @param searches  the rule's search identifiers
 * @throws ConditionError for what is no condition; Unsayable for the counts that Sigma has given up
 * @see https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-rules-specification.md (Condition)
 */
export function conditionOf(text: string, searches: ReadonlyMap<string, Expression>): Expression {
  if (text.includes('|')) throw new Unsayable('counts behind `|` in a condition: Sigma has given them up for correlation rules');
  const reader = new ConditionReader(text, searches);
  return reader.read();
}

class ConditionReader {
  private readonly words: string[];
  private readonly searches: ReadonlyMap<string, Expression>;
  private at = 0;
  private depth = 0;

  constructor(text: string, searches: ReadonlyMap<string, Expression>) {
    this.words = text.match(/[()]|[^\s()]+/g) ?? [];
    this.searches = searches;
  }

  read(): Expression {
    const expression = this.or();
    if (this.at < this.words.length) throw new ConditionError(`has \`${this.words[this.at]}\` where \`and\` or \`or\` is expected`);
    return expression;
  }

  private is(word: string): boolean {
    return this.words[this.at]?.toLowerCase() === word;
  }

  private or(): Expression {
    return this.chain('or', () => this.and());
  }

  private and(): Expression {
    return this.chain('and', () => this.not());
  }

  private chain(kind: 'and' | 'or', next: () => Expression): Expression {
    const of = [next()];
    while (this.is(kind)) {
      this.at++;
      of.push(next());
    }
    return of.length === 1 ? of[0]! : { kind, of };
  }

  private not(): Expression {
    if (!this.is('not')) return this.search();
    this.at++;
    return this.deeper(() => ({ kind: 'not', of: this.not() }));
  }

  private deeper(read: () => Expression): Expression {
    if (++this.depth > 100) throw new ConditionError('is nested too deep');
    const expression = read();
    this.depth--;
    return expression;
  }

  private search(): Expression {
    const word = this.words[this.at++];
    if (word === undefined) throw new ConditionError('ends too early');
    if (word === '(') return this.deeper(() => this.brackets());
    if (this.is('of')) return this.chosen(word.toLowerCase());
    const search = this.searches.get(word);
    if (search !== undefined) return search;
    throw new ConditionError(`names \`${word}\`, which stands nowhere in the detection`);
  }

  private brackets(): Expression {
    const inner = this.or();
    if (this.words[this.at++] !== ')') throw new ConditionError('has a bracket that isn’t closed');
    return inner;
  }

  /** `1 of selection_*`, `all of them`. */
  private chosen(count: string): Expression {
    const pattern = this.words[this.at + 1] ?? '';
    this.at += 2;
    const of = this.named(pattern);
    if (of.length === 0) throw new ConditionError(`names \`${pattern}\`, which stands nowhere in the detection`);
    if (count === 'all') return { kind: 'and', of };
    const least = count === 'any' ? 1 : Number(count);
    if (!Number.isInteger(least) || least < 1) throw new ConditionError(`has \`${count} of\`: write \`1 of\`, \`all of\` or a number`);
    if (least > 1 && of.length > MAX_CHOSEN) throw new Unsayable(`\`${count} of ${pattern}\` chooses from more than ${MAX_CHOSEN}`);
    if (least > of.length) throw new ConditionError(`wants ${count} of ${of.length}`);
    return { kind: 'or', of: combinations(of, least).map((each) => ({ kind: 'and', of: each })) };
  }

  /** Names that begin with an underscore are not among `them`. */
  private named(pattern: string): Expression[] {
    const isAll = pattern.toLowerCase() === 'them';
    const shape = new RegExp(
      `^${pattern
        .split('*')
        .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
        .join('.*')}$`,
    );
    return [...this.searches].filter(([name]) => (isAll ? !name.startsWith('_') : shape.test(name))).map(([, search]) => search);
  }
}

const combinations = (of: readonly Expression[], count: number): Expression[][] =>
  count === 0 ? [[]] : of.flatMap((each, at) => combinations(of.slice(at + 1), count - 1).map((rest) => [each, ...rest]));
