// Management events of each region: each colour, shadows, selectors, and what can't be asked.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import managementEventLogging from '../../checks/management-event-logging.ts';
import { asked } from './account.ts';
import { logging, trail, trailAnswers } from './trailanswers.ts';

const NO_MANAGEMENT = { AdvancedEventSelectors: [{ FieldSelectors: [{ Field: 'eventCategory', Equals: ['Data'] }] }] };

const cases: [string, ReturnType<typeof trailAnswers>, string, string][] = [
  ['no trail is red', trailAnswers([], {}), 'error', 'no trail records management events of us-east-1'],
  [
    'a trail that is off is red',
    trailAnswers([trail('main')], { main: { IsLogging: false, LatestDeliveryError: 'NoSuchBucket' } }),
    ...(['error', 'no trail of us-east-1 is logging management events: `main`'] as const),
  ],
  [
    'a trail that can’t deliver is yellow',
    trailAnswers([trail('main'), trail('old')], { main: logging({ LatestDeliveryError: 'AccessDenied' }), old: { IsLogging: false } }),
    ...(['warning', 'every trail that records us-east-1 reports delivery errors: `main`'] as const),
  ],
  [
    'one that delivers makes up for others',
    trailAnswers([trail('broken'), trail('main')], { broken: logging({ LatestDeliveryError: 'AccessDenied' }), main: logging() }),
    ...(['ok', 'management events of us-east-1 are recorded by `main`'] as const),
  ],
  [
    'a trail of data events alone is none',
    trailAnswers([trail('data')], { data: logging() }, { data: NO_MANAGEMENT }),
    ...(['error', 'no trail of us-east-1 is logging management events: `data`'] as const),
  ],
  [
    'a trail whose selectors are empty records management events',
    trailAnswers([trail('main')], { main: logging() }, { main: { EventSelectors: [] } }),
    ...(['ok', 'management events of us-east-1 are recorded by `main`'] as const),
  ],
  [
    'a trail of the organization that a member may not ask about is not red',
    trailAnswers([trail('off'), trail('org', { IsOrganizationTrail: true })], { off: { IsLogging: false } }),
    ...(['not_available', 'not asked: the role may not call cloudtrail:GetTrailStatus in us-east-1'] as const),
  ],
  [
    'nor does it hide one that delivers',
    trailAnswers([trail('org', { IsOrganizationTrail: true }), trail('main')], { main: logging() }),
    ...(['ok', 'management events of us-east-1 are recorded by `main`'] as const),
  ],
];
for (const [name, answers, status, reason] of cases)
  test(name, async () => {
    const { flaggedResources } = await asked(managementEventLogging, answers);
    assert.deepEqual(
      flaggedResources.map((line) => [line.resourceId, line.status, line.reason]),
      [['us-east-1', status, reason]],
    );
  });

test('a trail of all regions counts in each, and is asked about once, at home', async () => {
  const { flaggedResources, calls } = await asked(managementEventLogging, trailAnswers([trail('main')], { main: logging() }), {
    regions: ['us-east-1', 'eu-west-1'],
  });
  assert.deepEqual(
    flaggedResources.map(({ metadata }) => metadata),
    ['us-east-1', 'eu-west-1'].map((region) => ['Green', region, 'Yes', 'No', '2026-11-28T12:00:00.000Z']),
  );
  assert.deepEqual(
    calls.filter(({ operation }) => operation === 'GetTrailStatus').map(({ region, input }) => [region, input['Name']]),
    [['us-east-1', 'arn:aws:cloudtrail:us-east-1:111122223333:trail/main']],
  );
});

test('a trail of one region leaves the others red', async () => {
  const { flaggedResources } = await asked(
    managementEventLogging,
    trailAnswers([trail('main', { IsMultiRegionTrail: false })], { main: logging() }),
    { regions: ['us-east-1', 'eu-west-1'] },
  );
  assert.deepEqual(
    flaggedResources.map(({ region, status }) => [region, status]),
    [
      ['us-east-1', 'ok'],
      ['eu-west-1', 'error'],
    ],
  );
});

test('a role that may not list trails is not told that there are none', async () => {
  assert.equal((await asked(managementEventLogging, {})).status, 'not_available');
});
