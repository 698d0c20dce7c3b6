// Latency records, alone or not; and what holds for all checks of zones: pages, zones of services, refusals.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import latency from '../../checks/route53-latency.ts';
import { asked } from './account.ts';
import { aliasRecord, dnsRecord, judgedZone, oneZone, recordPages, recordsOf, ZONES, zonePage } from './zones.ts';

const inRegion = (Region: string, name = 'www.example.com.', type = 'A') =>
  dnsRecord(name, type, ['192.0.2.1'], { Region, SetIdentifier: Region });
const WWW = 'Z1/www.example.com./A';

const cases: [string, Parameters<typeof judgedZone>[1][], string[]][] = [
  [
    'a latency record alone is yellow',
    [inRegion('eu-west-1')],
    [`${WWW} warning: the only latency record of its name: every query goes to eu-west-1`],
  ],
  [
    'two are green',
    [inRegion('eu-west-1'), inRegion('us-east-1')],
    [`${WWW} ok: queries are routed to the nearest of eu-west-1, us-east-1`],
  ],
  [
    'of two types each stands for itself',
    [inRegion('eu-west-1'), inRegion('us-east-1', 'www.example.com.', 'AAAA')],
    [
      `${WWW} warning: the only latency record of its name: every query goes to eu-west-1`,
      'Z1/www.example.com./AAAA warning: the only latency record of its name: every query goes to us-east-1',
    ],
  ],
  [
    'an alias at the apex may have latency too',
    [aliasRecord('example.com.', 'A', 'lb.elb.amazonaws.com.', { Region: 'eu-west-1', SetIdentifier: 'eu' })],
    ['Z1/example.com./A warning: the only latency record of its name: every query goes to eu-west-1'],
  ],
  [
    'other policies are not looked at',
    [
      dnsRecord('a.example.com.', 'A', ['192.0.2.1']),
      dnsRecord('b.example.com.', 'A', ['192.0.2.1'], { Weight: 1, SetIdentifier: 'w' }),
      dnsRecord('c.example.com.', 'A', ['192.0.2.1'], { Failover: 'PRIMARY', SetIdentifier: 'p' }),
    ],
    [],
  ],
  [
    'a wildcard is shown as one',
    [inRegion('eu-west-1', '\\052.example.com.')],
    ['Z1/*.example.com./A warning: the only latency record of its name: every query goes to eu-west-1'],
  ],
];
for (const [name, records, expected] of cases) test(name, () => assert.deepEqual(judgedZone(latency, ...records), expected));

test('the columns are Trusted Advisor’s, and what is global has no region', async () => {
  const { flaggedResources } = await asked(latency, oneZone(inRegion('eu-west-1')));
  assert.deepEqual(
    flaggedResources.map(({ region, metadata }) => [region, ...metadata]),
    [[undefined, 'z1.example.com.', 'Z1', 'www.example.com.', 'A']],
  );
});

test('every page of zones and records is asked for, even in the middle of a name', async () => {
  const regions = ['eu-central-1', 'eu-west-1', 'us-east-1', 'us-west-2', 'ap-south-1'];
  const { flaggedResources, calls } = await asked(latency, {
    [ZONES]: ({ input }) => (input['marker'] === undefined ? zonePage(['Z1'], 'Z2') : zonePage(['Z2'])),
    [recordsOf('Z1')]: recordPages(
      regions.map((region) => inRegion(region)),
      2,
    ),
    [recordsOf('Z2')]: recordPages([inRegion('eu-west-1')]),
  });
  assert.deepEqual(
    flaggedResources.map(({ resourceId, status, reason }) => [resourceId, status, reason.includes(regions.join(', '))]),
    [
      ['Z1/www.example.com./A', 'ok', true],
      ['Z2/www.example.com./A', 'warning', false],
    ],
  );
  assert.equal(calls.length, 2 + 3 + 1);
});

test('zones that AWS services keep are left out, and not asked', async () => {
  const { flaggedResources, calls } = await asked(latency, { [ZONES]: zonePage(['Z1!']) });
  assert.deepEqual([flaggedResources.length, calls.length], [0, 1]);
});

test('a zone that vanishes has no line; one that refuses says so and hides no other', async () => {
  const gone = { status: 404, body: '<ErrorResponse><Error><Code>NoSuchHostedZone</Code></Error></ErrorResponse>' };
  const { status, flaggedResources } = await asked(latency, {
    [ZONES]: zonePage(['Z1', 'Z2', 'Z3']),
    [recordsOf('Z1')]: gone,
    [recordsOf('Z3')]: recordPages([inRegion('eu-west-1')]),
  });
  assert.equal(status, 'warning');
  assert.deepEqual(
    flaggedResources.map(({ resourceId, reason }) => `${resourceId}: ${reason}`),
    [
      'Z2: not asked: the role may not call route53:ListResourceRecordSets in us-east-1',
      'Z3/www.example.com./A: the only latency record of its name: every query goes to eu-west-1',
    ],
  );
});

test('a role that may not list zones is told so', async () => {
  const { flaggedResources } = await asked(latency, {});
  assert.deepEqual(
    flaggedResources.map(({ status, reason }) => `${status}: ${reason}`),
    ['not_available: not asked: the role may not call route53:ListHostedZones in us-east-1'],
  );
});
