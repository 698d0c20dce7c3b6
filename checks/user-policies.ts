// Users who have policies of their own.
import type { UserDetail } from '@aws-sdk/client-iam';
import { check, type Line } from '../events/advice/index.ts';
import { iamUsers, USER_CALLS, USER_CHANGES } from './facts/iamusers.ts';

const COLUMNS = ['Status', 'IAM User', 'Inline Policies', 'Attached Policies'] as const;

function lineOf({ UserName = '', UserPolicyList = [], AttachedManagedPolicies = [] }: UserDetail): Line<(typeof COLUMNS)[number]> {
  const [inline, attached] = [UserPolicyList, AttachedManagedPolicies].map((list) => list.flatMap(({ PolicyName }) => PolicyName ?? []));
  const names = [...inline!, ...attached!].map((name) => `\`${name}\``);
  return {
    ...{ resource: UserName, status: names.length > 0 ? 'warning' : 'ok' },
    values: { 'IAM User': UserName, 'Inline Policies': inline!.join(', '), 'Attached Policies': attached!.join(', ') },
    reason:
      names.length > 0
        ? `user \`${UserName}\` has policies of its own: ${names.join(', ')}`
        : `user \`${UserName}\` has no policy of its own`,
  };
}

export default check({
  id: 'trailbus-iam-user-policies',
  name: 'IAM Users With Policies of Their Own',
  category: 'security',
  description:
    'Looks for IAM users with inline policies or policies attached to themselves. Rights that come from groups and roles are seen at a glance and are taken away in one place.',
  criteria: { yellow: 'the user has an inline policy or an attached one', green: 'what the user may do comes from groups and roles alone' },
  action: 'Attach the policies to a group or a role, put the user in it, and detach and delete those of the user.',
  references: [
    'https://docs.aws.amazon.com/config/latest/developerguide/iam-user-no-policies-check.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html',
  ],
  columns: COLUMNS,
  controls: ['cis.1.15', 'config.iam-user-no-policies-check', 'securityhub.IAM.2'],
  scope: 'account',
  calls: USER_CALLS,
  collect: iamUsers,
  judge: (users) => users.map(lineOf),
  staleAfter: USER_CHANGES,
});
