// What IAM says of the account as a whole.
import type { GetAccountSummaryCommandInput, GetAccountSummaryCommandOutput } from '@aws-sdk/client-iam';
import { type Asker, apiCall } from '../../events/advice/index.ts';

const SUMMARY = apiCall<GetAccountSummaryCommandInput, GetAccountSummaryCommandOutput>('iam', 'GetAccountSummary');

export const ACCOUNT_SUMMARY_CALLS = [SUMMARY];

/** Counts by name: `AccountMFAEnabled`, `AccountAccessKeysPresent`, `Users`. One that isn't said isn't there. */
export type AccountSummary = Readonly<Partial<Record<string, number>>>;

/** @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html */
export const accountSummary = async (asker: Asker): Promise<AccountSummary> => (await asker.ask(SUMMARY, {})).SummaryMap ?? {};
