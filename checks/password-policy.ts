// What the account asks of passwords of its users.
import type { GetAccountPasswordPolicyCommandInput, GetAccountPasswordPolicyCommandOutput, PasswordPolicy } from '@aws-sdk/client-iam';
import { answerUnless, apiCall, check } from '../events/advice/index.ts';

const POLICY = apiCall<GetAccountPasswordPolicyCommandInput, GetAccountPasswordPolicyCommandOutput>('iam', 'GetAccountPasswordPolicy');

const COLUMNS = ['Password Policy', 'Uppercase', 'Lowercase', 'Number', 'Non-alphanumeric', 'Status', 'Reason'] as const;

const CLASSES = [
  ['Uppercase', 'an uppercase letter', 'RequireUppercaseCharacters'],
  ['Lowercase', 'a lowercase letter', 'RequireLowercaseCharacters'],
  ['Number', 'a number', 'RequireNumbers'],
  ['Non-alphanumeric', 'a symbol', 'RequireSymbols'],
] as const;

/** IAM's own, where no policy says another. */
const SHORTEST_DEFAULT = 8;

const said = (isSo: boolean | undefined): string => (isSo === true ? 'Enabled' : 'Disabled');

const classesOf = (policy: PasswordPolicy) => Object.fromEntries(CLASSES.map(([column, , member]) => [column, said(policy[member])]));

/** What CIS asks beside: told, but it makes nothing yellow. */
const lengthText = ({ MinimumPasswordLength = SHORTEST_DEFAULT }: PasswordPolicy): string =>
  `passwords have at least ${MinimumPasswordLength} characters`;

export default check({
  id: 'Yw2K9puPzl',
  name: 'IAM Password Policy',
  category: 'security',
  description:
    'Looks at the account’s password policy: which kinds of characters a password of an IAM user must have, and whether there is a policy at all.',
  criteria: {
    red: 'the account has no password policy',
    yellow: 'the policy does not ask for uppercase letters, lowercase letters, numbers and symbols',
    green: 'the policy asks for all four kinds of characters',
  },
  action:
    'Set a password policy that asks for all four kinds of characters and for 14 characters or more; better, let people log in through IAM Identity Center.',
  references: [
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html',
    'https://docs.aws.amazon.com/awssupport/latest/user/security-checks.html#iam-password-policy',
  ],
  columns: COLUMNS,
  controls: ['cis.1.8', 'config.iam-password-policy', 'securityhub.IAM.7'],
  scope: 'account',
  calls: [POLICY],
  collect: async (asker) => (await answerUnless(['NoSuchEntity', 'NoSuchEntityException'], asker.ask(POLICY, {})))?.PasswordPolicy,
  judge(policy, { account }) {
    const none = { 'Password Policy': 'Disabled', ...classesOf({}), Reason: 'No password policy' };
    if (policy === undefined) return [{ resource: account, status: 'error', values: none, reason: 'the account has no password policy' }];
    const missing = CLASSES.filter(([, , member]) => policy[member] !== true).map(([, text]) => text);
    const reason =
      missing.length > 0
        ? `the password policy does not ask for ${missing.join(', ')}`
        : `the password policy asks for all kinds of characters; ${lengthText(policy)}`;
    const values = { 'Password Policy': 'Enabled', ...classesOf(policy), Reason: missing.length > 0 ? reason : '' };
    return [{ resource: account, status: missing.length > 0 ? 'warning' : 'ok', values, reason }];
  },
  staleAfter: [{ source: ['cloudtrail.iam'], detail: { eventName: ['UpdateAccountPasswordPolicy', 'DeleteAccountPasswordPolicy'] } }],
});
