// The Glacier vaults of a region.
import type { DescribeVaultOutput, ListVaultsCommandInput, ListVaultsCommandOutput } from '@aws-sdk/client-glacier';
import { type Asker, apiCall } from '../../events/advice/index.ts';

export const VAULTS = apiCall<ListVaultsCommandInput, ListVaultsCommandOutput>('glacier', 'ListVaults');

/** The account of the credentials, as Glacier's paths name it. */
export const OWN_ACCOUNT = '-';

export const vaults = async (asker: Asker): Promise<DescribeVaultOutput[]> =>
  (await asker.pages(VAULTS, { accountId: OWN_ACCOUNT })).flatMap(({ VaultList = [] }) => VaultList);
