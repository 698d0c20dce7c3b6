// Access keys of the root user: each colour.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import rootAccessKey from '../../checks/root-access-key.ts';
import { asked, judged, queryAnswer } from './account.ts';

const cases: [string, object, string[]][] = [
  ['a key is red', { AccountAccessKeysPresent: 1 }, ['111122223333 error: the root user has an access key']],
  ['no key is green', { AccountAccessKeysPresent: 0 }, ['111122223333 ok: the root user has no access key']],
  [
    'a summary that doesn’t say is not green',
    {},
    ['111122223333 not_available: the account’s summary doesn’t say whether the root user has keys'],
  ],
];
for (const [name, facts, expected] of cases) test(name, () => assert.deepEqual(judged(rootAccessKey, facts), expected));

test('the account’s summary is asked, and says it in the columns', async () => {
  const { flaggedResources } = await asked(rootAccessKey, {
    GetAccountSummary: queryAnswer(
      'GetAccountSummary',
      '<SummaryMap><entry><key>AccountAccessKeysPresent</key><value>1</value></entry></SummaryMap>',
    ),
  });
  assert.deepEqual(flaggedResources[0]!.metadata, ['Red', '111122223333', '2026-11-28T12:00:00.000Z']);
});
