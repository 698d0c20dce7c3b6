// How many health checks there are, of how many there may be.
import { route53LimitCheck } from './facts/route53limits.ts';

export default route53LimitCheck(
  'MAX_HEALTH_CHECKS_BY_OWNER',
  {
    id: 'ru4xfcdfMr',
    name: 'Route 53 Max Health Checks',
    limit: 'Health checks',
    description: 'Counts the health checks of Route 53 against their limit. At the limit a new failover has nothing to go by.',
  },
  ['CreateHealthCheck', 'DeleteHealthCheck'],
);
