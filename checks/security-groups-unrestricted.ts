// Security groups that let everybody in on ports that aren't the web's or the mail's.
import type { SecurityGroup } from '@aws-sdk/client-ec2';
import { check, type Line } from '../events/advice/index.ts';
import { areAllIn, GROUP_CALLS, GROUP_CHANGES, type OpenPorts, openPortsOf, portsText, securityGroups } from './facts/securitygroups.ts';

/** Without 465, which the check of specific ports lets pass. */
const FINE = [25, 80, 443];

const COLUMNS = ['Region', 'Security Group Name', 'Security Group ID', 'Protocol', 'Port', 'Status', 'IP Range'] as const;

function linesOf(group: SecurityGroup, isAttached: boolean): Line<(typeof COLUMNS)[number]>[] {
  const { GroupId = '', GroupName = '' } = group;
  const values = { 'Security Group Name': GroupName, 'Security Group ID': GroupId };
  const open = openPortsOf(group);
  const reason = `security group \`${GroupId}\` opens nothing to everybody`;
  if (open.length === 0) return [{ resource: GroupId, status: 'ok', values, reason }];
  return open.map((ports) => lineOf(GroupId, values, ports, isAttached));
}

function lineOf(resource: string, values: object, ports: OpenPorts, isAttached: boolean): Line<(typeof COLUMNS)[number]> {
  const isFine = areAllIn(ports, FINE);
  const attached = isFine ? '' : isAttached ? '; it is attached to a network interface' : '; nothing has it, so delete it';
  return {
    ...{ resource, status: isFine ? 'ok' : isAttached ? 'warning' : 'error' },
    values: { ...values, Protocol: ports.protocol, Port: portsText(ports), 'IP Range': ports.source },
    reason: `security group \`${resource}\` opens ${ports.protocol} port ${portsText(ports)} to ${ports.source}${attached}`,
  };
}

export default check({
  id: '1iG5NDGVre',
  name: 'Security Groups - Unrestricted Access',
  category: 'security',
  description:
    'Looks at the inbound rules of security groups for sources that are every IPv4 address. What everybody can reach, everybody tries: to get in, to overload it, to take data.',
  criteria: {
    red: 'a port other than 25, 80 and 443 is open to everybody, in a group that no network interface has',
    yellow: 'a port other than 25, 80 and 443 is open to everybody, in a group that is attached',
    green: 'nothing but ports 25, 80 and 443 is open to everybody',
  },
  action: 'Narrow the source to the addresses that need it (a suffix of /32 is one address), and delete groups that nothing has.',
  references: [
    'https://docs.aws.amazon.com/awssupport/latest/user/security-checks.html',
    'https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html',
  ],
  columns: COLUMNS,
  controls: ['config.vpc-sg-open-only-to-authorized-ports', 'config.vpc-sg-port-restriction-check', 'securityhub.EC2.18'],
  scope: 'region',
  calls: GROUP_CALLS,
  collect: securityGroups,
  judge: ({ groups, attached }) => groups.flatMap((group) => linesOf(group, attached.has(group.GroupId ?? ''))),
  staleAfter: GROUP_CHANGES,
});
