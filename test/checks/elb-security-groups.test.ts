// Security groups of Classic Load Balancers beside their listeners.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import securityGroups from '../../checks/elb-security-groups.ts';
import { asked, judged } from './account.ts';

const rule = (from: number, to: number, IpProtocol = 'tcp') => ({
  ...{ IpProtocol, FromPort: from, ToPort: to, IpRanges: [{ CidrIp: '10.0.0.0/8' }] },
});
const facts = (rules: object[], SecurityGroups = ['sg-1']) => ({
  balancers: [
    {
      LoadBalancerName: 'web',
      SecurityGroups,
      ListenerDescriptions: [80, 443].map((LoadBalancerPort) => ({ Listener: { LoadBalancerPort } })),
    },
  ],
  groups: [{ GroupId: 'sg-1', IpPermissions: rules }],
});
const GREEN = ['web ok: the security groups of load balancer `web` open the ports of its listeners only'];
const yellow = (ports: string) => [`web warning: security group \`sg-1\` opens ${ports}, where no listener is`];

const cases: [string, object, string[]][] = [
  ['the listeners’ ports are green', facts([rule(80, 80), rule(443, 443)]), GREEN],
  ['another port is yellow, from whichever address', facts([rule(80, 80), rule(22, 22)]), yellow('tcp 22')],
  ['a range around a listener is yellow', facts([rule(80, 443)]), yellow('tcp 80-443')],
  ['all protocols are', facts([{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }]), yellow('All 0-65535')],
  ['UDP has no listener', facts([rule(443, 443, 'udp')]), yellow('udp 443')],
  [
    'from another group counts',
    facts([{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, UserIdGroupPairs: [{ GroupId: 'sg-2' }] }]),
    yellow('tcp 22'),
  ],
  ['ICMP is for the path’s MTU', facts([rule(-1, -1, 'icmp'), rule(443, 443)]), GREEN],
  ['IPv6 alone is not looked at', facts([{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, Ipv6Ranges: [{ CidrIpv6: '::/0' }] }]), GREEN],
  ['a group that is no more is red', facts([rule(80, 80)], ['sg-1', 'sg-9']), ['web error: security group `sg-9` is no more']],
  ['without groups there is nothing to compare', facts([], []), []],
];
for (const [name, given, expected] of cases) test(name, () => assert.deepEqual(judged(securityGroups, given), expected));

test('the columns are Trusted Advisor’s, and default groups count too', async () => {
  const { flaggedResources } = await asked(securityGroups, {
    DescribeLoadBalancers:
      '<DescribeLoadBalancersResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2012-06-01/"><DescribeLoadBalancersResult><LoadBalancerDescriptions><member><LoadBalancerName>web</LoadBalancerName><SecurityGroups><member>sg-d</member></SecurityGroups><ListenerDescriptions><member><Listener><LoadBalancerPort>80</LoadBalancerPort></Listener></member></ListenerDescriptions></member></LoadBalancerDescriptions></DescribeLoadBalancersResult></DescribeLoadBalancersResponse>',
    DescribeSecurityGroups:
      '<DescribeSecurityGroupsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><securityGroupInfo><item><groupId>sg-d</groupId><groupName>default</groupName><ipPermissions><item><ipProtocol>-1</ipProtocol><groups><item><groupId>sg-d</groupId></item></groups></item></ipPermissions></item></securityGroupInfo></DescribeSecurityGroupsResponse>',
  });
  assert.deepEqual(
    flaggedResources.map(({ metadata }) => metadata),
    [['us-east-1', 'web', 'Yellow', 'sg-d', 'security group `sg-d` opens All 0-65535, where no listener is']],
  );
});
