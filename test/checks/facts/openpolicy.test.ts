// Policies for everybody, by S3's meaning of public.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statementsForAll } from '../../../checks/facts/openpolicy.ts';

const allow = (more: object) => ({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*', ...more });
const given = (Condition: object) => allow({ Principal: '*', Condition });

const cases: [string, object | object[], string[]][] = [
  ['everybody', allow({ Principal: '*' }), ['statement 1']],
  ['every AWS account, by its Sid', allow({ Sid: 'Open', Principal: { AWS: '*' } }), ['Open']],
  ['everybody among others', allow({ Principal: { AWS: ['arn:aws:iam::111122223333:root', '*'] } }), ['statement 1']],
  ['all but some', allow({ NotPrincipal: { AWS: 'arn:aws:iam::111122223333:root' } }), ['statement 1']],
  ['an account', allow({ Principal: { AWS: 'arn:aws:iam::111122223333:root' } }), []],
  ['a service', allow({ Principal: { Service: 'cloudtrail.amazonaws.com' } }), []],
  ['what is denied', { Effect: 'Deny', Principal: '*', Action: '*', Resource: '*' }, []],
  ['the second of two', [allow({ Principal: { AWS: '111122223333' } }), allow({ Principal: '*' })], ['statement 2']],
  ['an organisation', given({ StringEquals: { 'aws:PrincipalOrgID': 'o-1' } }), []],
  ['a trail', given({ ArnLike: { 'AWS:SourceArn': 'arn:aws:cloudtrail:*:111122223333:trail/*' } }), []],
  ['a trail of anybody', given({ ArnLike: { 'aws:SourceArn': 'arn:aws:cloudtrail:us-east-1:*:trail/*' } }), ['statement 1']],
  ['an office', given({ IpAddress: { 'aws:SourceIp': ['203.0.113.0/24'] } }), []],
  ['every address', given({ IpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '0.0.0.0/0'] } }), ['statement 1']],
  ['all but an office', given({ NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }), ['statement 1']],
  ['a key that may be absent', given({ StringEqualsIfExists: { 'aws:SourceVpc': 'vpc-1' } }), ['statement 1']],
  ['a condition that narrows nobody', given({ Bool: { 'aws:SecureTransport': 'true' } }), ['statement 1']],
  ['a value that is anything', given({ StringLike: { 'aws:PrincipalOrgID': '*' } }), ['statement 1']],
];
for (const [name, Statement, expected] of cases)
  test(`${name}: ${expected.length > 0 ? 'public' : 'not public'}`, () =>
    assert.deepEqual(statementsForAll(JSON.stringify({ Version: '2012-10-17', Statement })), expected));

test('what is no policy is not taken for a closed one', () => {
  assert.equal(statementsForAll('{'), undefined);
});
