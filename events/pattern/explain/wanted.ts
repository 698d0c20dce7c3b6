// What a leaf wants, in few words.
import type { AnythingButMatcher, Bound, Leaf, Matcher, NumericMatcher } from '../ast.ts';

const quoted = (value: string | number) => JSON.stringify(value);

const boundText = (sign: '<' | '>', bound: Bound | undefined) =>
  bound === undefined ? [] : [`${sign}${bound.inclusive ? '=' : ''} ${bound.value}`];

const rangeText = ({ low, high }: NumericMatcher): string =>
  low !== undefined && low === high ? `= ${low.value}` : [...boundText('>', low), ...boundText('<', high)].join(' and ');

function butText({ but }: AnythingButMatcher): string {
  const values = but.values.map((value) => quoted(value)).join(', ');
  const list = but.values.length === 1 ? values : `any of ${values}`;
  return but.kind === 'string' || but.kind === 'number' ? `anything but ${list}` : `anything but ${but.kind} ${list}`;
}

/** One matcher as a person would say it: `prefix "Delete"`, `> 0 and < 1024`, `anything but "x"`. */
export function matcherText(matcher: Matcher): string {
  switch (matcher.kind) {
    case 'string':
      return quoted(matcher.value);
    case 'number':
      return matcher.text;
    case 'literal':
      return String(matcher.value);
    case 'prefix':
    case 'suffix':
      return `${matcher.kind} ${quoted(matcher.value)}${matcher.ignoreCase ? ' in any case' : ''}`;
    case 'equals-ignore-case':
      return `${quoted(matcher.value)} in any case`;
    case 'numeric':
      return rangeText(matcher);
    case 'exists':
      return matcher.value ? 'to exist' : 'not to exist';
    case 'anything-but':
      return butText(matcher);
    default:
      return `${matcher.kind} ${quoted(matcher.value)}`;
  }
}

/** All matchers of a leaf, one of which is enough. */
export const wantedText = ({ matchers }: Leaf): string => matchers.map(matcherText).join(' or ');
