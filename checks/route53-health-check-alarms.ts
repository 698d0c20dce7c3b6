// Health checks that fail without anybody hearing of it.
import type { DescribeAlarmsCommandInput, DescribeAlarmsCommandOutput, Dimension, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { HealthCheck } from '@aws-sdk/client-route-53';
import { apiCall, check, type Line } from '../events/advice/index.ts';
import { HEALTH_CHECKS, healthChecks } from './facts/healthchecks.ts';

const ALARMS = apiCall<DescribeAlarmsCommandInput, DescribeAlarmsCommandOutput>('cloudwatch', 'DescribeAlarms');

const COLUMNS = ['Status', 'Health Check ID', 'Type', 'Target', 'Alarms'] as const;

interface WatchedHealth {
  checks: HealthCheck[];
  alarms: MetricAlarm[];
}

/** The health checks that an alarm watches, in a metric of its own or in an expression. */
function watchedBy({ Namespace, Dimensions = [], Metrics = [] }: MetricAlarm): string[] {
  const metrics = [{ Namespace, Dimensions }, ...Metrics.map(({ MetricStat }) => MetricStat?.Metric ?? {})];
  return metrics.flatMap((metric) => (metric.Namespace === 'AWS/Route53' ? idsIn(metric.Dimensions) : []));
}

const idsIn = (dimensions: readonly Dimension[] = []): string[] =>
  dimensions.flatMap(({ Name, Value }) => (Name === 'HealthCheckId' ? (Value ?? []) : []));

function lineOf(
  { Id: resource = '', HealthCheckConfig: config }: HealthCheck,
  alarms: readonly MetricAlarm[],
): Line<(typeof COLUMNS)[number]> {
  const watching = alarms.filter((alarm) => watchedBy(alarm).includes(resource));
  const names = watching.map(({ AlarmName }) => AlarmName ?? '').join(', ');
  const target = config?.FullyQualifiedDomainName ?? config?.IPAddress ?? '';
  const values = { 'Health Check ID': resource, Type: config?.Type ?? '', Target: target, Alarms: names };
  if (watching.length === 0)
    return {
      resource,
      status: 'warning',
      values,
      reason: `health check \`${resource}\`${target === '' ? '' : ` of ${target}`} has no alarm`,
    };
  const isHeard = watching.some(({ ActionsEnabled, AlarmActions = [] }) => ActionsEnabled !== false && AlarmActions.length > 0);
  return { resource, status: 'ok', values, reason: `watched by ${names}${isHeard ? '' : ', which tells nobody: add an alarm action'}` };
}

export default check({
  id: 'trailbus-health-check-alarm',
  name: 'Amazon Route 53 Health Checks Without an Alarm',
  category: 'fault_tolerance',
  description:
    'Looks whether a CloudWatch alarm watches each health check. Without one DNS fails over, or everything is down, and nobody is told.',
  criteria: { yellow: 'no alarm watches the health check', green: 'an alarm watches the health check' },
  action:
    'Create an alarm on HealthCheckStatus of the health check, in the region where Route 53 keeps its metrics, with an action that tells somebody.',
  references: ['https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-health-checks.html'],
  columns: COLUMNS,
  scope: 'account',
  calls: [HEALTH_CHECKS, ALARMS],
  collect: async (asker): Promise<WatchedHealth> => {
    const [checks, pages] = await Promise.all([healthChecks(asker), asker.pages(ALARMS, { AlarmTypes: ['MetricAlarm'] })]);
    return { checks, alarms: pages.flatMap(({ MetricAlarms = [] }) => MetricAlarms) };
  },
  judge: ({ checks, alarms }) => checks.map((health) => lineOf(health, alarms)),
  staleAfter: [
    { source: ['cloudtrail.route53'], detail: { eventName: ['CreateHealthCheck', 'DeleteHealthCheck', 'UpdateHealthCheck'] } },
    {
      source: ['cloudtrail.monitoring'],
      detail: { eventName: ['PutMetricAlarm', 'DeleteAlarms', 'EnableAlarmActions', 'DisableAlarmActions'] },
    },
  ],
});
