// What several rules ask of one list of a pattern.
import type { Leaf, Matcher } from '../ast.ts';
import { compile } from '../compile.ts';
import type { LintCheck, RawFinding } from './lintrule.ts';

/** A check of each matcher by itself. */
export const perMatcher =
  (look: (matcher: Matcher, leaf: Leaf) => RawFinding[]): LintCheck =>
  ({ leaves }) =>
    leaves.flatMap((leaf) => leaf.matchers.flatMap((matcher) => look(matcher, leaf)));

/** A value that stands in a list as a string, or is named by an operator in it. */
export interface NamedValue {
  value: string;
  kind: string;
  at: number;
  end: number;
}

/** The values that a list names, with their places; of `anything-but` what is excluded is left out. */
export const namedValues = ({ matchers }: Leaf): NamedValue[] =>
  matchers.flatMap((matcher) =>
    'value' in matcher && typeof matcher.value === 'string'
      ? [{ value: matcher.value, kind: matcher.kind, at: matcher.at, end: matcher.end }]
      : [],
  );

/** The lists of a path. */
export const leavesAt = (leaves: readonly Leaf[], path: string): Leaf[] => leaves.filter(({ key }) => key.path === path);

/** Whether a list is satisfied by the absence of its field. */
export const asksAbsence = ({ matchers }: Leaf): boolean => matchers.some((matcher) => matcher.kind === 'exists' && !matcher.value);

/** Whether the engine lets a value, as JSON text, through a list that stands in `text`. */
export const leafHolds = (json: string, leaf: Leaf, text: string): boolean =>
  compile([{ name: 'leaf', pattern: `{"x"${text.slice(leaf.key.end, leaf.end)}}` }]).matchText(`{"x":${json}}`).length > 0;

/** Two `anything-but` that name no value in common: one of them always holds. */
export function excludesNothing(matchers: readonly Matcher[]): boolean {
  const lists = matchers.flatMap((matcher) =>
    matcher.kind === 'anything-but' && (matcher.but.kind === 'string' || matcher.but.kind === 'number')
      ? [new Set<unknown>(matcher.but.values)]
      : [],
  );
  const [first, ...rest] = lists;
  return first !== undefined && rest.length > 0 && [...first].every((value) => rest.some((list) => !list.has(value)));
}

/** A number, `true` or `false` as it is written. */
export function unquoted(matcher: Matcher): string | undefined {
  if (matcher.kind === 'number') return matcher.text;
  return matcher.kind === 'literal' && matcher.value !== null ? String(matcher.value) : undefined;
}

/** Whether a text stands in a list by itself: what is wrong beside it does no harm. */
export const isBeside = (value: string, { matchers }: Leaf): boolean => plainStringsIn(matchers).includes(value);

const plainStringsIn = (matchers: readonly Matcher[]): string[] =>
  matchers.flatMap((matcher) => (matcher.kind === 'string' ? [matcher.value] : []));
