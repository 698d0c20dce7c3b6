// The hosted zones of an account with their records; those that AWS services keep are not its own.
import type {
  HostedZone,
  ListHostedZonesCommandInput,
  ListHostedZonesCommandOutput,
  ListResourceRecordSetsCommandInput,
  ListResourceRecordSetsCommandOutput,
  ResourceRecordSet,
} from '@aws-sdk/client-route-53';
import { type Asker, answerOrWhy, apiCall, type Line, NotAnswered } from '../../events/advice/index.ts';

const ZONES = apiCall<ListHostedZonesCommandInput, ListHostedZonesCommandOutput>('route-53', 'ListHostedZones');
const RECORDS = apiCall<ListResourceRecordSetsCommandInput, ListResourceRecordSetsCommandOutput>('route-53', 'ListResourceRecordSets');

export const ZONE_CALLS = [ZONES, RECORDS];

export interface ZoneFacts {
  zone: HostedZone;
  records: ResourceRecordSet[] | NotAnswered;
}

/** @throws NotAnswered when the zones can't be listed */
export async function hostedZones(asker: Asker): Promise<ZoneFacts[]> {
  const pages = await asker.pages(ZONES, {});
  const zones = pages.flatMap(({ HostedZones = [] }) => HostedZones).filter(({ LinkedService }) => LinkedService === undefined);
  const asked = zones.map(async (zone) => ({ zone, records: await answerOrWhy(recordsOf(asker, zoneId(zone))) }));
  return (await Promise.all(asked)).filter(({ records }) => !(records instanceof NotAnswered && records.code === 'NoSuchHostedZone'));
}

/** All records of a zone: the SDK has no paginator for them, each page says where the next begins. */
async function recordsOf(asker: Asker, HostedZoneId: string): Promise<ResourceRecordSet[]> {
  const records: ResourceRecordSet[] = [];
  let next: ListResourceRecordSetsCommandInput | undefined = { HostedZoneId };
  while (next !== undefined) {
    const page: ListResourceRecordSetsCommandOutput = await asker.ask(RECORDS, next);
    records.push(...(page.ResourceRecordSets ?? []));
    next = page.IsTruncated === true ? { HostedZoneId, ...placeOf(page) } : undefined;
  }
  return records;
}

const placeOf = ({ NextRecordName, NextRecordType, NextRecordIdentifier }: ListResourceRecordSetsCommandOutput) => ({
  StartRecordName: NextRecordName,
  StartRecordType: NextRecordType,
  ...(NextRecordIdentifier === undefined ? {} : { StartRecordIdentifier: NextRecordIdentifier }),
});

export const zoneId = ({ Id = '' }: HostedZone): string => Id.replace(/^\/hostedzone\//, '');

/** Route 53 writes `*` as `\052`. */
export const recordName = ({ Name = '' }: ResourceRecordSet): string => Name.replaceAll('\\052', '*');

/** The values of a record that is no alias. */
export const recordValues = ({ ResourceRecords = [] }: ResourceRecordSet): string[] => ResourceRecords.flatMap(({ Value }) => Value ?? []);

/** Columns that tell a record set, as most checks of Route 53 have them. */
export const RECORD_COLUMNS = ['Hosted Zone Name', 'Hosted Zone ID', 'Resource Record Set Name', 'Resource Record Set Type'] as const;
export type RecordColumn = (typeof RECORD_COLUMNS)[number];

/** What a line of a record set, or of several with one name and type, says before its colour. */
export const recordLine = (zone: HostedZone, record: ResourceRecordSet): Pick<Line<RecordColumn>, 'resource' | 'values'> => ({
  resource: [zoneId(zone), recordName(record), record.Type ?? ''].join('/'),
  values: {
    'Hosted Zone Name': zone.Name ?? '',
    'Hosted Zone ID': zoneId(zone),
    'Resource Record Set Name': recordName(record),
    'Resource Record Set Type': record.Type ?? '',
  },
});

/** The lines of each zone; one whose records can't be listed says so in the columns that all have, and hides no other. */
export const linesOfZones = <Column extends string>(
  zones: readonly ZoneFacts[],
  linesOf: (zone: HostedZone, records: ResourceRecordSet[]) => Line<Column>[],
): Line<Column>[] =>
  zones.flatMap(({ zone, records }): Line<Column>[] => {
    if (!(records instanceof NotAnswered)) return linesOf(zone, records);
    const values = { 'Hosted Zone Name': zone.Name ?? '', 'Hosted Zone ID': zoneId(zone) } as Line<Column>['values'];
    return [{ resource: zoneId(zone), status: 'not_available', values, reason: records.reason }];
  });

/** Record sets by name and type, in the order they came. */
export const byNameAndType = (records: readonly ResourceRecordSet[]): ResourceRecordSet[][] => {
  const groups = new Map<string, ResourceRecordSet[]>();
  for (const record of records) {
    const key = `${record.Name} ${record.Type}`;
    const group = groups.get(key) ?? [];
    group.push(record);
    groups.set(key, group);
  }
  return [...groups.values()];
};

/** Records and zones that come, go and change. */
export const ZONE_CHANGES = [
  {
    source: ['cloudtrail.route53'],
    detail: { eventName: ['ChangeResourceRecordSets', 'CreateHostedZone', 'DeleteHostedZone', 'DeleteHealthCheck', 'CreateHealthCheck'] },
  },
];
