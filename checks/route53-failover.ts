// Failover records that have nothing to fail over to, or from.
import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import { check } from '../events/advice/index.ts';
import { byNameAndType, hostedZones, linesOfZones, RECORD_COLUMNS, recordLine, ZONE_CALLS, ZONE_CHANGES } from './facts/hostedzones.ts';

/** What is wrong with the failover records of a name; undefined when nothing is. */
function flawOf(group: readonly ResourceRecordSet[]): string | undefined {
  const primary = group.find(({ Failover }) => Failover === 'PRIMARY');
  const secondary = group.find(({ Failover }) => Failover === 'SECONDARY');
  if (secondary === undefined) return 'the primary record has no secondary one to fail over to';
  if (primary === undefined) return 'the secondary record has no primary one';
  const isShared = primary.HealthCheckId !== undefined && primary.HealthCheckId === secondary.HealthCheckId;
  return isShared ? `the primary and the secondary record go by the same health check, ${primary.HealthCheckId}` : undefined;
}

export default check({
  id: 'b73EEdD790',
  name: 'Amazon Route 53 Failover Resource Record Sets',
  category: 'fault_tolerance',
  description:
    'Looks whether failover records come in pairs with health checks of their own. One that is alone, or a pair that fails together, helps nobody when the primary is down.',
  criteria: {
    yellow: 'a primary record has no secondary one, a secondary no primary one, or both go by the same health check',
    green: 'a primary and a secondary record go by different health checks',
  },
  action: 'Add the record that is missing, and give each record a health check of its own.',
  references: [
    'https://docs.aws.amazon.com/awssupport/latest/user/fault-tolerance-checks.html',
    'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-configuring.html',
  ],
  columns: [...RECORD_COLUMNS, 'Reason'],
  scope: 'account',
  calls: ZONE_CALLS,
  collect: hostedZones,
  judge: (zones) =>
    linesOfZones(zones, (zone, records) =>
      byNameAndType(records.filter(({ Failover }) => Failover !== undefined)).map((group) => {
        const { resource, values } = recordLine(zone, group[0]!);
        const flaw = flawOf(group);
        const reason = flaw ?? 'primary and secondary stand, each for itself';
        return { resource, status: flaw === undefined ? 'ok' : 'warning', values: { ...values, Reason: reason }, reason };
      }),
    ),
  staleAfter: ZONE_CHANGES,
});
