// What somebody has looked at and lets be: resources that are grey, with a reason, an owner and mostly a last day.
import { fitsWildcards } from '../wildcards.ts';
import type { FlaggedResource } from './result.ts';

/** All that is named must hold; `*` stands for any characters. */
export interface CheckExclusion {
  /** Ids of checks; every check where none are named. */
  checks?: readonly string[] | undefined;
  resources?: readonly string[] | undefined;
  accounts?: readonly string[] | undefined;
  regions?: readonly string[] | undefined;
  reason: string;
  owner: string;
  /** `YYYY-MM-DD`: the last day it holds. */
  until?: string | undefined;
}

export const holdsOn = ({ until }: CheckExclusion, today: string): boolean => until === undefined || today <= until;

/** The resource as it is with the first exclusion that holds for it. */
export function withExclusion(
  checkId: string,
  resource: FlaggedResource,
  exclusions: readonly CheckExclusion[],
  today: string,
): FlaggedResource {
  const found = exclusions.find((each) => holdsOn(each, today) && isOf(each, checkId, resource));
  if (found === undefined) return resource;
  const { reason, owner, until } = found;
  return { ...resource, isSuppressed: true, exclusion: { reason, owner, ...(until === undefined ? {} : { until }) } };
}

function isOf({ checks, resources, accounts, regions }: CheckExclusion, checkId: string, resource: FlaggedResource): boolean {
  const isNamedIn = (names: readonly string[] | undefined, value: string) =>
    names === undefined || names.some((name) => fitsWildcards(name, value, { hasQuestionMarks: false }));
  return (
    isNamedIn(checks, checkId) &&
    isNamedIn(resources, resource.resourceId) &&
    isNamedIn(accounts, resource.account) &&
    isNamedIn(regions, resource.region ?? 'global')
  );
}
