// The limit of IAM roles.
import limit from '../../checks/limit-iam-roles.ts';
import { iamSummary } from './iamsummary.ts';
import { limitTests } from './limits.ts';

limitTests(limit, {
  answersAt: (used) => ({ GetAccountSummary: iamSummary({ Roles: used, RolesQuota: 5 }) }),
  named: ['-', 'IAM', 'Roles'],
  lacks: 'iam:GetAccountSummary',
});
