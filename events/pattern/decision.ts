// Which branches hold for the outcomes of an event's fields: a decision graph made while it runs.
import { type Bits, type Clause, type Field, hasBit } from './field.ts';
import type { Found } from './found.ts';
import { Interned } from './interned.ts';

/** One branch of one rule. `number` is its place among the branches of a graph. */
export interface CompiledBranch {
  rule: RuleName;
  clauses: Clause[];
  number: number;
}

/** A rule's name and its place among the rules. */
export interface RuleName {
  name: string;
  order: number;
}

/** The names of the branches' rules in rule order, each once. */
export function namesOf(branches: CompiledBranch[]): string[] {
  const rules = [...new Set(branches.map((branch) => branch.rule))];
  return rules.sort((left, right) => left.order - right.order).map((rule) => rule.name);
}

/**
 * A point in the graph. `field` is the next field to ask for, undefined when all is known; `next` is where each of its outcomes leads. `open`
 * are branches that held so far and have clauses left, `held` those that hold, both in the order of their numbers.
 */
export class Decision {
  readonly field: Field | undefined;
  readonly next: (Decision | undefined)[] = [];
  readonly open: CompiledBranch[];
  readonly held: CompiledBranch[];
  #names: string[] | undefined;
  #asked: { byClause: Map<number, CompiledBranch[]>; others: CompiledBranch[] } | undefined;

  constructor(field: Field | undefined, open: CompiledBranch[], held: CompiledBranch[]) {
    this.field = field;
    this.open = open;
    this.held = held;
  }

  /** Names of the rules that hold, in rule order. */
  get names(): string[] {
    this.#names ??= namesOf(this.held);
    return this.#names;
  }

  /** The open branches an outcome of the field leaves, in the order of their numbers. */
  left(bits: Bits): CompiledBranch[] {
    this.#asked ??= askedOf(this.open, this.field!);
    const left = [this.#asked.others];
    for (const [clause, branches] of this.#asked.byClause) if (hasBit(bits, clause)) left.push(branches);
    return left.length === 1 ? left[0]! : left.flat().sort((one, other) => one.number - other.number);
  }
}

/** Branches by the clause they have for a field, and those that have none. */
function askedOf(open: CompiledBranch[], field: Field): { byClause: Map<number, CompiledBranch[]>; others: CompiledBranch[] } {
  const byClause = new Map<number, CompiledBranch[]>();
  const others: CompiledBranch[] = [];
  for (const branch of open) {
    const clause = branch.clauses.find((each) => each.field === field);
    if (clause === undefined) others.push(branch);
    else if (byClause.get(clause.index)?.push(branch) === undefined) byClause.set(clause.index, [branch]);
  }
  return { byClause, others };
}

/** Most branches kept in the graph, all points together: 20 bytes each. Beyond, it is begun anew. */
const MAX_KEPT = 1 << 20;

/**
 * Points are made when an event first leads to them and are then found by one look-up a field, so the cost of an event hardly depends on how many
 * rules there are: fields that tell most branches apart are asked first, and the graph ends where no branch is left.
 */
export class DecisionGraph {
  readonly #branches: CompiledBranch[];
  readonly #ranks: Map<Field, number>;
  readonly #known = new Interned<Decision>();
  #kept = 0;
  #root: Decision;
  /** Whether some field has met so many different outcomes that its memory should be given back: make matchers and graph anew. */
  crowded = false;

  constructor(branches: CompiledBranch[]) {
    this.#ranks = ranksOf(branches);
    this.#branches = branches.map((branch, number) => ({ ...branch, clauses: this.#sorted(branch.clauses), number }));
    this.#root = this.#decision(this.#branches, [], 0);
  }

  #sorted(clauses: Clause[]): Clause[] {
    return [...clauses].sort((left, right) => this.#rank(left) - this.#rank(right));
  }

  #rank(clause: Clause): number {
    return this.#ranks.get(clause.field)!;
  }

  /** The point an event ends at. */
  decide(outcomes: Found['outcomes']): Decision {
    let decision = this.#root;
    for (let field = decision.field; field !== undefined; field = decision.field) {
      const outcome = outcomes[field.index]!;
      decision = decision.next[outcome] ?? this.#follow(decision, field, outcome);
    }
    return decision;
  }

  /** Where an outcome leads that was not met here before. */
  #follow(from: Decision, field: Field, outcome: number): Decision {
    this.crowded ||= field.matcher.crowded;
    const rank = this.#ranks.get(field)!;
    const left = from.left(field.matcher.bits(outcome));
    const isOpen = (branch: CompiledBranch): boolean => this.#rank(branch.clauses[branch.clauses.length - 1]!) > rank;
    const open = left.filter(isOpen);
    const held = left.length === open.length ? from.held : [...from.held, ...left.filter((branch) => !isOpen(branch))];
    if (this.#kept > MAX_KEPT) this.#forget();
    const to = this.#decision(open, held, rank + 1);
    from.next[outcome] = to;
    return to;
  }

  #forget(): void {
    this.#known.clear();
    this.#kept = 0;
    this.#root = this.#decision(this.#branches, [], 0);
  }

  #decision(open: CompiledBranch[], held: CompiledBranch[], rank: number): Decision {
    const field = this.#nextField(open, rank);
    const numbers = [field?.index ?? -1, ...held.map((branch) => branch.number), -1, ...open.map((branch) => branch.number)];
    return this.#known.of(Int32Array.from(numbers), () => {
      this.#kept += numbers.length + 8;
      return new Decision(field, open, held);
    });
  }

  /** The first field from `rank` on that an open branch asks for. */
  #nextField(open: CompiledBranch[], rank: number): Field | undefined {
    let best: Clause | undefined;
    for (const { clauses } of open) {
      const next = clauses.find((clause) => this.#rank(clause) >= rank)!;
      if (best === undefined || this.#rank(next) < this.#rank(best)) best = next;
      if (this.#rank(best) === rank) break;
    }
    return best?.field;
  }

  /** How many points there are. */
  get size(): number {
    return this.#known.size;
  }
}

/** Fields in the order to ask for them: first those where many branches want something particular, and not all the same. */
function ranksOf(branches: CompiledBranch[]): Map<Field, number> {
  const worth = new Map<Field, number>();
  for (const { clauses } of branches)
    for (const { field, leaf } of clauses) {
      const particular = leaf.matchers.every((matcher) => matcher.kind !== 'anything-but' && matcher.kind !== 'exists');
      worth.set(field, (worth.get(field) ?? 0) + (particular ? 1 - 1 / (field.clauses.length + 1) : 0));
    }
  const order = [...worth.keys()].sort((left, right) => worth.get(right)! - worth.get(left)!);
  return new Map(order.map((field, rank) => [field, rank]));
}
