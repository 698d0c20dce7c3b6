// Lists of a deployment in patterns: `$accounts` stands for the values that trailbus.yml gives.

/** Values by the list's name, without its `$`. */
export type Lists = ReadonlyMap<string, readonly string[]>;

/** The lists there are; a name that is none of them is a slip. */
export const LIST_NAMES = ['accounts', 'regions', 'automation', 'logBuckets', 'adminGroups', 'ownRules', 'cidrs'] as const;

const LIST = /^\$([A-Za-z]\w*)$/;

/** Names that AWS itself begins with `$`: the newest version of a function or launch template, the stage of an API. */
const AWS_WORDS: ReadonlySet<string> = new Set(['$LATEST', '$Latest', '$Default', '$default']);

/** `accounts` of `$accounts`; undefined for a value that stands for itself. */
export const listNameOf = (value: unknown): string | undefined =>
  typeof value === 'string' && !AWS_WORDS.has(value) ? LIST.exec(value)?.[1] : undefined;

/** Told the name of each list that can't be used, and why; without a reason it has no values. */
export type OnMissing = (name: string, why?: string) => void;

/** The values that a text stands for: itself, or those of the list it names. */
export function valuesOf(value: string, lists: Lists, missing: OnMissing): readonly string[] {
  const name = listNameOf(value);
  if (name === undefined) return [value];
  const values = lists.get(name) ?? [];
  if (values.length === 0) missing(name);
  return values;
}

/**
 * A pattern, or part of one, with values in the lists' places: `["$regions"]` becomes all of them, `[{"wildcard": "$automation"}]` a matcher for each,
 * `[{"anything-but": ["$regions"]}]` one that excludes them all.
 */
export function withLists(value: unknown, lists: Lists, missing: OnMissing): unknown {
  return expanded(value, (text) => valuesOf(text, lists, missing));
}

type ValuesOf = (text: string) => readonly string[];

function expanded(value: unknown, values: ValuesOf): unknown {
  if (Array.isArray(value)) return value.flatMap((item) => expandedItem(item, values));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, expandedOperand(inner, values)]));
}

/** One element of a list: a value, or a matcher that may become several. */
function expandedItem(item: unknown, values: ValuesOf): unknown[] {
  if (typeof item === 'string') return [...values(item)];
  const [[operator, operand] = [], ...more] = typeof item === 'object' && item !== null && !Array.isArray(item) ? Object.entries(item) : [];
  const isOne = operator === undefined || more.length > 0 || operator === 'anything-but' || Array.isArray(operand);
  return isOne ? [expanded(item, values)] : expandedItem(operand, values).map((each) => Object.fromEntries([[operator, each]]));
}

/** What `anything-but` and its inner operators take as a list stays one matcher. */
function expandedOperand(operand: unknown, values: ValuesOf): unknown {
  return listNameOf(operand) === undefined ? expanded(operand, values) : [...values(operand as string)];
}
