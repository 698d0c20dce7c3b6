// What a record adds to windows: the values they count by.
import { createHash } from 'node:crypto';
import type { ObjectKey } from '../objectkey.ts';
import { isComputed, isOfCaller, valueBy } from './countedby.ts';
import type { WindowFields } from './detection.ts';
import type { WindowMark } from './hit.ts';
import { isScalar, LazyRecord, plainText, valuesAt } from './record.ts';

/** Most different values that one record adds to a `distinct` window: a caller may write a list of any length. */
export const MAX_VALUES = 100;
/** Longest value, in characters: longer ones are told apart by a hash. */
const MAX_VALUE = 256;

/** Gives what a record adds to a window; nothing where it lacks what the window counts by. `step` is the one that it is of a sequence. */
export type MarksOf = (record: unknown, objectKey: ObjectKey, step: number | undefined) => WindowMark[];

/** @param name  see `WindowMark` */
export function compileMarks(name: string, window: WindowFields): MarksOf {
  const keyOf = compileKey([window.by].flat());
  const valuesIn = valuesCounted(window);
  return (record, objectKey, step) => {
    const key = keyOf(record, objectKey);
    if (key === undefined) return [];
    if (valuesIn !== undefined) return valuesIn(record, objectKey).map((value) => ({ window: name, key, value }));
    return [step === undefined ? { window: name, key } : { window: name, key, step }];
  };
}

/** What a window counts a record by; where that is the caller alone, one key for all records of the same. */
function compileKey(by: readonly string[]): (record: unknown, objectKey: ObjectKey) => string[] | undefined {
  if (by.some((name) => !isOfCaller(name))) return (record, objectKey) => valuesBy(record, objectKey, by);
  return (record, objectKey) =>
    record instanceof LazyRecord ? record.ofCaller(by, () => valuesBy(record, objectKey, by)) : valuesBy(record, objectKey, by);
}

/** Of `distinct` the values that are counted, of `firstSeen` the values together; undefined for windows that count events. */
function valuesCounted(window: WindowFields): ((record: unknown, objectKey: ObjectKey) => string[]) | undefined {
  if ('distinct' in window) return (record, objectKey) => distinctValues(record, objectKey, window.distinct);
  if (!('firstSeen' in window)) return undefined;
  const names = [window.firstSeen].flat();
  return (record, objectKey) => {
    const seen = valuesBy(record, objectKey, names);
    return seen === undefined ? [] : [JSON.stringify(seen)];
  };
}

/** The values of all of them, or undefined where one is missing. */
function valuesBy(record: unknown, objectKey: ObjectKey, names: readonly string[]): string[] | undefined {
  const values: string[] = [];
  for (const name of names) {
    const value = valueBy(record, objectKey, name);
    if (value === undefined) return undefined;
    values.push(bounded(value));
  }
  return values;
}

function distinctValues(record: unknown, objectKey: ObjectKey, name: string): string[] {
  const alone = isComputed(name) ? valueBy(record, objectKey, name) : plainText(record, name);
  if (alone !== undefined || isComputed(name)) return alone === undefined ? [] : [bounded(alone)];
  const texts = valuesAt(record, name).filter(isScalar).map(String);
  return texts.length < 2 ? texts.map(bounded) : [...new Set(texts)].slice(0, MAX_VALUES).map(bounded);
}

const bounded = (value: string): string =>
  value.length <= MAX_VALUE ? value : `${value.slice(0, 200)}… sha256:${createHash('sha256').update(value).digest('hex').slice(0, 32)}`;
