// Access keys of the root user.
import { check } from '../events/advice/index.ts';
import { ACCOUNT_SUMMARY_CALLS, accountSummary } from './facts/iamaccount.ts';

export default check({
  id: 'c2vlfg0f4h',
  name: 'Root User Access Key',
  category: 'security',
  description:
    'Looks for access keys of the root user. Who has one may do everything in the account, and no policy of the account can limit it.',
  criteria: { red: 'the root user has an access key', green: 'the root user has no access key' },
  action: 'Let programs use roles, then log in as the root user and delete its access keys: only the root user can do that.',
  references: [
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user_manage_delete-key.html',
    'https://docs.aws.amazon.com/awssupport/latest/user/security-checks.html#root-user-access-key',
  ],
  columns: ['Status', 'Account ID', 'Last Updated Time'],
  controls: ['cis.1.4', 'config.iam-root-access-key-check', 'securityhub.IAM.4'],
  scope: 'account',
  calls: ACCOUNT_SUMMARY_CALLS,
  collect: accountSummary,
  judge({ AccountAccessKeysPresent: keys }, { account, now }) {
    const values = { 'Account ID': account, 'Last Updated Time': new Date(now).toISOString() };
    if (keys === undefined)
      return [
        { resource: account, status: 'not_available', values, reason: 'the account’s summary doesn’t say whether the root user has keys' },
      ];
    if (keys > 0) return [{ resource: account, status: 'error', values, reason: 'the root user has an access key' }];
    return [{ resource: account, status: 'ok', values, reason: 'the root user has no access key' }];
  },
  staleAfter: [
    {
      source: ['cloudtrail.iam'],
      detail: { userIdentity: { type: ['Root'] }, eventName: ['CreateAccessKey', 'DeleteAccessKey', 'UpdateAccessKey'] },
    },
  ],
});
