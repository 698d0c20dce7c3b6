// The limit of health checks.
import limit from '../../checks/limit-health-checks.ts';
import { limitTests } from './limits.ts';

limitTests(limit, {
  answersAt: (used) => ({
    'GET /2013-04-01/accountlimit/MAX_HEALTH_CHECKS_BY_OWNER': `<GetAccountLimitResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Limit><Type>MAX_HEALTH_CHECKS_BY_OWNER</Type><Value>5</Value></Limit><Count>${used}</Count></GetAccountLimitResponse>`,
  }),
  named: ['-', 'Route53', 'Health checks'],
  lacks: 'route53:GetAccountLimit',
});
