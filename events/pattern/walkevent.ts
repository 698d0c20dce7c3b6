// Reads an event that is already an object, along the paths rules use.
import { EventError } from './error.ts';
import { type EventValues, TOP } from './eventvalues.ts';
import type { Field } from './field.ts';
import type { PathNode } from './paths.ts';
import { outcomeOfText } from './scanevent.ts';

/** Reads the fields of an object whose paths begin at `root`. */
export function walkObject(event: object, root: PathNode, values: EventValues): void {
  // An own stack: events may be nested deeper than calls can be.
  const open: [unknown, PathNode, number][] = [[event, root, TOP]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) walkValue(...next, values, open);
}

type Open = [unknown, PathNode, number][];

function walkValue(value: unknown, node: PathNode, context: number, values: EventValues, open: Open): void {
  if (Array.isArray(value)) walkArray(value, node, context, values, open);
  else if (typeof value === 'object' && value !== null) walkFields(value, node, context, open);
  else if (node.field !== undefined) takeScalar(value, node.field, context, values);
}

function walkFields(value: object, node: PathNode, context: number, open: Open): void {
  if (node.children.size === 0) return;
  for (const key of Object.keys(value)) {
    const child = node.find(key);
    if (child !== undefined) open.push([(value as Record<string, unknown>)[key], child, context]);
  }
}

function walkArray(items: unknown[], node: PathNode, context: number, values: EventValues, open: Open): void {
  const array = values.arrayCount++;
  for (const value of items) {
    const opens = typeof value === 'object' && value !== null;
    if (opens) open.push([value, node, values.openElement(array, context)]);
    else if (node.field !== undefined) takeScalar(value, node.field, context, values);
  }
}

function takeScalar(value: unknown, field: Field, context: number, values: EventValues): void {
  const outcome = outcomeOfScalar(value, field);
  if (outcome !== undefined) values.add(field, outcome, context);
}

/** Undefined for what JSON doesn't have (`undefined`, functions, symbols): as if the key weren't there. */
function outcomeOfScalar(value: unknown, field: Field): number | undefined {
  if (typeof value === 'string') return outcomeOfText(field, value);
  if (typeof value === 'number') return field.matcher.ofParsedNumber(value);
  if (typeof value === 'bigint') return field.matcher.ofNumberText(String(value));
  if (typeof value === 'boolean') return value ? field.matcher.ofTrue : field.matcher.ofFalse;
  if (value === null) return field.matcher.ofNull;
  return undefined;
}

/** Refuses what isn't a JSON object. */
export function checkObject(event: unknown): asserts event is object {
  if (typeof event !== 'object' || event === null || Array.isArray(event)) throw new EventError('an event must be a JSON object');
}
