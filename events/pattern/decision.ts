// Which branches hold for the outcomes of an event's fields: a decision graph made while it runs.
import { type Clause, type Field, hasBit } from './field.ts';
import type { Found } from './found.ts';

/** One branch of one rule, its clauses in the order the graph asks for them. */
export interface CompiledBranch {
  rule: RuleName;
  clauses: Clause[];
}

/** A rule's name and its place among the rules. */
export interface RuleName {
  name: string;
  order: number;
}

/**
 * A point in the graph. `field` is the next field to ask for, undefined when all is known; `next` is where each of its outcomes leads. `open`
 * are branches that held so far and have clauses left, `held` those that hold.
 */
export class Decision {
  readonly field: Field | undefined;
  readonly next: (Decision | undefined)[] = [];
  readonly open: CompiledBranch[];
  readonly held: CompiledBranch[];
  #names: string[] | undefined;

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
}

/** The names of the branches' rules in rule order, each once. */
export function namesOf(branches: CompiledBranch[]): string[] {
  const rules = [...new Set(branches.map((branch) => branch.rule))];
  return rules.sort((left, right) => left.order - right.order).map((rule) => rule.name);
}

/** Most branches kept in the graph, all points together: 8 bytes each. Beyond, it is begun anew. */
const MAX_KEPT = 1 << 21;

/**
 * Points are made when an event first leads to them and are then found by one look-up a field, so the cost of an event hardly depends on how many
 * rules there are: fields that tell most branches apart are asked first, and the graph ends where no branch is left.
 */
export class DecisionGraph {
  readonly #branches: CompiledBranch[];
  readonly #ranks: Map<Field, number>;
  #numbers = new Map<CompiledBranch, number>();
  #known = new Map<string, Decision>();
  #kept = 0;
  #root: Decision;

  constructor(branches: CompiledBranch[]) {
    this.#ranks = ranksOf(branches);
    this.#branches = branches.map((branch) => ({ ...branch, clauses: this.#sorted(branch.clauses) }));
    this.#branches.forEach((branch, number) => {
      this.#numbers.set(branch, number);
    });
    this.#root = this.#decision(this.#branches, [], 0);
  }

  #sorted(clauses: Clause[]): Clause[] {
    return [...clauses].sort((left, right) => this.#ranks.get(left.field)! - this.#ranks.get(right.field)!);
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
    const bits = field.matcher.bits(outcome);
    const rank = this.#ranks.get(field)!;
    const alive = from.open.filter((branch) => {
      const clause = branch.clauses.find((each) => each.field === field);
      return clause === undefined || hasBit(bits, clause.index);
    });
    const held = alive.filter((branch) => this.#ranks.get(branch.clauses[branch.clauses.length - 1]!.field)! <= rank);
    const open =
      held.length > 0 ? alive.filter((branch) => this.#ranks.get(branch.clauses[branch.clauses.length - 1]!.field)! > rank) : alive;
    if (this.#kept > MAX_KEPT) this.#forget();
    const to = this.#decision(open, [...from.held, ...held], rank + 1);
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
    const key = `${field?.index} ${this.#list(open)} ${this.#list(held)}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const made = new Decision(field, open, held);
    this.#known.set(key, made);
    this.#kept += open.length + held.length + 8;
    return made;
  }

  #list(branches: CompiledBranch[]): string {
    return branches.map((branch) => this.#numbers.get(branch)).join();
  }

  /** The first field from `rank` on that an open branch asks for. */
  #nextField(open: CompiledBranch[], rank: number): Field | undefined {
    let best: Field | undefined;
    let bestRank = Number.POSITIVE_INFINITY;
    for (const { clauses } of open) {
      const next = clauses.find((clause) => this.#ranks.get(clause.field)! >= rank)!.field;
      const nextRank = this.#ranks.get(next)!;
      if (nextRank < bestRank) {
        best = next;
        bestRank = nextRank;
      }
      if (bestRank === rank) break;
    }
    return best;
  }

  /** Points and branches kept, for tests and for watching memory. */
  get size(): number {
    return this.#known.size;
  }
}

/** Fields in the order to ask for them: first those that many branches name with many different clauses. */
function ranksOf(branches: CompiledBranch[]): Map<Field, number> {
  const uses = new Map<Field, number>();
  for (const branch of branches) for (const { field } of branch.clauses) uses.set(field, (uses.get(field) ?? 0) + 1);
  const worth = (field: Field): number => uses.get(field)! * (1 - 1 / (field.clauses.length + 1));
  const order = [...uses.keys()].sort((left, right) => worth(right) - worth(left));
  return new Map(order.map((field, rank) => [field, rank]));
}
