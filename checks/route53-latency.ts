// Latency records that stand alone: paid for, and without effect.
import { check } from '../events/advice/index.ts';
import { byNameAndType, hostedZones, linesOfZones, RECORD_COLUMNS, recordLine, ZONE_CALLS, ZONE_CHANGES } from './facts/hostedzones.ts';

export default check({
  id: '51fC20e7I2',
  name: 'Amazon Route 53 Latency Resource Record Sets',
  category: 'cost_optimizing',
  description:
    'Looks for names with a single latency record. Latency routing picks the nearest of several regions; with one region it costs more than a simple record and does the same.',
  criteria: { yellow: 'a name has one latency record only', green: 'a name has latency records for two regions or more' },
  action: 'Add a latency record for each region that serves the name, or make it a simple record.',
  references: [
    'https://docs.aws.amazon.com/awssupport/latest/user/cost-optimization-checks.html',
    'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-latency.html',
  ],
  columns: RECORD_COLUMNS,
  scope: 'account',
  calls: ZONE_CALLS,
  collect: hostedZones,
  judge: (zones) =>
    linesOfZones(zones, (zone, records) =>
      byNameAndType(records.filter(({ Region }) => Region !== undefined)).map((group) => {
        const regions = group.map(({ Region }) => Region).join(', ');
        const line = recordLine(zone, group[0]!);
        return group.length > 1
          ? { ...line, status: 'ok', reason: `queries are routed to the nearest of ${regions}` }
          : { ...line, status: 'warning', reason: `the only latency record of its name: every query goes to ${regions}` };
      }),
    ),
  staleAfter: ZONE_CHANGES,
});
