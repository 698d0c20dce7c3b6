// The limit of Elastic IP addresses: of Service Quotas, or of EC2 itself.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import limit from '../../checks/limit-elastic-ips.ts';
import { asked } from './account.ts';
import { limitTests, noQuota, quota, times } from './limits.ts';

const addresses = (used: number) =>
  `<DescribeAddressesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><addressesSet>${times(used, '<item><domain>vpc</domain></item>')}</addressesSet></DescribeAddressesResponse>`;

limitTests(limit, {
  answersAt: (used) => ({ DescribeAddresses: addresses(used), GetServiceQuota: quota(5) }),
  named: ['us-east-1', 'VPC', 'EC2-VPC Elastic IP addresses'],
  lacks: 'servicequotas:GetServiceQuota',
});

test('where Service Quotas doesn’t know the limit, EC2 itself is asked', async () => {
  const { flaggedResources } = await asked(limit, {
    DescribeAddresses: addresses(4),
    GetServiceQuota: noQuota,
    DescribeAccountAttributes:
      '<DescribeAccountAttributesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><accountAttributeSet><item><attributeName>max-instances</attributeName><attributeValueSet><item><attributeValue>20</attributeValue></item></attributeValueSet></item><item><attributeName>vpc-max-elastic-ips</attributeName><attributeValueSet><item><attributeValue>5</attributeValue></item></attributeValueSet></item></accountAttributeSet></DescribeAccountAttributesResponse>',
  });
  assert.equal(flaggedResources[0]!.reason, '4 of 5 EC2-VPC Elastic IP addresses are used');
});
