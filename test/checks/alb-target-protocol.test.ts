// Target groups of Application Load Balancers, by protocol.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import targetProtocol from '../../checks/alb-target-protocol.ts';
import { asked } from './account.ts';

const XMLNS = 'xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"';
const balancers = (...types: string[]) =>
  `<DescribeLoadBalancersResponse ${XMLNS}><DescribeLoadBalancersResult><LoadBalancers>${types.map((type) => `<member><LoadBalancerArn>arn:${type}</LoadBalancerArn><LoadBalancerName>${type}</LoadBalancerName><VpcId>vpc-1</VpcId><Type>${type}</Type></member>`).join('')}</LoadBalancers></DescribeLoadBalancersResult></DescribeLoadBalancersResponse>`;
const group = (name: string, protocol: string, balancer: string, type = 'instance') =>
  `<member><TargetGroupArn>arn:${name}</TargetGroupArn><TargetGroupName>${name}</TargetGroupName><Protocol>${protocol}</Protocol><TargetType>${type}</TargetType><LoadBalancerArns>${balancer === '' ? '' : `<member>arn:${balancer}</member>`}</LoadBalancerArns></member>`;
const groups = (members: string, marker = '') =>
  `<DescribeTargetGroupsResponse ${XMLNS}><DescribeTargetGroupsResult><TargetGroups>${members}</TargetGroups>${marker}</DescribeTargetGroupsResult></DescribeTargetGroupsResponse>`;

test('HTTP is yellow, HTTPS green; functions, other balancers’ groups and those of none are not looked at', async () => {
  const { flaggedResources } = await asked(targetProtocol, {
    DescribeLoadBalancers: balancers('application', 'network'),
    DescribeTargetGroups: ({ input }) =>
      input['Marker'] === 'm'
        ? groups(group('safe', 'HTTPS', 'application', 'ip'))
        : groups(
            group('plain', 'HTTP', 'application') +
              group('tcp', 'TCP', 'network') +
              group('free', 'HTTP', '') +
              group('code', 'HTTP', 'application', 'lambda'),
            '<NextMarker>m</NextMarker>',
          ),
  });
  const now = '2026-11-28T12:00:00.000Z';
  assert.deepEqual(
    flaggedResources.map(({ resourceId, metadata, reason }) => [resourceId, ...metadata, reason]),
    [
      [
        ...['arn:plain', 'Yellow', 'us-east-1', 'arn:application', 'application', 'vpc-1', 'arn:plain', 'plain', 'HTTP', now],
        'load balancer `application` talks HTTP to target group `plain`',
      ],
      [
        ...['arn:safe', 'Green', 'us-east-1', 'arn:application', 'application', 'vpc-1', 'arn:safe', 'safe', 'HTTPS', now],
        'load balancer `application` talks HTTPS to target group `safe`',
      ],
    ],
  );
});

test('a role that may not look is told so', async () => {
  const { flaggedResources } = await asked(targetProtocol, { DescribeLoadBalancers: balancers() });
  assert.deepEqual(
    flaggedResources.map(({ status, reason }) => `${status}: ${reason}`),
    ['not_available: not asked: the role may not call elasticloadbalancing:DescribeTargetGroups in us-east-1'],
  );
});
