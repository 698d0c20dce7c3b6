// CNAME records to buckets: of the same name or another, in every form of S3's hosts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import cnameToS3 from '../../checks/route53-cname-to-s3.ts';
import { asked } from './account.ts';
import { dnsRecord, judgedZone, oneZone } from './zones.ts';

const cname = (target: string, name = 'www.example.com.') => dnsRecord(name, 'CNAME', [target]);
const GREEN = ['Z1 ok: no CNAME record of `example.com.` points to a bucket of another name'];
const red = (bucket: string) => [`Z1 error: \`www.example.com.\` points to bucket \`${bucket}\`: S3 looks for the bucket of the name`];

const cases: [string, Parameters<typeof judgedZone>[1][], string[]][] = [
  ['the bucket of the name is green', [cname('www.example.com.s3.amazonaws.com')], GREEN],
  ['with a dot behind it, and in capitals', [cname('WWW.example.com.s3.eu-west-1.amazonaws.com.')], GREEN],
  ['another bucket is red', [cname('other.s3.amazonaws.com')], red('other')],
  ['in a region', [cname('other.s3.eu-west-1.amazonaws.com.')], red('other')],
  ['in the old form', [cname('other.s3-eu-west-1.amazonaws.com')], red('other')],
  ['as a website', [cname('other.s3-website-us-east-1.amazonaws.com')], red('other')],
  ['as a website of a newer region', [cname('other.s3-website.eu-central-1.amazonaws.com')], red('other')],
  ['dual-stack', [cname('other.s3.dualstack.us-west-2.amazonaws.com')], red('other')],
  ['in China', [cname('other.s3.cn-north-1.amazonaws.com.cn')], red('other')],
  ['with dots in its name', [cname('my.other.site.s3.us-gov-west-1.amazonaws.com')], red('my.other.site')],
  ['S3 without a bucket is none', [cname('s3.amazonaws.com')], GREEN],
  ['other hosts of AWS are none', [cname('d111.cloudfront.net'), cname('lb-1.us-east-1.elb.amazonaws.com')], GREEN],
  ['a record of another type is none', [dnsRecord('www.example.com.', 'TXT', ['"other.s3.amazonaws.com"'])], GREEN],
];
for (const [name, records, expected] of cases) test(name, () => assert.deepEqual(judgedZone(cnameToS3, ...records), expected));

test('a zone is a line, with its records in the columns', async () => {
  const given = oneZone(cname('other.s3.amazonaws.com'), cname('a.example.com.s3.amazonaws.com', 'a.example.com.'));
  const { flaggedResources } = await asked(cnameToS3, given, { partition: 'aws-cn' });
  assert.deepEqual(
    flaggedResources.map(({ metadata }) => metadata),
    [['Red', 'Z1', 'arn:aws-cn:route53:::hostedzone/Z1', 'a.example.com.', 'www.example.com.', '2026-11-28T12:00:00.000Z']],
  );
});
