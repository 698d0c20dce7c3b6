// Array consistency: the fields of one branch may not be values in different elements of one array.
import type { CompiledBranch } from './candidates.ts';
import { type EventValues, TOP } from './eventvalues.ts';
import { ABSENT, type Clause, hasBit } from './field.ts';

/** A value in an array element that makes a clause hold. */
interface Find {
  context: number;
}

/** A clause whose field lies in arrays. */
interface Wanted {
  path: string;
  /** Whether a value outside arrays makes it hold. */
  atTop: boolean;
  /** Whether it also holds where the field is absent (`exists: false`). */
  absent: boolean;
  /** Values that make it hold, and all values there are, by context. */
  finds: Find[];
  contexts: number[];
}

/**
 * Whether a branch whose clauses all hold somewhere also holds with values that don't lie in different elements of one array. Where it asks for
 * the absence of a field that lies in arrays, values are chosen in the order of their paths and absence is judged in the elements chosen so
 * far, as Event Ruler does.
 */
export function isConsistent(branch: CompiledBranch, values: EventValues): boolean {
  const inArrays = branch.clauses.filter((clause) => values.arrayFields.includes(clause.field));
  if (inArrays.length < 2 && !inArrays.some((clause) => clause.field.matcher.hasAbsence)) return true;
  const wanted = inArrays.map((clause) => wantedOf(clause, values));
  if (wanted.some((each) => each.absent)) return holdsInOrder(wanted, values);
  const open = wanted.filter((each) => !each.atTop);
  return open.length < 2 || holdTogether(open, values);
}

/** What a clause needs whose field lies in arrays. */
function wantedOf(clause: Clause, values: EventValues): Wanted {
  const { index, matcher } = clause.field;
  const outsideArrays = values.atTop[index]!;
  const wanted = {
    path: clause.field.path,
    atTop: holdsFor(clause, outsideArrays),
    absent: false,
    finds: [] as Find[],
    contexts: [] as number[],
  };
  for (let at = 0; at < values.inArrays.length; at += 3) {
    if (values.inArrays[at] !== index) continue;
    const context = values.inArrays[at + 2]!;
    wanted.contexts.push(context);
    if (hasBit(matcher.bits(values.inArrays[at + 1]!), clause.index)) wanted.finds.push({ context });
  }
  wanted.absent = outsideArrays === ABSENT && hasBit(matcher.bits(ABSENT), clause.index);
  return wanted;
}

const holdsFor = ({ field, index }: Clause, outcome: number): boolean => outcome !== ABSENT && hasBit(field.matcher.bits(outcome), index);

/** Which of the wanted a choice of elements satisfies, as bits; more than 30 go through `holdsInOrder`. */
type Mask = number;

/**
 * Whether all can hold together. Every context gives the sets of clauses that can hold inside it; an array offers those of one element at a
 * time, arrays side by side add up. Children have higher numbers than their parents, so one pass from the last context to the first does.
 */
function holdTogether(wanted: Wanted[], values: EventValues): boolean {
  if (wanted.length > 30) return holdsInOrder(wanted, values);
  const all = 2 ** wanted.length - 1;
  const own = new Map<number, Mask>();
  wanted.forEach(({ finds }, bit) => {
    for (const { context } of finds) own.set(context, (own.get(context) ?? 0) | (1 << bit));
  });
  const offers = new Map<number, Map<number, Mask[]>>();
  for (let context = values.parents.length - 1; context > TOP; context--) {
    const masks = inContext(own.get(context) ?? 0, offers.get(context));
    if (masks.includes(all)) return true;
    offers.delete(context);
    if (masks.length > 0) offerTo(offers, values.parents[context]!, values.arrays[context]!, masks);
  }
  return inContext(0, offers.get(TOP)).includes(all);
}

function offerTo(offers: Map<number, Map<number, Mask[]>>, parent: number, array: number, masks: Mask[]): void {
  const arrays = offers.get(parent) ?? new Map<number, Mask[]>();
  offers.set(parent, arrays);
  const before = arrays.get(array) ?? [];
  for (const mask of masks) addMask(before, mask);
  arrays.set(array, before);
}

/** The sets possible in one context: what lies in it directly, with one offer of each array. */
function inContext(own: Mask, arrays: Map<number, Mask[]> | undefined): Mask[] {
  let masks = own === 0 && arrays === undefined ? [] : [own];
  for (const offered of arrays?.values() ?? []) {
    const more: Mask[] = [];
    for (const mask of masks) for (const each of offered) addMask(more, mask | each);
    masks = more;
  }
  return masks;
}

/** Adds a set unless one at least as good is there; drops those it is better than. */
function addMask(masks: Mask[], mask: Mask): void {
  if (masks.some((each) => (each | mask) === each)) return;
  const kept = masks.filter((each) => (each | mask) !== mask);
  masks.splice(0, masks.length, ...kept, mask);
}

/** Elements chosen so far: for each array the context taken in it. */
type Chosen = Map<number, number>;

const byPath = (left: Wanted, right: Wanted): number => (left.path < right.path ? -1 : left.path > right.path ? 1 : 0);

/** The same by trying choices in path order; choices that later clauses can't tell apart are tried once. */
function holdsInOrder(wanted: Wanted[], values: EventValues): boolean {
  const sorted = [...wanted].sort(byPath);
  const relevant = sorted.map((_, index) => arraysOf(sorted.slice(index), values));
  let choices: Chosen[] = [new Map()];
  sorted.forEach((each, index) => {
    const kept = new Map<string, Chosen>();
    for (const choice of choices.flatMap((chosen) => choicesAfter(each, chosen, values))) {
      const told = [...choice].filter(([array]) => relevant[index + 1]?.has(array)).sort(([left], [right]) => left - right);
      kept.set(told.join(), new Map(told));
    }
    choices = [...kept.values()];
  });
  return choices.length > 0;
}

/** The arrays the values of these clauses lie in. */
function arraysOf(wanted: Wanted[], values: EventValues): Set<number> {
  const arrays = new Set<number>();
  for (const { contexts } of wanted)
    for (const context of contexts)
      for (let inner = context; inner !== TOP; inner = values.parents[inner]!) arrays.add(values.arrays[inner]!);
  return arrays;
}

function choicesAfter(wanted: Wanted, chosen: Chosen, values: EventValues): Chosen[] {
  const next = wanted.finds.map(({ context }) => merged(chosen, context, values)).filter((choice) => choice !== undefined);
  const absent = wanted.absent && wanted.contexts.every((context) => merged(chosen, context, values) === undefined);
  return wanted.atTop || absent ? [chosen, ...next] : next;
}

/** The choice with the elements around `context` added; undefined when it has another element of one of these arrays. */
function merged(chosen: Chosen, context: number, values: EventValues): Chosen | undefined {
  const choice = new Map(chosen);
  for (let inner = context; inner !== TOP; inner = values.parents[inner]!) {
    const array = values.arrays[inner]!;
    if ((chosen.get(array) ?? inner) !== inner) return undefined;
    choice.set(array, inner);
  }
  return choice;
}
