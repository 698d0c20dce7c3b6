// Zones and records: as facts for judging, and as Route 53 answers them.
import type { Check } from '../../events/advice/index.ts';
import { type Answers, type AskedCall, judged } from './account.ts';

export interface GivenRecord {
  Name: string;
  Type: string;
  TTL?: number;
  ResourceRecords?: { Value: string }[];
  SetIdentifier?: string;
  Region?: string;
  Failover?: string;
  Weight?: number;
  HealthCheckId?: string;
  AliasTarget?: { DNSName: string; HostedZoneId?: string };
}

/** A record with values. */
export const dnsRecord = (Name: string, Type: string, values: string[], more: object = {}): GivenRecord => ({
  ...{ Name, Type, TTL: 60, ResourceRecords: values.map((Value) => ({ Value })) },
  ...more,
});
export const aliasRecord = (Name: string, Type: string, DNSName: string, more: object = {}): GivenRecord => ({
  ...{ Name, Type, AliasTarget: { DNSName, HostedZoneId: 'Z2' } },
  ...more,
});

/** One zone, example.com, with these records. */
export const zoneWith = (...records: GivenRecord[]) => [{ zone: { Id: '/hostedzone/Z1', Name: 'example.com.' }, records }];

/** The lines of records in a zone. */
export const judgedZone = (check: Check, ...records: GivenRecord[]): string[] => judged(check, zoneWith(...records));

const XMLNS = 'xmlns="https://route53.amazonaws.com/doc/2013-04-01/"';
const zoneXml = (id: string, linked = '') =>
  `<HostedZone><Id>/hostedzone/${id}</Id><Name>${id.toLowerCase()}.example.com.</Name><CallerReference>r</CallerReference>${linked}</HostedZone>`;
export const ZONES = 'GET /2013-04-01/hostedzone';
export const recordsOf = (id: string) => `GET /2013-04-01/hostedzone/${id}/rrset`;

/** A page of zones; with a marker more follow. */
export const zonePage = (ids: string[], marker = '') =>
  `<ListHostedZonesResponse ${XMLNS}><HostedZones>${ids.map((id) => (id.endsWith('!') ? zoneXml(id.slice(0, -1), '<LinkedService><ServicePrincipal>servicediscovery.amazonaws.com</ServicePrincipal></LinkedService>') : zoneXml(id))).join('')}</HostedZones><IsTruncated>${marker !== ''}</IsTruncated>${marker === '' ? '' : `<NextMarker>${marker}</NextMarker>`}<MaxItems>100</MaxItems></ListHostedZonesResponse>`;

/** An XML element for each member, in Route 53's order. */
const recordXml = ({ ResourceRecords, AliasTarget, ...plain }: GivenRecord) => {
  const members = Object.entries(plain).map(([name, value]) => `<${name}>${value}</${name}>`);
  const values = (ResourceRecords ?? []).map(({ Value }) => `<ResourceRecord><Value>${Value}</Value></ResourceRecord>`).join('');
  const target =
    AliasTarget === undefined
      ? ''
      : `<AliasTarget><HostedZoneId>Z2</HostedZoneId><DNSName>${AliasTarget.DNSName}</DNSName><EvaluateTargetHealth>false</EvaluateTargetHealth></AliasTarget>`;
  return `<ResourceRecordSet>${members.join('')}${values === '' ? '' : `<ResourceRecords>${values}</ResourceRecords>`}${target}</ResourceRecordSet>`;
};

/** Pages of records as ListResourceRecordSets has them: each begins where the last said. */
export const recordPages =
  (records: GivenRecord[], size = 100) =>
  ({ input }: AskedCall): string => {
    const isStart = ({ Name, Type, SetIdentifier }: GivenRecord) =>
      Name === input['name'] && Type === input['type'] && SetIdentifier === input['identifier'];
    const from = input['name'] === undefined ? 0 : records.findIndex(isStart);
    const next = records[from + size];
    const place =
      next === undefined
        ? ''
        : `<NextRecordName>${next.Name}</NextRecordName><NextRecordType>${next.Type}</NextRecordType>${next.SetIdentifier === undefined ? '' : `<NextRecordIdentifier>${next.SetIdentifier}</NextRecordIdentifier>`}`;
    return `<ListResourceRecordSetsResponse ${XMLNS}><ResourceRecordSets>${records
      .slice(from, from + size)
      .map(recordXml)
      .join(
        '',
      )}</ResourceRecordSets><IsTruncated>${next !== undefined}</IsTruncated>${place}<MaxItems>${size}</MaxItems></ListResourceRecordSetsResponse>`;
  };

/** An account with one zone, Z1. */
export const oneZone = (...records: GivenRecord[]): Answers => ({ [ZONES]: zonePage(['Z1']), [recordsOf('Z1')]: recordPages(records) });

export const HEALTH_CHECKS = 'GET /2013-04-01/healthcheck';
export const healthCheckPage = (ids: string[], marker = '') =>
  `<ListHealthChecksResponse ${XMLNS}><HealthChecks>${ids.map((id) => `<HealthCheck><Id>${id}</Id><CallerReference>r</CallerReference><HealthCheckConfig><Type>HTTPS</Type><FullyQualifiedDomainName>${id}.example.com</FullyQualifiedDomainName></HealthCheckConfig><HealthCheckVersion>1</HealthCheckVersion></HealthCheck>`).join('')}</HealthChecks><Marker></Marker><IsTruncated>${marker !== ''}</IsTruncated>${marker === '' ? '' : `<NextMarker>${marker}</NextMarker>`}<MaxItems>100</MaxItems></ListHealthChecksResponse>`;
