// Security groups that let everybody reach ports that attackers look for.
import type { SecurityGroup } from '@aws-sdk/client-ec2';
import { check, type Line } from '../events/advice/index.ts';
import {
  areAllIn,
  GROUP_CALLS,
  GROUP_CHANGES,
  type OpenPorts,
  openAmong,
  openPortsOf,
  portsText,
  securityGroups,
} from './facts/securitygroups.ts';

const FINE = [25, 80, 443, 465];
/** Ports that everybody tries. Port 22 is among them since August 2024. */
const TRIED = [20, 21, 22, 1433, 1434, 3306, 3389, 4333, 5432, 5500];

const COLUMNS = ['Region', 'Security Group Name', 'Security Group ID', 'Protocol', 'Status', 'Ports'] as const;

function linesOf(group: SecurityGroup): Line<(typeof COLUMNS)[number]>[] {
  const { GroupId = '', GroupName = '' } = group;
  const values = { 'Security Group Name': GroupName, 'Security Group ID': GroupId };
  const open = openPortsOf(group);
  const reason = `security group \`${GroupId}\` opens nothing to everybody`;
  return open.length === 0 ? [{ resource: GroupId, status: 'ok', values, reason }] : open.map((ports) => lineOf(GroupId, values, ports));
}

function lineOf(resource: string, values: object, ports: OpenPorts): Line<(typeof COLUMNS)[number]> {
  const tried = openAmong(ports, TRIED);
  const among = tried.length > 0 && ports.from !== ports.to ? `, ${tried.join(', ')} among them,` : '';
  return {
    ...{ resource, status: tried.length > 0 ? 'error' : areAllIn(ports, FINE) ? 'ok' : 'warning' },
    values: { ...values, Protocol: ports.protocol, Ports: portsText(ports) },
    reason: `security group \`${resource}\` opens ${ports.protocol} port ${portsText(ports)}${among} to ${ports.source}`,
  };
}

export default check({
  id: 'HCP4007jGY',
  name: 'Security Groups - Specific Ports Unrestricted',
  category: 'security',
  description:
    'Looks at the inbound rules of security groups for ports that are open to every IPv4 address. Ports of file transfer, remote shells and databases are found within minutes by those who look for them.',
  criteria: {
    red: 'port 20, 21, 22, 1433, 1434, 3306, 3389, 4333, 5432 or 5500 is open to everybody, alone or in a range',
    yellow: 'any other port is open to everybody but 25, 80, 443 and 465',
    green: 'nothing but ports 25, 80, 443 and 465 is open to everybody',
  },
  action:
    'Narrow the source of the rule to the addresses that need it, delete rules and groups that nobody uses, or reach machines through Session Manager.',
  references: [
    'https://docs.aws.amazon.com/awssupport/latest/user/security-checks.html',
    'https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html',
  ],
  columns: COLUMNS,
  controls: ['config.restricted-common-ports', 'config.restricted-ssh', 'securityhub.EC2.13', 'securityhub.EC2.14', 'securityhub.EC2.19'],
  scope: 'region',
  calls: GROUP_CALLS,
  collect: securityGroups,
  judge: ({ groups }) => groups.flatMap(linesOf),
  staleAfter: GROUP_CHANGES,
});
