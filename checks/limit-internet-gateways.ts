// How many internet gateways a region has, of how many it may have.
import type { DescribeInternetGatewaysCommandInput, DescribeInternetGatewaysCommandOutput } from '@aws-sdk/client-ec2';
import { apiCall } from '../events/advice/index.ts';
import { limitCheck, QUOTA_CALLS, quotaOf } from './facts/limits.ts';

const COUNTED = apiCall<DescribeInternetGatewaysCommandInput, DescribeInternetGatewaysCommandOutput>('ec2', 'DescribeInternetGateways');

export default limitCheck({
  id: 'kM7QQ0l7J9',
  name: 'VPC Internet Gateways',
  service: 'VPC',
  limit: 'Internet gateways',
  description: 'Counts the internet gateways against the limit of the region. At the limit no further VPC gets to the internet.',
  references: [
    'https://docs.aws.amazon.com/awssupport/latest/user/service-limits.html',
    'https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html',
  ],
  scope: 'region',
  calls: [...QUOTA_CALLS, COUNTED],
  usage: async (asker) => (await asker.pages(COUNTED, {})).flatMap(({ InternetGateways = [] }) => InternetGateways).length,
  maximum: (asker) => quotaOf(asker, { service: 'vpc', code: 'L-A4707A72' }),
  changedBy: { source: 'ec2', calls: ['CreateInternetGateway', 'DeleteInternetGateway', 'CreateDefaultVpc'] },
});
