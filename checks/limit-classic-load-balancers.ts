// How many Classic Load Balancers there are, of how many there may be.
import { limitCheck, QUOTA_CALLS, quotaOf } from './facts/limits.ts';
import { CLASSIC_BALANCERS, CLASSIC_LIMITS, classicBalancers, classicLimit } from './facts/loadbalancers.ts';

export default limitCheck({
  id: 'iK7OO0l7J9',
  name: 'ELB Classic Load Balancers',
  service: 'ELB',
  limit: 'Classic Load Balancers',
  description: 'Counts the Classic Load Balancers against the limit of the region. At the limit no new one can be created.',
  references: [
    'https://docs.aws.amazon.com/awssupport/latest/user/service-limits.html',
    'https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-limits.html',
  ],
  scope: 'region',
  calls: [...QUOTA_CALLS, CLASSIC_LIMITS, CLASSIC_BALANCERS],
  usage: async (asker) => (await classicBalancers(asker)).length,
  maximum: (asker) => quotaOf(asker, { service: 'elasticloadbalancing', code: 'L-E9E9831D' }, classicLimit),
  changedBy: { source: 'elasticloadbalancing', calls: ['CreateLoadBalancer', 'DeleteLoadBalancer'] },
});
