// Ports open to everybody: each colour, ranges, protocols and addresses.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import specificPorts from '../../checks/security-groups-specific-ports.ts';
import { asked, judged } from './account.ts';

const group = (...rules: object[]) => ({ groups: [{ GroupId: 'sg-1', GroupName: 'web', IpPermissions: rules }], attached: new Set() });
const rule = (from: number, to: number, cidr = '0.0.0.0/0', protocol = 'tcp') => ({
  ...{ IpProtocol: protocol, FromPort: from, ToPort: to, IpRanges: [{ CidrIp: cidr }] },
});

const cases: [string, object[], string[]][] = [
  ['a port that is tried is red', [rule(22, 22)], ['sg-1 error: security group `sg-1` opens tcp port 22 to 0.0.0.0/0']],
  [
    'a range with one in it is red',
    [rule(1000, 2000)],
    ['sg-1 error: security group `sg-1` opens tcp port 1000-2000, 1433, 1434 among them, to 0.0.0.0/0'],
  ],
  ['any other port is yellow', [rule(8080, 8080)], ['sg-1 warning: security group `sg-1` opens tcp port 8080 to 0.0.0.0/0']],
  [
    'the web’s and the mail’s ports are green',
    [rule(443, 443), rule(465, 465)],
    ['sg-1 ok: security group `sg-1` opens tcp port 443 to 0.0.0.0/0', 'sg-1 ok: security group `sg-1` opens tcp port 465 to 0.0.0.0/0'],
  ],
  ['a range between fine ports is not fine', [rule(80, 81)], ['sg-1 warning: security group `sg-1` opens tcp port 80-81 to 0.0.0.0/0']],
  [
    'all protocols are all ports',
    [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    [
      'sg-1 error: security group `sg-1` opens All port 0-65535, 20, 21, 22, 1433, 1434, 3306, 3389, 4333, 5432, 5500 among them, to 0.0.0.0/0',
    ],
  ],
  ['a narrow source opens nothing', [rule(22, 22, '10.0.0.0/8')], ['sg-1 ok: security group `sg-1` opens nothing to everybody']],
  [
    'IPv6 is not looked at',
    [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, Ipv6Ranges: [{ CidrIpv6: '::/0' }] }],
    ['sg-1 ok: security group `sg-1` opens nothing to everybody'],
  ],
  [
    'a prefix list is no address',
    [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, PrefixListIds: [{ PrefixListId: 'pl-1' }] }],
    ['sg-1 ok: security group `sg-1` opens nothing to everybody'],
  ],
  ['ICMP has no ports', [rule(-1, -1, '0.0.0.0/0', 'icmp')], ['sg-1 ok: security group `sg-1` opens nothing to everybody']],
];
for (const [name, rules, expected] of cases) test(name, () => assert.deepEqual(judged(specificPorts, group(...rules)), expected));

const page = (groups: string, token = '') =>
  `<DescribeSecurityGroupsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><securityGroupInfo>${groups}</securityGroupInfo>${token}</DescribeSecurityGroupsResponse>`;
const item = (id: string, name: string) =>
  `<item><groupId>${id}</groupId><groupName>${name}</groupName><ipPermissions><item><ipProtocol>tcp</ipProtocol><fromPort>3389</fromPort><toPort>3389</toPort><ipRanges><item><cidrIp>0.0.0.0/0</cidrIp></item></ipRanges></item></ipPermissions></item>`;
const INTERFACES =
  '<DescribeNetworkInterfacesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><networkInterfaceSet/></DescribeNetworkInterfacesResponse>';

test('every page is asked for, in every region, and default groups are nobody’s', async () => {
  const { status, flaggedResources, resourcesSummary } = await asked(
    specificPorts,
    {
      DescribeSecurityGroups: ({ input }) =>
        input['NextToken'] === undefined ? page(item('sg-1', 'a'), '<nextToken>2</nextToken>') : page(item('sg-2', 'default')),
      DescribeNetworkInterfaces: INTERFACES,
    },
    { regions: ['us-east-1', 'eu-west-1'] },
  );
  assert.equal(status, 'error');
  assert.deepEqual(
    flaggedResources.map(({ region, metadata }) => [region, metadata]),
    ['us-east-1', 'eu-west-1'].map((region) => [region, [region, 'a', 'sg-1', 'tcp', 'Red', '3389']]),
  );
  assert.deepEqual(resourcesSummary, { resourcesProcessed: 2, resourcesFlagged: 2, resourcesIgnored: 0, resourcesSuppressed: 0 });
});

test('a role that may not look is told so, and nothing is green', async () => {
  const { status, flaggedResources } = await asked(specificPorts, {});
  assert.equal(status, 'not_available');
  assert.deepEqual(
    flaggedResources.map(({ reason }) => reason),
    ['not asked: the role may not call ec2:DescribeSecurityGroups in us-east-1'],
  );
});
