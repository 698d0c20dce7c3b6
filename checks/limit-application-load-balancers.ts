// How many Application Load Balancers there are, of how many there may be.
import { limitCheck, QUOTA_CALLS, quotaOf } from './facts/limits.ts';
import { balancerLimit, LOAD_BALANCER_LIMITS, LOAD_BALANCERS, loadBalancers } from './facts/loadbalancers.ts';

export default limitCheck({
  id: 'EM8b3yLRTr',
  name: 'ELB Application Load Balancers',
  service: 'ELB',
  limit: 'Application Load Balancers',
  description:
    'Counts the Application Load Balancers against the limit of the region. At the limit a new service gets none, and its deployment fails.',
  references: [
    'https://docs.aws.amazon.com/awssupport/latest/user/service-limits.html',
    'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html',
  ],
  scope: 'region',
  calls: [...QUOTA_CALLS, LOAD_BALANCER_LIMITS, LOAD_BALANCERS],
  usage: async (asker) => (await loadBalancers(asker, 'application')).length,
  maximum: (asker) =>
    quotaOf(asker, { service: 'elasticloadbalancing', code: 'L-53DA6B97' }, () => balancerLimit(asker, 'application-load-balancers')),
  changedBy: { source: 'elasticloadbalancing', calls: ['CreateLoadBalancer', 'DeleteLoadBalancer'] },
});
