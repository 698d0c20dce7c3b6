// What is in force in a run or a deployment: the detections that are on, and what the configuration says of all of them.
import type { BusIdentity } from '../entry.ts';
import type { DeploymentExclusion, EvaluatorOptions } from './compiledetection.ts';
import type { Detection } from './detectionfile.ts';
import type { FindingState } from './doors.ts';
import { compileDetections, type Evaluator } from './evaluator.ts';
import { FindingMaker, type FindingMakerOptions } from './findings.ts';

/** JSON: it travels with the functions. */
export interface DetectionsInForce {
  detections: readonly Detection[];
  /** Values by the list's name. */
  lists: readonly (readonly [name: string, values: readonly string[]])[];
  exclusions: readonly DeploymentExclusion[];
  /** How long `firstSeen` learns where a detection doesn't say. */
  learnSeconds?: number;
  /** Findings of one detection in an hour, above which they are told as one. */
  stormLimit?: number;
}

export interface AskedWhere {
  /** What `$accounts` stands for where the configuration names none. */
  accounts: readonly string[];
  /** `YYYY-MM-DD` */
  today: string;
  bus?: BusIdentity;
  /** Told of what would be a hit, were it not for an exclusion. */
  excluded?: EvaluatorOptions['excluded'];
}

const namesAccounts = ({ lists }: DetectionsInForce): boolean => lists.some(([name, values]) => name === 'accounts' && values.length > 0);

/** Whether answers hang on what `$accounts` stands for, and the configuration leaves that open. */
export const asksForAccounts = (inForce: DetectionsInForce): boolean =>
  !namesAccounts(inForce) && JSON.stringify([inForce.detections, inForce.exclusions]).includes('$accounts');

/** @throws FileError, PatternError as `compileDetections` */
export function evaluatorOf(inForce: DetectionsInForce, { accounts, ...where }: AskedWhere): Evaluator {
  const { detections, exclusions } = inForce;
  const lists = new Map(inForce.lists);
  if (!namesAccounts(inForce)) lists.set('accounts', accounts);
  return compileDetections(detections, { lists, exclusions, ...where });
}

export function findingMakerOf(
  { detections, learnSeconds, stormLimit }: DetectionsInForce,
  state: FindingState,
  options: Pick<FindingMakerOptions, 'now' | 'claimSeconds' | 'pause'> = {},
): FindingMaker {
  return new FindingMaker(detections, state, {
    ...options,
    ...(learnSeconds === undefined ? {} : { learnSeconds }),
    ...(stormLimit === undefined ? {} : { stormLimit }),
  });
}
