// Which account the credentials are of, and which regions it has.
import type { DescribeRegionsCommandInput, DescribeRegionsCommandOutput } from '@aws-sdk/client-ec2';
import type { GetCallerIdentityCommandInput, GetCallerIdentityCommandOutput } from '@aws-sdk/client-sts';
import { type AdvisedAccount, apiCall, homeRegionOf, NotAnswered } from '../../events/advice/index.ts';
import { ReadError } from '../../events/errors.ts';
import { AccountAsker, type AskerOptions } from './accountasker.ts';

const IDENTITY = apiCall<GetCallerIdentityCommandInput, GetCallerIdentityCommandOutput>('sts', 'GetCallerIdentity');
const REGIONS = apiCall<DescribeRegionsCommandInput, DescribeRegionsCommandOutput>('ec2', 'DescribeRegions');

export const ACCOUNT_CALLS = [IDENTITY, REGIONS];

/**
 * The account of the credentials.
 * @param regions  all that are enabled where none are given
 * @param home  a region to ask for the account in: any of its partition
 * @throws ReadError when it can't be asked
 */
export async function accountHere(
  regions: readonly string[],
  home: string,
  options: AskerOptions = {},
): Promise<AdvisedAccount & { asker: AccountAsker }> {
  const asker = new AccountAsker(options);
  try {
    const { Account = '', Arn = '' } = await asker.in(home).ask(IDENTITY, {});
    const partition = Arn.split(':')[1] ?? 'aws';
    const asked = regions.length > 0 ? regions : await enabledRegions(asker, home, partition);
    return { account: Account, partition, regions: asked, askerIn: (region) => asker.in(region), asker };
  } catch (cause) {
    if (!(cause instanceof NotAnswered)) throw cause;
    throw new ReadError(`can’t ask the account: ${cause.code}: ${cause.message}`, true, {
      source: cause.call.action,
      cause,
      help: cause.isDenied ? `let the role call ${cause.call.action}` : 'log in, choose a profile (AWS_PROFILE), and check AWS_REGION',
    });
  }
}

/** Those of an opt-in region that nobody opted into don't answer. */
export async function enabledRegions(asker: AccountAsker, home: string, partition: string): Promise<string[]> {
  const { Regions = [] } = await asker.in(home).ask(REGIONS, { AllRegions: false });
  const names = Regions.flatMap(({ RegionName }) => RegionName ?? []).sort();
  return names.length > 0 ? names : [homeRegionOf(partition)];
}
