// What caps the retrieval of archives.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import retrievalPolicy from '../../checks/glacier-retrieval-policy.ts';
import { type Answers, asked } from './account.ts';

const withVault = (policy: object): Answers => ({
  'GET /-/vaults': JSON.stringify({ VaultList: [{ VaultName: 'a' }] }),
  'GET /-/policies/data-retrieval': JSON.stringify(policy),
});
const rule = (more: object) => withVault({ Policy: { Rules: [more] } });

const cases: [string, Answers, string[][]][] = [
  ['no limit is yellow', rule({ Strategy: 'None' }), [['us-east-1', 'Yellow', 'us-east-1', 'None', '']]],
  ['no rule at all is no limit', withVault({ Policy: { Rules: [] } }), [['us-east-1', 'Yellow', 'us-east-1', 'None', '']]],
  ['the free tier is green', rule({ Strategy: 'FreeTier' }), [['us-east-1', 'Green', 'us-east-1', 'FreeTier', '']]],
  [
    'so many bytes an hour are green',
    rule({ Strategy: 'BytesPerHour', BytesPerHour: 10_737_418_240 }),
    [['us-east-1', 'Green', 'us-east-1', 'BytesPerHour', '10737418240']],
  ],
  ['a region without vaults has no line', { 'GET /-/vaults': '{"VaultList":[]}' }, []],
];
for (const [name, answers, expected] of cases)
  test(name, async () => {
    const { flaggedResources } = await asked(retrievalPolicy, answers);
    assert.deepEqual(
      flaggedResources.map(({ resourceId, metadata }) => [resourceId, ...metadata]),
      expected,
    );
  });

test('a service that doesn’t know the call leaves it unknown', async () => {
  const { status, flaggedResources } = await asked(retrievalPolicy, {
    ...withVault({}),
    'GET /-/policies/data-retrieval': { status: 404, body: '{"code":"UnknownOperationException","message":"no such call"}' },
  });
  assert.equal(status, 'not_available');
  assert.match(
    flaggedResources[0]!.reason,
    /^not answered: glacier:GetDataRetrievalPolicy in us-east-1 failed with UnknownOperationException/,
  );
});
