// The limit of IAM groups.
import limit from '../../checks/limit-iam-groups.ts';
import { iamSummary } from './iamsummary.ts';
import { limitTests } from './limits.ts';

limitTests(limit, {
  answersAt: (used) => ({ GetAccountSummary: iamSummary({ Groups: used, GroupsQuota: 5 }) }),
  named: ['-', 'IAM', 'Groups'],
  lacks: 'iam:GetAccountSummary',
});
