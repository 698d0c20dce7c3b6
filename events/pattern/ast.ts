// The parsed form of an event pattern: what the matcher, `explain` and `lint` all work from.

/**
 * Where a part of the pattern stands in `Pattern.text`: from `at` up to, not including, `end`.
 * `placeAt(text, at)` of `error.ts` gives line and column.
 */
export interface Span {
  at: number;
  end: number;
}

/** One pattern as it was written. */
export interface Pattern {
  /** The JSON text that was read; of a pattern given as an object, its `JSON.stringify`. */
  text: string;
  root: Fields;
}

/** `{ … }` with fields in it: the pattern itself, a nested object, or one arm of `$or`. `path` is '' at the top. */
export interface Fields extends Span {
  kind: 'fields';
  /** Dotted path of the object; arms of `$or` have the path of the object `$or` stands in. */
  path: string;
  entries: PatternEntry[];
}

export type PatternEntry = Nested | Leaf | Or;

/** `"detail": { … }` */
export interface Nested {
  kind: 'nested';
  key: Key;
  fields: Fields;
}

/** `"eventName": [ … ]`: the field must satisfy at least one of the matchers. */
export interface Leaf extends Span {
  kind: 'leaf';
  key: Key;
  matchers: Matcher[];
}

/** `"$or": [ {…}, {…} ]`: at least one of the arms must hold. `key.path` is the path of the object it stands in. */
export interface Or extends Span {
  kind: 'or';
  key: Key;
  arms: Fields[];
}

/** A key as written (escapes undone), the dotted path it stands for, and its place (quotes included). */
export interface Key extends Span {
  name: string;
  path: string;
}

/** One item of a leaf's list. All strings have their escapes undone. */
export type Matcher = Span &
  (
    | StringMatcher
    | NumberMatcher
    | LiteralMatcher
    | AffixMatcher
    | IgnoreCaseMatcher
    | WildcardMatcher
    | NumericMatcher
    | ExistsMatcher
    | CidrMatcher
    | AnythingButMatcher
  );

export type MatcherKind = Matcher['kind'];

/** `"text"`. `address` is there when the string is an IPv6 literal, which is compared as an address: `2001:DB8::1` equals `2001:db8:0:0:0:0:0:1`. */
export interface StringMatcher {
  kind: 'string';
  value: string;
  address?: Address;
}

/** `5.0`: equal by value; where a double can't hold it (`value` undefined), equal by its text. */
export interface NumberMatcher {
  kind: 'number';
  text: string;
  value: number | undefined;
}

/** `true`, `false`, `null` */
export interface LiteralMatcher {
  kind: 'literal';
  value: true | false | null;
}

/** `{"prefix": "a"}`, `{"suffix": {"equals-ignore-case": "a"}}` */
export interface AffixMatcher {
  kind: 'prefix' | 'suffix';
  value: string;
  ignoreCase: boolean;
}

/** `{"equals-ignore-case": "a"}` */
export interface IgnoreCaseMatcher {
  kind: 'equals-ignore-case';
  value: string;
}

/** `{"wildcard": "a*b"}`: `parts` are the literal pieces between the stars, escapes undone: `['a', 'b']`. */
export interface WildcardMatcher {
  kind: 'wildcard';
  value: string;
  parts: string[];
}

/** One end of a numeric range. */
export interface Bound {
  value: number;
  inclusive: boolean;
}

/** `{"numeric": [">", 0, "<=", 5]}`; `=` is the range from the number to itself, both inclusive. */
export interface NumericMatcher {
  kind: 'numeric';
  low: Bound | undefined;
  high: Bound | undefined;
}

/** `{"exists": true}` */
export interface ExistsMatcher {
  kind: 'exists';
  value: boolean;
}

/** An address as its hexadecimal digits, 8 of them (v4) or 32 (v6), lower case. */
export type Address = string;

/** `{"cidr": "10.0.0.0/8"}`: from `low` to `high`, both inclusive. */
export interface CidrMatcher {
  kind: 'cidr';
  value: string;
  low: Address;
  high: Address;
}

/** `{"anything-but": …}`: what must not be. Numbers and strings are never mixed. */
export interface AnythingButMatcher {
  kind: 'anything-but';
  but:
    | { kind: 'string' | 'prefix' | 'suffix' | 'equals-ignore-case'; values: string[] }
    | { kind: 'wildcard'; values: string[]; parts: string[][] }
    | { kind: 'number'; values: number[] };
}

/** Every leaf of a pattern in the order written, those inside `$or` included. */
export function* leavesOf(fields: Fields): Generator<Leaf> {
  for (const entry of fields.entries) {
    if (entry.kind === 'leaf') yield entry;
    else if (entry.kind === 'nested') yield* leavesOf(entry.fields);
    else for (const arm of entry.arms) yield* leavesOf(arm);
  }
}

/** The values of a list of plain strings; undefined when something else is in it. */
export function plainStrings({ matchers }: Leaf): string[] | undefined {
  const values = matchers.flatMap((matcher) => (matcher.kind === 'string' ? [matcher.value] : []));
  return values.length === matchers.length ? values : undefined;
}
