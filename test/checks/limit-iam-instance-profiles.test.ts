// The limit of instance profiles.
import limit from '../../checks/limit-iam-instance-profiles.ts';
import { iamSummary } from './iamsummary.ts';
import { limitTests } from './limits.ts';

limitTests(limit, {
  answersAt: (used) => ({ GetAccountSummary: iamSummary({ InstanceProfiles: used, InstanceProfilesQuota: 5 }) }),
  named: ['-', 'IAM', 'Instance profiles'],
  lacks: 'iam:GetAccountSummary',
});
