// Records that resolvers keep too long for failover to help.
import { check, type Line } from '../events/advice/index.ts';
import { hostedZones, linesOfZones, RECORD_COLUMNS, type RecordColumn, recordLine, ZONE_CALLS, ZONE_CHANGES } from './facts/hostedzones.ts';

const MAX_SECONDS = 60;

type TtlColumn = RecordColumn | 'Resource Record Set ID' | 'TTL';

export default check({
  id: 'C056F80cR3',
  name: 'Amazon Route 53 High TTL Resource Record Sets',
  category: 'fault_tolerance',
  description:
    'Looks how long resolvers may keep records that fail over or go by a health check. While they keep an old answer, users go to what is down.',
  criteria: {
    yellow: 'a failover record, or one with a health check, has a TTL above 60 seconds',
    green: 'its TTL is 60 seconds or less; an alias has none of its own',
  },
  action: 'Set the TTL to 60 seconds.',
  references: [
    'https://docs.aws.amazon.com/awssupport/latest/user/fault-tolerance-checks.html',
    'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-failover.html',
  ],
  columns: [...RECORD_COLUMNS, 'Resource Record Set ID', 'TTL', 'Status'],
  scope: 'account',
  calls: ZONE_CALLS,
  collect: hostedZones,
  judge: (zones) =>
    linesOfZones(zones, (zone, records) =>
      records.flatMap((record): Line<TtlColumn>[] => {
        const { Failover, HealthCheckId, TTL, SetIdentifier = '' } = record;
        if ((Failover === undefined && HealthCheckId === undefined) || TTL === undefined) return [];
        const { resource, values } = recordLine(zone, record);
        return [
          {
            resource: SetIdentifier === '' ? resource : `${resource}/${SetIdentifier}`,
            status: TTL > MAX_SECONDS ? 'warning' : 'ok',
            values: { ...values, 'Resource Record Set ID': SetIdentifier, TTL: String(TTL) },
            reason: `resolvers may keep it for ${TTL} seconds${TTL > MAX_SECONDS ? `, ${MAX_SECONDS} are enough` : ''}`,
          },
        ];
      }),
    ),
  staleAfter: ZONE_CHANGES,
});
