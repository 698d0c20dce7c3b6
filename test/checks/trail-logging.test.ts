// The retired check of trails: each colour, a row for each trail and region.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import trailLogging from '../../checks/trail-logging.ts';
import { asked, jsonFailure } from './account.ts';
import { logging, trail, trailAnswers } from './trailanswers.ts';

test('each trail is a row in each region that it records, in the documented columns', async () => {
  const { flaggedResources, status } = await asked(
    trailLogging,
    trailAnswers([trail('main'), trail('off'), trail('broken'), trail('local', { IsMultiRegionTrail: false })], {
      main: logging(),
      off: { IsLogging: false },
      broken: logging({ LatestDeliveryError: 'NoSuchBucket' }),
      local: logging(),
    }),
    { regions: ['us-east-1', 'eu-west-1'] },
  );
  assert.equal(status, 'error');
  const everywhere = (region: string) => [
    [region, 'main', 'On', 'main-logs', '', 'Green'],
    [region, 'off', 'Off', 'off-logs', '', 'Red'],
    [region, 'broken', 'On', 'broken-logs', 'NoSuchBucket', 'Yellow'],
  ];
  assert.deepEqual(
    flaggedResources.map(({ metadata }) => metadata),
    [...everywhere('us-east-1'), ['us-east-1', 'local', 'On', 'local-logs', '', 'Green'], ...everywhere('eu-west-1')],
  );
  assert.equal(flaggedResources[1]!.resourceId, 'arn:aws:cloudtrail:us-east-1:111122223333:trail/off');
});

test('a region without trail is red', async () => {
  const { flaggedResources } = await asked(trailLogging, trailAnswers([], {}));
  assert.deepEqual(
    flaggedResources.map(({ resourceId, metadata, reason }) => [resourceId, metadata, reason]),
    [['us-east-1', ['us-east-1', '', 'Off', '', '', 'Red'], 'no trail records us-east-1']],
  );
});

test('a trail that can’t be asked about is not red, and hides no other', async () => {
  const { flaggedResources } = await asked(trailLogging, trailAnswers([trail('org'), trail('main')], { main: logging() }));
  assert.deepEqual(
    flaggedResources.map(({ status }) => status),
    ['not_available', 'ok'],
  );
});

test('a trail that was deleted since it was listed is no row; one of another account that hides is', async () => {
  const hiding = { ...trail('org'), TrailARN: 'arn:aws:cloudtrail:us-east-1:999988887777:trail/org' };
  const { flaggedResources } = await asked(trailLogging, {
    ...trailAnswers([trail('gone'), hiding], {}),
    GetTrailStatus: jsonFailure('TrailNotFoundException'),
  });
  assert.deepEqual(
    flaggedResources.map(({ resourceId, status }) => [resourceId, status]),
    [['arn:aws:cloudtrail:us-east-1:999988887777:trail/org', 'not_available']],
  );
});

test('the retired check names its successor', () => assert.equal(trailLogging.replacedBy, 'c25hn9x03v'));
