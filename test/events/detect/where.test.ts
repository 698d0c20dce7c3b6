import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Condition } from '../../../events/detect/detection.ts';
import { LazyRecord } from '../../../events/detect/record.ts';
import { compileWhere, rangeOf } from '../../../events/detect/where.ts';
import { recordOf } from '../../fakes/records.ts';

const fail = () => assert.fail('a list is missing');
const holds = (condition: Condition | Condition[], record: object, lists: Record<string, string[]> = {}): boolean => {
  const ask = compileWhere([condition].flat(), new Map(Object.entries(lists)), fail);
  const context = { isOwnAccount: (account: string) => account === '111122223333' };
  const answers = [ask(record, context), ask(new LazyRecord(recordOf(record)), context)];
  assert.equal(answers[0], answers[1], 'the record and its bytes answer alike');
  return answers[0]!;
};

const from = (sourceIPAddress: unknown) => ({ sourceIPAddress });
const inside = (...cidrs: string[]): Condition => ({ inCidr: { field: 'sourceIPAddress', cidrs } });
const outside = (...cidrs: string[]): Condition => ({ notInCidr: { field: 'sourceIPAddress', cidrs } });
const names = (userName: unknown, caller: unknown) => ({ requestParameters: { userName }, userIdentity: { userName: caller } });
const differ: Condition = { differ: ['requestParameters.userName', 'userIdentity.userName'] };
const same: Condition = { same: ['requestParameters.userName', 'userIdentity.userName'] };

const cases: [string, boolean, Condition | Condition[], object][] = [
  ['another user', true, differ, names('bob', 'alice')],
  ['the same user', false, differ, names('alice', 'alice')],
  ['a user, called by a role that has no name', true, differ, names('bob', undefined)],
  ['no user named', false, differ, names(undefined, 'alice')],
  ['a null for a user', false, differ, names(null, 'alice')],
  ['a number and its text', false, differ, names(5, '5')],
  ['two users, one of them the caller', true, differ, names(['martin', 'eve'], 'martin')],
  ['the caller alone in a list', false, differ, names(['martin', 'martin'], 'martin')],
  ['a user who is one of two', false, differ, names('eve', ['martin', 'eve'])],
  ['an empty list', false, differ, names([], 'martin')],
  ['a user in other letters', true, differ, names('Martin', 'martin')],
  ['the same user', true, same, names('alice', 'alice')],
  ['two users, the second of them the caller', true, same, names(['eve', 'martin'], 'martin')],
  ['a user who is one of two', true, same, names('eve', ['martin', 'eve'])],
  ['users of whom none is the caller', false, same, names(['eve', 'bob'], 'martin')],
  ['two users that are not there', false, same, names(undefined, undefined)],
  ['an address in a block', true, inside('10.0.0.0/8', '203.0.113.0/24'), from('203.0.113.7')],
  ['an address beside a block', false, inside('203.0.113.0/24'), from('203.0.114.7')],
  ['one address', true, inside('203.0.113.7'), from('203.0.113.7')],
  ['one address as a block', true, inside('203.0.113.7/32'), from('203.0.113.7')],
  ['all addresses', true, inside('0.0.0.0/0'), from('203.0.113.7')],
  ['an address of IPv6, written otherwise', true, inside('2001:db8::/32'), from('2001:DB8:0:0::7')],
  ['one address of IPv6', true, inside('2001:db8::7/128'), from('2001:db8::7')],
  ['an address of IPv4 in the words of IPv6', true, inside('10.0.0.0/8'), from('::ffff:a00:1')],
  ['an address of IPv4 with its dots within IPv6', true, inside('10.0.0.0/8'), from('::ffff:10.1.2.3')],
  ['an address of IPv4 with its dots, all zeros written', true, inside('10.1.2.3'), from('0:0:0:0:0:FFFF:10.1.2.3')],
  ['an address of IPv6 with dots at its end', true, inside('64:ff9b::/96'), from('64:ff9b::192.0.2.33')],
  ['a block that is written as IPv6', true, inside('::ffff:10.1.2.3'), from('10.1.2.3')],
  ['dots that are no address', false, inside('0.0.0.0/0', '::/0'), from('::ffff:10.1.2.300')],
  ['too many groups before the dots', false, inside('0.0.0.0/0', '::/0'), from('1:2:3:4:5:6:7:10.1.2.3')],
  ['an address of IPv4 and a block of IPv6', false, inside('::/0'), from('203.0.113.7')],
  ['a service’s name', false, inside('0.0.0.0/0', '::/0'), from('ec2.amazonaws.com')],
  ['no address', false, inside('0.0.0.0/0'), {}],
  ['a number', false, inside('0.0.0.0/0'), from(5)],
  ['an address outside', true, outside('10.0.0.0/8', '2001:db8::/32'), from('203.0.113.7')],
  ['an address inside', false, outside('10.0.0.0/8'), from('10.1.2.3')],
  ['an address of IPv4 with its dots within IPv6', true, outside('10.0.0.0/8'), from('::ffff:192.0.2.1')],
  ['an address inside, with its dots within IPv6', false, outside('10.0.0.0/8'), from('::ffff:10.1.2.3')],
  ['a service’s name', false, outside('10.0.0.0/8'), from('ec2.amazonaws.com')],
  ['AWS’s own word', false, outside('10.0.0.0/8'), from('AWS Internal')],
  ['nothing', false, outside('10.0.0.0/8'), {}],
  [
    'some address of a list outside',
    true,
    { notInCidr: { field: 'requestParameters.ips', cidrs: ['10.0.0.0/8'] } },
    { requestParameters: { ips: ['10.0.0.1', '192.0.2.1'] } },
  ],
  [
    'a policy that grants all',
    true,
    { grantsAdmin: 'requestParameters.policyDocument' },
    { requestParameters: { policyDocument: '{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}' } },
  ],
  ['no policy', false, { grantsAdmin: 'requestParameters.policyDocument' }, { requestParameters: null }],
  ['an ACL in a list', true, { isPublic: 'requestParameters.x-amz-acl' }, { requestParameters: { 'x-amz-acl': ['public-read'] } }],
  [
    'one foreign account of several',
    true,
    { foreignAccount: 'requestParameters.valuesToAdd' },
    { requestParameters: { valuesToAdd: ['111122223333', '999988887777'] } },
  ],
  [
    'own accounts',
    false,
    { foreignAccount: 'requestParameters.valuesToAdd' },
    { requestParameters: { valuesToAdd: ['111122223333', 111122223333] } },
  ],
  ['everyone', true, { foreignAccount: 'requestParameters.valuesToAdd' }, { requestParameters: { valuesToAdd: ['all'] } }],
  [
    'a layer of another account',
    true,
    { foreignAccount: 'requestParameters.layers' },
    { requestParameters: { layers: ['arn:aws:lambda:us-east-1:999988887777:layer:x:1'] } },
  ],
  ['one of two', true, { any: [same, inside('10.0.0.0/8')] }, { ...names('a', 'b'), ...from('10.0.0.1') }],
  ['neither of two', false, { any: [same, inside('10.0.0.0/8')] }, { ...names('a', 'b'), ...from('192.0.2.1') }],
  ['none of two', true, { none: [same, inside('10.0.0.0/8')] }, { ...names('a', 'b'), ...from('192.0.2.1') }],
  ['one that should be none', false, { none: [same, { none: [inside('10.0.0.0/8')] }] }, { ...names('a', 'b'), ...from('192.0.2.1') }],
  ['all of a list', true, [differ, inside('10.0.0.0/8')], { ...names('a', 'b'), ...from('10.0.0.1') }],
  ['all but one of a list', false, [differ, inside('10.0.0.0/8')], { ...names('a', 'b'), ...from('192.0.2.1') }],
];
for (const [name, wanted, condition, record] of cases)
  test(`${Object.keys([condition].flat()[0]!)[0]} is ${wanted} for ${name}`, () => assert.equal(holds(condition, record), wanted));

const written: [string, boolean, Condition, string][] = [
  [
    'numbers of twenty digits that differ in the last',
    true,
    differ,
    '{"requestParameters":{"userName":12345678901234567890},"userIdentity":{"userName":12345678901234567891}}',
  ],
  [
    'the same number of twenty digits',
    true,
    same,
    '{"requestParameters":{"userName":12345678901234567890},"userIdentity":{"userName":12345678901234567890}}',
  ],
  [
    'a long number and its text',
    true,
    same,
    '{"requestParameters":{"userName":[1,12345678901234567890]},"userIdentity":{"userName":"12345678901234567890"}}',
  ],
  [
    'a text with a long number in it',
    true,
    same,
    '{"requestParameters":{"userName":"a\\": 12345678901234567890"},"userIdentity":{"userName":"a\\": 12345678901234567890"}}',
  ],
  [
    'long fractions that differ in the last',
    true,
    differ,
    '{"requestParameters":{"userName":0.12345678901234567891},"userIdentity":{"userName":0.12345678901234567892}}',
  ],
];
for (const [name, wanted, condition, json] of written)
  test(`${Object.keys(condition)[0]} is ${wanted} for ${name}`, () => {
    const ask = compileWhere([condition], new Map(), fail);
    assert.equal(ask(new LazyRecord(recordOf(json)), { isOwnAccount: () => true }), wanted);
  });

test('blocks come from lists too', () => {
  assert.equal(holds(inside('$cidrs', '192.0.2.0/24'), from('10.0.0.1'), { cidrs: ['10.0.0.0/8'] }), true);
  assert.equal(holds(outside('$cidrs', '192.0.2.0/24'), from('10.0.0.1'), { cidrs: ['10.0.0.0/8'] }), false);
});

test('what is no block has no range', () => {
  const none = ['', '10.0.0', '10.0.0.0/33', '10.0.0.1/128', '::/129', '2001:db8::1/', '10.0.0.0/8/8', 'ten', '10.0.0.256', '10.0.0.0/-1'];
  assert.deepEqual(
    none.map(rangeOf),
    none.map(() => undefined),
  );
  assert.deepEqual(rangeOf('10.1.2.3/8'), { low: '0a000000', high: '0affffff' });
});
