// An event as patterns see it: leaves by dotted path, arrays gone from the paths.

export type Scalar = string | number | boolean | null;

/** A value and where it stands: `at` names it with its array elements, `items[1].cidrIp`. */
export interface ValueAt {
  value: Scalar;
  at: string;
}

export type Shape = 'object' | 'array' | 'empty array' | 'empty object';

export interface View {
  /** Values of every leaf, in the order of the event. */
  leaves: Map<string, ValueAt[]>;
  /** What stands at a path that is no leaf. */
  shapes: Map<string, Shape>;
}

const joined = (path: string, key: string) => (path === '' ? key : `${path}.${key}`);

/** Reads an event. Nesting deeper than a hundred levels is left out: this is only for telling a person what is there. */
export function viewOf(event: unknown): View {
  const view: View = { leaves: new Map(), shapes: new Map() };
  add(view, event, '', '', 0);
  return view;
}

function add(view: View, value: unknown, path: string, at: string, depth: number): void {
  if (depth > 100) return;
  if (Array.isArray(value)) {
    view.shapes.set(path, value.length === 0 ? 'empty array' : (view.shapes.get(path) ?? 'array'));
    for (const [index, item] of value.entries()) add(view, item, path, `${at}[${index}]`, depth + 1);
  } else if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    view.shapes.set(path, entries.length === 0 ? 'empty object' : 'object');
    for (const [key, item] of entries) add(view, item, joined(path, key), joined(at, key), depth + 1);
  } else {
    const found = view.leaves.get(path) ?? [];
    found.push({ value: value as Scalar, at });
    view.leaves.set(path, found);
  }
}

/** Every key there is, leaf or not. */
export const pathsOf = ({ leaves, shapes }: View): string[] => [...new Set([...leaves.keys(), ...shapes.keys()])].filter(Boolean);

/** The longest beginning of a path that exists in the event, '' when none does. */
export function existingPart(view: View, path: string): string {
  const steps = path.split('.');
  for (let count = steps.length; count > 0; count--) {
    const part = steps.slice(0, count).join('.');
    if (view.leaves.has(part) || view.shapes.has(part)) return part;
  }
  return '';
}
