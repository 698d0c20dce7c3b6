// IAM users at all: a retired check that keeps its id.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import iamUse from '../../checks/iam-use.ts';
import { asked, judged, queryAnswer } from './account.ts';

const cases: [string, object, string[]][] = [
  ['no user is yellow', { Users: 0 }, ['111122223333 warning: the account has no IAM user']],
  ['a user is green', { Users: 3 }, ['111122223333 ok: IAM users: 3']],
  ['a summary that doesn’t count is not green', {}, ['111122223333 not_available: the account’s summary doesn’t count users']],
];
for (const [name, facts, expected] of cases) test(name, () => assert.deepEqual(judged(iamUse, facts), expected));

test('the retired check names its successor', () => assert.equal(iamUse.replacedBy, 'c2vlfg0p86'));

test('users are counted by the account’s summary', async () => {
  const summary = queryAnswer('GetAccountSummary', '<SummaryMap><entry><key>Users</key><value>0</value></entry></SummaryMap>');
  assert.equal((await asked(iamUse, { GetAccountSummary: summary })).status, 'warning');
});
