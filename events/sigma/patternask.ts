// Event patterns as Sigma asks.
import { listNameOf } from '../detect/index.ts';
import {
  type AnythingButMatcher,
  type Branch,
  branchesOf,
  type Leaf,
  type Matcher,
  type NumericMatcher,
  parsePattern,
} from '../pattern/index.ts';
import { joinedAsk, type KeyAsk, keyAsk, notAsk, type SigmaAsk, type SigmaValue } from './ask.ts';
import { Unsayable } from './notes.ts';

/**
 * What patterns ask, of which any may match.
 * @throws Unsayable
 */
export function patternsAsk(texts: readonly string[]): SigmaAsk {
  for (const text of texts) refuseBlocksOfList(text);
  const branches = texts.flatMap((text) => branchesOf(parsePattern(text).root));
  const common = [...(branches[0] ?? new Map<string, Leaf>())].filter(([path, leaf]) =>
    branches.every((branch) => isSameLeaf(branch.get(path), leaf)),
  );
  const names = new Set(common.map(([path]) => path));
  const arms = branches.map((branch) => [...branch].filter(([path]) => !names.has(path)));
  const asks = common.map(([path, leaf]) => leafAsk(path, leaf));
  const isOne = arms.some((arm) => arm.length === 0);
  return joinedAsk('and', isOne ? asks : [...asks, joinedAsk('or', arms.map(armAsk))]);
}

/** Where a pattern has `{ cidr: $list }`, it is read only once the list's blocks stand there. */
function refuseBlocksOfList(text: string): void {
  const [, list] = /"cidr"\s*:\s*"(\$\w+)"/.exec(text) ?? [];
  if (list !== undefined) throw new Unsayable(blocksOfListWords(list));
}

/** The modifier `cidr` takes blocks alone: what `expand` would put in comes too late for it. */
export const blocksOfListWords = (list: string): string =>
  `an address is compared with the blocks of \`${list}\`, and Sigma has no placeholder for blocks`;

const armAsk = (arm: readonly (readonly [string, Leaf])[]): SigmaAsk =>
  joinedAsk(
    'and',
    arm.map(([path, leaf]) => leafAsk(path, leaf)),
  );

const isSameLeaf = (one: ReturnType<Branch['get']>, other: Leaf): boolean =>
  one !== undefined && JSON.stringify(one.matchers.map(withoutPlace)) === JSON.stringify(other.matchers.map(withoutPlace));
const withoutPlace = ({ at: _, end: __, ...matcher }: Matcher) => matcher;

/** Sigma asks the record, not the envelope around it; a service is in both. */
function fieldOf(path: string, { matchers }: Leaf): { field: string; ending: string } {
  if (path.startsWith('detail.')) return { field: path.slice('detail.'.length), ending: '' };
  const isService = path === 'source' && matchers.every((matcher) => matcher.kind === 'string' && matcher.value.startsWith(SOURCE));
  if (!isService) throw new Unsayable(`\`${path}\` belongs to the event’s envelope: Sigma asks the record`);
  return { field: 'eventSource', ending: '.amazonaws.com' };
}

const SOURCE = 'cloudtrail.';

function leafAsk(path: string, leaf: Leaf): SigmaAsk {
  const { field, ending } = fieldOf(path, leaf);
  const isAbsentFine = leaf.matchers.some((matcher) => matcher.kind === 'exists' && !matcher.value);
  const hasBut = leaf.matchers.some(({ kind }) => kind === 'anything-but');
  const keyed = new Map<string, SigmaValue[]>();
  const others: SigmaAsk[] = [];
  for (const matcher of leaf.matchers) {
    if (hasBut && matcher.kind === 'exists' && !matcher.value) continue;
    if (ending !== '' && matcher.kind === 'string') matcher.value = matcher.value.slice(SOURCE.length) + ending;
    const ask = matcherAsk(field, matcher, isAbsentFine);
    if (ask?.kind === 'key' && ask.values.length === 1) keyed.set(ask.key, [...(keyed.get(ask.key) ?? []), ask.values[0]!]);
    else if (ask !== undefined) others.push(ask);
  }
  return joinedAsk('or', [...[...keyed].map(([key, values]) => keyAsk(key, ...values)), ...others]);
}

function matcherAsk(field: string, matcher: Matcher, isAbsentFine: boolean): SigmaAsk | undefined {
  switch (matcher.kind) {
    case 'string':
    case 'equals-ignore-case':
      return textAsk(field, '', matcher.value);
    case 'prefix':
    case 'suffix':
      return matcher.value === ''
        ? keyAsk(field, '*')
        : textAsk(field, matcher.kind === 'prefix' ? '|startswith' : '|endswith', matcher.value);
    case 'wildcard':
      return listNameOf(matcher.value) === undefined ? wildcardAsk(field, matcher.parts) : textAsk(field, '', matcher.value);
    case 'number':
      return keyAsk(field, Number(matcher.text));
    case 'literal':
      return literalAsk(field, matcher.value, isAbsentFine);
    case 'exists':
      return keyAsk(`${field}|exists`, matcher.value);
    case 'cidr':
      return keyAsk(`${field}|cidr`, matcher.value);
    case 'numeric':
      return rangeAsk(field, matcher);
    default:
      return butAsk(field, matcher, isAbsentFine);
  }
}

/** Sigma's null is a field that isn't there, too. */
function literalAsk(field: string, value: boolean | null, isAbsentFine: boolean): SigmaAsk {
  if (value !== null || isAbsentFine) return keyAsk(field, value);
  return joinedAsk('and', [keyAsk(field, null), keyAsk(`${field}|exists`, true)]);
}

/** A list of the deployment is a placeholder. */
function textAsk(field: string, modifier: string, text: string): KeyAsk {
  const list = listNameOf(text);
  if (list === undefined) return keyAsk(field + modifier, escapedText(text));
  if (modifier !== '') throw new Unsayable(`\`${field}\`: a placeholder can’t be the beginning or end of a text`);
  return keyAsk(`${field}|expand`, `%${list}%`);
}

const escapedText = (text: string): string => text.replace(/[*?\\]/g, '\\$&');

function wildcardAsk(field: string, parts: readonly string[]): KeyAsk {
  const text = parts.map(escapedText);
  const isInside = parts.length > 2 && parts[0] === '' && parts.at(-1) === '';
  return isInside ? keyAsk(`${field}|contains`, text.slice(1, -1).join('*')) : keyAsk(field, text.join('*'));
}

function rangeAsk(field: string, { low, high }: NumericMatcher): SigmaAsk {
  if (low !== undefined && low.value === high?.value) return keyAsk(field, low.value);
  return joinedAsk('and', [
    ...(low === undefined ? [] : [keyAsk(`${field}|${low.inclusive ? 'gte' : 'gt'}`, low.value)]),
    ...(high === undefined ? [] : [keyAsk(`${field}|${high.inclusive ? 'lte' : 'lt'}`, high.value)]),
  ]);
}

/** Sigma’s `not` holds where the field is absent; `anything-but` doesn’t, unless that stands beside it. */
function butAsk(field: string, { but }: AnythingButMatcher, isAbsentFine: boolean): SigmaAsk {
  const asks =
    but.kind === 'wildcard' ? but.parts.map((parts, at) => excludedWildcard(field, parts, but.values[at]!)) : excludedValues(field, but);
  const keyed = new Map<string, SigmaValue[]>();
  for (const { key, values } of asks) keyed.set(key, [...(keyed.get(key) ?? []), ...values]);
  const excluded = notAsk(
    joinedAsk(
      'or',
      [...keyed].map(([key, values]) => keyAsk(key, ...values)),
    ),
  );
  return isAbsentFine ? excluded : joinedAsk('and', [keyAsk(`${field}|exists`, true), excluded]);
}

const excludedWildcard = (field: string, parts: readonly string[], value: string): KeyAsk =>
  listNameOf(value) === undefined ? wildcardAsk(field, parts) : textAsk(field, '', value);

const MODIFIERS = { string: '', 'equals-ignore-case': '', prefix: '|startswith', suffix: '|endswith' };

const excludedValues = (field: string, but: Exclude<AnythingButMatcher['but'], { kind: 'wildcard' }>): KeyAsk[] =>
  but.kind === 'number' ? [keyAsk(field, ...but.values)] : but.values.map((value) => textAsk(field, MODIFIERS[but.kind], value));
