// Failover pairs: whole, half, and with one health check for both.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import failover from '../../checks/route53-failover.ts';
import { asked } from './account.ts';
import { aliasRecord, dnsRecord, judgedZone, oneZone } from './zones.ts';

const half = (Failover: string, HealthCheckId?: string, Type = 'A') =>
  dnsRecord('www.example.com.', Type, ['192.0.2.1'], {
    ...{ Failover, SetIdentifier: Failover.toLowerCase() },
    ...(HealthCheckId === undefined ? {} : { HealthCheckId }),
  });
const WWW = 'Z1/www.example.com./A';
const GREEN = `${WWW} ok: primary and secondary stand, each for itself`;

const cases: [string, Parameters<typeof judgedZone>[1][], string[]][] = [
  ['a pair with health checks of their own is green', [half('PRIMARY', 'h1'), half('SECONDARY', 'h2')], [GREEN]],
  ['a secondary record needs none', [half('PRIMARY', 'h1'), half('SECONDARY')], [GREEN]],
  [
    'a primary record alone is yellow',
    [half('PRIMARY', 'h1')],
    [`${WWW} warning: the primary record has no secondary one to fail over to`],
  ],
  ['a secondary record alone is yellow', [half('SECONDARY')], [`${WWW} warning: the secondary record has no primary one`]],
  [
    'one health check for both is yellow',
    [half('PRIMARY', 'h1'), half('SECONDARY', 'h1')],
    [`${WWW} warning: the primary and the secondary record go by the same health check, h1`],
  ],
  [
    'of another type is no partner',
    [half('PRIMARY', 'h1'), half('SECONDARY', 'h2', 'AAAA')],
    [
      `${WWW} warning: the primary record has no secondary one to fail over to`,
      'Z1/www.example.com./AAAA warning: the secondary record has no primary one',
    ],
  ],
  [
    'an alias is a partner',
    [half('PRIMARY', 'h1'), aliasRecord('www.example.com.', 'A', 's3-website-us-east-1.amazonaws.com.', { Failover: 'SECONDARY' })],
    [GREEN],
  ],
  ['other policies are not looked at', [dnsRecord('www.example.com.', 'A', ['192.0.2.1'], { HealthCheckId: 'h1', Weight: 1 })], []],
];
for (const [name, records, expected] of cases) test(name, () => assert.deepEqual(judgedZone(failover, ...records), expected));

test('the columns are Trusted Advisor’s, the reason the last', async () => {
  const { flaggedResources } = await asked(failover, oneZone(half('SECONDARY')));
  assert.deepEqual(
    flaggedResources.map(({ metadata }) => metadata),
    [['z1.example.com.', 'Z1', 'www.example.com.', 'A', 'the secondary record has no primary one']],
  );
});
