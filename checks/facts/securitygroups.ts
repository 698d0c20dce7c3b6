// Security groups of a region, and what their inbound rules let in from everywhere.
import type {
  DescribeNetworkInterfacesCommandInput,
  DescribeNetworkInterfacesCommandOutput,
  DescribeSecurityGroupsCommandInput,
  DescribeSecurityGroupsCommandOutput,
  IpPermission,
  NetworkInterface,
  SecurityGroup,
} from '@aws-sdk/client-ec2';
import { type Asker, apiCall } from '../../events/advice/index.ts';

export const SECURITY_GROUPS = apiCall<DescribeSecurityGroupsCommandInput, DescribeSecurityGroupsCommandOutput>(
  'ec2',
  'DescribeSecurityGroups',
);
const INTERFACES = apiCall<DescribeNetworkInterfacesCommandInput, DescribeNetworkInterfacesCommandOutput>(
  'ec2',
  'DescribeNetworkInterfaces',
);

export const GROUP_CALLS = [SECURITY_GROUPS, INTERFACES];

export interface GroupFacts {
  groups: SecurityGroup[];
  /** Ids of groups that a network interface has. */
  attached: ReadonlySet<string>;
}

/** All groups of a region, the default ones too. */
export const everyGroup = async (asker: Asker): Promise<SecurityGroup[]> =>
  (await asker.pages(SECURITY_GROUPS, {})).flatMap(({ SecurityGroups = [] }) => SecurityGroups);

export const networkInterfaces = async (asker: Asker): Promise<NetworkInterface[]> =>
  (await asker.pages(INTERFACES, {})).flatMap(({ NetworkInterfaces = [] }) => NetworkInterfaces);

/** The groups that somebody made: each VPC has a default one of its own. */
export async function securityGroups(asker: Asker): Promise<GroupFacts> {
  const [groups, interfaces] = await Promise.all([everyGroup(asker), networkInterfaces(asker)]);
  const attached = interfaces.flatMap(({ Groups = [] }) => Groups.flatMap(({ GroupId }) => GroupId ?? []));
  return { groups: groups.filter(({ GroupName }) => GroupName !== 'default'), attached: new Set(attached) };
}

/** What a rule lets in from everywhere, over IPv4. */
export interface OpenPorts {
  /** `tcp`, `udp`, `All`. */
  protocol: string;
  from: number;
  to: number;
  /** The source: `0.0.0.0/0`. */
  source: string;
}

const LAST_PORT = 65_535;

/** Inbound rules of a group whose source is every IPv4 address. ICMP has no ports. */
export const openPortsOf = ({ IpPermissions = [] }: SecurityGroup): OpenPorts[] =>
  IpPermissions.flatMap((permission) => {
    const source = everywhereIn(permission);
    const ports = portsOf(permission);
    return source === undefined || ports === undefined ? [] : [{ ...ports, source }];
  });

/** The source of a rule that is every IPv4 address. */
export const everywhereIn = ({ IpRanges = [] }: IpPermission): string | undefined =>
  IpRanges.map(({ CidrIp }) => CidrIp).find((cidr) => cidr?.endsWith('/0'));

const PROTOCOLS: Readonly<Record<string, string>> = { '6': 'tcp', '17': 'udp' };

/** The ports of a rule, whatever its source; undefined where its protocol has none. */
export function portsOf({ IpProtocol = '-1', FromPort, ToPort }: IpPermission): Omit<OpenPorts, 'source'> | undefined {
  if (IpProtocol === '-1') return { protocol: 'All', from: 0, to: LAST_PORT };
  const protocol = PROTOCOLS[IpProtocol] ?? IpProtocol;
  if (protocol !== 'tcp' && protocol !== 'udp') return undefined;
  return { protocol, from: FromPort ?? 0, to: ToPort === undefined || ToPort < 0 ? LAST_PORT : ToPort };
}

export const portsText = ({ from, to }: Pick<OpenPorts, 'from' | 'to'>): string => (from === to ? String(from) : `${from}-${to}`);

/** Whether each of the ports is one of these. */
export const areAllIn = ({ from, to }: Pick<OpenPorts, 'from' | 'to'>, ports: readonly number[]): boolean =>
  ports.filter((port) => port >= from && port <= to).length === to - from + 1;

/** Those of these ports that are open. */
export const openAmong = ({ from, to }: Pick<OpenPorts, 'from' | 'to'>, ports: readonly number[]): number[] =>
  ports.filter((port) => port >= from && port <= to);

/**
 * What a group lets in from anywhere on ports that nobody listens on: `tcp 8080`. A listener is TCP, so UDP has none.
 * @param listened  the listeners' ports
 */
export const unheardPorts = ({ IpPermissions = [] }: SecurityGroup, listened: readonly number[]): string[] =>
  IpPermissions.filter(isIpv4).flatMap((permission) => {
    const ports = portsOf(permission);
    if (ports === undefined || (ports.protocol === 'tcp' && areAllIn(ports, listened))) return [];
    return `${ports.protocol} ${portsText(ports)}`;
  });

/** A rule for IPv6 alone is nobody's business here. */
const isIpv4 = ({ IpRanges = [], PrefixListIds = [], UserIdGroupPairs = [] }: IpPermission): boolean =>
  IpRanges.length + PrefixListIds.length + UserIdGroupPairs.length > 0;

/** A change of a group's rules, of what has it, or of the groups there are. */
export const GROUP_CHANGES = [
  {
    source: ['cloudtrail.ec2'],
    detail: {
      eventName: [
        ...[
          'AuthorizeSecurityGroupIngress',
          'RevokeSecurityGroupIngress',
          'ModifySecurityGroupRules',
          'CreateSecurityGroup',
          'DeleteSecurityGroup',
        ],
        ...[
          'RunInstances',
          'ModifyNetworkInterfaceAttribute',
          'ModifyInstanceAttribute',
          'CreateNetworkInterface',
          'DeleteNetworkInterface',
        ],
      ],
    },
  },
];
