// The limit of Application Load Balancers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import limit from '../../checks/limit-application-load-balancers.ts';
import { asked } from './account.ts';
import { limitTests, noQuota, quota, times } from './limits.ts';

const balancers = (used: number) =>
  `<DescribeLoadBalancersResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"><DescribeLoadBalancersResult><LoadBalancers><member><Type>network</Type></member>${times(used, '<member><Type>application</Type></member>')}</LoadBalancers></DescribeLoadBalancersResult></DescribeLoadBalancersResponse>`;

limitTests(limit, {
  answersAt: (used) => ({ DescribeLoadBalancers: balancers(used), GetServiceQuota: quota(5) }),
  named: ['us-east-1', 'ELB', 'Application Load Balancers'],
  lacks: 'servicequotas:GetServiceQuota',
});

test('where Service Quotas doesn’t know the limit, the service itself is asked', async () => {
  const { flaggedResources } = await asked(limit, {
    DescribeLoadBalancers: balancers(2),
    GetServiceQuota: noQuota,
    DescribeAccountLimits:
      '<DescribeAccountLimitsResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"><DescribeAccountLimitsResult><Limits><member><Name>application-load-balancers</Name><Max>2</Max></member></Limits></DescribeAccountLimitsResult></DescribeAccountLimitsResponse>',
  });
  assert.equal(flaggedResources[0]!.reason, '2 of 2 Application Load Balancers are used');
});
