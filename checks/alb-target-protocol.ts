// Target groups to which Application Load Balancers talk unencrypted.
import type { LoadBalancer, TargetGroup } from '@aws-sdk/client-elastic-load-balancing-v2';
import { type Asker, check, type Line } from '../events/advice/index.ts';
import { BALANCER_CHANGES, LOAD_BALANCERS, loadBalancers, TARGET_GROUPS, targetGroups } from './facts/loadbalancers.ts';

const COLUMNS = [
  ...(['Status', 'Region', 'ALB Arn', 'ALB Name', 'ALB VPC Id', 'Target Group Arn', 'Target Group Name'] as const),
  ...(['Target Group Protocol', 'Last Updated Time'] as const),
] as const;

interface BalancedTargets {
  balancers: LoadBalancer[];
  groups: TargetGroup[];
}

async function balancedTargets(asker: Asker): Promise<BalancedTargets> {
  const [balancers, groups] = await Promise.all([loadBalancers(asker, 'application'), targetGroups(asker)]);
  return { balancers, groups };
}

function lineOf(balancer: LoadBalancer, group: TargetGroup, now: string): Line<(typeof COLUMNS)[number]> {
  const { TargetGroupArn = '', TargetGroupName = '', Protocol = '' } = group;
  const { LoadBalancerArn = '', LoadBalancerName = '', VpcId = '' } = balancer;
  const isEncrypted = Protocol === 'HTTPS';
  return {
    ...{ resource: TargetGroupArn, status: isEncrypted ? 'ok' : 'warning' },
    values: {
      ...{ 'ALB Arn': LoadBalancerArn, 'ALB Name': LoadBalancerName, 'ALB VPC Id': VpcId },
      ...{ 'Target Group Arn': TargetGroupArn, 'Target Group Name': TargetGroupName, 'Target Group Protocol': Protocol },
      'Last Updated Time': now,
    },
    reason: `load balancer \`${LoadBalancerName}\` talks ${Protocol} to target group \`${TargetGroupName}\``,
  };
}

export default check({
  id: 'c2vlfg0p1w',
  name: 'Application Load Balancer Target Groups Encrypted Protocol',
  category: 'security',
  description:
    'Looks how Application Load Balancers talk to the machines and addresses behind them. Behind an HTTPS listener with HTTP targets requests go through the network in the clear.',
  criteria: { yellow: 'the target group is HTTP', green: 'the target group is HTTPS' },
  action: 'Let the targets speak TLS, a certificate of their own will do, and make the target group HTTPS.',
  references: [
    'https://docs.aws.amazon.com/awssupport/latest/user/security-checks.html#application-load-balancer-target-groups',
    'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html',
  ],
  columns: COLUMNS,
  scope: 'region',
  calls: [LOAD_BALANCERS, TARGET_GROUPS],
  collect: balancedTargets,
  judge: ({ balancers, groups }, { now }) =>
    balancers.flatMap((balancer) =>
      groups
        .filter(({ LoadBalancerArns = [] }) => LoadBalancerArns.includes(balancer.LoadBalancerArn ?? ''))
        .map((group) => lineOf(balancer, group, new Date(now).toISOString())),
    ),
  staleAfter: BALANCER_CHANGES,
});
