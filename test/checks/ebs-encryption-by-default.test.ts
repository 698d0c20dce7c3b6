// Encryption by default: a line for each region.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import byDefault from '../../checks/ebs-encryption-by-default.ts';
import { asked } from './account.ts';

const answer = (isOn: boolean) =>
  `<GetEbsEncryptionByDefaultResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><ebsEncryptionByDefault>${isOn}</ebsEncryptionByDefault></GetEbsEncryptionByDefaultResponse>`;

test('a region with it is green, one without yellow', async () => {
  const { flaggedResources } = await asked(
    byDefault,
    { GetEbsEncryptionByDefault: ({ region }) => answer(region === 'eu-west-1') },
    { regions: ['eu-west-1', 'us-east-1'] },
  );
  assert.deepEqual(
    flaggedResources.map(({ resourceId, metadata }) => [resourceId, ...metadata]),
    [
      ['eu-west-1', 'Green', 'eu-west-1', 'Yes'],
      ['us-east-1', 'Yellow', 'us-east-1', 'No'],
    ],
  );
});

test('a region that refuses hides no other', async () => {
  const denied = { status: 403, body: '<Response><Errors><Error><Code>UnauthorizedOperation</Code></Error></Errors></Response>' };
  const { flaggedResources } = await asked(
    byDefault,
    { GetEbsEncryptionByDefault: ({ region }) => (region === 'eu-west-1' ? answer(true) : denied) },
    { regions: ['eu-west-1', 'us-east-1'] },
  );
  assert.deepEqual(
    flaggedResources.map(({ status, reason }) => `${status}: ${reason}`),
    [
      'ok: new volumes in eu-west-1 are encrypted',
      'not_available: not asked: the role may not call ec2:GetEbsEncryptionByDefault in us-east-1',
    ],
  );
});
