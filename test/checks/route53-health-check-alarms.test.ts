// Alarms on health checks: of a metric, of an expression, that tell somebody or nobody.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import healthCheckAlarms from '../../checks/route53-health-check-alarms.ts';
import { asked } from './account.ts';
import { HEALTH_CHECKS, healthCheckPage } from './zones.ts';

const dimensions = (id: string) => [{ Name: 'HealthCheckId', Value: id }];
const onMetric = (AlarmName: string, id: string, more: object = {}) => ({
  ...{ AlarmName, Namespace: 'AWS/Route53', MetricName: 'HealthCheckStatus', Dimensions: dimensions(id) },
  ...{ ActionsEnabled: true, AlarmActions: ['arn:aws:sns:us-east-1:111122223333:ops'] },
  ...more,
});
const inExpression = (AlarmName: string, id: string) => ({
  ...{ AlarmName, ActionsEnabled: true, AlarmActions: ['arn:aws:sns:us-east-1:111122223333:ops'] },
  Metrics: [
    { Id: 'e', Expression: 'm' },
    { Id: 'm', MetricStat: { Metric: { Namespace: 'AWS/Route53', MetricName: 'HealthCheckStatus', Dimensions: dimensions(id) } } },
  ],
});
const alarms = (MetricAlarms: object[], NextToken?: string) => JSON.stringify({ MetricAlarms, NextToken });

test('a health check is green with an alarm, yellow without; an alarm that tells nobody is said so', async () => {
  const { flaggedResources } = await asked(healthCheckAlarms, {
    [HEALTH_CHECKS]: healthCheckPage(['h1', 'h2', 'h3', 'h4', 'h5']),
    DescribeAlarms: ({ input }) =>
      input['NextToken'] === '2'
        ? alarms([inExpression('both', 'h2')])
        : alarms(
            [
              onMetric('down', 'h1'),
              onMetric('silent', 'h3', { AlarmActions: [] }),
              onMetric('off', 'h4', { ActionsEnabled: false }),
              { ...onMetric('other', 'h5'), Namespace: 'Ours' },
            ],
            '2',
          ),
  });
  assert.deepEqual(
    flaggedResources.map(({ metadata, reason }) => `${metadata.join(' ')}: ${reason}`),
    [
      'Green h1 HTTPS h1.example.com down: watched by down',
      'Green h2 HTTPS h2.example.com both: watched by both',
      'Green h3 HTTPS h3.example.com silent: watched by silent, which tells nobody: add an alarm action',
      'Green h4 HTTPS h4.example.com off: watched by off, which tells nobody: add an alarm action',
      'Yellow h5 HTTPS h5.example.com : health check `h5` of h5.example.com has no alarm',
    ],
  );
});

test('alarms are looked for where Route 53 keeps its metrics, whichever regions are asked', async () => {
  const { calls } = await asked(
    healthCheckAlarms,
    { [HEALTH_CHECKS]: healthCheckPage([]), DescribeAlarms: alarms([]) },
    { regions: ['eu-west-1'] },
  );
  assert.deepEqual(calls.find(({ operation }) => operation === 'DescribeAlarms')?.region, 'us-east-1');
});

test('alarms that may not be listed leave no health check yellow', async () => {
  const { status, flaggedResources } = await asked(healthCheckAlarms, { [HEALTH_CHECKS]: healthCheckPage(['h1']) });
  assert.equal(status, 'not_available');
  assert.match(flaggedResources[0]!.reason, /cloudwatch:DescribeAlarms/);
});
