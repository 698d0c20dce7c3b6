// How many VPCs a region has, of how many it may have.
import type { DescribeVpcsCommandInput, DescribeVpcsCommandOutput } from '@aws-sdk/client-ec2';
import { apiCall } from '../events/advice/index.ts';
import { limitCheck, QUOTA_CALLS, quotaOf } from './facts/limits.ts';

const COUNTED = apiCall<DescribeVpcsCommandInput, DescribeVpcsCommandOutput>('ec2', 'DescribeVpcs');

export default limitCheck({
  id: 'jL7PP0l7J9',
  name: 'VPC',
  service: 'VPC',
  limit: 'VPCs',
  description: 'Counts the VPCs against the limit of the region; the default VPC counts too. At the limit no network can be created.',
  references: [
    'https://docs.aws.amazon.com/awssupport/latest/user/service-limits.html',
    'https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html',
  ],
  scope: 'region',
  calls: [...QUOTA_CALLS, COUNTED],
  usage: async (asker) => (await asker.pages(COUNTED, {})).flatMap(({ Vpcs = [] }) => Vpcs).length,
  maximum: (asker) => quotaOf(asker, { service: 'vpc', code: 'L-F678F1CE' }),
  changedBy: { source: 'ec2', calls: ['CreateVpc', 'CreateDefaultVpc', 'DeleteVpc'] },
});
