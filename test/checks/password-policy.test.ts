// The password policy: each colour, and no policy at all.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import passwordPolicy from '../../checks/password-policy.ts';
import { asked, judged, queryAnswer, queryFailure } from './account.ts';

const ALL = { RequireUppercaseCharacters: true, RequireLowercaseCharacters: true, RequireNumbers: true, RequireSymbols: true };

const cases: [string, object | undefined, string[]][] = [
  ['no policy is red', undefined, ['111122223333 error: the account has no password policy']],
  [
    'one kind of characters that isn’t asked for is yellow',
    { ...ALL, RequireSymbols: false },
    ['111122223333 warning: the password policy does not ask for a symbol'],
  ],
  [
    'a policy without any is yellow',
    { MinimumPasswordLength: 14 },
    ['111122223333 warning: the password policy does not ask for an uppercase letter, a lowercase letter, a number, a symbol'],
  ],
  [
    'all four are green, however short',
    { ...ALL, MinimumPasswordLength: 6 },
    ['111122223333 ok: the password policy asks for all kinds of characters; passwords have at least 6 characters'],
  ],
];
for (const [name, policy, expected] of cases) test(name, () => assert.deepEqual(judged(passwordPolicy, policy), expected));

test('an account that says NoSuchEntity has no policy', async () => {
  const { flaggedResources } = await asked(passwordPolicy, { GetAccountPasswordPolicy: queryFailure('NoSuchEntity', 404) });
  assert.deepEqual(
    flaggedResources.map(({ metadata }) => metadata),
    [['Disabled', 'Disabled', 'Disabled', 'Disabled', 'Disabled', 'Red', 'No password policy']],
  );
});

test('the policy’s own words come into the columns', async () => {
  const { flaggedResources } = await asked(passwordPolicy, {
    GetAccountPasswordPolicy: queryAnswer(
      'GetAccountPasswordPolicy',
      '<PasswordPolicy><RequireUppercaseCharacters>true</RequireUppercaseCharacters><RequireLowercaseCharacters>true</RequireLowercaseCharacters><RequireNumbers>false</RequireNumbers><RequireSymbols>true</RequireSymbols></PasswordPolicy>',
    ),
  });
  assert.deepEqual(
    flaggedResources.map(({ metadata }) => metadata),
    [['Enabled', 'Enabled', 'Enabled', 'Disabled', 'Enabled', 'Yellow', 'the password policy does not ask for a number']],
  );
});

test('a role that may not look is not told that there is no policy', async () => {
  assert.equal((await asked(passwordPolicy, {})).status, 'not_available');
});
