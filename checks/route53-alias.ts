// CNAME records to what an alias record would reach quicker, and for nothing.
import type { HostedZone, ResourceRecordSet } from '@aws-sdk/client-route-53';
import { check, type Line } from '../events/advice/index.ts';
import { aliasable } from './facts/awshosts.ts';
import {
  hostedZones,
  linesOfZones,
  RECORD_COLUMNS,
  type RecordColumn,
  recordLine,
  recordValues,
  ZONE_CALLS,
  ZONE_CHANGES,
} from './facts/hostedzones.ts';

type AliasColumn = RecordColumn | 'Resource Record Set Identifier' | 'Alias Target';

function lineOf(zone: HostedZone, record: ResourceRecordSet): Line<AliasColumn> {
  const { resource, values } = recordLine(zone, record);
  const { SetIdentifier = '' } = record;
  const target = record.AliasTarget?.DNSName ?? recordValues(record)[0] ?? '';
  const kind = record.AliasTarget === undefined ? aliasable(target) : undefined;
  return {
    resource: SetIdentifier === '' ? resource : `${resource}/${SetIdentifier}`,
    status: kind === undefined ? 'ok' : 'warning',
    values: { ...values, 'Resource Record Set Identifier': SetIdentifier, 'Alias Target': target },
    reason:
      kind === undefined ? 'no alias would do better' : `a CNAME record to ${kind}, \`${target}\`: an alias costs nothing and is quicker`,
  };
}

export default check({
  id: 'B913Ef6fb4',
  name: 'Amazon Route 53 Alias Resource Record Sets',
  category: 'performance',
  description:
    'Looks for CNAME records that point to websites on S3, to CloudFront distributions and to load balancers. An alias record saves resolvers a question, and its queries are free.',
  criteria: {
    yellow: 'a CNAME record points to an S3 website, a CloudFront distribution or a load balancer',
    green: 'the record is an alias, or points to something else',
  },
  action: 'Make it an alias record of type A, and AAAA where the target has IPv6.',
  references: [
    'https://docs.aws.amazon.com/awssupport/latest/user/performance-checks.html',
    'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html',
  ],
  columns: [...RECORD_COLUMNS, 'Resource Record Set Identifier', 'Alias Target', 'Status'],
  scope: 'account',
  calls: ZONE_CALLS,
  collect: hostedZones,
  judge: (zones) =>
    linesOfZones(zones, (zone, records) => records.filter(({ Type }) => Type === 'CNAME').map((record) => lineOf(zone, record))),
  staleAfter: ZONE_CHANGES,
});
