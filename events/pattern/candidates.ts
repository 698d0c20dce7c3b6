// Which branches hold for the outcomes of an event's fields, looking only at those that may.
import type { Matcher } from './ast.ts';
import type { EventValues } from './eventvalues.ts';
import { type Bits, type Clause, type Field, hasBit } from './field.ts';

/** One branch of one rule. */
export interface CompiledBranch {
  rule: RuleName;
  clauses: Clause[];
}

/** A rule's name and its place among the rules. */
export interface RuleName {
  name: string;
  order: number;
}

/** The names of the branches' rules in rule order, each once; puts the branches into that order. */
export function namesOf(branches: CompiledBranch[]): string[] {
  sortByRule(branches);
  const names: string[] = [];
  let last = -1;
  for (const { rule } of branches) {
    if (rule.order !== last) names.push(rule.name);
    last = rule.order;
  }
  return names;
}

/** Few branches hold, and nearly in order: inserting each where it belongs beats a general sort. */
function sortByRule(branches: CompiledBranch[]): void {
  if (branches.length > 100) branches.sort((left, right) => left.rule.order - right.rule.order);
  for (let index = 1; index < branches.length; index++) {
    const branch = branches[index]!;
    let place = index;
    for (; place > 0 && branches[place - 1]!.rule.order > branch.rule.order; place--) branches[place] = branches[place - 1]!;
    branches[place] = branch;
  }
}

/** A branch without its key clause: what is left to check once that holds, the clause most likely to fail first. */
interface Candidate {
  branch: CompiledBranch;
  rest: Clause[];
}

/**
 * Every branch waits at one of its clauses, its key: the one least likely to hold. An event is asked only about branches whose key holds, which
 * each outcome of a field knows once it was met, so the cost of an event depends on how many rules nearly match, not on how many there are.
 */
export class Candidates {
  /** By field number: branches by the clause they wait at. */
  private readonly waiting: (Map<number, Candidate[]> | undefined)[];
  /** By field number and outcome: branches whose key holds. */
  private readonly known: (Candidate[] | undefined)[][];
  /** Branches that only ask for absence: looked at for every event. */
  private readonly always: Candidate[] = [];
  private readonly fields: Field[];

  constructor(branches: CompiledBranch[], fields: Field[]) {
    this.waiting = fields.map(() => undefined);
    this.known = fields.map(() => []);
    this.fields = fields;
    const values = new Map(fields.map((field) => [field, valuesIn(field)]));
    for (const branch of branches) this.place(branch, (clause) => likelihood(clause, values.get(clause.field)!));
  }

  private place(branch: CompiledBranch, likely: (clause: Clause) => number): void {
    const [key, ...rest] = branch.clauses
      .map((clause) => ({ clause, chance: likely(clause) }))
      .sort((left, right) => left.chance - right.chance);
    const candidate = { branch, rest: rest.map(({ clause }) => clause) };
    if (key === undefined) return;
    if (allowsAbsence(key.clause)) this.always.push({ branch, rest: branch.clauses });
    else this.waitingAt(key.clause).push(candidate);
  }

  private waitingAt({ field, index }: Clause): Candidate[] {
    const atField = this.waiting[field.index] ?? new Map<number, Candidate[]>();
    this.waiting[field.index] = atField;
    const waiting = atField.get(index) ?? [];
    atField.set(index, waiting);
    return waiting;
  }

  /** The branches whose clauses all hold for the outcomes met. */
  held(values: EventValues): CompiledBranch[] {
    const held: CompiledBranch[] = [];
    this.take(this.always, values.outcomes, held);
    for (const field of values.touched) {
      if (this.waiting[field] === undefined) continue;
      const outcome = values.outcomes[field]!;
      const candidates = this.known[field]![outcome] ?? this.work(field, outcome);
      if (candidates.length > 0) this.take(candidates, values.outcomes, held);
    }
    return held;
  }

  private take(candidates: Candidate[], outcomes: Int32Array, held: CompiledBranch[]): void {
    for (const candidate of candidates) if (this.holds(candidate.rest, outcomes)) held.push(candidate.branch);
  }

  private holds(clauses: Clause[], outcomes: Int32Array): boolean {
    for (let at = 0; at < clauses.length; at++) {
      const { field, index } = clauses[at]!;
      const bits = field.matcher.outcomes[outcomes[field.index]!]!;
      if (((bits[index >> 5]! >>> (index & 31)) & 1) === 0) return false;
    }
    return true;
  }

  /** The branches whose key holds for an outcome not met before. */
  private work(field: number, outcome: number): Candidate[] {
    const bits: Bits = this.fields[field]!.matcher.bits(outcome);
    const candidates: Candidate[] = [];
    for (const [clause, waiting] of this.waiting[field]!) if (hasBit(bits, clause)) candidates.push(...waiting);
    this.known[field]![outcome] = candidates;
    return candidates;
  }

  /** Whether some field has met so many different outcomes that its matcher should be made anew. */
  get crowded(): boolean {
    return this.fields.some((field) => field.crowded);
  }
}

const allowsAbsence = ({ leaf }: Pick<Clause, 'leaf'>): boolean =>
  leaf.matchers.some((matcher) => matcher.kind === 'exists' && !matcher.value);

/** How many values rules name for a field: the more there are, the less likely is each. */
const valuesIn = (field: Field): number =>
  new Set(field.clauses.flatMap(({ leaf }) => leaf.matchers.flatMap((matcher) => ('value' in matcher ? [matcher.value] : [])))).size;

/** A guess at how likely a clause holds, for choosing keys; only speed depends on it. */
function likelihood({ leaf }: Clause, values: number): number {
  const chances = leaf.matchers.map((matcher) => LIKELY[matcher.kind] ?? 1 / (values + 1));
  return allowsAbsence({ leaf })
    ? 2
    : Math.min(
        1,
        chances.reduce((sum, chance) => sum + chance, 0),
      );
}

const LIKELY: Partial<Record<Matcher['kind'], number>> = { literal: 0.5, numeric: 0.5, exists: 0.6, 'anything-but': 0.9 };
