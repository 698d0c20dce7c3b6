// The limit of server certificates.
import limit from '../../checks/limit-iam-server-certificates.ts';
import { iamSummary } from './iamsummary.ts';
import { limitTests } from './limits.ts';

limitTests(limit, {
  answersAt: (used) => ({ GetAccountSummary: iamSummary({ ServerCertificates: used, ServerCertificatesQuota: 5 }) }),
  named: ['-', 'IAM', 'Server certificates'],
  lacks: 'iam:GetAccountSummary',
});
