// Values of lists, held against how detections use them: what is no block of addresses can't stand where one must.
import { compile, PatternError } from '../pattern/index.ts';
import type { Condition } from './detection.ts';
import type { Detection } from './detectionfile.ts';
import { type Lists, listNameOf } from './lists.ts';
import { isFields } from './record.ts';

/** A value that a list has and can't have. */
export interface WrongValue {
  list: string;
  at: number;
  message: string;
  help: string | undefined;
}

/** Every value that a detection would be refused with, once. */
export function wrongValues(detections: readonly Detection[], lists: Lists): WrongValue[] {
  const uses = new Map<string, [use: string, list: string]>();
  for (const [use, list] of detections.flatMap(usesIn)) uses.set(`${use} ${list}`, [use, list]);
  return [...uses.values()].flatMap(([use, list]) =>
    (lists.get(list) ?? []).flatMap((value, at) => {
      const error = refusalOf(use, value);
      return error === undefined
        ? []
        : [{ list, at, message: `\`${value}\` is no ${WORDS[use]}: ${error.reason.split('\n')[0]}`, help: error.help }];
    }),
  );
}

/** Matchers of patterns that don't take every text. */
const WORDS: Readonly<Record<string, string>> = { cidr: 'block of addresses', wildcard: 'wildcard' };

function refusalOf(use: string, value: string): PatternError | undefined {
  try {
    compile([{ name: 'value', pattern: { detail: { value: [{ [use]: value }] } } }]);
    return undefined;
  } catch (error) {
    if (error instanceof PatternError) return error;
    throw error;
  }
}

function usesIn({ patterns, where, steps, raise, exclusions }: Detection): [use: string, list: string][] {
  const texts = [
    patterns,
    ...steps.map((step) => step.patterns),
    ...raise.map((each) => each.patterns),
    ...exclusions.map((each) => each.patterns),
  ];
  const conditions = [...where, ...steps.flatMap((step) => step.where), ...raise.flatMap((each) => each.where)];
  return [...texts.flat().flatMap(({ text }) => usesInPattern(JSON.parse(text) as unknown)), ...conditions.flatMap(usesInCondition)];
}

function usesInPattern(value: unknown): [use: string, list: string][] {
  if (Array.isArray(value)) return value.flatMap(usesInPattern);
  if (!isFields(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    Object.hasOwn(WORDS, key) ? namesIn(inner).map((list): [string, string] => [key, list]) : usesInPattern(inner),
  );
}

const namesIn = (value: unknown): string[] => [value].flat().flatMap((each) => (typeof each === 'string' ? (listNameOf(each) ?? []) : []));

function usesInCondition(condition: Condition): [use: string, list: string][] {
  if ('any' in condition) return condition.any.flatMap(usesInCondition);
  if ('none' in condition) return condition.none.flatMap(usesInCondition);
  const of = 'inCidr' in condition ? condition.inCidr : 'notInCidr' in condition ? condition.notInCidr : undefined;
  return namesIn(of?.cidrs ?? []).map((list) => ['cidr', list]);
}
