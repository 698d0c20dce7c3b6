// Vaults and their policies: public, narrowed, absent, refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import vaultAccess from '../../checks/glacier-vault-access.ts';
import { type Answer, type Answers, asked } from './account.ts';

const VAULTS = 'GET /-/vaults';
const vault = (name: string) => ({ VaultName: name, VaultARN: `arn:aws:glacier:us-east-1:111122223333:vaults/${name}` });
const policyFor = (Principal: unknown, more: object = {}) =>
  JSON.stringify({ Statement: [{ Sid: 'who', Effect: 'Allow', Principal, Action: 'glacier:*', Resource: '*', ...more }] });
const access = (Policy: string): Answer => JSON.stringify({ Policy });
const lock = (Policy: string, State = 'Locked'): Answer => JSON.stringify({ Policy, State });
const failed = (status: number, code: string, message: string): Answer => ({
  status,
  body: JSON.stringify({ code, message, type: 'Client' }),
});
const UNSET = failed(
  404,
  'ResourceNotFoundException',
  'No vault access policy is set for: arn:aws:glacier:us-east-1:111122223333:vaults/a',
);
const GONE = failed(404, 'ResourceNotFoundException', 'Vault not found for ARN: arn:aws:glacier:us-east-1:111122223333:vaults/a');
const DENIED = failed(403, 'AccessDeniedException', 'not authorized');

const account = (accessPolicy: Answer, lockPolicy: Answer = UNSET): Answers => ({
  [VAULTS]: JSON.stringify({ VaultList: [vault('a')] }),
  'GET /-/vaults/a/access-policy': accessPolicy,
  'GET /-/vaults/a/lock-policy': lockPolicy,
});
const lines = async (answers: Answers) =>
  (await asked(vaultAccess, answers)).flaggedResources.map(({ resourceId, status, reason }) => `${resourceId} ${status}: ${reason}`);

const GREEN = ['a ok: vault `a` lets nobody in but whom it names'];
const cases: [string, Answers, string[]][] = [
  ['a policy for everybody is red', account(access(policyFor('*'))), ['a error: vault `a` lets everybody in by who']],
  ['a lock for everybody is red', account(UNSET, lock(policyFor({ AWS: '*' }))), ['a error: vault `a` lets everybody in by who']],
  ['a vault without policies is green', account(UNSET), GREEN],
  ['one for an account is green', account(access(policyFor({ AWS: 'arn:aws:iam::444455556666:root' }))), GREEN],
  [
    'one narrowed to an organisation is green',
    account(access(policyFor('*', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }))),
    GREEN,
  ],
  ['a lock that denies everybody is green', account(UNSET, lock(policyFor('*', { Effect: 'Deny' }))), GREEN],
  [
    'a policy that can’t be read is not taken for a closed one',
    account(access('{')),
    ['a error: vault `a` lets everybody in by the whole policy, which is no JSON'],
  ],
  ['a vault that vanishes has no line', account(GONE, GONE), []],
  [
    'a policy that may not be asked for is not known',
    account(DENIED),
    ['a not_available: not asked: the role may not call glacier:GetVaultAccessPolicy in us-east-1'],
  ],
  [
    'a lock that may not be asked for hides no open policy',
    account(access(policyFor('*')), DENIED),
    ['a error: vault `a` lets everybody in by who'],
  ],
  [
    'a role that may not list vaults is told so',
    { [VAULTS]: DENIED },
    ['us-east-1 not_available: not asked: the role may not call glacier:ListVaults in us-east-1'],
  ],
];
for (const [name, answers, expected] of cases) test(name, async () => assert.deepEqual(await lines(answers), expected));

test('every page of vaults is asked for, in our columns', async () => {
  const closed = { access: UNSET, lock: lock(policyFor('*', { Effect: 'Deny' }), 'InProgress') };
  const { flaggedResources } = await asked(vaultAccess, {
    [VAULTS]: ({ input }) =>
      JSON.stringify(input['marker'] === 'm' ? { VaultList: [vault('b')] } : { VaultList: [vault('a')], Marker: 'm' }),
    ...Object.fromEntries(['a', 'b'].map((name) => [`GET /-/vaults/${name}/access-policy`, closed.access])),
    ...Object.fromEntries(['a', 'b'].map((name) => [`GET /-/vaults/${name}/lock-policy`, closed.lock])),
  });
  assert.deepEqual(
    flaggedResources.map(({ metadata }) => metadata),
    ['a', 'b'].map((name) => ['Green', 'us-east-1', name, `arn:aws:glacier:us-east-1:111122223333:vaults/${name}`, 'InProgress', '']),
  );
});
