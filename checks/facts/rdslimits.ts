// The limits of RDS, used and most, in one answer.
import type { DescribeAccountAttributesCommandInput, DescribeAccountAttributesCommandOutput } from '@aws-sdk/client-rds';
import { type Asker, apiCall, type Check } from '../../events/advice/index.ts';
import { type LimitWords, limitCheck } from './limits.ts';

const ATTRIBUTES = apiCall<DescribeAccountAttributesCommandInput, DescribeAccountAttributesCommandOutput>(
  'rds',
  'DescribeAccountAttributes',
);

/** @param quota  as RDS names it. Source: API reference, AccountQuota (read 2026-11-28) */
export function rdsLimitCheck(
  quota: 'DBInstances' | 'ManualSnapshots',
  words: Pick<LimitWords, 'id' | 'name' | 'limit' | 'description'>,
  calls: readonly string[],
): Check {
  const ofRegion = async (asker: Asker) =>
    (await asker.ask(ATTRIBUTES, {})).AccountQuotas?.find(({ AccountQuotaName }) => AccountQuotaName === quota);
  return limitCheck({
    ...words,
    service: 'RDS',
    references: [
      'https://docs.aws.amazon.com/awssupport/latest/user/service-limits.html',
      'https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_AccountQuota.html',
    ],
    scope: 'region',
    calls: [ATTRIBUTES],
    usage: async (asker) => (await ofRegion(asker))?.Used,
    maximum: async (asker) => (await ofRegion(asker))?.Max,
    changedBy: { source: 'rds', calls },
  });
}
