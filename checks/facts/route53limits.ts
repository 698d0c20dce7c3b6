// The limits of Route 53: each answer has how many there are and may be.
import type { AccountLimitType, GetAccountLimitCommandInput, GetAccountLimitCommandOutput } from '@aws-sdk/client-route-53';
import { apiCall, type Check } from '../../events/advice/index.ts';
import { type LimitWords, limitCheck } from './limits.ts';

const LIMIT = apiCall<GetAccountLimitCommandInput, GetAccountLimitCommandOutput>('route-53', 'GetAccountLimit');

export const route53LimitCheck = (
  Type: AccountLimitType,
  words: Pick<LimitWords, 'id' | 'name' | 'limit' | 'description'>,
  calls: readonly string[],
): Check =>
  limitCheck({
    ...words,
    service: 'Route53',
    references: [
      'https://docs.aws.amazon.com/awssupport/latest/user/service-limits.html',
      'https://docs.aws.amazon.com/Route53/latest/APIReference/API_GetAccountLimit.html',
    ],
    scope: 'account',
    calls: [LIMIT],
    usage: async (asker) => (await asker.ask(LIMIT, { Type })).Count,
    maximum: async (asker) => (await asker.ask(LIMIT, { Type })).Limit?.Value,
    changedBy: { source: 'route53', calls },
  });
