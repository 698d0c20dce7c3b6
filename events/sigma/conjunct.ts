// A whole rule as patterns, conditions and exclusions: each part in the way that says it exactly, if there is one.
import type { Condition } from '../detect/index.ts';
import { type Expression, isNegative, type NormalExpression, normalOf, turned } from './expression.ts';
import { distanceOf, type SigmaNote, turnedOver, Unsayable } from './notes.ts';
import { patternsFor, type SaidPatterns } from './patternsfor.ts';

/** What a rule became. */
interface SaidRule {
  patterns: object[];
  where: Condition[];
  exclusions: object[][];
  notes: SigmaNote[];
}

/**
 * Says a rule: what must hold as patterns and `where`; what must not as part of the patterns too, or as exclusions where patterns can't.
 * @throws Unsayable
 */
export function sayRule(expression: Expression): SaidRule {
  const rule = new RuleSaying();
  const parts = partsOf(normalOf(expression));
  for (const part of [...parts.filter((each) => !isNegative(each)), ...parts.filter(isNegative)]) rule.add(part);
  return rule.said();
}

/** The same, without exclusions where the patterns alone say it exactly: exclusions belong to all steps of a sequence. @throws Unsayable */
export function sayStep(expression: Expression): SaidRule {
  const normal = normalOf(expression);
  const [said] = attempt(() => patternsFor(normal));
  return said !== undefined && !deniesList(normal) && said.notes.length === 0 && said.patterns.length > 0
    ? { ...said, where: [], exclusions: [] }
    : sayRule(expression);
}

const partsOf = (expression: NormalExpression): readonly NormalExpression[] => (expression.kind === 'and' ? expression.of : [expression]);

class RuleSaying {
  private inside: NormalExpression[] = [];
  private current: SaidPatterns = { patterns: [], notes: [] };
  private readonly where: Condition[] = [];
  private readonly exclusions: object[][] = [];
  private readonly notes: SigmaNote[] = [];

  add(part: NormalExpression): void {
    const comparison = comparisonOf(part);
    if (comparison === undefined) this.addBest(part);
    else {
      this.where.push(comparison);
      this.notes.push(...comparisonNotes(part));
    }
  }

  said(): SaidRule {
    const { patterns, notes } = this.inside.length === 0 ? patternsFor({ kind: 'and', of: [] }) : this.current;
    if (patterns.length === 0) throw new Unsayable('no event can fulfil all that it asks');
    return { patterns, where: this.where, exclusions: this.exclusions, notes: [...notes, ...this.notes] };
  }

  /** Inside the patterns where that is exact, else as an exclusion where that is, else whichever can be said. */
  private addBest(part: NormalExpression): void {
    const [inside, why] = attempt(() => patternsFor({ kind: 'and', of: [...this.inside, part] }));
    const [outside] = attempt(() => patternsFor(turned(part)));
    const isLonger = isNegative(part) && fieldsOf(part).size > 1 && part.kind === 'or';
    const insideCosts =
      inside === undefined || (outside !== undefined && deniesList(part))
        ? Infinity
        : distanceOf(inside.notes) - distanceOf(this.current.notes) + (isLonger ? 0.5 : 0);
    const outsideCosts = outside === undefined ? Infinity : distanceOf(outside.notes) + (isLonger ? 0 : 0.5);
    if (inside !== undefined && insideCosts <= outsideCosts) {
      this.inside.push(part);
      this.current = inside;
    } else if (outside !== undefined) this.exclude(outside);
    else if (isNegative(part)) this.notes.push({ finds: 'more', words: `an exception is left out: ${why}`, isLoss: true });
    else throw new Unsayable(why);
  }

  private exclude({ patterns, notes }: SaidPatterns): void {
    if (patterns.length > 0) this.exclusions.push(patterns);
    this.notes.push(...turnedOver(notes));
  }
}

function attempt(make: () => SaidPatterns): [SaidPatterns | undefined, string] {
  try {
    return [make(), ''];
  } catch (error) {
    if (!(error instanceof Unsayable)) throw error;
    return [undefined, error.message];
  }
}

/** A detection whose patterns name a list without values is off; an exclusion that does is only void. */
const deniesList = (expression: NormalExpression): boolean => {
  if (expression.kind === 'and' || expression.kind === 'or') return expression.of.some(deniesList);
  return expression.kind === 'not' && expression.asked.set.special.some((each) => 'wildcard' in each);
};

function fieldsOf(expression: NormalExpression): Set<string> {
  if (expression.kind === 'and' || expression.kind === 'or') return new Set(expression.of.flatMap((each) => [...fieldsOf(each)]));
  return new Set(expression.kind === 'is' || expression.kind === 'not' ? [expression.asked.field] : []);
}

/** As a condition of `where`; undefined for what asks anything else than two fields. */
function comparisonOf(expression: NormalExpression): Condition | undefined {
  if (expression.kind === 'same') return { same: [...expression.fields] };
  if (expression.kind === 'notSame') return { none: [{ same: [...expression.fields] }] };
  if (expression.kind !== 'and' && expression.kind !== 'or') return undefined;
  const of = expression.of.map(comparisonOf);
  if (!of.every((each) => each !== undefined)) return undefined;
  return expression.kind === 'or' ? { any: of } : { none: of.map((each) => ({ none: [each] })) };
}

const comparisonNotes = (expression: NormalExpression): SigmaNote[] =>
  comparisonOf(expression) === undefined
    ? []
    : [
        {
          finds: isNegative(expression) ? 'more' : 'less',
          words: 'two fields are compared as they are written, upper and lower case told apart',
        },
      ];
