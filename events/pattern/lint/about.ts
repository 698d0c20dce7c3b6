// What a pattern says itself of the events it is about.
import { isCloudTrailType, isSourceOf, RECORD_FIELDS, serviceOf, serviceOfSource } from '../../cloudtrail.ts';
import { type Leaf, plainStrings } from '../ast.ts';
import type { Branch } from '../branches.ts';
import { namedValues } from './leaves.ts';
import type { LintedRule } from './lintrule.ts';

/** The plain strings of a list that may not be there. */
export const plainOf = (leaf: Leaf | undefined): string[] | undefined => (leaf === undefined ? undefined : plainStrings(leaf));

/** The top-level field of a record that a path leads to or into. */
export const recordFieldIn = (path: string): string | undefined => /^detail\.([^.]+)/.exec(path)?.[1];

const isRecordPath = (path: string): boolean => RECORD_FIELDS.includes(recordFieldIn(path) ?? '');

/** Whether a pattern names only detail-types that aren't CloudTrail's. */
export function isAboutOthers(leaves: readonly Leaf[]): boolean {
  const types = leaves.filter(({ key }) => key.path === 'detail-type').map(plainStrings);
  return types.length > 0 && types.every((some) => some !== undefined && !some.some(isCloudTrailType));
}

/** Whether something in a pattern is of records: a source of our bus, or a field that they have. */
export const isAboutRecords = (rule: LintedRule): boolean =>
  !isAboutOthers(rule.leaves) &&
  rule.leaves.some(
    (leaf) =>
      isRecordPath(leaf.key.path) || (leaf.key.path === 'source' && namedValues(leaf).some(({ value }) => isSourceOf('trailbus', value))),
  );

/** Whether a branch may be about records: services have other events too, with other detail. */
export function mayBeAboutRecords(branch: Branch): boolean {
  const types = plainOf(branch.get('detail-type'));
  return types === undefined || types.some(isCloudTrailType);
}

/** The services a branch asks for, by `detail.eventSource` or else by `source`; undefined where it may be any. */
export function servicesOf(branch: Branch): string[] | undefined {
  const named = plainOf(branch.get('detail.eventSource'))?.map(serviceOf) ?? plainOf(branch.get('source'))?.map(serviceOfSource);
  return named?.every((service) => service !== undefined) ? named : undefined;
}
