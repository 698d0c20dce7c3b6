// Patterns that match no entry whatever it holds, for a source or a detail-type that none has: one pasted from AWS names AWS's own.
import { DETAIL_TYPES, isSourceOf, sourceFor } from '../../cloudtrail.ts';
import { type Leaf, leavesOf, type Pattern } from '../ast.ts';
import { branchesOf } from '../branches.ts';
import { parsePattern } from '../parse.ts';
import { knownServices } from './known.ts';
import { leafHolds, namedValues } from './leaves.ts';
import type { LintRule } from './lintrule.ts';
import { detailType } from './rules/detailtype.ts';
import { nativeSource } from './rules/nativesource.ts';

/** The list for which a pattern matches nothing, and what to write. */
export interface UnheardLeaf {
  /** `source` or `detail-type` */
  path: string;
  message: string;
  help: string;
}

/** What an entry may have in each of these fields, and what to do where a list has none of it. */
const HEARD: Record<string, { valuesFor: (leaf: Leaf) => Iterable<string>; next: string; by: LintRule }> = {
  source: {
    valuesFor: (leaf) => [
      ...namedValues(leaf).flatMap(({ value }) => (isSourceOf('trailbus', value) ? [value] : [])),
      ...[...knownServices()].map(sourceFor),
    ],
    next: 'write `cloudtrail.` before the service, as in cloudtrail.iam, or leave `source` out',
    by: nativeSource,
  },
  'detail-type': { valuesFor: () => DETAIL_TYPES, next: `write one of ${DETAIL_TYPES.join(', ')}, or leave it out`, by: detailType },
};

/**
 * Why a pattern matches no entry, as far as source and detail-type tell; undefined for one that may.
 * @param text  a pattern that EventBridge takes; a `$list` in it may stand for anything
 */
export function unheardLeaf(text: string): UnheardLeaf | undefined {
  if (!/"(source|detail-type)"\s*:/.test(text)) return undefined;
  const pattern = parsePattern(text);
  const unheard = branchesOf(pattern.root).map((branch) =>
    Object.keys(HEARD).find((path) => branch.has(path) && !isHeard(path, branch.get(path)!, text)),
  );
  const [path] = unheard;
  return path === undefined || unheard.includes(undefined) ? undefined : { path, ...wordsOf(path, pattern) };
}

function isHeard(path: string, leaf: Leaf, text: string): boolean {
  if (namedValues(leaf).some(({ value }) => value.startsWith('$'))) return true;
  for (const value of HEARD[path]!.valuesFor(leaf)) if (leafHolds(JSON.stringify(value), leaf, text)) return true;
  return false;
}

/** As the lint rule of the field says it, where that knows what was meant. */
function wordsOf(path: string, pattern: Pattern): Pick<UnheardLeaf, 'message' | 'help'> {
  const { next, by } = HEARD[path]!;
  const rule = { name: path, pattern, branches: branchesOf(pattern.root), leaves: [...leavesOf(pattern.root)], hasUnknowns: false };
  const [found] = 'check' in by ? by.check(rule) : [];
  return found === undefined
    ? { message: `no entry of Trailbus has such a ${path}`, help: next }
    : { message: found.message, help: found.help ?? next };
}
