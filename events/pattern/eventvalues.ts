// What an event holds for the fields rules look at, filled by `scanevent.ts` or `walkevent.ts`, read by `candidates.ts` and `arrays.ts`.
import { ABSENT, type Field } from './field.ts';

/** The context of everything outside arrays. */
export const TOP = 0;

/**
 * The values of one event. A field may have many values; those in the same place count together.
 *
 * Arrays vanish from paths, but an object or array in an array opens a context: two values lie in different elements of one array exactly when
 * their chains of contexts split under one array. Contexts are numbered in the order they open, so a parent's number is below its children's.
 */
export class EventValues {
  /** The outcome of each field, all its values together; 0 where it is absent. */
  outcomes: Int32Array;
  /** The same for values outside arrays only. */
  atTop: Int32Array;
  /** Values inside array elements: field, outcome, context, three entries each. */
  readonly inArrays: number[] = [];
  /** Fields with values inside array elements, each once. */
  readonly arrayFields: Field[] = [];
  /** Of each context: the context around it, and which array it is an element of. */
  readonly parents: number[] = [TOP];
  readonly arrays: number[] = [-1];
  /** Numbers of the fields that have values, each once. */
  readonly touched: number[] = [];
  /** How many arrays were opened. */
  arrayCount = 0;

  constructor(fields: number) {
    this.outcomes = new Int32Array(fields);
    this.atTop = new Int32Array(fields);
  }

  /** Ready for the next event. */
  clear(): void {
    for (const field of this.touched) {
      this.outcomes[field] = ABSENT;
      this.atTop[field] = ABSENT;
    }
    this.touched.length = 0;
    if (this.arrayCount === 0) return;
    this.inArrays.length = 0;
    this.arrayFields.length = 0;
    this.parents.length = 1;
    this.arrays.length = 1;
    this.arrayCount = 0;
  }

  /** Takes a value of a field in a context. */
  add(field: Field, outcome: number, context: number): void {
    const index = field.index;
    if (this.outcomes[index] === ABSENT) this.first(index, outcome, context);
    else this.another(field, outcome, context);
    if (context === TOP) return;
    this.inArrays.push(index, outcome, context);
    if (!this.arrayFields.includes(field)) this.arrayFields.push(field);
  }

  private first(index: number, outcome: number, context: number): void {
    this.outcomes[index] = outcome;
    if (context === TOP) this.atTop[index] = outcome;
    this.touched.push(index);
  }

  private another(field: Field, outcome: number, context: number): void {
    const index = field.index;
    this.outcomes[index] = field.matcher.union(this.outcomes[index]!, outcome);
    if (context !== TOP) return;
    const before = this.atTop[index]!;
    this.atTop[index] = before === ABSENT ? outcome : field.matcher.union(before, outcome);
  }

  /** Opens an element of an array. */
  openElement(array: number, parent: number): number {
    this.arrays.push(array);
    return this.parents.push(parent) - 1;
  }

  /** Whether values may lie in different elements of one array, or a field be absent in the elements chosen. */
  get needsConsistency(): boolean {
    const fields = this.arrayFields;
    return fields.length > 1 || (fields.length === 1 && fields[0]!.matcher.hasAbsence);
  }

  /** Counts fields that lie inside array elements only as possibly absent: once other elements are chosen they are. */
  allowAbsence(): void {
    for (const { index, matcher } of this.arrayFields)
      if (matcher.hasAbsence && this.atTop[index] === ABSENT) this.outcomes[index] = matcher.union(this.outcomes[index]!, ABSENT);
  }
}
