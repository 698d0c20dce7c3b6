// Policies of users' own: each colour, over pages.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import userPolicies from '../../checks/user-policies.ts';
import { asked, judged } from './account.ts';
import { userPages } from './iamanswers.ts';

const cases: [string, object, string[]][] = [
  [
    'an inline policy is yellow',
    { UserName: 'ann', UserPolicyList: [{ PolicyName: 'mine' }] },
    ['ann warning: user `ann` has policies of its own: `mine`'],
  ],
  [
    'an attached policy is yellow',
    { UserName: 'ann', AttachedManagedPolicies: [{ PolicyName: 'AdministratorAccess' }] },
    ['ann warning: user `ann` has policies of its own: `AdministratorAccess`'],
  ],
  ['rights of groups are green', { UserName: 'ann', GroupList: ['admins'] }, ['ann ok: user `ann` has no policy of its own']],
];
for (const [name, user, expected] of cases) test(name, () => assert.deepEqual(judged(userPolicies, [user]), expected));

test('users of every page are asked for at once', async () => {
  const { flaggedResources, calls } = await asked(userPolicies, {
    GetAccountAuthorizationDetails: userPages([{ name: 'ann', inline: ['a'], attached: ['b', 'c'] }], [{ name: 'bob' }]),
  });
  assert.deepEqual(
    flaggedResources.map(({ metadata }) => metadata),
    [
      ['Yellow', 'ann', 'a', 'b, c'],
      ['Green', 'bob', '', ''],
    ],
  );
  assert.equal(calls.length, 2);
  assert.equal(calls[0]!.input['Filter.member.1'], 'User');
});

test('a role that may not look makes nothing green', async () => {
  const { flaggedResources } = await asked(userPolicies, {});
  assert.deepEqual(
    flaggedResources.map(({ status, reason }) => [status, reason]),
    [['not_available', 'not asked: the role may not call iam:GetAccountAuthorizationDetails in us-east-1']],
  );
});
