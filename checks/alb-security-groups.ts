// Application Load Balancers whose groups open too much, and targets that can be reached past them.
import type { NetworkInterface, SecurityGroup } from '@aws-sdk/client-ec2';
import type {
  DescribeListenersCommandInput,
  DescribeListenersCommandOutput,
  DescribeRulesCommandInput,
  DescribeRulesCommandOutput,
  DescribeTargetHealthCommandInput,
  DescribeTargetHealthCommandOutput,
  Listener,
  LoadBalancer,
  Rule,
  TargetDescription,
  TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { type Asker, answerOrWhy, apiCall, check, type Line, NotAnswered } from '../events/advice/index.ts';
import { BALANCER_CHANGES, isBalancerGone, LOAD_BALANCERS, loadBalancers, TARGET_GROUPS, targetGroups } from './facts/loadbalancers.ts';
import { everyGroup, everywhereIn, GROUP_CALLS, GROUP_CHANGES, networkInterfaces, portsOf, unheardPorts } from './facts/securitygroups.ts';

const LISTENERS = apiCall<DescribeListenersCommandInput, DescribeListenersCommandOutput>('elastic-load-balancing-v2', 'DescribeListeners');
const RULES = apiCall<DescribeRulesCommandInput, DescribeRulesCommandOutput>('elastic-load-balancing-v2', 'DescribeRules');
const HEALTH = apiCall<DescribeTargetHealthCommandInput, DescribeTargetHealthCommandOutput>(
  'elastic-load-balancing-v2',
  'DescribeTargetHealth',
);

const COLUMNS = [
  ...(['Status', 'Region', 'Target Group', 'ALB Name', 'ALB SG ID', 'Target SG ID', 'Auth Enabled', 'Last Updated Time'] as const),
] as const;
type AlbLine = Line<(typeof COLUMNS)[number]>;

interface BalancerFacts {
  balancer: LoadBalancer;
  listeners: Listener[];
  rules: Rule[];
  /** With the targets that are registered. */
  groups: { group: TargetGroup; targets: TargetDescription[] }[];
}

interface AlbFacts {
  balancers: (BalancerFacts | { balancer: LoadBalancer; why: NotAnswered })[];
  securityGroups: SecurityGroup[];
  interfaces: NetworkInterface[];
}

async function albFacts(asker: Asker): Promise<AlbFacts> {
  const [balancers, groups, securityGroups, interfaces] = await Promise.all([
    ...([loadBalancers(asker, 'application'), targetGroups(asker)] as const),
    ...([everyGroup(asker), networkInterfaces(asker)] as const),
  ]);
  const asked = balancers.map(async (balancer) => {
    const facts = await answerOrWhy(balancerFacts(asker, balancer, groups));
    return facts instanceof NotAnswered ? { balancer, why: facts } : facts;
  });
  return { balancers: await Promise.all(asked), securityGroups, interfaces };
}

async function balancerFacts(asker: Asker, balancer: LoadBalancer, all: readonly TargetGroup[]): Promise<BalancerFacts> {
  const { LoadBalancerArn = '' } = balancer;
  const listeners = (await asker.pages(LISTENERS, { LoadBalancerArn })).flatMap((page) => page.Listeners ?? []);
  const rules = listeners.map(({ ListenerArn = '' }) => asker.pages(RULES, { ListenerArn }));
  const groups = all
    .filter(({ LoadBalancerArns = [] }) => LoadBalancerArns.includes(LoadBalancerArn))
    .map(async (group) => {
      const { TargetHealthDescriptions = [] } = await asker.ask(HEALTH, { TargetGroupArn: group.TargetGroupArn });
      return { group, targets: TargetHealthDescriptions.flatMap(({ Target }) => Target ?? []) };
    });
  return {
    ...{ balancer, listeners, groups: await Promise.all(groups) },
    rules: (await Promise.all(rules)).flat().flatMap((page) => page.Rules ?? []),
  };
}

/** What can be said of security groups and interfaces, by their ids. */
interface Network {
  securityGroups: ReadonlyMap<string, SecurityGroup>;
  interfaces: ReadonlyMap<string, NetworkInterface[]>;
}

/** Interfaces by the machine they are of, and by each of their addresses. */
function networkOf({ securityGroups, interfaces }: AlbFacts): Network {
  const byTarget = new Map<string, NetworkInterface[]>();
  for (const each of interfaces)
    for (const target of new Set([each.Attachment?.InstanceId, each.PrivateIpAddress, ...addressesOf(each)]))
      if (target !== undefined) byTarget.set(target, [...(byTarget.get(target) ?? []), each]);
  return { securityGroups: new Map(securityGroups.map((group) => [group.GroupId ?? '', group])), interfaces: byTarget };
}

const addressesOf = ({ PrivateIpAddresses = [] }: NetworkInterface) => PrivateIpAddresses.map(({ PrivateIpAddress }) => PrivateIpAddress);

const isPublic = ({ Association, PrivateIpAddresses = [] }: NetworkInterface): boolean =>
  [Association, ...PrivateIpAddresses.map((address) => address.Association)].some((each) => each?.PublicIp !== undefined);

/** Of a machine all; of an address those of the target group's VPC, for another VPC may have the same address. */
function interfacesOf({ Id = '' }: TargetDescription, { VpcId }: TargetGroup, { interfaces }: Network): NetworkInterface[] {
  const all = interfaces.get(Id) ?? [];
  const here = all.filter((each) => each.VpcId === VpcId);
  return here.length > 0 ? here : all;
}

interface Flaw {
  status: 'error' | 'warning';
  text: string;
}

const AUTHENTICATING = /^authenticate-|^jwt-validation$/;

const hasAuthentication = ({ listeners, rules }: BalancerFacts): boolean =>
  [...listeners.map(({ DefaultActions = [] }) => DefaultActions), ...rules.map(({ Actions = [] }) => Actions)]
    .flat()
    .some(({ Type = '' }) => AUTHENTICATING.test(Type));

/** Ports of the load balancer's own groups where no listener is. */
function balancerFlaws({ balancer, listeners }: BalancerFacts, { securityGroups }: Network): Flaw[] {
  const listened = listeners.flatMap(({ Port }) => Port ?? []);
  return (balancer.SecurityGroups ?? []).flatMap((id) => {
    const ports = unheardPorts(securityGroups.get(id) ?? {}, listened);
    return ports.length === 0 ? [] : { status: 'warning', text: `\`${id}\` opens ${ports.join(', ')}, where no listener is` };
  });
}

/** What of a target can be reached past the load balancer. */
function targetFlaws(facts: BalancerFacts, group: TargetGroup, target: TargetDescription, network: Network): Flaw[] {
  const traffic = target.Port ?? group.Port ?? 0;
  const control = /^\d+$/.test(group.HealthCheckPort ?? '') ? Number(group.HealthCheckPort) : traffic;
  const withAuth = hasAuthentication(facts);
  return interfacesOf(target, group, network).flatMap((each) =>
    (each.Groups ?? []).flatMap(({ GroupId = '' }): Flaw[] => {
      const opening = network.securityGroups.get(GroupId) ?? {};
      const reached = isPublic(each) ? ', and it has a public address' : '';
      const said = `\`${GroupId}\` of target \`${target.Id}\` opens`;
      if (isOpenToAll(opening, traffic))
        return [
          {
            status: reached !== '' || withAuth ? 'error' : 'warning',
            text: `${said} traffic port ${traffic} to everybody${reached}${withAuth ? ', past the authentication' : ''}`,
          },
        ];
      if (isOpenToAll(opening, control))
        return [{ status: reached !== '' ? 'error' : 'warning', text: `${said} health check port ${control} to everybody${reached}` }];
      const others = groupsLetIn(opening, control).filter((id) => !(facts.balancer.SecurityGroups ?? []).includes(id));
      return others.map((id) => ({
        status: 'warning',
        text: `${said} health check port ${control} to \`${id}\`, which isn’t the load balancer’s`,
      }));
    }),
  );
}

const rulesFor = ({ IpPermissions = [] }: SecurityGroup, port: number) =>
  IpPermissions.filter((permission) => {
    const ports = portsOf(permission);
    return ports !== undefined && ports.protocol !== 'udp' && port >= ports.from && port <= ports.to;
  });

const isOpenToAll = (group: SecurityGroup, port: number): boolean =>
  rulesFor(group, port).some((permission) => everywhereIn(permission) !== undefined);

const groupsLetIn = (group: SecurityGroup, port: number): string[] =>
  rulesFor(group, port).flatMap(({ UserIdGroupPairs = [] }) => UserIdGroupPairs.flatMap(({ GroupId }) => GroupId ?? []));

/** A line for each target group; for a load balancer without any, one for itself. */
function linesOf(facts: AlbFacts['balancers'][number], network: Network, now: string): AlbLine[] {
  const { LoadBalancerName: resource = '', SecurityGroups = [] } = facts.balancer;
  const named = { 'ALB Name': resource, 'ALB SG ID': SecurityGroups.join(', '), 'Last Updated Time': now };
  if ('why' in facts)
    return isBalancerGone(facts.why.code) ? [] : [{ resource, status: 'not_available', values: named, reason: facts.why.reason }];
  const own = balancerFlaws(facts, network);
  const values = { ...named, 'Auth Enabled': hasAuthentication(facts) ? 'Yes' : 'No' };
  if (facts.groups.length === 0) return [lineOf(resource, values, own)];
  return facts.groups.map(({ group, targets }) => {
    const flaws = targets.flatMap((target) => targetFlaws(facts, group, target, network));
    const ids = targets.flatMap((target) => interfacesOf(target, group, network)).flatMap(({ Groups = [] }) => Groups);
    const targetIds = [...new Set(ids.flatMap(({ GroupId }) => GroupId ?? []))].join(', ');
    return lineOf(resource, { ...values, 'Target Group': group.TargetGroupName ?? '', 'Target SG ID': targetIds }, [...own, ...flaws]);
  });
}

function lineOf(resource: string, values: AlbLine['values'], flaws: readonly Flaw[]): AlbLine {
  const status = flaws.some((flaw) => flaw.status === 'error') ? 'error' : flaws.length > 0 ? 'warning' : 'ok';
  const texts = [...new Set(flaws.map(({ text }) => text))];
  const reason =
    texts.length > 0 ? `security group ${texts.join('; ')}` : `load balancer \`${resource}\` opens the ports of its listeners only`;
  return { resource, status, values, reason };
}

export default check({
  id: '8604e947f2',
  name: 'Application Load Balancer Security Groups',
  category: 'security',
  description:
    'Compares the security groups of Application Load Balancers with their listeners, and looks whether the machines and addresses behind can be reached past them. IPv6 is not looked at.',
  criteria: {
    red: 'a target’s traffic or health check port is open to everybody and it has a public address, or its traffic port is open to everybody though the load balancer authenticates',
    yellow:
      'a target’s traffic or health check port is open to everybody, its health check port to a group that isn’t the load balancer’s, or the load balancer’s group opens a port without a listener',
    green: 'the load balancer’s groups open the ports of its listeners only, and its targets are reached through it only',
  },
  action:
    'Let the groups of the load balancer open the ports of its listeners only, and those of the targets their ports to the load balancer’s groups only.',
  references: [
    'https://docs.aws.amazon.com/awssupport/latest/user/security-checks.html#alb-security-group',
    'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-update-security-groups.html',
  ],
  columns: COLUMNS,
  scope: 'region',
  calls: [LOAD_BALANCERS, TARGET_GROUPS, LISTENERS, RULES, HEALTH, ...GROUP_CALLS],
  collect: albFacts,
  judge: (facts, { now }) => {
    const network = networkOf(facts);
    return facts.balancers.flatMap((balancer) => linesOf(balancer, network, new Date(now).toISOString()));
  },
  staleAfter: [...BALANCER_CHANGES, ...GROUP_CHANGES],
});
