// A pattern's negation, where EventBridge can say it: exclusions of a detection become part of a rule's pattern.

type PatternFields = { [key: string]: unknown };

/** What an EventBridge rule can't say, and why. */
export class CannotSay extends Error {}

export interface PatternLeaf {
  /** `detail.userIdentity.type`. */
  path: string;
  matchers: unknown[];
}

const isFieldsOf = (value: unknown): value is PatternFields => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The leaves of a pattern, those of all arms of `$or` too. */
export function patternLeaves(pattern: unknown, path: readonly string[] = []): PatternLeaf[] {
  if (Array.isArray(pattern)) return [{ path: path.join('.'), matchers: pattern }];
  if (!isFieldsOf(pattern)) return [];
  return Object.entries(pattern).flatMap(([key, inner]) =>
    key === '$or' && Array.isArray(inner) ? inner.flatMap((arm) => patternLeaves(arm, path)) : patternLeaves(inner, [...path, key]),
  );
}

/** PatternFields of a record that hold one value: of a list EventBridge asks whether any element is another, which is no negation. */
const SINGLE = /^detail\.(?:[A-Za-z]+|userIdentity\.(?:[A-Za-z]+|sessionContext\.[A-Za-z]+\.[A-Za-z]+))$/;

/**
 * What a field must be so that no matcher of the list holds.
 * @throws CannotSay
 */
export function negated({ path, matchers }: PatternLeaf): unknown[] {
  if (!SINGLE.test(path)) throw new CannotSay(`an exclusion asks of \`${path}\`, which may be a list`);
  const existence = matchers.flatMap((matcher) => (isFieldsOf(matcher) && 'exists' in matcher ? [matcher['exists']] : []));
  if (existence.length > 0 && matchers.length === 1) return [{ exists: !existence[0] }];
  const [only] = matchers;
  if (matchers.length === 1 && isFieldsOf(only) && 'anything-but' in only)
    return [...plainValues(only['anything-but'], path), { exists: false }];
  return [anythingBut(matchers, path), { exists: false }];
}

const plainValues = (value: unknown, path: string): unknown[] => {
  const values = [value].flat();
  if (values.every((each) => typeof each === 'string' || typeof each === 'number')) return values;
  throw new CannotSay(`an exclusion says what \`${path}\` is not, in a way that can’t be turned round`);
};

/** One `anything-but`: several in a list would let everything through. */
function anythingBut(matchers: readonly unknown[], path: string): object {
  if (matchers.every((matcher) => typeof matcher === 'string')) return { 'anything-but': matchers };
  if (matchers.every((matcher) => typeof matcher === 'number')) return { 'anything-but': matchers };
  return { 'anything-but': { wildcard: matchers.map((matcher) => asWildcard(matcher, path)) } };
}

const escaped = (text: string): string => text.replace(/[\\*]/g, '\\$&');

function asWildcard(matcher: unknown, path: string): string {
  if (typeof matcher === 'string') return escaped(matcher);
  const [[operator, operand] = [], ...more] = isFieldsOf(matcher) ? Object.entries(matcher) : [];
  if (typeof operand === 'string' && more.length === 0) {
    if (operator === 'wildcard') return operand;
    if (operator === 'prefix') return `${escaped(operand)}*`;
    if (operator === 'suffix') return `*${escaped(operand)}`;
  }
  throw new CannotSay(`an exclusion asks of \`${path}\` what has no negation: ${JSON.stringify(matcher)}`);
}

/** A pattern with one more leaf. The pattern that is given stays as it is. @throws CannotSay where it asks of that field already */
export function withLeaf(pattern: object, path: string, matchers: readonly unknown[], why: string): object {
  if (patternLeaves(pattern).some((leaf) => leaf.path === path)) throw new CannotSay(`${why} asks of \`${path}\`, as the pattern does`);
  const [key = '', ...rest] = path.split('.');
  const fields = pattern as PatternFields;
  const inner = isFieldsOf(fields[key]) ? fields[key] : {};
  return { ...fields, [key]: rest.length === 0 ? matchers : withLeaf(inner, rest.join('.'), matchers, why) };
}
