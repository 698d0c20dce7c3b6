// Whether Inspector scans what runs in a region.
import type {
  AccountState,
  BatchGetAccountStatusCommandInput,
  BatchGetAccountStatusCommandOutput,
  ResourceState,
} from '@aws-sdk/client-inspector2';
import { apiCall, check, type Line } from '../events/advice/index.ts';

const STATUS = apiCall<BatchGetAccountStatusCommandInput, BatchGetAccountStatusCommandOutput>('inspector2', 'BatchGetAccountStatus');

const COLUMNS = ['Status', 'Region', 'Account Status', 'EC2', 'ECR', 'Lambda'] as const;

const SCANS = [
  ['EC2', 'ec2'],
  ['ECR', 'ecr'],
  ['Lambda', 'lambda'],
] as const;

const scanOf = (state: ResourceState | undefined, member: (typeof SCANS)[number][1]): string => state?.[member]?.status ?? '';

function lineOf({ state, resourceState }: Partial<AccountState>, region: string): Line<(typeof COLUMNS)[number]> {
  const status = state?.status ?? '';
  const values = {
    'Account Status': status,
    ...Object.fromEntries(SCANS.map(([column, member]) => [column, scanOf(resourceState, member)])),
  };
  if (status !== 'ENABLED')
    return { resource: region, status: 'error', values, reason: `Inspector is ${status.toLowerCase() || 'not enabled'} in ${region}` };
  const missing = SCANS.filter(([, member]) => scanOf(resourceState, member) !== 'ENABLED').map(([column]) => column);
  if (missing.length > 0)
    return { resource: region, status: 'warning', values, reason: `Inspector does not scan ${missing.join(', ')} in ${region}` };
  return { resource: region, status: 'ok', values, reason: `Inspector scans EC2, ECR and Lambda in ${region}` };
}

export default check({
  id: 'trailbus-inspector',
  name: 'Inspector Enabled',
  category: 'security',
  description:
    'Looks in each region whether Amazon Inspector is enabled, and scans machines, container images and functions for known weaknesses.',
  criteria: {
    red: 'Inspector is not enabled in the region, or is suspended',
    yellow: 'Inspector is enabled, but does not scan all of EC2, ECR and Lambda',
    green: 'Inspector is enabled and scans EC2, ECR and Lambda',
  },
  action: 'Activate Inspector in the region with all scan types; in an organization, let its administrator activate it for all accounts.',
  references: [
    'https://docs.aws.amazon.com/inspector/v2/APIReference/API_BatchGetAccountStatus.html',
    'https://docs.aws.amazon.com/securityhub/latest/userguide/inspector-controls.html',
  ],
  columns: COLUMNS,
  controls: ['securityhub.Inspector.1', 'securityhub.Inspector.2', 'securityhub.Inspector.3'],
  scope: 'region',
  calls: [STATUS],
  collect: (asker, { account }) => asker.ask(STATUS, { accountIds: [account] }),
  judge({ accounts = [], failedAccounts = [] }, { region }) {
    if (accounts.length > 0) return accounts.map((account) => lineOf(account, region));
    const failed = failedAccounts.map(({ errorMessage, errorCode }) => errorMessage ?? errorCode).join(', ');
    const why = failed === '' ? 'the account is not in its answer' : failed;
    return [{ resource: region, status: 'not_available', values: {}, reason: `Inspector does not say how it stands in ${region}: ${why}` }];
  },
  staleAfter: [{ source: ['cloudtrail.inspector2'], detail: { eventName: ['Enable', 'Disable', 'UpdateConfiguration'] } }],
});
