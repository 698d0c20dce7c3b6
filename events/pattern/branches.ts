// A parsed pattern as its alternatives: each branch maps paths to the leaf that must hold there, and `$or` multiplies branches.
import type { Fields, Leaf, Or, PatternEntry } from './ast.ts';

/** One alternative of a pattern: all of its leaves must hold. */
export type Branch = Map<string, Leaf>;

/** Most branches one pattern may have. Event Ruler has no limit; ours keeps a short text from filling the memory. */
const MAX_BRANCHES = 10_000;

/** Thrown at the `$or` that makes one branch too many. */
export class TooManyBranches extends Error {
  readonly or: Or;
  constructor(or: Or) {
    super('Rule is too complex - try using fewer $or alternatives');
    this.or = or;
  }
}

/**
 * The branches of a pattern, in the order written. As Event Ruler reads it: entries act one after the other on all branches so far, a later
 * leaf of the same path replaces an earlier one, and `$or` copies the branches once for each of its arms.
 */
export function branchesOf(root: Fields): Branch[] {
  return addFields([], root);
}

const addFields = (branches: Branch[], fields: Fields): Branch[] => fields.entries.reduce(addEntry, branches);

function addEntry(branches: Branch[], entry: PatternEntry): Branch[] {
  if (entry.kind === 'nested') return addFields(branches, entry.fields);
  if (entry.kind === 'or') return addOr(branches, entry);
  const grown = branches.length > 0 ? branches : [new Map<string, Leaf>()];
  for (const branch of grown) branch.set(entry.key.path, entry);
  return grown;
}

function addOr(branches: Branch[], or: Or): Branch[] {
  const all: Branch[] = [];
  for (const arm of or.arms) {
    const copies = branches.length > 0 ? branches.map((branch) => new Map(branch)) : [new Map<string, Leaf>()];
    for (const branch of addFields(copies, arm)) all.push(branch);
    if (all.length > MAX_BRANCHES) throw new TooManyBranches(or);
  }
  return all;
}
