// Whether the root user needs a second factor to log in.
import { type Asker, answerOrWhy, check } from '../events/advice/index.ts';
import { CREDENTIAL_REPORT_CALLS, credentialReport, ROOT_ROW } from './facts/credentialreport.ts';
import { ACCOUNT_SUMMARY_CALLS, accountSummary } from './facts/iamaccount.ts';

interface RootLogin {
  hasMfa: boolean;
  /** Organizations can take the root password from a member account. */
  hasPassword: boolean;
}

/** From the account's summary; where that isn't answered, or doesn't say, from the credential report. @throws NotAnswered */
async function rootLogin(asker: Asker): Promise<RootLogin> {
  const summary = await answerOrWhy(accountSummary(asker));
  if (!(summary instanceof Error) && summary['AccountMFAEnabled'] !== undefined)
    return { hasMfa: summary['AccountMFAEnabled'] > 0, hasPassword: summary['AccountPasswordPresent'] !== 0 };
  const report = await answerOrWhy(credentialReport(asker));
  const root = report instanceof Error ? undefined : report?.find((row) => row.get('user') === ROOT_ROW);
  if (root !== undefined) return { hasMfa: root.get('mfa_active') === 'true', hasPassword: root.get('password_enabled') !== 'false' };
  throw summary instanceof Error ? summary : new Error('neither the account’s summary nor the credential report says');
}

export default check({
  id: '7DAFEmoDos',
  name: 'MFA on Root Account',
  category: 'security',
  description:
    'Looks whether the root user logs in with a second factor. Nothing limits what the root user may do, so its password alone must not be enough.',
  criteria: {
    red: 'the root user has a password, and no MFA device',
    green: 'the root user has an MFA device, or no password to log in with',
  },
  action:
    'Log in as the root user and register an MFA device. In a member account of an organization, let the management account remove the root user’s credentials.',
  references: [
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/enable-mfa-for-root.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-enable-root-access.html',
  ],
  columns: [],
  controls: ['cis.1.5', 'config.root-account-mfa-enabled', 'securityhub.IAM.9'],
  scope: 'account',
  calls: [...ACCOUNT_SUMMARY_CALLS, ...CREDENTIAL_REPORT_CALLS],
  collect: rootLogin,
  judge({ hasMfa, hasPassword }, { account }) {
    if (!hasPassword) return [{ resource: account, status: 'ok', values: {}, reason: 'the root user has no password' }];
    if (hasMfa) return [{ resource: account, status: 'ok', values: {}, reason: 'the root user has an MFA device' }];
    return [
      { resource: account, status: 'error', values: {}, reason: 'the root user logs in with a password alone: it has no MFA device' },
    ];
  },
  staleAfter: [
    {
      source: ['cloudtrail.iam', 'cloudtrail.signin'],
      detail: {
        userIdentity: { type: ['Root'] },
        eventName: [
          'EnableMFADevice',
          'DeactivateMFADevice',
          'DeleteVirtualMFADevice',
          'ConsoleLogin',
          'PasswordUpdated',
          'PasswordRecoveryCompleted',
        ],
      },
    },
    // The organization's management account takes root credentials away in a session of the member's root.
    { source: ['cloudtrail.iam'], detail: { eventName: ['DeleteLoginProfile'] } },
  ],
});
