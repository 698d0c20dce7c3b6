// The trails that a deployment validates: the one it makes, and those named in the parameter `validateTrails`.
import { TRAIL_ARN } from '../events/cloudtrail.ts';
import type { WatchedTrail } from '../events/digest/index.ts';
import { type Kind, Misfit, textList } from './kinds.ts';

const SETTINGS = ['arn', 'bucket', 'prefix', 'accountId'];

/** `validateTrails` as the function's TRAILS has it: ARNs separated by commas, or that JSON itself. @throws Misfit */
export const trailList: Kind<WatchedTrail[]> = (text) => {
  const trails = /^[[{]/.test(text) ? [parseJson(text)].flat() : textList(text).map((arn) => ({ arn }));
  const faults = trails.flatMap((trail) => faultOfTrail(trail) ?? []);
  if (faults.length > 0) throw new Misfit(...faults);
  return trails as WatchedTrail[];
};

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Misfit(` is neither a list of ARNs nor JSON: ${(error as Error).message}`);
  }
}

function faultOfTrail(trail: unknown): string | undefined {
  const { arn } = (trail ?? {}) as { arn?: unknown };
  if (typeof arn !== 'string' || !TRAIL_ARN.test(arn)) return `: \`${arn}\` is no ARN of a trail`;
  const strange = Object.entries(trail as object).find(([name, value]) => !SETTINGS.includes(name) || typeof value !== 'string');
  return strange && `: \`${strange[0]}\` of ${arn} is none of ${SETTINGS.join(', ')}, as text`;
}

interface ValidationParameters {
  validate: boolean | undefined;
  validateTrails: WatchedTrail[];
  bucket: string | undefined;
}

/** None when nothing is to be validated. `own` is the trail that the stack makes when there is no bucket. */
export function trailsToValidate({ validate, validateTrails, bucket }: ValidationParameters, own: WatchedTrail): WatchedTrail[] {
  if (validate === false) return [];
  return [...(bucket === undefined ? [own] : []), ...validateTrails];
}
