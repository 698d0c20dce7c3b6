// The load balancers of a region, and their limits.
import type {
  DescribeLoadBalancersCommandInput as ClassicInput,
  DescribeAccountLimitsCommandInput as ClassicLimitsInput,
  DescribeAccountLimitsCommandOutput as ClassicLimitsOutput,
  DescribeLoadBalancersCommandOutput as ClassicOutput,
  LoadBalancerDescription,
} from '@aws-sdk/client-elastic-load-balancing';
import type {
  DescribeAccountLimitsCommandInput,
  DescribeAccountLimitsCommandOutput,
  DescribeLoadBalancersCommandInput,
  DescribeLoadBalancersCommandOutput,
  DescribeTargetGroupsCommandInput,
  DescribeTargetGroupsCommandOutput,
  LoadBalancer,
  TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { type Asker, apiCall } from '../../events/advice/index.ts';

export const LOAD_BALANCERS = apiCall<DescribeLoadBalancersCommandInput, DescribeLoadBalancersCommandOutput>(
  'elastic-load-balancing-v2',
  'DescribeLoadBalancers',
);
export const TARGET_GROUPS = apiCall<DescribeTargetGroupsCommandInput, DescribeTargetGroupsCommandOutput>(
  'elastic-load-balancing-v2',
  'DescribeTargetGroups',
);
export const LOAD_BALANCER_LIMITS = apiCall<DescribeAccountLimitsCommandInput, DescribeAccountLimitsCommandOutput>(
  'elastic-load-balancing-v2',
  'DescribeAccountLimits',
);
export const CLASSIC_BALANCERS = apiCall<ClassicInput, ClassicOutput>('elastic-load-balancing', 'DescribeLoadBalancers');
export const CLASSIC_LIMITS = apiCall<ClassicLimitsInput, ClassicLimitsOutput>('elastic-load-balancing', 'DescribeAccountLimits');

/** Of one type: `application`, `network`. */
export const loadBalancers = async (asker: Asker, type: string): Promise<LoadBalancer[]> =>
  (await asker.pages(LOAD_BALANCERS, {})).flatMap((page) => page.LoadBalancers ?? []).filter(({ Type }) => Type === type);

/** Those of machines and addresses: what stands behind a function or another load balancer has no ports of its own. */
export const targetGroups = async (asker: Asker): Promise<TargetGroup[]> =>
  (await asker.pages(TARGET_GROUPS, {}))
    .flatMap((page) => page.TargetGroups ?? [])
    .filter(({ TargetType = 'instance' }) => TargetType === 'instance' || TargetType === 'ip');

export const classicBalancers = async (asker: Asker): Promise<LoadBalancerDescription[]> =>
  (await asker.pages(CLASSIC_BALANCERS, {})).flatMap((page) => page.LoadBalancerDescriptions ?? []);

/** What the service itself says: `application-load-balancers`. */
export async function balancerLimit(asker: Asker, name: string): Promise<number | undefined> {
  const pages = await asker.pages(LOAD_BALANCER_LIMITS, {});
  return numberOf(pages.flatMap(({ Limits = [] }) => Limits).find(({ Name }) => Name === name)?.Max);
}

export async function classicLimit(asker: Asker): Promise<number | undefined> {
  const { Limits = [] } = await asker.ask(CLASSIC_LIMITS, {});
  return numberOf(Limits.find(({ Name }) => Name === 'classic-load-balancers')?.Max);
}

const numberOf = (text: string | undefined): number | undefined => (/^\d+$/.test(text ?? '') ? Number(text) : undefined);

/** A load balancer that was deleted after it was listed. */
export const isBalancerGone = (code: string): boolean => /^(?:LoadBalancer|AccessPoint)NotFound/.test(code);

/** Load balancers, listeners and target groups that come, go and change. */
export const BALANCER_CHANGES = [
  {
    source: ['cloudtrail.elasticloadbalancing'],
    detail: {
      eventName: [
        ...['CreateLoadBalancer', 'DeleteLoadBalancer', 'CreateLoadBalancerListeners', 'DeleteLoadBalancerListeners', 'CreateListener'],
        ...['ModifyListener', 'DeleteListener', 'CreateRule', 'ModifyRule', 'DeleteRule', 'CreateTargetGroup', 'ModifyTargetGroup'],
        ...['DeleteTargetGroup', 'RegisterTargets', 'DeregisterTargets', 'SetSecurityGroups', 'ApplySecurityGroupsToLoadBalancer'],
        ...['SetLoadBalancerPoliciesOfListener', 'CreateLoadBalancerPolicy', 'DeleteLoadBalancerPolicy'],
      ],
    },
  },
];
