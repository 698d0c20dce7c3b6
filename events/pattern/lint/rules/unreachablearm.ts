// `unreachable-arm`: an arm of `$or` without which the pattern would match the same.
import type { Fields, Or, PatternEntry } from '../../ast.ts';
import { type Branch, branchesOf } from '../../branches.ts';
import { branchCovered, MOST_BRANCHES } from '../cover.ts';
import { EVENTBRIDGE_GUIDE, type LintRule, type RawFinding } from '../lintrule.ts';

export const unreachableArm: LintRule = {
  id: 'unreachable-arm',
  severity: 'warning',
  title: 'an arm of `$or` adds nothing',
  link: `${EVENTBRIDGE_GUIDE}/eb-create-pattern-operators.html`,
  example: {
    wrong: { detail: { $or: [{ awsRegion: ['us-east-1'] }, { awsRegion: [{ prefix: 'us-' }] }] } },
    right: { detail: { $or: [{ awsRegion: ['us-east-1'] }, { awsRegion: [{ prefix: 'eu-' }] }] } },
  },
  check: ({ pattern, branches }) => {
    if (branches.length > MOST_BRANCHES) return [];
    return orsIn(pattern.root).flatMap((or) => [...replacedArms(or, branches), ...coveredArms(or, pattern.text)]);
  },
};

const orsIn = (fields: Fields): Or[] => fields.entries.flatMap(orsOf);

function orsOf(entry: PatternEntry): Or[] {
  if (entry.kind === 'nested') return orsIn(entry.fields);
  return entry.kind === 'or' ? [entry, ...entry.arms.flatMap(orsIn)] : [];
}

/** Arms of which no leaf is left, for later fields of the same paths take their places. */
const replacedArms = (or: Or, branches: Branch[]): RawFinding[] =>
  or.arms.flatMap((arm) => {
    const leaves = branchesOf(arm).flatMap((branch) => [...branch.values()]);
    if (leaves.some((leaf) => branches.some((branch) => branch.get(leaf.key.path) === leaf))) return [];
    const message = 'fields after this $or have the same paths and take the place of all of this arm';
    return [{ message, help: 'move the field that comes later into the arms', at: arm.at, end: arm.end }];
  });

/** Arms that another arm covers. */
function coveredArms({ arms }: Or, text: string): RawFinding[] {
  const armBranches = arms.map((arm) => branchesOf(arm));
  const covered = (inner: number, outer: number) =>
    armBranches[inner]!.every((narrow) => armBranches[outer]!.some((wide) => branchCovered(narrow, text, wide, text)));
  return arms.flatMap(({ at, end }, index) => {
    const by = arms.findIndex((_, other) => other !== index && covered(index, other) && (other < index || !covered(other, index)));
    if (by < 0) return [];
    const message = `arm ${by + 1} of this $or matches everything that arm ${index + 1} does`;
    return [{ message, help: 'leave this arm out, or make the other one narrower', at, end }];
  });
}
