// Lists of a deployment in patterns: `$accounts` stands for the values that trailbus.yml gives.

/** Values by the list's name, without its `$`. */
export type Lists = ReadonlyMap<string, readonly string[]>;

/** The lists there are; a name that is none of them is a slip. */
export const LIST_NAMES = ['accounts', 'regions', 'automation', 'logBuckets', 'adminGroups', 'ownRules'] as const;

const LIST = /^\$([A-Za-z]\w*)$/;

/** `accounts` of `$accounts`; undefined for a value that stands for itself. */
export const listNameOf = (value: unknown): string | undefined => (typeof value === 'string' ? LIST.exec(value)?.[1] : undefined);

/** The names of all lists in a value, each once. */
export function listsIn(value: unknown, found = new Set<string>()): Set<string> {
  const name = listNameOf(value);
  if (name !== undefined) found.add(name);
  if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) listsIn(inner, found);
  return found;
}

/**
 * A pattern, or part of one, with values in the lists' places: `["$regions"]` becomes all of them, `[{"wildcard": "$automation"}]` a matcher for each,
 * `[{"anything-but": ["$regions"]}]` one that excludes them all.
 * @param missing  told the name of each list that has no values
 */
export function withLists(value: unknown, lists: Lists, missing: (name: string) => void): unknown {
  const valuesOf = (name: string): readonly string[] => {
    const values = lists.get(name) ?? [];
    if (values.length === 0) missing(name);
    return values;
  };
  return expanded(value, valuesOf);
}

type ValuesOf = (name: string) => readonly string[];

function expanded(value: unknown, valuesOf: ValuesOf): unknown {
  if (Array.isArray(value)) return value.flatMap((item) => expandedItem(item, valuesOf));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, expandedOperand(inner, valuesOf)]));
}

/** One element of a list: a value, or a matcher that may become several. */
function expandedItem(item: unknown, valuesOf: ValuesOf): unknown[] {
  const name = listNameOf(item);
  if (name !== undefined) return [...valuesOf(name)];
  const [[operator, operand] = [], ...more] = typeof item === 'object' && item !== null && !Array.isArray(item) ? Object.entries(item) : [];
  const inOperand = more.length === 0 && operator !== 'anything-but' ? listNameOf(operand) : undefined;
  return inOperand === undefined ? [expanded(item, valuesOf)] : valuesOf(inOperand).map((value) => ({ [operator!]: value }));
}

/** What `anything-but` and its inner operators take as a list stays one matcher. */
function expandedOperand(operand: unknown, valuesOf: ValuesOf): unknown {
  const name = listNameOf(operand);
  return name === undefined ? expanded(operand, valuesOf) : [...valuesOf(name)];
}
