import assert from 'node:assert/strict';
import { test } from 'node:test';
import { principalOf, whatOf, whoOf } from '../../../events/detect/actor.ts';
import { LazyRecord } from '../../../events/detect/record.ts';
import { compileTitle } from '../../../events/detect/title.ts';
import { recordOf } from '../../fakes/records.ts';

const issuer = { sessionIssuer: { type: 'Role', userName: 'ops', arn: 'arn:aws:iam::111122223333:role/ops' } };
const session = 'arn:aws:sts::111122223333:assumed-role/ops/alice@example.com';

const cases: [string, object | undefined, string | undefined, string | undefined][] = [
  ['root', { type: 'Root', arn: 'arn:aws:iam::111122223333:root', accountId: '111122223333' }, 'root', 'arn:aws:iam::111122223333:root'],
  [
    'a user',
    { type: 'IAMUser', userName: 'alice', arn: 'arn:aws:iam::111122223333:user/alice' },
    'alice',
    'arn:aws:iam::111122223333:user/alice',
  ],
  [
    'a user without a name',
    { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/team/alice' },
    'user/team/alice',
    'arn:aws:iam::111122223333:user/team/alice',
  ],
  ['a role and who took it', { type: 'AssumedRole', arn: session, sessionContext: issuer }, 'ops/alice@example.com', session],
  [
    'a role whose session says nothing, and a source identity',
    { type: 'AssumedRole', arn: 'arn:aws:sts::111122223333:assumed-role/ops/x1', sessionContext: { ...issuer, sourceIdentity: 'bob' } },
    'ops/bob',
    'arn:aws:sts::111122223333:assumed-role/ops/x1',
  ],
  [
    'a role without an ARN',
    { type: 'AssumedRole', principalId: 'AROAEXAMPLE:carol', sessionContext: issuer },
    'ops/carol',
    'AROAEXAMPLE:carol',
  ],
  ['a service', { type: 'AWSService', invokedBy: 'ec2.amazonaws.com' }, 'ec2.amazonaws.com', 'ec2.amazonaws.com'],
  ['another account', { type: 'AWSAccount', principalId: 'AIDAEXAMPLE', accountId: '999988887777' }, 'AIDAEXAMPLE', 'AIDAEXAMPLE'],
  [
    'a user of Identity Center',
    {
      type: 'IdentityCenterUser',
      accountId: '111122223333',
      onBehalfOf: { userId: '94482488-3041-70f8-2cb1', identityStoreArn: 'arn:aws:identitystore::111122223333:identitystore/d-1' },
    },
    '94482488-3041-70f8-2cb1',
    '94482488-3041-70f8-2cb1',
  ],
  [
    'somebody with empty fields',
    { type: 'Unknown', userName: '', arn: '', principalId: '', accountId: '999988887777' },
    '999988887777',
    '999988887777',
  ],
  ['somebody unknown', { type: 'Unknown' }, 'Unknown', undefined],
  ['names that are no texts', { type: 'IAMUser', userName: { a: 1 }, arn: null, accountId: 5 }, '5', '5'],
  ['nobody', undefined, undefined, undefined],
];
for (const [name, userIdentity, who, principal] of cases)
  test(`names ${name}`, () => {
    const record = { userIdentity };
    assert.deepEqual([whoOf(record), principalOf(record)], [who, principal]);
    const lazy = new LazyRecord(recordOf(record));
    assert.deepEqual([whoOf(lazy), principalOf(lazy)], [who, principal], 'from the record’s bytes');
  });

test('a source identity is found whatever its key is written as', () => {
  const text =
    '{"userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::1:assumed-role/ops/x","sessionContext":{"source\\u0049dentity":"bob"}}}';
  assert.equal(whoOf(new LazyRecord(recordOf(text))), 'ops/bob');
});

test('says what was called', () => {
  assert.equal(whatOf({ eventSource: 'iam.amazonaws.com', eventName: 'CreateUser' }), 'iam:CreateUser');
  assert.equal(whatOf({ eventSource: 'ec2.amazonaws.com.cn', eventName: 'RunInstances' }), 'ec2:RunInstances');
  const insight = { insightDetails: { state: 'Start', eventSource: 'ec2.amazonaws.com', eventName: 'RunInstances' } };
  assert.equal(whatOf(insight), 'ec2:RunInstances');
  assert.equal(whatOf({ eventSource: null, eventName: null, ...insight }), 'ec2:RunInstances');
  assert.equal(whatOf({}), 'unknown:unknown');
});

test('a title cuts no character in two', () => {
  const title = compileTitle('{eventName}')({ eventName: `${'x'.repeat(98)}😀😀` }, undefined);
  assert.equal(title, `${'x'.repeat(98)}…`);
});
