// The limits of IAM, all of them in one answer.
import type { GetAccountSummaryCommandInput, GetAccountSummaryCommandOutput } from '@aws-sdk/client-iam';
import { apiCall, type Check } from '../../events/advice/index.ts';
import { type LimitWords, limitCheck } from './limits.ts';

const SUMMARY = apiCall<GetAccountSummaryCommandInput, GetAccountSummaryCommandOutput>('iam', 'GetAccountSummary');

/** @param counted  as the summary names them; the limit is named so with `Quota` behind */
export const iamLimitCheck = (
  counted: 'Users' | 'Roles' | 'Policies' | 'Groups' | 'InstanceProfiles' | 'ServerCertificates',
  words: Pick<LimitWords, 'id' | 'name' | 'limit' | 'description'>,
  calls: readonly string[],
): Check =>
  limitCheck({
    ...words,
    service: 'IAM',
    references: [
      'https://docs.aws.amazon.com/awssupport/latest/user/service-limits.html',
      'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html',
    ],
    scope: 'account',
    calls: [SUMMARY],
    usage: async (asker) => (await asker.ask(SUMMARY, {})).SummaryMap?.[counted],
    maximum: async (asker) => (await asker.ask(SUMMARY, {})).SummaryMap?.[`${counted}Quota`],
    changedBy: { source: 'iam', calls },
  });
