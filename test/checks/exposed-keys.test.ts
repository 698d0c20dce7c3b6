// Users in quarantine, and their keys.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import exposedKeys from '../../checks/exposed-keys.ts';
import { asked, colours } from './account.ts';
import { keysBy, userPages } from './iamanswers.ts';

const CREATED = '2026-01-01T00:00:00Z';

test('every key of a user in quarantine is red, whichever version the policy has', async () => {
  const result = await asked(exposedKeys, {
    GetAccountAuthorizationDetails: userPages(
      [
        { name: 'ann', attached: ['AWSCompromisedKeyQuarantineV3'] },
        { name: 'bob', attached: ['ReadOnlyAccess'] },
      ],
      [{ name: 'cid', attached: ['AWSCompromisedKeyQuarantine'] }],
    ),
    ListAccessKeys: keysBy({
      ann: [
        { id: 'AKIA1', created: CREATED },
        { id: 'AKIA2', created: CREATED, status: 'Inactive' },
      ],
      cid: [{ id: 'AKIA3', created: CREATED }],
    }),
  });
  assert.deepEqual(colours(result), ['AKIA1 error', 'AKIA2 error', 'bob ok', 'AKIA3 error']);
  assert.deepEqual(result.flaggedResources[0]!.metadata, ['AKIA1', 'ann', 'Exposed (inferred)', '', '', '', '', '']);
  assert.equal(
    result.flaggedResources[0]!.reason,
    'AWS attached `AWSCompromisedKeyQuarantineV3` to user `ann`, which says that its key `AKIA1`, or another of its keys, was found in public',
  );
});

test('who is not in quarantine is not asked for keys', async () => {
  const { calls, status } = await asked(exposedKeys, { GetAccountAuthorizationDetails: userPages([{ name: 'bob' }]) });
  assert.equal(status, 'ok');
  assert.deepEqual(
    calls.map(({ operation }) => operation),
    ['GetAccountAuthorizationDetails'],
  );
});

test('a policy that is only called so is no quarantine', async () => {
  const result = await asked(exposedKeys, {
    GetAccountAuthorizationDetails: userPages([
      { name: 'bob', attached: ['NoAWSCompromisedKeyQuarantine', 'AWSCompromisedKeyQuarantineOff'] },
    ]),
  });
  assert.equal(result.status, 'ok');
});

test('a user in quarantine is red though its keys are gone, or can’t be asked for', async () => {
  const { flaggedResources } = await asked(exposedKeys, {
    GetAccountAuthorizationDetails: userPages([
      { name: 'ann', attached: ['AWSCompromisedKeyQuarantineV2'] },
      { name: 'bob', attached: ['AWSCompromisedKeyQuarantineV2'] },
    ]),
    ListAccessKeys: keysBy({ bob: { status: 403, body: '<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>' } }),
  });
  assert.deepEqual(
    flaggedResources.map(({ resourceId, status, reason }) => [resourceId, status, reason.split('; ')[1]]),
    [
      ['ann', 'error', 'it has no keys any more'],
      ['bob', 'error', 'not asked: the role may not call iam:ListAccessKeys in us-east-1'],
    ],
  );
});
