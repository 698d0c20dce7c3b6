import assert from 'node:assert/strict';
import { test } from 'node:test';
import { grantsAdmin, isPublic, letInBy } from '../../../events/detect/policydocument.ts';

type Fields = Record<string, unknown>;
const policy = (...statements: Fields[]) => ({ Version: '2012-10-17', Statement: statements });
const allow = (fields: Fields) => ({ Effect: 'Allow', ...fields });
const deny = (fields: Fields) => ({ Effect: 'Deny', ...fields });
const ALL = { Action: '*', Resource: '*' };

const admin: [string, boolean, unknown][] = [
  ['AdministratorAccess', true, policy(allow(ALL))],
  ['lists of one', true, policy(allow({ Action: ['*'], Resource: ['*'] }))],
  ['one statement that is no list', true, { Version: '2012-10-17', Statement: allow(ALL) }],
  ['JSON text', true, JSON.stringify(policy(allow(ALL)))],
  ['JSON text with line breaks', true, JSON.stringify(policy(allow(ALL)), null, 2)],
  ['text encoded for a URL, as IAM answers', true, encodeURIComponent(JSON.stringify(policy(allow(ALL))))],
  ['every service and every action', true, policy(allow({ Action: '*:*', Resource: '*' }))],
  ['every action of IAM', true, policy(allow({ Action: 'iam:*', Resource: '*' }))],
  ['every action of IAM among others, in capitals', true, policy(allow({ Action: ['s3:GetObject', 'IAM:*'], Resource: '*' }))],
  ['every ARN', true, policy(allow({ Action: '*', Resource: 'arn:aws:*:*:*:*' }))],
  ['the second statement', true, policy(allow({ Action: 's3:*', Resource: '*' }), allow(ALL))],
  ['PowerUserAccess: all but a few', true, policy(allow({ NotAction: ['iam:*', 'organizations:*', 'account:*'], Resource: '*' }))],
  ['all but all of IAM', true, policy(allow({ NotAction: 'iam:*', Resource: '*' }))],
  ['all but a small thing', true, policy(allow({ NotAction: 'aws-portal:ViewBilling', Resource: '*' }))],
  ['every action, written with a question mark', true, policy(allow({ Action: '?*', Resource: '*' }))],
  ['every action of IAM, written with a question mark', true, policy(allow({ Action: 'iam:?*', Resource: '*' }))],
  ['every action of IAM on all that IAM has', true, policy(allow({ Action: 'iam:*', Resource: 'arn:aws:iam::*:*' }))],
  ['every action on all that IAM has in the account', true, policy(allow({ Action: '*', Resource: 'arn:aws:iam::111122223333:*' }))],
  ['every action of IAM on all but one role', true, policy(allow({ Action: 'iam:*', NotResource: 'arn:aws:iam::*:role/audit' }))],
  ['all resources but one', true, policy(allow({ Action: '*', NotResource: 'arn:aws:s3:::audit-logs/*' }))],
  ['all for who has MFA', true, policy(allow({ ...ALL, Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }))],
  ['all from an address', true, policy(allow({ ...ALL, Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } }))],
  ['all, with a part denied', true, policy(allow(ALL), deny({ Action: 'organizations:*', Resource: '*' }))],
  [
    'all, denied without MFA',
    true,
    policy(allow(ALL), deny({ ...ALL, Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } } })),
  ],
  ['keys in small letters', true, { statement: [{ effect: 'Allow', action: '*', resource: '*' }] }],
  ['all, denied again', false, policy(allow(ALL), deny(ALL))],
  ['IAM, denied again', false, policy(allow({ Action: 'iam:*', Resource: '*' }), deny({ Action: ['iam:*', 's3:*'], Resource: '*' }))],
  ['all, with everything denied but reading', false, policy(allow(ALL), deny({ NotAction: ['s3:GetObject', 's3:List*'], Resource: '*' }))],
  ['all of one service', false, policy(allow({ Action: 's3:*', Resource: '*' }))],
  ['all of many services', false, policy(allow({ Action: ['s3:*', 'ec2:*', 'lambda:*', 'sts:*'], Resource: '*' }))],
  ['writing in IAM', false, policy(allow({ Action: ['iam:Put*', 'iam:Attach*', 'iam:PassRole'], Resource: '*' }))],
  ['every action of IAM on roles', false, policy(allow({ Action: 'iam:*', Resource: 'arn:aws:iam::*:role/*' }))],
  ['every action of a service with a name like IAM’s', false, policy(allow({ Action: 'iamx:*', Resource: '*' }))],
  ['all but some on all that IAM has', false, policy(allow({ NotAction: 'iam:*', Resource: 'arn:aws:iam::*:*' }))],
  ['all but all, written twice', false, policy(allow({ NotAction: ['iam:Get*', '*:*'], Resource: '*' }))],
  [
    'every action of IAM, denied on all that IAM has',
    false,
    policy(allow({ Action: 'iam:*', Resource: 'arn:aws:iam::*:*' }), deny({ Action: 'iam:*', Resource: 'arn:aws:iam::*:*' })),
  ],
  [
    'all through one service',
    false,
    policy(allow({ ...ALL, Condition: { StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } } })),
  ],
  ['reading in IAM', false, policy(allow({ Action: ['iam:Get*', 'iam:List*'], Resource: '*' }))],
  ['all on one bucket', false, policy(allow({ Action: '*', Resource: 'arn:aws:s3:::data/*' }))],
  ['all on tagged resources', false, policy(allow({ ...ALL, Condition: { StringEquals: { 'aws:ResourceTag/team': 'red' } } }))],
  [
    'all through CloudFormation',
    false,
    policy(allow({ ...ALL, Condition: { 'ForAnyValue:StringEquals': { 'aws:CalledVia': ['cloudformation.amazonaws.com'] } } })),
  ],
  ['all but all', false, policy(allow({ NotAction: '*', Resource: '*' }))],
  ['a Deny', false, policy(deny(ALL))],
  ['an effect that is none', false, policy({ Effect: 'allow', ...ALL })],
  ['no resource', false, policy(allow({ Action: '*' }))],
  ['no statements', false, policy()],
  ['text that is no JSON', false, '{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"'],
  ['text that is no URL encoding', false, '%7B%ZZ'],
  ['nothing', false, null],
  ['a number', false, 5],
  ['statements that are none', false, { Statement: [null, 5, 'x', [], { Effect: 'Allow', Action: { a: 1 }, Resource: [null] }] }],
  ['a prototype', false, JSON.parse('{"__proto__":{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}}') as unknown],
];
for (const [name, wanted, document] of admin)
  test(`grantsAdmin is ${wanted} for ${name}`, () => assert.equal(grantsAdmin(document), wanted));

const bucket = { Action: 's3:GetObject', Resource: 'arn:aws:s3:::data/*' };
const everyone = (fields: Fields = {}) => policy(allow({ Principal: '*', ...bucket, ...fields }));
const when = (operator: string, key: string, value: unknown) => everyone({ Condition: { [operator]: { [key]: value } } });
const VPCE = { 'aws:SourceVpce': 'vpce-0a1b2c3d' };

const open: [string, boolean, unknown][] = [
  ['everyone', true, everyone()],
  ['every AWS principal', true, policy(allow({ Principal: { AWS: '*' }, ...bucket }))],
  ['a list with everyone in it', true, policy(allow({ Principal: { AWS: ['arn:aws:iam::111122223333:root', '*'] }, ...bucket }))],
  ['all but one account', true, policy(allow({ NotPrincipal: { AWS: '111122223333' }, ...bucket }))],
  ['JSON text', true, JSON.stringify(everyone())],
  ['everyone with TLS', true, when('Bool', 'aws:SecureTransport', 'true')],
  ['everyone with a referer', true, when('StringLike', 'aws:Referer', 'https://www.example.com/*')],
  ['all addresses there are', true, when('IpAddress', 'aws:SourceIp', '0.0.0.0/0')],
  ['all addresses of IPv6', true, when('IpAddress', 'aws:SourceIp', ['10.0.0.0/8', '::/0'])],
  ['half of all addresses', true, when('IpAddress', 'aws:SourceIp', ['0.0.0.0/1', '128.0.0.0/1'])],
  ['all addresses but a few', true, when('NotIpAddress', 'aws:SourceIp', '203.0.113.0/24')],
  ['any organization', true, when('StringLike', 'aws:PrincipalOrgID', '*')],
  ['an organization, where there is one', true, when('StringEqualsIfExists', 'aws:PrincipalOrgID', 'o-a1b2c3d4e5')],
  ['all values of none', true, when('ForAllValues:StringEquals', 'aws:PrincipalOrgPaths', 'o-a1b2c3d4e5/*')],
  ['somebody else', true, when('StringNotEquals', 'aws:PrincipalAccount', '999988887777')],
  ['any role of that name', true, when('ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::*:role/Admin')],
  [
    'a network, with a Deny over another action',
    true,
    policy(allow({ Principal: '*', ...bucket }), deny({ Principal: '*', Action: 's3:PutObject', Resource: '*' })),
  ],
  [
    'a Deny without TLS',
    true,
    policy(
      allow({ Principal: '*', ...bucket }),
      deny({ Principal: '*', ...bucket, Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    ),
  ],
  ['a Deny for one account', true, policy(allow({ Principal: '*', ...bucket }), deny({ Principal: { AWS: '999988887777' }, ...bucket }))],
  [
    'a Deny over another bucket',
    true,
    policy(allow({ Principal: '*', ...bucket }), deny({ Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::other/*' })),
  ],
  ['the own organization', false, when('StringEquals', 'aws:PrincipalOrgID', 'o-a1b2c3d4e5')],
  ['a key in other letters', false, when('StringEquals', 'AWS:sourceowner', '111122223333')],
  ['one of several organizations', false, when('ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', ['o-a1b2c3d4e5/r-ab12/*'])],
  ['an account', false, when('StringEquals', 'aws:SourceAccount', '111122223333')],
  ['an account’s topics', false, when('ArnLike', 'aws:SourceArn', 'arn:aws:sns:*:111122223333:*')],
  ['an endpoint', false, when('StringEquals', 'aws:SourceVpce', 'vpce-0a1b2c3d')],
  ['a network', false, when('IpAddress', 'aws:SourceIp', '203.0.113.0/24')],
  ['an address', false, when('IpAddress', 'aws:SourceIp', '203.0.113.7')],
  ['who knows a secret', false, when('StringEquals', 'sts:ExternalId', 'd41d8cd9')],
  [
    'whom a managed key’s policy names',
    false,
    everyone({ Condition: { StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com', 'kms:CallerAccount': '111122223333' } } }),
  ],
  ['one condition of two that narrows', false, everyone({ Condition: { Bool: { 'aws:SecureTransport': 'true' }, StringEquals: VPCE } })],
  ['an account', false, policy(allow({ Principal: { AWS: 'arn:aws:iam::111122223333:root' }, ...bucket }))],
  ['a service', false, policy(allow({ Principal: { Service: 'cloudfront.amazonaws.com' }, ...bucket }))],
  [
    'a provider',
    false,
    policy(allow({ Principal: { Federated: 'arn:aws:iam::111122223333:saml-provider/sso' }, Action: 'sts:AssumeRoleWithSAML' })),
  ],
  [
    'a user of S3',
    false,
    policy(allow({ Principal: { CanonicalUser: '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be' }, ...bucket })),
  ],
  ['a Deny of everyone', false, policy(deny({ Principal: '*', ...bucket }))],
  [
    'everyone, denied again',
    false,
    policy(allow({ Principal: '*', ...bucket }), deny({ Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::data/*' })),
  ],
  [
    'everyone, denied but for one',
    false,
    policy(allow({ Principal: '*', ...bucket }), deny({ NotPrincipal: { AWS: '111122223333' }, ...bucket })),
  ],
  [
    'everyone, denied outside an endpoint',
    false,
    policy(
      allow({ Principal: '*', ...bucket }),
      deny({ Principal: '*', Action: 's3:*', Resource: '*', Condition: { StringNotEquals: VPCE } }),
    ),
  ],
  [
    'everyone, denied outside the perimeter',
    false,
    policy(
      allow({ Principal: '*', ...bucket }),
      deny({
        Principal: '*',
        Action: '*',
        Resource: '*',
        Condition: {
          StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' },
          BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
        },
      }),
    ),
  ],
  ['no policy', false, {}],
  ['damaged text', false, '{"Statement":[{"Effect":"Allow","Principal":"*"'],
  ['the principal of a function’s permission', true, '*'],
  ['a service as principal', false, 's3.amazonaws.com'],
  ['images and snapshots for all', true, 'all'],
  ['the canned ACL public-read', true, 'public-read'],
  ['the canned ACL public-read-write', true, 'public-read-write'],
  ['the canned ACL authenticated-read', true, 'authenticated-read'],
  ['the canned ACL private', false, 'private'],
  ['the canned ACL bucket-owner-full-control', false, 'bucket-owner-full-control'],
  ['the group of all users', true, 'http://acs.amazonaws.com/groups/global/AllUsers'],
  ['the group of everybody with an account', true, 'http://acs.amazonaws.com/groups/global/AuthenticatedUsers'],
  ['the group that delivers logs', false, 'http://acs.amazonaws.com/groups/s3/LogDelivery'],
  ['a header with a grant', true, 'id="79a59df900b949e5", uri="http://acs.amazonaws.com/groups/global/AllUsers"'],
  [
    'an access control list',
    true,
    {
      AccessControlList: {
        Grant: [
          { Grantee: { ID: 'a' }, Permission: 'FULL_CONTROL' },
          { Grantee: { 'xsi:type': 'Group', URI: 'http://acs.amazonaws.com/groups/global/AllUsers' }, Permission: 'READ' },
        ],
      },
      Owner: { ID: 'a' },
    },
  ],
  [
    'an access control list of the owner',
    false,
    { AccessControlList: { Grant: { Grantee: { ID: 'all' }, Permission: 'FULL_CONTROL' } }, Owner: { ID: 'a' } },
  ],
];
for (const [name, wanted, value] of open)
  test(`isPublic is ${wanted} for ${name}`, () => assert.equal(isPublic(value), wanted, JSON.stringify(value)));

const trust = (principal: unknown, fields: Fields = {}) => policy(allow({ Principal: principal, Action: 'sts:AssumeRole', ...fields }));
const FOREIGN = 'arn:aws:iam::999988887777:root';
const letIn: [string, boolean, string[], unknown][] = [
  ['an account id', false, ['999988887777'], '999988887777'],
  ['an account id that is a number', false, ['999988887777'], 999988887777],
  ['an ARN', false, ['999988887777'], 'arn:aws:iam::999988887777:user/mallory'],
  ['an ARN of China', false, ['999988887777'], 'arn:aws-cn:iam::999988887777:root'],
  ['an ARN without an account', false, [], 'arn:aws:s3:::data'],
  ['a service', false, [], 'ec2.amazonaws.com'],
  ['everyone', true, [], '*'],
  ['a trust policy of two accounts', false, ['111122223333', '999988887777'], trust({ AWS: ['111122223333', FOREIGN] })],
  ['a trust policy as text', false, ['999988887777'], JSON.stringify(trust({ AWS: FOREIGN }))],
  [
    'a trust policy with a secret',
    false,
    ['999988887777'],
    trust({ AWS: FOREIGN }, { Condition: { StringEquals: { 'sts:ExternalId': 'd41d8cd9' } } }),
  ],
  ['everyone who knows a secret', true, [], trust({ AWS: '*' }, { Condition: { StringEquals: { 'sts:ExternalId': 'd41d8cd9' } } })],
  ['everyone', true, [], trust('*')],
  [
    'everyone of an account',
    false,
    ['999988887777'],
    trust('*', { Condition: { StringEquals: { 'aws:PrincipalAccount': '999988887777' } } }),
  ],
  [
    'one role of everyone',
    false,
    ['999988887777'],
    trust('*', { Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::999988887777:role/ci-*' } } }),
  ],
  ['everyone of the organization', false, [], trust('*', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } })],
  ['everyone in a network', false, [], trust('*', { Condition: { StringEquals: VPCE } })],
  [
    'a service and a provider',
    false,
    ['111122223333'],
    trust({ Service: 'ec2.amazonaws.com', Federated: 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com' }),
  ],
  [
    'a foreign account that is denied again',
    false,
    [],
    policy(allow({ Principal: { AWS: FOREIGN }, ...bucket }), deny({ Principal: { AWS: FOREIGN }, Action: 's3:*', Resource: '*' })),
  ],
  [
    'a foreign account, denied outside the organization',
    false,
    [],
    policy(
      allow({ Principal: { AWS: FOREIGN }, ...bucket }),
      deny({ Principal: '*', Action: '*', Resource: '*', Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } }),
    ),
  ],
  ['a foreign account that is denied', false, [], policy(deny({ Principal: { AWS: FOREIGN }, ...bucket }))],
  [
    'a key policy',
    false,
    ['111122223333', '999988887777'],
    policy(
      allow({ Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'kms:*', Resource: '*' }),
      allow({ Principal: { AWS: 'arn:aws:iam::999988887777:role/x' }, Action: ['kms:Decrypt'], Resource: '*' }),
    ),
  ],
  ['damaged text', false, [], '{"Statement":'],
];
for (const [name, isEveryone, accounts, value] of letIn)
  test(`let in by ${name}: ${isEveryone ? 'everyone' : accounts.join(', ') || 'nobody'}`, () =>
    assert.deepEqual(letInBy(value), { everyone: isEveryone, accounts }));

test('a document of any size or depth is judged, and never throws', () => {
  const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
  const wide = policy(...Array.from({ length: 3000 }, () => allow({ Principal: '*', Action: '*'.repeat(40), Resource: '*a'.repeat(20) })));
  const values = [deep(40_000), JSON.parse(deep(10_000)), wide, JSON.stringify(wide), 'x'.repeat(10_000_000), `{${'"'.repeat(300_000)}`];
  for (const value of values) assert.deepEqual([grantsAdmin(value), letInBy(value).accounts], [false, []]);
  assert.deepEqual(values.map(isPublic), [false, false, true, false, false, false]);
});
