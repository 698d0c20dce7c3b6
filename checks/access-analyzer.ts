// Whether somebody watches what is shared with strangers.
import type { AnalyzerSummary, ListAnalyzersCommandInput, ListAnalyzersCommandOutput } from '@aws-sdk/client-accessanalyzer';
import { apiCall, check } from '../events/advice/index.ts';

const ANALYZERS = apiCall<ListAnalyzersCommandInput, ListAnalyzersCommandOutput>('accessanalyzer', 'ListAnalyzers');

const activeArns = (analyzers: readonly AnalyzerSummary[], wanted: string): string[] =>
  analyzers.filter(({ type, status }) => type === wanted && status === 'ACTIVE').flatMap(({ arn }) => arn ?? []);

export default check({
  id: '07602fcad6',
  name: 'IAM Access Analyzer External Access',
  category: 'security',
  description:
    'Looks for an external access analyzer of the account, which finds buckets, roles, keys and other resources that are shared with strangers. It costs nothing, and sees only its own region.',
  criteria: {
    red: 'the account has no active external access analyzer in the region, though the organization may have one',
    green: 'the account has an active external access analyzer in the region',
  },
  action: 'Create an analyzer for external access in the region, with the account as its zone of trust.',
  references: [
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-create-external.html',
    'https://docs.aws.amazon.com/awssupport/latest/user/security-checks.html#iam-access-analyzer-external-access',
  ],
  columns: ['Status', 'Region', 'Account External Access Analyzer Arn', 'Organization External Access Analyzer Arns', 'Last Updated Time'],
  controls: ['cis.1.20', 'securityhub.IAM.28'],
  scope: 'region',
  calls: [ANALYZERS],
  collect: async (asker) => (await asker.pages(ANALYZERS, {})).flatMap(({ analyzers = [] }) => analyzers),
  judge(analyzers, { region, now }) {
    const [own = '', ofOrganization] = [activeArns(analyzers, 'ACCOUNT')[0], activeArns(analyzers, 'ORGANIZATION').join(', ')];
    const values = {
      'Account External Access Analyzer Arn': own,
      'Organization External Access Analyzer Arns': ofOrganization,
      'Last Updated Time': new Date(now).toISOString(),
    };
    if (own !== '') return [{ resource: region, status: 'ok', values, reason: `\`${own}\` is active` }];
    const only = ofOrganization === '' ? '' : `: only the organization has one, \`${ofOrganization}\``;
    return [
      { resource: region, status: 'error', values, reason: `the account has no active external access analyzer in ${region}${only}` },
    ];
  },
  staleAfter: [{ source: ['cloudtrail.access-analyzer'], detail: { eventName: ['CreateAnalyzer', 'DeleteAnalyzer', 'UpdateAnalyzer'] } }],
});
