// TTLs of records that fail over.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import highTtl from '../../checks/route53-high-ttl.ts';
import { asked } from './account.ts';
import { aliasRecord, dnsRecord, judgedZone, oneZone } from './zones.ts';

const given = (TTL: number, more: object) => dnsRecord('www.example.com.', 'A', ['192.0.2.1'], { TTL, ...more });
const PRIMARY = { Failover: 'PRIMARY', SetIdentifier: 'p' };

const cases: [string, Parameters<typeof judgedZone>[1][], string[]][] = [
  [
    'a failover record above 60 seconds is yellow',
    [given(61, PRIMARY)],
    ['Z1/www.example.com./A/p warning: resolvers may keep it for 61 seconds, 60 are enough'],
  ],
  ['at 60 it is green', [given(60, PRIMARY)], ['Z1/www.example.com./A/p ok: resolvers may keep it for 60 seconds']],
  [
    'a record with a health check counts, whatever its policy',
    [given(300, { HealthCheckId: 'h1' }), given(300, { HealthCheckId: 'h1', Weight: 1, SetIdentifier: 'w' })],
    [
      'Z1/www.example.com./A warning: resolvers may keep it for 300 seconds, 60 are enough',
      'Z1/www.example.com./A/w warning: resolvers may keep it for 300 seconds, 60 are enough',
    ],
  ],
  ['an alias has no TTL of its own', [aliasRecord('www.example.com.', 'A', 'lb.elb.amazonaws.com.', PRIMARY)], []],
  ['a record that doesn’t fail over may be kept', [given(86_400, {}), given(300, { Weight: 1, SetIdentifier: 'w' })], []],
];
for (const [name, records, expected] of cases) test(name, () => assert.deepEqual(judgedZone(highTtl, ...records), expected));

test('the columns are Trusted Advisor’s', async () => {
  const { flaggedResources } = await asked(highTtl, oneZone(given(300, PRIMARY)));
  assert.deepEqual(
    flaggedResources.map(({ metadata }) => metadata),
    [['z1.example.com.', 'Z1', 'www.example.com.', 'A', 'p', '300', 'Yellow']],
  );
});
