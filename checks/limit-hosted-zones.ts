// How many hosted zones there are, of how many there may be.
import { route53LimitCheck } from './facts/route53limits.ts';

export default route53LimitCheck(
  'MAX_HOSTED_ZONES_BY_OWNER',
  {
    id: 'dx3xfcdfMr',
    name: 'Route 53 Hosted Zones',
    limit: 'Hosted zones',
    description:
      'Counts the hosted zones of Route 53 against their limit. At the limit no domain can be added, and no private zone of a VPC either.',
  },
  ['CreateHostedZone', 'DeleteHostedZone'],
);
