// How many Elastic IP addresses a region has, of how many it may have.
import type {
  DescribeAccountAttributesCommandInput,
  DescribeAccountAttributesCommandOutput,
  DescribeAddressesCommandInput,
  DescribeAddressesCommandOutput,
} from '@aws-sdk/client-ec2';
import { type Asker, apiCall } from '../events/advice/index.ts';
import { limitCheck, QUOTA_CALLS, quotaOf } from './facts/limits.ts';

const ADDRESSES = apiCall<DescribeAddressesCommandInput, DescribeAddressesCommandOutput>('ec2', 'DescribeAddresses');
const ATTRIBUTES = apiCall<DescribeAccountAttributesCommandInput, DescribeAccountAttributesCommandOutput>(
  'ec2',
  'DescribeAccountAttributes',
);

/** @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeAccountAttributes.html */
async function addressLimit(asker: Asker): Promise<number | undefined> {
  const { AccountAttributes = [] } = await asker.ask(ATTRIBUTES, {});
  const value = AccountAttributes.find(({ AttributeName }) => AttributeName === 'vpc-max-elastic-ips')?.AttributeValues?.[0]
    ?.AttributeValue;
  return value === undefined ? undefined : Number(value);
}

export default limitCheck({
  id: 'lN7RR0l7J9',
  name: 'EC2-VPC Elastic IP Address',
  service: 'VPC',
  limit: 'EC2-VPC Elastic IP addresses',
  description: 'Counts the Elastic IP addresses against the limit of the region. At the limit no machine or gateway gets a fixed address.',
  references: [
    'https://docs.aws.amazon.com/awssupport/latest/user/service-limits.html',
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/elastic-ip-addresses-eip.html',
  ],
  scope: 'region',
  calls: [...QUOTA_CALLS, ATTRIBUTES, ADDRESSES],
  usage: async (asker) => (await asker.ask(ADDRESSES, {})).Addresses?.length ?? 0,
  maximum: (asker) => quotaOf(asker, { service: 'ec2', code: 'L-0263D0A3' }, addressLimit),
  changedBy: { source: 'ec2', calls: ['AllocateAddress', 'ReleaseAddress'] },
});
