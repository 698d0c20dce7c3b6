// The limit of stacks: deleted ones don't count.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import limit from '../../checks/limit-cloudformation-stacks.ts';
import { asked } from './account.ts';
import { limitTests, noQuota, quota, times } from './limits.ts';

const stack = (status: string) => `<member><StackName>s</StackName><StackStatus>${status}</StackStatus></member>`;
const page = (stacks: string, token = '') =>
  `<ListStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><ListStacksResult><StackSummaries>${stacks}</StackSummaries>${token}</ListStacksResult></ListStacksResponse>`;

limitTests(limit, {
  answersAt: (used) => ({
    ListStacks: page(times(used, stack('CREATE_COMPLETE')) + times(9, stack('DELETE_COMPLETE'))),
    GetServiceQuota: quota(5),
  }),
  named: ['us-east-1', 'CloudFormation', 'Stacks'],
  lacks: 'servicequotas:GetServiceQuota',
});

test('stacks that failed count, on every page; the limit may be CloudFormation’s own', async () => {
  const { flaggedResources } = await asked(limit, {
    ListStacks: ({ input }) =>
      input['NextToken'] === '2'
        ? page(stack('ROLLBACK_COMPLETE') + stack('DELETE_FAILED'))
        : page(stack('UPDATE_COMPLETE'), '<NextToken>2</NextToken>'),
    GetServiceQuota: noQuota,
    DescribeAccountLimits:
      '<DescribeAccountLimitsResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeAccountLimitsResult><AccountLimits><member><Name>ConcurrentResourcesLimit</Name><Value>9</Value></member><member><Name>StackLimit</Name><Value>200</Value></member></AccountLimits></DescribeAccountLimitsResult></DescribeAccountLimitsResponse>',
  });
  assert.equal(flaggedResources[0]!.reason, '3 of 200 Stacks are used');
});
