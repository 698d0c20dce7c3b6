// The limit of VPCs: the quota that is applied, then the default.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import limit from '../../checks/limit-vpcs.ts';
import { asked } from './account.ts';
import { limitTests, noQuota, quota, times } from './limits.ts';

const vpcs = (used: number, token = '') =>
  `<DescribeVpcsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><vpcSet>${times(used, '<item><vpcId>vpc-1</vpcId></item>')}</vpcSet>${token}</DescribeVpcsResponse>`;

limitTests(limit, {
  answersAt: (used) => ({ DescribeVpcs: vpcs(used), GetServiceQuota: quota(5) }),
  named: ['us-east-1', 'VPC', 'VPCs'],
  lacks: 'servicequotas:GetServiceQuota',
});

test('a raised quota is what counts, and every page of VPCs', async () => {
  const { flaggedResources, calls } = await asked(limit, {
    DescribeVpcs: ({ input }) => (input['NextToken'] === undefined ? vpcs(4, '<nextToken>2</nextToken>') : vpcs(3)),
    GetServiceQuota: quota(20),
    GetAWSDefaultServiceQuota: quota(5),
  });
  assert.equal(flaggedResources[0]!.reason, '7 of 20 VPCs are used');
  assert.ok(!calls.some(({ operation }) => operation === 'GetAWSDefaultServiceQuota'));
});

test('where none is applied the default counts', async () => {
  const { status, calls } = await asked(limit, { DescribeVpcs: vpcs(5), GetServiceQuota: noQuota, GetAWSDefaultServiceQuota: quota(5) });
  assert.equal(status, 'error');
  assert.deepEqual(
    calls.filter(({ operation }) => operation.endsWith('Quota')).map(({ input }) => [input['ServiceCode'], input['QuotaCode']]),
    [
      ['vpc', 'L-F678F1CE'],
      ['vpc', 'L-F678F1CE'],
    ],
  );
});

test('a limit that nobody knows leaves the usage, and no colour', async () => {
  const { flaggedResources } = await asked(limit, { DescribeVpcs: vpcs(5), GetServiceQuota: noQuota, GetAWSDefaultServiceQuota: noQuota });
  assert.deepEqual(
    flaggedResources.map(({ metadata, reason }) => [...metadata, reason]),
    [
      [
        ...['us-east-1', 'VPC', 'VPCs', '', '5', 'Blue'],
        'not answered: servicequotas:GetServiceQuota in us-east-1 failed with NoSuchResourceException: no such quota',
      ],
    ],
  );
});
