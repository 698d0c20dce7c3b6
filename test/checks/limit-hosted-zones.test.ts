// The limit of hosted zones.
import limit from '../../checks/limit-hosted-zones.ts';
import { limitTests } from './limits.ts';

limitTests(limit, {
  answersAt: (used) => ({
    'GET /2013-04-01/accountlimit/MAX_HOSTED_ZONES_BY_OWNER': `<GetAccountLimitResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Limit><Type>MAX_HOSTED_ZONES_BY_OWNER</Type><Value>5</Value></Limit><Count>${used}</Count></GetAccountLimitResponse>`,
  }),
  named: ['-', 'Route53', 'Hosted zones'],
  lacks: 'route53:GetAccountLimit',
});
