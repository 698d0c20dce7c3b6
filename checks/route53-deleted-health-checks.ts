// Records that go by a health check that is no more.
import { check, type Line } from '../events/advice/index.ts';
import { HEALTH_CHECKS, healthChecks } from './facts/healthchecks.ts';
import {
  hostedZones,
  linesOfZones,
  RECORD_COLUMNS,
  type RecordColumn,
  recordLine,
  ZONE_CALLS,
  ZONE_CHANGES,
  type ZoneFacts,
} from './facts/hostedzones.ts';

type DeletedColumn = RecordColumn | 'Resource Record Set Identifier';

interface CheckedRecords {
  zones: ZoneFacts[];
  /** Ids of the health checks that there are. */
  known: ReadonlySet<string>;
}

function linesOf({ zones, known }: CheckedRecords): Line<DeletedColumn>[] {
  return linesOfZones(zones, (zone, records) =>
    records.flatMap((record): Line<DeletedColumn>[] => {
      const { HealthCheckId: id, SetIdentifier = '' } = record;
      if (id === undefined) return [];
      const { resource, values } = recordLine(zone, record);
      return [
        {
          resource: SetIdentifier === '' ? resource : `${resource}/${SetIdentifier}`,
          status: known.has(id) ? 'ok' : 'warning',
          values: { ...values, 'Resource Record Set Identifier': SetIdentifier },
          reason: known.has(id) ? `health check ${id} is there` : `health check ${id} was deleted: Route 53 takes the record for healthy`,
        },
      ];
    }),
  );
}

export default check({
  id: 'Cb877eB72b',
  name: 'Amazon Route 53 Deleted Health Checks',
  category: 'fault_tolerance',
  description:
    'Looks whether the health check that a record names is still there. Route 53 lets it be deleted while records use it; then nothing fails over.',
  criteria: { yellow: 'the record’s health check was deleted', green: 'the record’s health check is there' },
  action: 'Create a health check and give it to the record, or take the old id out of the record.',
  references: [
    'https://docs.aws.amazon.com/awssupport/latest/user/fault-tolerance-checks.html',
    'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-deleting.html',
  ],
  columns: [...RECORD_COLUMNS, 'Resource Record Set Identifier'],
  scope: 'account',
  calls: [...ZONE_CALLS, HEALTH_CHECKS],
  collect: async (asker): Promise<CheckedRecords> => {
    // In this order: a health check made meanwhile is known, a record made meanwhile isn't looked at.
    const zones = await hostedZones(asker);
    return { zones, known: new Set((await healthChecks(asker)).flatMap(({ Id }) => Id ?? [])) };
  },
  judge: linesOf,
  staleAfter: ZONE_CHANGES,
});
