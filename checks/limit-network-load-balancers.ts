// How many Network Load Balancers there are, of how many there may be.
import { limitCheck, QUOTA_CALLS, quotaOf } from './facts/limits.ts';
import { balancerLimit, LOAD_BALANCER_LIMITS, LOAD_BALANCERS, loadBalancers } from './facts/loadbalancers.ts';

export default limitCheck({
  id: '8wIqYSt25K',
  name: 'ELB Network Load Balancers',
  service: 'ELB',
  limit: 'Network Load Balancers',
  description:
    'Counts the Network Load Balancers against the limit of the region. At the limit a new service gets none, and its deployment fails.',
  references: [
    'https://docs.aws.amazon.com/awssupport/latest/user/service-limits.html',
    'https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-limits.html',
  ],
  scope: 'region',
  calls: [...QUOTA_CALLS, LOAD_BALANCER_LIMITS, LOAD_BALANCERS],
  usage: async (asker) => (await loadBalancers(asker, 'network')).length,
  maximum: (asker) =>
    quotaOf(asker, { service: 'elasticloadbalancing', code: 'L-69A177A2' }, () => balancerLimit(asker, 'network-load-balancers')),
  changedBy: { source: 'elasticloadbalancing', calls: ['CreateLoadBalancer', 'DeleteLoadBalancer'] },
});
