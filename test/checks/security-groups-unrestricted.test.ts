// Groups open to everybody: each colour, attached or not, ranges and protocols.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import unrestricted from '../../checks/security-groups-unrestricted.ts';
import { asked, judged } from './account.ts';

const facts = (rules: object[], attached: string[] = []) => ({
  groups: [{ GroupId: 'sg-1', GroupName: 'web', IpPermissions: rules }],
  attached: new Set(attached),
});
const rule = (from: number, to: number, cidr = '0.0.0.0/0', protocol = 'tcp') => ({
  ...{ IpProtocol: protocol, FromPort: from, ToPort: to, IpRanges: [{ CidrIp: cidr }] },
});
const OPENS = 'security group `sg-1` opens';

const cases: [string, object, string[]][] = [
  [
    'a group that nothing has is red',
    facts([rule(22, 22)]),
    [`sg-1 error: ${OPENS} tcp port 22 to 0.0.0.0/0; nothing has it, so delete it`],
  ],
  [
    'a group that is attached is yellow',
    facts([rule(22, 22)], ['sg-1']),
    [`sg-1 warning: ${OPENS} tcp port 22 to 0.0.0.0/0; it is attached to a network interface`],
  ],
  [
    'the web and mail are green',
    facts([rule(25, 25), rule(80, 80), rule(443, 443)]),
    [25, 80, 443].map((port) => `sg-1 ok: ${OPENS} tcp port ${port} to 0.0.0.0/0`),
  ],
  ['465 is not', facts([rule(465, 465)]), [`sg-1 error: ${OPENS} tcp port 465 to 0.0.0.0/0; nothing has it, so delete it`]],
  [
    'a range around a fine port is not fine',
    facts([rule(79, 80)]),
    [`sg-1 error: ${OPENS} tcp port 79-80 to 0.0.0.0/0; nothing has it, so delete it`],
  ],
  [
    'all protocols are all ports',
    facts([{ IpProtocol: '-1', IpRanges: [{ CidrIp: '10.0.0.0/8' }, { CidrIp: '0.0.0.0/0' }] }], ['sg-1']),
    [`sg-1 warning: ${OPENS} All port 0-65535 to 0.0.0.0/0; it is attached to a network interface`],
  ],
  ['UDP counts', facts([rule(53, 53, '0.0.0.0/0', '17')]), [`sg-1 error: ${OPENS} udp port 53 to 0.0.0.0/0; nothing has it, so delete it`]],
  ['a narrow source opens nothing', facts([rule(22, 22, '203.0.113.7/32')]), [`sg-1 ok: ${OPENS} nothing to everybody`]],
  [
    'IPv6, prefix lists and other groups are not looked at',
    facts([
      { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
      { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, PrefixListIds: [{ PrefixListId: 'pl-1' }] },
      { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, UserIdGroupPairs: [{ GroupId: 'sg-2' }] },
    ]),
    [`sg-1 ok: ${OPENS} nothing to everybody`],
  ],
];
for (const [name, given, expected] of cases) test(name, () => assert.deepEqual(judged(unrestricted, given), expected));

const XMLNS = 'xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"';
const GROUP =
  '<item><groupId>sg-1</groupId><groupName>open</groupName><ipPermissions><item><ipProtocol>tcp</ipProtocol><fromPort>8080</fromPort><toPort>8090</toPort><ipRanges><item><cidrIp>0.0.0.0/0</cidrIp></item></ipRanges></item></ipPermissions></item>';

test('the columns are Trusted Advisor’s, and what has the group is asked for', async () => {
  const { status, flaggedResources } = await asked(unrestricted, {
    DescribeSecurityGroups: `<DescribeSecurityGroupsResponse ${XMLNS}><securityGroupInfo>${GROUP}</securityGroupInfo></DescribeSecurityGroupsResponse>`,
    DescribeNetworkInterfaces: `<DescribeNetworkInterfacesResponse ${XMLNS}><networkInterfaceSet><item><groupSet><item><groupId>sg-1</groupId></item></groupSet></item></networkInterfaceSet></DescribeNetworkInterfacesResponse>`,
  });
  assert.equal(status, 'warning');
  assert.deepEqual(
    flaggedResources.map(({ metadata }) => metadata),
    [['us-east-1', 'open', 'sg-1', 'tcp', '8080-8090', 'Yellow', '0.0.0.0/0']],
  );
});

test('a role that may not ask what has the groups is told so', async () => {
  const { flaggedResources } = await asked(unrestricted, {
    DescribeSecurityGroups: `<DescribeSecurityGroupsResponse ${XMLNS}><securityGroupInfo>${GROUP}</securityGroupInfo></DescribeSecurityGroupsResponse>`,
  });
  assert.deepEqual(
    flaggedResources.map(({ status, reason }) => [status, reason]),
    [['not_available', 'not asked: the role may not call ec2:DescribeNetworkInterfaces in us-east-1']],
  );
});

test('1,000 groups in pages are all judged', async () => {
  const page = (from: number) =>
    Array.from({ length: 250 }, (_, at) => GROUP.replace('sg-1', `sg-${from + at}`)).join('') +
    (from < 750 ? `</securityGroupInfo><nextToken>${from + 250}</nextToken>` : '</securityGroupInfo>');
  const { resourcesSummary, calls } = await asked(unrestricted, {
    DescribeSecurityGroups: ({ input }) =>
      `<DescribeSecurityGroupsResponse ${XMLNS}><securityGroupInfo>${page(Number(input['NextToken'] ?? 0))}</DescribeSecurityGroupsResponse>`,
    DescribeNetworkInterfaces: `<DescribeNetworkInterfacesResponse ${XMLNS}><networkInterfaceSet/></DescribeNetworkInterfacesResponse>`,
  });
  assert.deepEqual([resourcesSummary.resourcesFlagged, calls.length], [1000, 5]);
});
