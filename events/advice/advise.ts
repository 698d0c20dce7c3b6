// A run of checks over an account: everything side by side, each failure where it belongs.
import type { Asker } from './asker.ts';
import { NotAnswered } from './asker.ts';
import type { AskedPlace, Check, Line } from './check.ts';
import { type CheckExclusion, withExclusion } from './exclusion.ts';
import { type CheckResult, checkResult, type FlaggedResource, flaggedResource } from './result.ts';

/** An account that is asked. */
export interface AdvisedAccount {
  account: string;
  partition: string;
  /** Regions that are asked; what is global is asked in the partition's own. */
  regions: readonly string[];
  /** Asks in one region. */
  askerIn: (region: string) => Asker;
}

export interface AdviseOptions {
  /** Milliseconds since 1970. */
  now: () => number;
  exclusions?: readonly CheckExclusion[];
  /** Told when a check has been asked in one place. */
  onAsked?: (check: Check, place: AskedPlace) => void;
}

/** Where global services answer. */
const HOME_REGIONS: Readonly<Record<string, string>> = { aws: 'us-east-1', 'aws-cn': 'cn-north-1', 'aws-us-gov': 'us-gov-west-1' };

export const homeRegionOf = (partition: string): string => HOME_REGIONS[partition] ?? 'us-east-1';

/** The results of checks, in their order: of every account and region together. */
export async function advise(
  checks: readonly Check[],
  accounts: readonly AdvisedAccount[],
  options: AdviseOptions,
): Promise<CheckResult[]> {
  const timestamp = new Date(options.now()).toISOString();
  const { exclusions = [] } = options;
  const today = timestamp.slice(0, 10);
  return Promise.all(
    checks.map(async (check) => {
      const asked = accounts.flatMap((account) => placesOf(check, account).map((place) => resourcesIn(check, account, place, options)));
      const resources = (await Promise.all(asked)).flat();
      return checkResult(
        check,
        resources.map((resource) => withExclusion(check.id, resource, exclusions, today)),
        timestamp,
      );
    }),
  );
}

const placesOf = ({ scope }: Check, { account, partition, regions }: AdvisedAccount): AskedPlace[] =>
  (scope === 'account' ? [homeRegionOf(partition)] : regions).map((region) => ({ account, region, partition }));

/** One check in one place. What could not be asked is a line of its own. */
async function resourcesIn(
  check: Check,
  { askerIn }: AdvisedAccount,
  place: AskedPlace,
  { now, onAsked }: AdviseOptions,
): Promise<FlaggedResource[]> {
  const lines = await check
    .collect(askerIn(place.region), place)
    .then((facts) => check.judge(facts, { ...place, now: now() }))
    .catch((error: unknown) => [unaskedLine(error, check.scope === 'region' ? place.region : place.account)]);
  onAsked?.(check, place);
  return lines.map((line) => flaggedResource(check, line, place));
}

/** Never green by default, and never the end of the run: a check that fails says so. */
function unaskedLine(error: unknown, resource: string): Line<string> {
  if (error instanceof NotAnswered) return { resource, status: 'not_available', values: {}, reason: error.reason };
  return { resource, status: 'not_available', values: {}, reason: `the check failed: ${(error as Error).message}` };
}
