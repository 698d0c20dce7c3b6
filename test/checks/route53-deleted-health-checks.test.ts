// Records whose health check is there, or isn't.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import deletedHealthChecks from '../../checks/route53-deleted-health-checks.ts';
import { asked } from './account.ts';
import { aliasRecord, dnsRecord, HEALTH_CHECKS, healthCheckPage, oneZone } from './zones.ts';

const checked = (name: string, HealthCheckId: string, SetIdentifier?: string) =>
  dnsRecord(`${name}.example.com.`, 'A', ['192.0.2.1'], {
    ...(SetIdentifier === undefined ? {} : { SetIdentifier, Weight: 1 }),
    HealthCheckId,
  });
const ZONE = oneZone(
  checked('a', 'h1'),
  checked('b', 'gone', 'blue'),
  checked('b', 'h2', 'green'),
  aliasRecord('c.example.com.', 'A', 'lb.elb.amazonaws.com.', { HealthCheckId: 'gone' }),
  dnsRecord('d.example.com.', 'A', ['192.0.2.1']),
);

test('a health check that isn’t among those there are is yellow, on every page of them', async () => {
  const { flaggedResources } = await asked(deletedHealthChecks, {
    ...ZONE,
    [HEALTH_CHECKS]: ({ input }) => (input['marker'] === undefined ? healthCheckPage(['h1'], 'h2') : healthCheckPage(['h2'])),
  });
  assert.deepEqual(
    flaggedResources.map(({ resourceId, status, metadata }) => [resourceId, status, ...metadata]),
    [
      ['Z1/a.example.com./A', 'ok', 'z1.example.com.', 'Z1', 'a.example.com.', 'A', ''],
      ['Z1/b.example.com./A/blue', 'warning', 'z1.example.com.', 'Z1', 'b.example.com.', 'A', 'blue'],
      ['Z1/b.example.com./A/green', 'ok', 'z1.example.com.', 'Z1', 'b.example.com.', 'A', 'green'],
      ['Z1/c.example.com./A', 'warning', 'z1.example.com.', 'Z1', 'c.example.com.', 'A', ''],
    ],
  );
});

test('where health checks may not be listed, no record is taken for one without', async () => {
  const { flaggedResources } = await asked(deletedHealthChecks, ZONE);
  assert.deepEqual(
    flaggedResources.map(({ status, reason }) => `${status}: ${reason}`),
    ['not_available: not asked: the role may not call route53:ListHealthChecks in us-east-1'],
  );
});
