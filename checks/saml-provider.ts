// Whether people come from an identity provider.
import type { ListSAMLProvidersCommandInput, ListSAMLProvidersCommandOutput } from '@aws-sdk/client-iam';
import { apiCall, check } from '../events/advice/index.ts';

const PROVIDERS = apiCall<ListSAMLProvidersCommandInput, ListSAMLProvidersCommandOutput>('iam', 'ListSAMLProviders');

export default check({
  id: 'c2vlfg0p86',
  name: 'IAM SAML 2.0 Identity Provider',
  category: 'security',
  description:
    'Looks for a SAML 2.0 identity provider, through which people log in with one account and one place where it is closed. IAM Identity Center makes one in each account that it gives access to.',
  criteria: { yellow: 'the account has no SAML identity provider', green: 'the account has a SAML identity provider' },
  action:
    'Turn on IAM Identity Center in the organization and give people permission sets in this account, or make a SAML provider in IAM.',
  references: [
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_saml.html',
    'https://docs.aws.amazon.com/awssupport/latest/user/security-checks.html#iam-saml-identity-provider',
  ],
  columns: ['Status', 'AWS account Id', 'Last Updated Time'],
  replaces: 'zXCkfM1nI3',
  scope: 'account',
  calls: [PROVIDERS],
  collect: async (asker) => (await asker.ask(PROVIDERS, {})).SAMLProviderList ?? [],
  judge(providers, { account, now }) {
    const values = { 'AWS account Id': account, 'Last Updated Time': new Date(now).toISOString() };
    const [first] = providers;
    if (first === undefined) return [{ resource: account, status: 'warning', values, reason: 'the account has no SAML identity provider' }];
    return [{ resource: account, status: 'ok', values, reason: `people come through \`${first.Arn ?? ''}\`` }];
  },
  staleAfter: [{ source: ['cloudtrail.iam'], detail: { eventName: ['CreateSAMLProvider', 'DeleteSAMLProvider'] } }],
});
