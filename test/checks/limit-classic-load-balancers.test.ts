// The limit of Classic Load Balancers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import limit from '../../checks/limit-classic-load-balancers.ts';
import { asked } from './account.ts';
import { limitTests, noQuota, quota, times } from './limits.ts';

const balancers = (used: number) =>
  `<DescribeLoadBalancersResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2012-06-01/"><DescribeLoadBalancersResult><LoadBalancerDescriptions>${times(used, '<member><LoadBalancerName>a</LoadBalancerName></member>')}</LoadBalancerDescriptions></DescribeLoadBalancersResult></DescribeLoadBalancersResponse>`;

limitTests(limit, {
  answersAt: (used) => ({ DescribeLoadBalancers: balancers(used), GetServiceQuota: quota(5) }),
  named: ['us-east-1', 'ELB', 'Classic Load Balancers'],
  lacks: 'servicequotas:GetServiceQuota',
});

test('where Service Quotas doesn’t know the limit, the service itself is asked', async () => {
  const { flaggedResources } = await asked(limit, {
    DescribeLoadBalancers: balancers(2),
    GetServiceQuota: noQuota,
    DescribeAccountLimits:
      '<DescribeAccountLimitsResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2012-06-01/"><DescribeAccountLimitsResult><Limits><member><Name>classic-load-balancers</Name><Max>20</Max></member></Limits></DescribeAccountLimitsResult></DescribeAccountLimitsResponse>',
  });
  assert.equal(flaggedResources[0]!.reason, '2 of 20 Classic Load Balancers are used');
});
