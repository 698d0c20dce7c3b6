// Inspector: each colour, and an account that it doesn't say anything of.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import inspector from '../../checks/inspector.ts';
import { asked, judged } from './account.ts';

const scans = (ec2: string, ecr: string, lambda: string) => ({ ec2: { status: ec2 }, ecr: { status: ecr }, lambda: { status: lambda } });
const state = (status: string, resourceState: object = scans('ENABLED', 'ENABLED', 'ENABLED')) => ({
  accounts: [{ accountId: '111122223333', state: { status }, resourceState }],
});

const cases: [string, object, string][] = [
  ['all scans are green', state('ENABLED'), 'us-east-1 ok: Inspector scans EC2, ECR and Lambda in us-east-1'],
  [
    'a scan that is off is yellow',
    state('ENABLED', scans('ENABLED', 'DISABLED', 'DISABLED')),
    'us-east-1 warning: Inspector does not scan ECR, Lambda in us-east-1',
  ],
  [
    'a scan that the region doesn’t know is yellow',
    state('ENABLED', { ec2: { status: 'ENABLED' }, ecr: { status: 'ENABLED' } }),
    'us-east-1 warning: Inspector does not scan Lambda in us-east-1',
  ],
  ['disabled is red', state('DISABLED'), 'us-east-1 error: Inspector is disabled in us-east-1'],
  ['suspended is red', state('SUSPENDED'), 'us-east-1 error: Inspector is suspended in us-east-1'],
  ['on its way is not there yet', state('ENABLING'), 'us-east-1 error: Inspector is enabling in us-east-1'],
  [
    'an account that is neither there nor failed is not known',
    { accounts: [] },
    'us-east-1 not_available: Inspector does not say how it stands in us-east-1: the account is not in its answer',
  ],
  [
    'an account that failed is not available',
    { accounts: [], failedAccounts: [{ accountId: '111122223333', errorCode: 'ACCESS_DENIED', errorMessage: 'not a member' }] },
    'us-east-1 not_available: Inspector does not say how it stands in us-east-1: not a member',
  ],
];
for (const [name, facts, expected] of cases) test(name, () => assert.deepEqual(judged(inspector, facts), [expected]));

test('each region is asked about the account', async () => {
  const { flaggedResources, calls } = await asked(
    inspector,
    { 'POST /status/batch/get': ({ region }) => JSON.stringify(region === 'us-east-1' ? state('ENABLED') : state('DISABLED')) },
    { regions: ['us-east-1', 'eu-west-1'] },
  );
  assert.deepEqual(
    flaggedResources.map(({ metadata }) => metadata),
    [
      ['Green', 'us-east-1', 'ENABLED', 'ENABLED', 'ENABLED', 'ENABLED'],
      ['Red', 'eu-west-1', 'DISABLED', 'ENABLED', 'ENABLED', 'ENABLED'],
    ],
  );
  assert.deepEqual(calls[0]!.input['accountIds'], ['111122223333']);
});

test('a role that may not ask makes nothing green', async () => {
  assert.equal((await asked(inspector, {})).status, 'not_available');
});
