// The limit of IAM policies.
import limit from '../../checks/limit-iam-policies.ts';
import { iamSummary } from './iamsummary.ts';
import { limitTests } from './limits.ts';

limitTests(limit, {
  answersAt: (used) => ({ GetAccountSummary: iamSummary({ Policies: used, PoliciesQuota: 5 }) }),
  named: ['-', 'IAM', 'Policies'],
  lacks: 'iam:GetAccountSummary',
});
