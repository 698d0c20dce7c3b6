// Values in a parsed record, by dotted path.

export type RecordFields = Record<string, unknown>;

export const isFields = (value: unknown): value is RecordFields => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * All values at a path, arrays gone from it: of `items.cidrIp` that of every item. As in event patterns a key may hold dots itself
 * (`SecurityGroupRule.CidrIpv4`). Own properties only.
 */
export function valuesAt(value: unknown, path: string): unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, path));
  if (path === '') return [value];
  if (!isFields(value)) return [];
  return beginningsOf(path).flatMap(([key, rest]) => (Object.hasOwn(value, key) ? valuesAt(value[key], rest) : []));
}

/** The first text, number or boolean at a path, as text. */
export function textAt(record: unknown, path: string): string | undefined {
  const value = valuesAt(record, path).find((each) => each !== null && typeof each !== 'object');
  return value === undefined ? undefined : String(value);
}

const BEGINNINGS = new Map<string, [key: string, rest: string][]>();

/** `a.b` as the key `a` with `b` after it, and as the key `a.b` with nothing. Paths come from detections: there are few. */
function beginningsOf(path: string): [key: string, rest: string][] {
  const known = BEGINNINGS.get(path);
  if (known !== undefined) return known;
  const steps = path.split('.');
  const beginnings = steps.map((_, at): [string, string] => [steps.slice(0, at + 1).join('.'), steps.slice(at + 1).join('.')]);
  BEGINNINGS.set(path, beginnings);
  return beginnings;
}
