// Rules compiled together: every event is read once, whatever their number.
import { isConsistent } from './arrays.ts';
import type { Leaf, Pattern } from './ast.ts';
import { branchesOf, TooManyBranches } from './branches.ts';
import { Candidates, type CompiledBranch, namesOf, type RuleName } from './candidates.ts';
import { PatternError, placeAt } from './error.ts';
import { EventValues } from './eventvalues.ts';
import { Field } from './field.ts';
import { helpFor } from './help.ts';
import { parsePattern } from './parse.ts';
import { PathNode } from './paths.ts';
import { Prefilter, type SplitEntry } from './prefilter.ts';
import { EventScanner } from './scanevent.ts';
import { checkObject, walkObject } from './walkevent.ts';

/** A rule to compile: `pattern` is JSON text, or an object that `JSON.stringify` makes into it. */
export interface NamedPattern {
  name: string;
  pattern: string | object;
}

/** After how many events the memory outcomes take is looked at. */
const LOOK_AFTER = 256;

/** What matching needs, made anew after rules were added or removed. */
interface Ready {
  candidates: Candidates;
  /** Events read since the memory was looked at. */
  events: number;
  values: EventValues;
  scanner: EventScanner;
  prefilter: Prefilter;
}

interface CompiledRule {
  name: RuleName;
  branches: CompiledBranch[];
}

/**
 * Compiles rules so that events can be matched against all of them at once.
 *
 * @throws PatternError for the first rule whose pattern EventBridge would refuse; `source` is its name
 */
export function compile(rules: readonly NamedPattern[]): Rules {
  const compiled = new Rules();
  for (const rule of rules) compiled.add(rule);
  return compiled;
}

/** Compiled rules. Not to be shared between threads; a call reads one event and keeps nothing of it. */
export class Rules {
  private readonly rules = new Map<string, CompiledRule>();
  private readonly fields = new Map<string, Field>();
  private readonly root = new PathNode();
  private order = 0;
  private ready: Ready | undefined;

  /**
   * Adds a rule. A second pattern under a name that is there already is an alternative: the rule matches where either does.
   *
   * @throws PatternError
   */
  add(rule: NamedPattern): void {
    const pattern = parsePattern(rule.pattern, rule.name);
    const branches = branchesIn(pattern, rule.name);
    const known = this.rules.get(rule.name);
    const compiled = known ?? { name: { name: rule.name, order: this.order++ }, branches: [] };
    for (const branch of branches) compiled.branches.push(this.compileBranch(compiled.name, branch, pattern.text));
    this.rules.set(rule.name, compiled);
    this.ready = undefined;
  }

  /** Removes all patterns of a name; gives whether there were any. */
  remove(name: string): boolean {
    const rule = this.rules.get(name);
    if (rule === undefined) return false;
    const touched = new Set<Field>();
    for (const { clauses } of rule.branches) {
      for (const clause of clauses) {
        clause.uses--;
        touched.add(clause.field);
      }
    }
    for (const field of touched) if (!field.prune()) this.dropField(field);
    this.rules.delete(name);
    this.ready = undefined;
    return true;
  }

  /** Names of the rules an event matches, in rule order. `event` is JSON text, as a string or its UTF-8 bytes. @throws EventError */
  matchText(event: string | Uint8Array): string[] {
    const ready = this.prepared();
    ready.scanner.scan(event, this.root);
    return this.names(ready);
  }

  /** The same for an event that is parsed already. Numbers keep no more than a double holds. @throws EventError */
  match(event: object): string[] {
    const ready = this.prepared();
    checkObject(event);
    walkObject(event, this.root, ready.values);
    return this.names(ready);
  }

  /**
   * The same for an entry whose `detail` is still text: `envelope` has the other fields (`source`, `detail-type`, `time`, `resources` …). Nothing
   * of the record is copied into a larger text or decoded, unless a rule asks for it. @throws EventError
   */
  matchEntry(envelope: object, detail: Uint8Array): string[] {
    const ready = this.prepared();
    this.readEntry(envelope, detail, ready);
    return this.names(ready);
  }

  /** Whether any rule matches an entry, see `matchEntry`. @throws EventError */
  matchesEntry(envelope: object, detail: Uint8Array): boolean {
    const ready = this.prepared();
    this.readEntry(envelope, detail, ready);
    return this.anyHeld(ready);
  }

  /**
   * What `matchEntry` answers, from a few parts of the entry; undefined where they don't tell. Most entries match nothing, and needn't be read whole
   * for that. @throws EventError
   */
  glance(entry: SplitEntry): readonly string[] | undefined {
    const ready = this.ready ?? this.prepared();
    if (++ready.events % LOOK_AFTER !== 0) return ready.prefilter.names(entry);
    return this.prepared().prefilter.names(entry);
  }

  /** How many rules there are, and what is kept for them: all 0 when the last rule is removed. */
  get size(): { rules: number; fields: number; clauses: number } {
    let clauses = 0;
    for (const field of this.fields.values()) clauses += field.clauses.length;
    return { rules: this.rules.size, fields: this.fields.size, clauses };
  }

  private readEntry(envelope: object, detail: Uint8Array, { values, scanner }: Ready): void {
    walkObject(envelope, this.root, values);
    const node = this.root.find('detail');
    if (node !== undefined) scanner.scanValue(detail, node);
  }

  private prepared(): Ready {
    const ready = this.ready ?? this.prepare();
    this.ready = ready;
    ready.values.clear();
    if (++ready.events % LOOK_AFTER === 0 && ready.candidates.crowded) this.forget();
    return this.ready ?? this.prepared();
  }

  private forget(): void {
    for (const field of this.fields.values()) if (field.crowded) field.forget();
    this.ready = undefined;
  }

  private prepare(): Ready {
    const fields = [...this.fields.values()];
    fields.forEach((field, index) => {
      field.index = index;
    });
    const values = new EventValues(fields.length);
    const branches = [...this.rules.values()].flatMap((rule) => rule.branches);
    const prefilter = new Prefilter(branches, this.root, fields.length);
    return { candidates: new Candidates(branches, fields), values, scanner: new EventScanner(values), prefilter, events: 0 };
  }

  private names({ candidates, values }: Ready): string[] {
    if (!values.needsConsistency) return namesOf(candidates.held(values));
    values.allowAbsence();
    return namesOf(candidates.held(values).filter((branch) => isConsistent(branch, values)));
  }

  private anyHeld({ candidates, values }: Ready): boolean {
    if (!values.needsConsistency) return candidates.held(values).length > 0;
    values.allowAbsence();
    return candidates.held(values).some((branch) => isConsistent(branch, values));
  }

  private compileBranch(rule: RuleName, branch: Map<string, Leaf>, text: string): CompiledBranch {
    const clauses = [...branch].map(([path, leaf]) => this.fieldAt(path).clauseFor(leaf, text.slice(leaf.key.end, leaf.end)));
    for (const clause of clauses) clause.uses++;
    return { rule, clauses };
  }

  private fieldAt(path: string): Field {
    const known = this.fields.get(path);
    if (known !== undefined) return known;
    const field = new Field(path);
    this.fields.set(path, field);
    path.split('.').reduce((node, step) => node.child(step), this.root).field = field;
    return field;
  }

  private dropField(field: Field): void {
    this.fields.delete(field.path);
    this.root.remove(field.path.split('.'));
  }
}

function branchesIn(pattern: Pattern, source: string): Map<string, Leaf>[] {
  try {
    return branchesOf(pattern.root);
  } catch (error) {
    if (!(error instanceof TooManyBranches)) throw error;
    const { key } = error.or;
    const help = helpFor(error.message);
    throw new PatternError(error.message, {
      ...placeAt(pattern.text, key.at),
      source,
      path: key.path,
      ...(help === undefined ? {} : { help }),
    });
  }
}
