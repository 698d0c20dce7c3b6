// CNAME records that an alias could replace.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import aliases from '../../checks/route53-alias.ts';
import { asked } from './account.ts';
import { aliasRecord, dnsRecord, judgedZone, oneZone } from './zones.ts';

const cname = (target: string, more: object = {}) => dnsRecord('www.example.com.', 'CNAME', [target], more);
const WWW = 'Z1/www.example.com./CNAME';
const yellow = (kind: string, target: string) => [
  `${WWW} warning: a CNAME record to ${kind}, \`${target}\`: an alias costs nothing and is quicker`,
];
const GREEN = [`${WWW} ok: no alias would do better`];

const S3 = 'www.example.com.s3-website-us-east-1.amazonaws.com';
const BALANCER = 'an Elastic Load Balancing load balancer';
const cases: [string, Parameters<typeof judgedZone>[1][], string[]][] = [
  ['a website on S3', [cname(S3)], yellow('an Amazon S3 website', S3)],
  ['a distribution', [cname('d111.cloudfront.net.')], yellow('an Amazon CloudFront distribution', 'd111.cloudfront.net.')],
  ['a balancer', [cname('lb-1.eu-west-1.elb.amazonaws.com')], yellow(BALANCER, 'lb-1.eu-west-1.elb.amazonaws.com')],
  ['a network balancer', [cname('lb-1.elb.eu-west-1.amazonaws.com')], yellow(BALANCER, 'lb-1.elb.eu-west-1.amazonaws.com')],
  ['a balancer in China', [cname('lb-1.cn-north-1.elb.amazonaws.com.cn')], yellow(BALANCER, 'lb-1.cn-north-1.elb.amazonaws.com.cn')],
  ['S3 that is no website has no alias', [cname('www.example.com.s3.amazonaws.com')], GREEN],
  ['others’ hosts have none', [cname('example.org')], GREEN],
  ['nor those that look like AWS’s', [cname('lb.elb.amazonaws.com.example.org')], GREEN],
  ['an alias is one', [aliasRecord('www.example.com.', 'CNAME', 'example.com.')], GREEN],
  ['an address is no CNAME', [dnsRecord('www.example.com.', 'A', ['192.0.2.1'])], []],
];
for (const [name, records, expected] of cases) test(name, () => assert.deepEqual(judgedZone(aliases, ...records), expected));

test('the columns are Trusted Advisor’s', async () => {
  const { flaggedResources } = await asked(aliases, oneZone(cname('d111.cloudfront.net', { Weight: 1, SetIdentifier: 'w' })));
  assert.deepEqual(
    flaggedResources.map(({ resourceId, metadata }) => [resourceId, ...metadata]),
    [[`${WWW}/w`, 'z1.example.com.', 'Z1', 'www.example.com.', 'CNAME', 'w', 'd111.cloudfront.net', 'Yellow']],
  );
});
