// Classic Load Balancers whose security groups open ports that nobody listens on.

import type { SecurityGroup } from '@aws-sdk/client-ec2';
import type { LoadBalancerDescription } from '@aws-sdk/client-elastic-load-balancing';
import { type Asker, check, type Line } from '../events/advice/index.ts';
import { BALANCER_CHANGES, CLASSIC_BALANCERS, classicBalancers } from './facts/loadbalancers.ts';
import { everyGroup, GROUP_CHANGES, SECURITY_GROUPS, unheardPorts } from './facts/securitygroups.ts';

const COLUMNS = ['Region', 'Load Balancer Name', 'Status', 'Security Group IDs', 'Reason'] as const;

interface ClassicGroups {
  balancers: LoadBalancerDescription[];
  groups: SecurityGroup[];
}

async function classicGroups(asker: Asker): Promise<ClassicGroups> {
  const [balancers, groups] = await Promise.all([classicBalancers(asker), everyGroup(asker)]);
  return { balancers, groups };
}

function lineOf(balancer: LoadBalancerDescription, groups: ReadonlyMap<string, SecurityGroup>): Line<(typeof COLUMNS)[number]> {
  const { LoadBalancerName: resource = '', SecurityGroups = [], ListenerDescriptions = [] } = balancer;
  const listened = ListenerDescriptions.flatMap(({ Listener: listener }) => listener?.LoadBalancerPort ?? []);
  const missing = SecurityGroups.filter((id) => !groups.has(id));
  const unheard = SecurityGroups.flatMap((id) => {
    const ports = unheardPorts(groups.get(id) ?? {}, listened);
    return ports.length === 0 ? [] : `\`${id}\` opens ${ports.join(', ')}`;
  });
  const said = [
    ...missing.map((id) => `security group \`${id}\` is no more`),
    ...unheard.map((each) => `security group ${each}, where no listener is`),
  ].join('; ');
  const reason = said === '' ? `the security groups of load balancer \`${resource}\` open the ports of its listeners only` : said;
  return {
    ...{ resource, status: missing.length > 0 ? 'error' : unheard.length > 0 ? 'warning' : 'ok', reason },
    values: { 'Load Balancer Name': resource, 'Security Group IDs': SecurityGroups.join(', '), Reason: reason },
  };
}

export default check({
  id: 'xSqX82fQu',
  name: 'ELB Security Groups',
  category: 'security',
  description:
    'Compares the inbound rules of the security groups of Classic Load Balancers with their listeners. A port that nobody needs open waits for a mistake.',
  criteria: {
    red: 'a security group of the load balancer doesn’t exist',
    yellow: 'a security group of the load balancer opens a port that no listener is on',
    green: 'the security groups open the listeners’ ports only, and ICMP',
  },
  action: 'Narrow the rules to the ports and protocols of the listeners, and to ICMP for path MTU discovery.',
  references: [
    'https://docs.aws.amazon.com/awssupport/latest/user/security-checks.html',
    'https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-vpc-security-groups.html',
  ],
  columns: COLUMNS,
  scope: 'region',
  calls: [CLASSIC_BALANCERS, SECURITY_GROUPS],
  collect: classicGroups,
  judge: ({ balancers, groups }) => {
    const known = new Map(groups.map((group) => [group.GroupId ?? '', group]));
    // Outside a VPC a load balancer had no groups of the account's own.
    return balancers.filter(({ SecurityGroups = [] }) => SecurityGroups.length > 0).map((balancer) => lineOf(balancer, known));
  },
  staleAfter: [...BALANCER_CHANGES, ...GROUP_CHANGES],
});
