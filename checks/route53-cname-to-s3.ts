// Names that point to a bucket of another name, which somebody else may come to own.
import type { HostedZone, ResourceRecordSet } from '@aws-sdk/client-route-53';
import { check, type Line } from '../events/advice/index.ts';
import { bucketOfHost, hostName } from './facts/awshosts.ts';
import { hostedZones, linesOfZones, recordName, recordValues, ZONE_CALLS, ZONE_CHANGES, zoneId } from './facts/hostedzones.ts';

const COLUMNS = [
  ...(['Status', 'Hosted Zone ID', 'Hosted Zone ARN', 'Matching CNAME Records', 'Mismatching CNAME Records'] as const),
  'Last Updated Time',
] as const;

interface BucketName {
  name: string;
  bucket: string;
}

/** CNAME records whose target is a bucket's host. */
const bucketNames = (records: readonly ResourceRecordSet[]): BucketName[] =>
  records
    .filter(({ Type }) => Type === 'CNAME')
    .flatMap((record) =>
      recordValues(record).flatMap((value) => {
        const bucket = bucketOfHost(value);
        return bucket === undefined ? [] : { name: recordName(record), bucket };
      }),
    );

function lineOf(zone: HostedZone, records: readonly ResourceRecordSet[], partition: string, now: string): Line<(typeof COLUMNS)[number]> {
  const all = bucketNames(records);
  const matching = all.filter(({ name, bucket }) => hostName(name) === bucket);
  const others = all.filter(({ name, bucket }) => hostName(name) !== bucket);
  const resource = zoneId(zone);
  return {
    ...{ resource, status: others.length > 0 ? 'error' : 'ok' },
    values: {
      'Hosted Zone ID': resource,
      'Hosted Zone ARN': `arn:${partition}:route53:::hostedzone/${resource}`,
      'Matching CNAME Records': matching.map(({ name }) => name).join(', '),
      'Mismatching CNAME Records': others.map(({ name }) => name).join(', '),
      'Last Updated Time': now,
    },
    reason:
      others.length > 0
        ? `${others.map(({ name, bucket }) => `\`${name}\` points to bucket \`${bucket}\``).join(', ')}: S3 looks for the bucket of the name`
        : `no CNAME record of \`${zone.Name}\` points to a bucket of another name`,
  };
}

export default check({
  id: 'c1ng44jvbm',
  name: 'Amazon Route 53 mismatching CNAME records pointing directly to S3 buckets',
  category: 'security',
  description:
    'Looks for CNAME records that point to the host of a bucket with another name than theirs. S3 looks for a bucket by the name that was asked for: whoever makes a bucket of that name serves your domain.',
  criteria: {
    red: 'a CNAME record of the zone points to the host of a bucket whose name isn’t the record’s',
    green: 'CNAME records that point to buckets have their names, or there are none',
  },
  action:
    'Make a bucket of the record’s name and point to it, delete the record, or put CloudFront with origin access control before the bucket.',
  references: [
    'https://docs.aws.amazon.com/awssupport/latest/user/security-checks.html',
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html#VirtualHostingCustomURLs',
  ],
  columns: COLUMNS,
  scope: 'account',
  calls: ZONE_CALLS,
  collect: hostedZones,
  judge: (zones, { partition, now }) =>
    linesOfZones(zones, (zone, records) => [lineOf(zone, records, partition, new Date(now).toISOString())]),
  staleAfter: ZONE_CHANGES,
});
