// Exclusions: which resources they hold for, and until when.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advise, type Check, type CheckExclusion, check } from '../../../events/advice/index.ts';

const groups = (...names: string[]): Check =>
  check({
    ...{ id: 'own-groups', name: 'Groups', category: 'security', description: '', criteria: {}, action: '', references: [] },
    ...{ columns: ['Status', 'Region', 'Group'], scope: 'region', calls: [], staleAfter: [] },
    collect: async () => names,
    judge: (facts: string[]) =>
      facts.map((name) => ({ resource: name, status: 'error', values: { Group: name }, reason: `${name} is open` })),
  });

const NOW = Date.parse('2026-11-28T12:00:00Z');
const account = { account: '111122223333', partition: 'aws', regions: ['us-east-1', 'eu-west-1'], askerIn: () => ({}) as never };

async function excludedBy(exclusion: Partial<CheckExclusion>): Promise<string[]> {
  const exclusions = [{ reason: 'known', owner: 'ops', ...exclusion }];
  const [result] = await advise([groups('sg-web', 'sg-db')], [account], { now: () => NOW, exclusions });
  return result!.flaggedResources.flatMap(({ isSuppressed, region, resourceId }) => (isSuppressed ? [`${region} ${resourceId}`] : []));
}

const cases: [string, Partial<CheckExclusion>, string[]][] = [
  ['all where nothing is named', {}, ['us-east-1 sg-web', 'us-east-1 sg-db', 'eu-west-1 sg-web', 'eu-west-1 sg-db']],
  ['one resource', { resources: ['sg-web'] }, ['us-east-1 sg-web', 'eu-west-1 sg-web']],
  ['what a star stands for', { resources: ['sg-*b'], regions: ['eu-*'] }, ['eu-west-1 sg-web', 'eu-west-1 sg-db']],
  ['another check', { checks: ['other'] }, []],
  ['another account', { accounts: ['999988887777'] }, []],
  ['its last day', { until: '2026-11-28', resources: ['sg-db'] }, ['us-east-1 sg-db', 'eu-west-1 sg-db']],
  ['a day that is over', { until: '2026-11-27' }, []],
  ['stars that would overlap', { resources: ['sg-web*b'] }, []],
];
for (const [name, exclusion, expected] of cases)
  test(`an exclusion holds for ${name}`, async () => assert.deepEqual(await excludedBy(exclusion), expected));

test('what is excluded doesn’t colour its check, says who excluded it, and is counted', async () => {
  const exclusions = [{ reason: 'known', owner: 'ops', until: '2027-01-31' }];
  const [result] = await advise([groups('sg-web')], [account], { now: () => NOW, exclusions });
  assert.equal(result!.status, 'ok');
  assert.deepEqual(result!.resourcesSummary, { resourcesProcessed: 2, resourcesFlagged: 0, resourcesIgnored: 0, resourcesSuppressed: 2 });
  assert.deepEqual(result!.flaggedResources[0]!.exclusion, { reason: 'known', owner: 'ops', until: '2027-01-31' });
});
