// Regions where data may be taken out of Glacier without limit.
import type { GetDataRetrievalPolicyCommandInput, GetDataRetrievalPolicyCommandOutput } from '@aws-sdk/client-glacier';
import { type Asker, apiCall, check } from '../events/advice/index.ts';
import { OWN_ACCOUNT, VAULTS, vaults } from './facts/vaults.ts';

const POLICY = apiCall<GetDataRetrievalPolicyCommandInput, GetDataRetrievalPolicyCommandOutput>('glacier', 'GetDataRetrievalPolicy');

/** Undefined where the region has no vault: then there is nothing to retrieve. */
const retrievalPolicy = async (asker: Asker): Promise<GetDataRetrievalPolicyCommandOutput | undefined> =>
  (await vaults(asker)).length === 0 ? undefined : asker.ask(POLICY, { accountId: OWN_ACCOUNT });

export default check({
  id: 'trailbus-glacier-retrieval-policy',
  name: 'Amazon S3 Glacier Data Retrieval Policy',
  category: 'cost_optimizing',
  description:
    'Looks whether the retrieval of data from Glacier vaults is capped in each region that has vaults. Without a cap one careless or stolen key can run up a bill, or carry the archive away at once.',
  criteria: {
    yellow: 'there are vaults, and their data may be retrieved without limit',
    green: 'retrievals are capped (FreeTier or BytesPerHour)',
  },
  action: 'Set a data retrieval policy: FreeTier, or BytesPerHour with as much as you need.',
  references: ['https://docs.aws.amazon.com/amazonglacier/latest/dev/data-retrieval-policy.html'],
  columns: ['Status', 'Region', 'Strategy', 'Bytes per Hour'],
  scope: 'region',
  calls: [VAULTS, POLICY],
  collect: retrievalPolicy,
  judge: (answer, { region }) => {
    if (answer === undefined) return [];
    // One rule is all that a policy may have. Source: developer guide, SetDataRetrievalPolicy (read 2026-11-28).
    const { Strategy = 'None', BytesPerHour } = answer.Policy?.Rules?.[0] ?? {};
    const isCapped = Strategy === 'FreeTier' || Strategy === 'BytesPerHour';
    return [
      {
        ...{ resource: region, status: isCapped ? 'ok' : 'warning' },
        values: { Strategy, 'Bytes per Hour': BytesPerHour === undefined ? '' : String(BytesPerHour) },
        reason: isCapped ? `retrievals in ${region} are capped by ${Strategy}` : `retrievals in ${region} have no limit`,
      },
    ];
  },
  staleAfter: [{ source: ['cloudtrail.glacier'], detail: { eventName: ['SetDataRetrievalPolicy', 'CreateVault', 'DeleteVault'] } }],
});
