// GuardDuty's detectors: each colour, in each region.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import guardduty from '../../checks/guardduty.ts';
import { asked, jsonFailure } from './account.ts';

test('each region stands by its detector', async () => {
  const detectors: Record<string, string[]> = { 'us-east-1': ['d1'], 'eu-west-1': ['d2'], 'ap-south-1': [] };
  const { flaggedResources, status } = await asked(
    guardduty,
    {
      'GET /detector': ({ region }) => JSON.stringify({ detectorIds: detectors[region] }),
      'GET /detector/d1': '{"status":"ENABLED","serviceRole":"role"}',
      'GET /detector/d2': '{"status":"DISABLED","serviceRole":"role"}',
    },
    { regions: ['us-east-1', 'eu-west-1', 'ap-south-1'] },
  );
  assert.equal(status, 'error');
  assert.deepEqual(
    flaggedResources.map(({ resourceId, metadata, reason }) => [resourceId, metadata, reason]),
    [
      ['us-east-1', ['Green', 'us-east-1', 'd1', 'ENABLED'], 'detector `d1` is enabled'],
      ['eu-west-1', ['Red', 'eu-west-1', 'd2', 'DISABLED'], 'detector `d2` of eu-west-1 is suspended'],
      ['ap-south-1', ['Red', 'ap-south-1', '', ''], 'GuardDuty is not enabled in ap-south-1'],
    ],
  );
});

test('a detector that refuses is not available', async () => {
  const { flaggedResources } = await asked(guardduty, { 'GET /detector': '{"detectorIds":["d1"]}' });
  assert.deepEqual(
    flaggedResources.map(({ status, reason }) => [status, reason]),
    [['not_available', 'not asked: the role may not call guardduty:GetDetector in us-east-1']],
  );
});

test('a region without GuardDuty is not available, with what was answered', async () => {
  const { flaggedResources } = await asked(guardduty, { 'GET /detector': jsonFailure('BadRequestException') });
  assert.deepEqual(
    flaggedResources.map(({ status, reason }) => [status, reason.split(':').slice(0, 3).join(':')]),
    [['not_available', 'not answered: guardduty:ListDetectors in us-east-1 failed with BadRequestException']],
  );
});
