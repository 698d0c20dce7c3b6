// How many CloudFormation stacks a region has, of how many it may have.
import type {
  DescribeAccountLimitsCommandInput,
  DescribeAccountLimitsCommandOutput,
  ListStacksCommandInput,
  ListStacksCommandOutput,
} from '@aws-sdk/client-cloudformation';
import { type Asker, apiCall } from '../events/advice/index.ts';
import { limitCheck, QUOTA_CALLS, quotaOf } from './facts/limits.ts';

const STACKS = apiCall<ListStacksCommandInput, ListStacksCommandOutput>('cloudformation', 'ListStacks');
const LIMITS = apiCall<DescribeAccountLimitsCommandInput, DescribeAccountLimitsCommandOutput>('cloudformation', 'DescribeAccountLimits');

/** Deleted stacks are listed for 90 days, and count no more. */
async function stacksIn(asker: Asker): Promise<number> {
  const pages = await asker.pages(STACKS, {});
  return pages.flatMap(({ StackSummaries = [] }) => StackSummaries).filter(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE').length;
}

async function stackLimit(asker: Asker): Promise<number | undefined> {
  const pages = await asker.pages(LIMITS, {});
  return pages.flatMap(({ AccountLimits = [] }) => AccountLimits).find(({ Name }) => Name === 'StackLimit')?.Value;
}

export default limitCheck({
  id: 'gW7HH0l7J9',
  name: 'CloudFormation Stacks',
  service: 'CloudFormation',
  limit: 'Stacks',
  description: 'Counts the CloudFormation stacks, nested ones too, against the limit of the region. At the limit no stack can be created.',
  references: [
    'https://docs.aws.amazon.com/awssupport/latest/user/service-limits.html',
    'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html',
  ],
  scope: 'region',
  calls: [...QUOTA_CALLS, LIMITS, STACKS],
  usage: stacksIn,
  maximum: (asker) => quotaOf(asker, { service: 'cloudformation', code: 'L-0485CB21' }, stackLimit),
  changedBy: { source: 'cloudformation', calls: ['CreateStack', 'DeleteStack', 'ExecuteChangeSet', 'CreateStackInstances'] },
});
