// Whether the account has IAM users: a check of Trusted Advisor's that was retired.
import { check } from '../events/advice/index.ts';
import { ACCOUNT_SUMMARY_CALLS, accountSummary } from './facts/iamaccount.ts';

export default check({
  id: 'zXCkfM1nI3',
  name: 'IAM Use',
  category: 'security',
  description:
    'Looks whether somebody works with IAM at all, instead of with the root user. Trusted Advisor retired it in May 2024 for the check of SAML providers: people had better come through an identity provider than as IAM users.',
  criteria: { yellow: 'the account has no IAM user', green: 'the account has an IAM user' },
  action: 'Don’t work as the root user: give people access through IAM Identity Center or a SAML provider. Exclude this check when you do.',
  references: [
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html',
    'https://docs.aws.amazon.com/awssupport/latest/user/trusted-advisor-change-log.html',
  ],
  columns: [],
  replacedBy: 'c2vlfg0p86',
  scope: 'account',
  calls: ACCOUNT_SUMMARY_CALLS,
  collect: accountSummary,
  judge({ Users: users }, { account }) {
    if (users === undefined)
      return [{ resource: account, status: 'not_available', values: {}, reason: 'the account’s summary doesn’t count users' }];
    if (users === 0) return [{ resource: account, status: 'warning', values: {}, reason: 'the account has no IAM user' }];
    return [{ resource: account, status: 'ok', values: {}, reason: `IAM users: ${users}` }];
  },
  staleAfter: [{ source: ['cloudtrail.iam'], detail: { eventName: ['CreateUser', 'DeleteUser'] } }],
});
