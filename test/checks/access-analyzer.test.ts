// External access analyzers: each colour, in each region.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import accessAnalyzer from '../../checks/access-analyzer.ts';
import { asked, judged } from './account.ts';

const analyzer = (type: string, status = 'ACTIVE') => ({
  type,
  status,
  arn: `arn:aws:access-analyzer:us-east-1:111122223333:analyzer/${type}`,
});
const MISSING = 'us-east-1 error: the account has no active external access analyzer in us-east-1';

const cases: [string, object[], string[]][] = [
  ['none is red', [], [MISSING]],
  ['one of unused access is red', [analyzer('ACCOUNT_UNUSED_ACCESS')], [MISSING]],
  ['one that is not active is red', [analyzer('ACCOUNT', 'CREATING'), analyzer('ACCOUNT', 'DISABLED')], [MISSING]],
  [
    'the organization’s alone is red',
    [analyzer('ORGANIZATION')],
    [`${MISSING}: only the organization has one, \`arn:aws:access-analyzer:us-east-1:111122223333:analyzer/ORGANIZATION\``],
  ],
  [
    'the account’s is green',
    [analyzer('ORGANIZATION'), analyzer('ACCOUNT')],
    ['us-east-1 ok: `arn:aws:access-analyzer:us-east-1:111122223333:analyzer/ACCOUNT` is active'],
  ],
];
for (const [name, analyzers, expected] of cases) test(name, () => assert.deepEqual(judged(accessAnalyzer, analyzers), expected));

test('each region is asked, to the last page', async () => {
  const { flaggedResources } = await asked(
    accessAnalyzer,
    {
      'GET /analyzer': ({ region, input }) => {
        if (region === 'eu-west-1') return JSON.stringify({ analyzers: [] });
        return JSON.stringify(
          input['nextToken'] === undefined
            ? { analyzers: [analyzer('ORGANIZATION')], nextToken: '2' }
            : { analyzers: [analyzer('ACCOUNT')] },
        );
      },
    },
    { regions: ['us-east-1', 'eu-west-1'] },
  );
  assert.deepEqual(
    flaggedResources.map(({ resourceId, status, region }) => [resourceId, status, region]),
    [
      ['us-east-1', 'ok', 'us-east-1'],
      ['eu-west-1', 'error', 'eu-west-1'],
    ],
  );
  assert.deepEqual(flaggedResources[0]!.metadata, [
    ...['Green', 'us-east-1', analyzer('ACCOUNT').arn, analyzer('ORGANIZATION').arn, '2026-11-28T12:00:00.000Z'],
  ]);
});

test('a region where it can’t be asked is not green, and hides no other', async () => {
  const { flaggedResources } = await asked(
    accessAnalyzer,
    {
      'GET /analyzer': ({ region }) =>
        region === 'me-south-1'
          ? {
              status: 403,
              body: '{"__type":"UnrecognizedClientException","message":"The security token included in the request is invalid."}',
            }
          : '{"analyzers":[]}',
    },
    { regions: ['us-east-1', 'me-south-1'] },
  );
  assert.deepEqual(
    flaggedResources.map(({ status }) => status),
    ['error', 'not_available'],
  );
});
