// Application Load Balancers: ports without listeners, targets that are reached past them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import albSecurityGroups from '../../checks/alb-security-groups.ts';
import { type Answers, asked, judged } from './account.ts';

const tcp = (port: number, source: object, to = port) => ({ IpProtocol: 'tcp', FromPort: port, ToPort: to, ...source });
const ALL = { IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
const from = (GroupId: string) => ({ UserIdGroupPairs: [{ GroupId }] });

interface Given {
  albRules?: object[];
  targetRules?: object[];
  isPublic?: boolean;
  actions?: object[];
  rules?: object[];
  healthPort?: string;
  targetId?: string;
  withGroups?: boolean;
}

/** A load balancer on port 443 with a machine on port 8080 behind it. */
const facts = ({ albRules = [tcp(443, ALL)], targetRules = [tcp(8080, from('sg-alb'))], ...more }: Given) => ({
  balancers: [
    {
      balancer: { LoadBalancerName: 'web', SecurityGroups: ['sg-alb'] },
      listeners: [{ Port: 443, DefaultActions: more.actions ?? [{ Type: 'forward' }] }],
      rules: more.rules ?? [],
      groups:
        more.withGroups === false
          ? []
          : [
              {
                group: { TargetGroupName: 'app', Port: 80, VpcId: 'vpc-1', HealthCheckPort: more.healthPort ?? 'traffic-port' },
                targets: [{ Id: more.targetId ?? 'i-1', Port: 8080 }],
              },
            ],
    },
  ],
  securityGroups: [
    { GroupId: 'sg-alb', IpPermissions: albRules },
    { GroupId: 'sg-app', IpPermissions: targetRules },
    { GroupId: 'sg-other', IpPermissions: [tcp(8080, ALL)] },
  ],
  interfaces: [
    {
      ...{ Attachment: { InstanceId: 'i-1' }, VpcId: 'vpc-1', PrivateIpAddress: '10.0.0.5', Groups: [{ GroupId: 'sg-app' }] },
      ...(more.isPublic === true ? { Association: { PublicIp: '203.0.113.7' } } : {}),
    },
    { VpcId: 'vpc-2', PrivateIpAddress: '10.0.0.5', Groups: [{ GroupId: 'sg-other' }] },
  ],
});
const GREEN = 'web ok: load balancer `web` opens the ports of its listeners only';
const TARGET = '`sg-app` of target `i-1` opens';

const cases: [string, Given, string][] = [
  ['a pair that fits is green', {}, GREEN],
  [
    'a port without a listener is yellow',
    { albRules: [tcp(443, ALL), tcp(22, { IpRanges: [{ CidrIp: '10.0.0.0/8' }] })] },
    'web warning: security group `sg-alb` opens tcp 22, where no listener is',
  ],
  [
    'also without any targets',
    { withGroups: false, albRules: [tcp(80, ALL)] },
    'web warning: security group `sg-alb` opens tcp 80, where no listener is',
  ],
  ['a rule for IPv6 alone is not looked at', { albRules: [tcp(443, ALL), tcp(22, { Ipv6Ranges: [{ CidrIpv6: '::/0' }] })] }, GREEN],
  [
    'a traffic port open to everybody is yellow',
    { targetRules: [tcp(8080, ALL)] },
    `web warning: security group ${TARGET} traffic port 8080 to everybody`,
  ],
  [
    'with a public address it is red',
    { targetRules: [tcp(8000, ALL, 9000)], isPublic: true },
    `web error: security group ${TARGET} traffic port 8080 to everybody, and it has a public address`,
  ],
  [
    'past the authentication it is red',
    { targetRules: [tcp(8080, ALL)], actions: [{ Type: 'authenticate-oidc' }, { Type: 'forward' }] },
    `web error: security group ${TARGET} traffic port 8080 to everybody, past the authentication`,
  ],
  [
    'authentication in a rule counts too',
    { targetRules: [tcp(8080, ALL)], rules: [{ Actions: [{ Type: 'authenticate-cognito' }] }] },
    `web error: security group ${TARGET} traffic port 8080 to everybody, past the authentication`,
  ],
  [
    'a health check port open to everybody is yellow',
    { targetRules: [tcp(9000, ALL)], healthPort: '9000' },
    `web warning: security group ${TARGET} health check port 9000 to everybody`,
  ],
  [
    'with a public address that is red too',
    { targetRules: [tcp(9000, ALL)], healthPort: '9000', isPublic: true },
    `web error: security group ${TARGET} health check port 9000 to everybody, and it has a public address`,
  ],
  [
    'a health check port open to another group is yellow',
    { targetRules: [tcp(8080, from('sg-alb')), tcp(8080, from('sg-admin'))] },
    `web warning: security group ${TARGET} health check port 8080 to \`sg-admin\`, which isn’t the load balancer’s`,
  ],
  ['another port of the target is not looked at', { targetRules: [tcp(22, ALL), tcp(8080, from('sg-alb'))] }, GREEN],
  ['of an address the interface in the same VPC counts', { targetId: '10.0.0.5' }, GREEN],
  ['a target without an interface here has nothing to look at', { targetId: '192.168.0.1' }, GREEN],
];
for (const [name, given, expected] of cases) test(name, () => assert.deepEqual(judged(albSecurityGroups, facts(given)), [expected]));

const V2 = 'xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"';
const EC2 = 'xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"';
const of = (operation: string, inner: string) =>
  `<${operation}Response ${V2}><${operation}Result>${inner}</${operation}Result></${operation}Response>`;
const ANSWERS: Answers = {
  DescribeLoadBalancers: of(
    'DescribeLoadBalancers',
    '<LoadBalancers><member><LoadBalancerArn>arn:lb</LoadBalancerArn><LoadBalancerName>web</LoadBalancerName><SecurityGroups><member>sg-alb</member></SecurityGroups><Type>application</Type></member></LoadBalancers>',
  ),
  DescribeTargetGroups: of(
    'DescribeTargetGroups',
    '<TargetGroups><member><TargetGroupArn>arn:tg</TargetGroupArn><TargetGroupName>app</TargetGroupName><Port>8080</Port><HealthCheckPort>traffic-port</HealthCheckPort><TargetType>instance</TargetType><LoadBalancerArns><member>arn:lb</member></LoadBalancerArns></member></TargetGroups>',
  ),
  DescribeListeners: of('DescribeListeners', '<Listeners><member><ListenerArn>arn:l</ListenerArn><Port>443</Port></member></Listeners>'),
  DescribeRules: of('DescribeRules', '<Rules><member><Actions><member><Type>authenticate-oidc</Type></member></Actions></member></Rules>'),
  DescribeTargetHealth: of(
    'DescribeTargetHealth',
    '<TargetHealthDescriptions><member><Target><Id>i-1</Id><Port>8080</Port></Target></member></TargetHealthDescriptions>',
  ),
  DescribeSecurityGroups: `<DescribeSecurityGroupsResponse ${EC2}><securityGroupInfo><item><groupId>sg-app</groupId><ipPermissions><item><ipProtocol>tcp</ipProtocol><fromPort>8080</fromPort><toPort>8080</toPort><ipRanges><item><cidrIp>0.0.0.0/0</cidrIp></item></ipRanges></item></ipPermissions></item></securityGroupInfo></DescribeSecurityGroupsResponse>`,
  DescribeNetworkInterfaces: `<DescribeNetworkInterfacesResponse ${EC2}><networkInterfaceSet><item><attachment><instanceId>i-1</instanceId></attachment><groupSet><item><groupId>sg-app</groupId></item></groupSet></item></networkInterfaceSet></DescribeNetworkInterfacesResponse>`,
};

test('a target group is a line, in Trusted Advisor’s columns', async () => {
  const { flaggedResources } = await asked(albSecurityGroups, ANSWERS);
  assert.deepEqual(
    flaggedResources.map(({ resourceId, metadata }) => [resourceId, ...metadata]),
    [['web', 'Red', 'us-east-1', 'app', 'web', 'sg-alb', 'sg-app', 'Yes', '2026-11-28T12:00:00.000Z']],
  );
});

test('a load balancer that vanishes has no line; one that can’t be asked says so', async () => {
  const failing = (code: string): Answers => ({
    ...ANSWERS,
    DescribeListeners: { status: 400, body: `<ErrorResponse><Error><Code>${code}</Code></Error></ErrorResponse>` },
  });
  const lines = async (answers: Answers) =>
    (await asked(albSecurityGroups, answers)).flaggedResources.map(({ status, reason }) => `${status}: ${reason}`);
  assert.deepEqual(await lines(failing('LoadBalancerNotFound')), []);
  assert.deepEqual(await lines(failing('AccessDenied')), [
    'not_available: not asked: the role may not call elasticloadbalancing:DescribeListeners in us-east-1',
  ]);
});
