// `matches-everything`: a pattern that every record satisfies.
import { ALWAYS_THERE, DETAIL_TYPES, sourceFor } from '../../../cloudtrail.ts';
import type { Leaf, Matcher } from '../../ast.ts';
import { excludesNothing } from '../leaves.ts';
import { EVENTBRIDGE_GUIDE, type LintRule, wholePattern } from '../lintrule.ts';

export const matchesEverything: LintRule = {
  id: 'matches-everything',
  severity: 'warning',
  title: 'the pattern matches every record',
  link: `${EVENTBRIDGE_GUIDE}/eb-patterns-best-practices.html`,
  example: { wrong: { source: [{ prefix: 'cloudtrail.' }] }, right: { source: [{ prefix: 'cloudtrail.i' }] } },
  check: (rule) => {
    if (!rule.branches.some((branch) => [...branch].every(([path, leaf]) => alwaysHolds(path, leaf)))) return [];
    const help = 'name an eventSource and eventName, or whatever makes the event worth a rule';
    return [{ message: 'every record matches', help, ...wholePattern(rule) }];
  },
};

function alwaysHolds(path: string, { matchers }: Leaf): boolean {
  const exists = (value: boolean) => matchers.some((matcher) => matcher.kind === 'exists' && matcher.value === value);
  if (exists(true) && exists(false)) return true;
  return ALWAYS_THERE.has(path) && (matchers.some((matcher) => fitsAll(path, matcher)) || excludesNothing(matchers));
}

const reversed = (text: string): string => [...text].reverse().join('');

/** What all texts begin with. */
function sharedBegin(texts: readonly string[]): string {
  const [first = '', ...others] = texts;
  let length = first.length;
  for (const other of others) while (!other.startsWith(first.slice(0, length))) length--;
  return first.slice(0, length);
}

/** What all values of a field have in common. */
const COMMON: Record<string, { begin?: string; end?: string }> = {
  source: { begin: sourceFor('') },
  'detail-type': { begin: sharedBegin(DETAIL_TYPES), end: reversed(sharedBegin(DETAIL_TYPES.map(reversed))) },
  version: { begin: '0' },
};

function fitsAll(path: string, matcher: Matcher): boolean {
  const { begin = '', end = '' } = COMMON[path] ?? {};
  switch (matcher.kind) {
    case 'exists':
      return matcher.value;
    case 'prefix':
      return begin.startsWith(matcher.value);
    case 'suffix':
      return end.endsWith(matcher.value);
    case 'wildcard':
      return matcher.parts.length === 2 && begin.startsWith(matcher.parts[0]!) && end.endsWith(matcher.parts[1]!);
    case 'string':
      return path === 'version' && matcher.value === '0';
    default:
      return false;
  }
}
