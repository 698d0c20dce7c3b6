// What a Sigma rule asks, as one expression over the fields of a record.
import { type FieldSet, valuesInEither } from './fieldset.ts';
import type { SigmaNote } from './notes.ts';

/** One question about one field. */
export interface FieldAsked {
  kind: 'field';
  field: string;
  set: FieldSet;
  /** What a pattern says otherwise than Sigma. */
  notes: SigmaNote[];
}

export type Expression =
  | { kind: 'and' | 'or'; of: readonly Expression[] }
  | { kind: 'not'; of: Expression }
  | FieldAsked
  | { kind: 'same'; fields: readonly [string, string] }
  | { kind: 'unsayable'; why: string };

/** Negations only before questions. */
export type NormalExpression =
  | { kind: 'and' | 'or'; of: readonly NormalExpression[] }
  | { kind: 'is' | 'not'; asked: FieldAsked }
  | { kind: 'same' | 'notSame'; fields: readonly [string, string] }
  | { kind: 'unsayable'; why: string; isNegated: boolean };

/** The same with negations moved inwards, lists in lists of one kind put together. */
export function normalOf(expression: Expression, isNegated = false): NormalExpression {
  switch (expression.kind) {
    case 'not':
      return normalOf(expression.of, !isNegated);
    case 'field':
      return { kind: isNegated ? 'not' : 'is', asked: expression };
    case 'same':
      return { kind: isNegated ? 'notSame' : 'same', fields: expression.fields };
    case 'unsayable':
      return { ...expression, isNegated };
    default: {
      const kind = (expression.kind === 'and') === isNegated ? 'or' : 'and';
      const of = expression.of.map((each) => normalOf(each, isNegated)).flatMap((each) => (each.kind === kind ? each.of : [each]));
      return of.length === 1 ? of[0]! : { kind, of: joined(of, kind) };
    }
  }
}

/** Questions to one field, of which one suffices, put as one: their lists go into one list. */
function joined(of: readonly NormalExpression[], kind: 'and' | 'or'): NormalExpression[] {
  const joins: NormalExpression[] = [];
  for (const each of of) {
    const wanted = kind === 'or' ? 'is' : 'not';
    const at = joins.findIndex((other) => each.kind === wanted && other.kind === wanted && other.asked.field === each.asked.field);
    const before = joins[at];
    const both =
      before === undefined ? undefined : eitherOf((before as { asked: FieldAsked }).asked, (each as { asked: FieldAsked }).asked);
    if (both === undefined) joins.push(each);
    else joins[at] = { kind: wanted, asked: both };
  }
  return joins;
}

/** A list of the deployment stays apart: without values nothing is asked by it. */
function eitherOf(one: FieldAsked, other: FieldAsked): FieldAsked | undefined {
  if (one.set.special.length + other.set.special.length > 0) return undefined;
  const set = valuesInEither(one.set, other.set);
  if (set === undefined) return undefined;
  return { ...one, set, notes: [...one.notes, ...other.notes] };
}

/** The other way round. */
export function turned(expression: NormalExpression): NormalExpression {
  switch (expression.kind) {
    case 'and':
    case 'or': {
      const kind = expression.kind === 'and' ? 'or' : 'and';
      return { kind, of: joined(expression.of.map(turned), kind) };
    }
    case 'is':
    case 'not':
      return { kind: expression.kind === 'is' ? 'not' : 'is', asked: expression.asked };
    case 'same':
    case 'notSame':
      return { kind: expression.kind === 'same' ? 'notSame' : 'same', fields: expression.fields };
    default:
      return { ...expression, isNegated: !expression.isNegated };
  }
}

/** Whether nothing is asked to hold, only not to hold. */
export const isNegative = (expression: NormalExpression): boolean => {
  if (expression.kind === 'and' || expression.kind === 'or') return expression.of.every(isNegative);
  return expression.kind === 'unsayable' ? expression.isNegated : expression.kind === 'not' || expression.kind === 'notSame';
};
