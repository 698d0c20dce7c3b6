// Why a pattern does not match: the true reason first, a case for each kind.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { EventError, PatternError } from '../../../../events/pattern/error.ts';
import { explain, REASON_KINDS, type ReasonKind } from '../../../../events/pattern/explain/index.ts';
import { compile } from '../../../../events/pattern/index.ts';

const record = {
  eventVersion: '1.08',
  eventSource: 'ec2.amazonaws.com',
  eventName: 'AuthorizeSecurityGroupIngress',
  awsRegion: 'us-east-1',
  recipientAccountId: '444455556666',
  readOnly: false,
  sourceIPAddress: 'cloudformation.amazonaws.com',
  userIdentity: { type: 'AssumedRole', arn: 'arn:aws:sts::444455556666:assumed-role/ops/bob' },
  requestParameters: {
    groupId: 'sg-1',
    policyDocument: '{"Version":"2012-10-17"}',
    ipPermissions: {
      items: [
        { fromPort: 22, ipRanges: { items: [{ cidrIp: '10.0.0.0/8' }] } },
        { fromPort: 443, ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] } },
      ],
    },
  },
  responseElements: null,
};
const event = {
  version: '0',
  source: 'cloudtrail.ec2',
  'detail-type': 'AWS API Call via CloudTrail',
  account: '111122223333',
  region: 'us-east-1',
  detail: record,
};
const signIn = { ...event, source: 'cloudtrail.signin', 'detail-type': 'AWS Console Sign In via CloudTrail' };
const rule = (fromPort: unknown, cidrIp: string) => ({
  detail: { requestParameters: { ipPermissions: { items: { fromPort: [fromPort], ipRanges: { items: { cidrIp: [cidrIp] } } } } } },
});

/** A broken pattern, the reason the first line must name, and words it must say. */
const BROKEN: [name: string, pattern: object, kind: ReasonKind, words: RegExp, given?: object][] = [
  ['wrong case', { detail: { eventName: ['authorizeSecurityGroupIngress'] } }, 'case', /upper and lower case/],
  ['wrong case in a prefix', { detail: { eventName: [{ prefix: 'authorize' }] } }, 'case', /upper and lower case/],
  [
    'a string against a number',
    rule('443', '0.0.0.0/0'),
    'type',
    /"443" in the pattern is a string, 443 in the event a number: write \[443\]/,
  ],
  ['a string against a boolean', { detail: { readOnly: ['false'] } }, 'type', /write \[false\]/],
  [
    'values in different array elements',
    rule(22, '0.0.0.0/0'),
    'other-element',
    /different elements of an array: `detail\.requestParameters\.ipPermissions\.items\.fromPort`/,
  ],
  ['a misspelt path', { detail: { userIdentty: { type: ['AssumedRole'] } } }, 'path', /the event has `detail\.userIdentity\.type`/],
  [
    'a path without `items`',
    { detail: { requestParameters: { ipPermissions: { fromPort: [22] } } } },
    'path',
    /the event has `detail\.requestParameters\.ipPermissions\.items\.fromPort`/,
  ],
  [
    'a native source',
    { source: ['aws.ec2'], detail: { eventName: ['AuthorizeSecurityGroupIngress'] } },
    'native-source',
    /this bus says `cloudtrail\.ec2`/,
  ],
  ['a field that CloudTrail omits', { detail: { errorCode: ['AccessDenied'] } }, 'omitted', /for a failed call only/],
  ['a field under null', { detail: { responseElements: { return: [true] } } }, 'omitted', /null/],
  ['a user name of a role', { detail: { userIdentity: { userName: ['bob'] } } }, 'omitted', /sessionIssuer\.userName/],
  [
    'a wrong detail-type',
    { 'detail-type': ['AWS Console Signin via CloudTrail'] },
    'detail-type',
    /"AWS Console Sign In via CloudTrail"/,
    signIn,
  ],
  ['no `detail`', { eventName: ['AuthorizeSecurityGroupIngress'] }, 'no-detail', /stands under `detail`/],
  ['a bare record', { detail: { eventName: ['AuthorizeSecurityGroupIngress'] } }, 'bare-record', /bare CloudTrail record/, record],
  [
    'anything-but on an absent field',
    { detail: { errorCode: [{ 'anything-but': 'AccessDenied' }] } },
    'anything-but-absent',
    /add \{"exists": false\}/,
  ],
  ['the envelope’s account', { account: ['444455556666'] }, 'envelope-field', /`detail\.recipientAccountId`/],
  ['a space at the end', { detail: { eventName: ['AuthorizeSecurityGroupIngress '] } }, 'space', /differ in spaces at the ends/],
  ['a field that nothing resembles', { detail: { vpcPeering: ['pcx-1'] } }, 'absent', /has no `detail\.vpcPeering`, only `detail`/],
  ['a star in a plain string', { detail: { eventName: ['Authorize*'] } }, 'star', /\{"wildcard": "Authorize\*"\}/],
  ['a part of the value', { detail: { eventName: [{ wildcard: 'SecurityGroup' }] } }, 'whole-value', /"\*SecurityGroup\*"/],
  [
    'a look into JSON text',
    { detail: { requestParameters: { policyDocument: { Version: ['2012-10-17'] } } } },
    'inside-text',
    /JSON text in a string/,
  ],
  ['an object for a value', { detail: { requestParameters: [{ exists: true }] } }, 'not-a-leaf', /is an object, not a value/],
  ['a short event source', { detail: { eventSource: ['ec2'] } }, 'short-source', /write "ec2\.amazonaws\.com"/],
  [
    'cidr on a service’s name',
    { detail: { sourceIPAddress: [{ cidr: '10.0.0.0/8' }] } },
    'not-an-address',
    /"cloudformation\.amazonaws\.com" is none/,
  ],
  ['a misspelt value', { detail: { eventName: ['AuthorizeSecurityGroupIngres'] } }, 'whole-value', /must be the whole value/],
  ['swapped letters', { detail: { eventName: ['AuthorizeSecurityGruopIngress'] } }, 'spelling', /is it misspelt/],
  ['a value in another field', { detail: { eventType: ['sg-1-not', 'us-east-1'] } }, 'elsewhere', /stands in `region`/],
  ['exists false', { detail: { eventName: [{ exists: false }] } }, 'exists', /must not be there/],
  [
    'another event',
    { detail: { eventName: ['StopLogging'], errorCode: [{ exists: true }] } },
    'value',
    /`detail\.eventName` is "AuthorizeSecurityGroupIngress"/,
  ],
];

for (const [name, pattern, kind, words, given = event] of BROKEN)
  test(`names the true reason first: ${name}`, () => {
    const { matches, summary, reasons } = explain(pattern, given);
    assert.equal(matches, false);
    assert.equal(reasons[0]?.kind, kind);
    assert.match(summary, /^no match: /);
    assert.match(summary, words);
  });

test('every kind of reason has a case here', () =>
  assert.deepEqual([...new Set(BROKEN.map(([, , kind]) => kind))].sort(), [...REASON_KINDS].sort()));

test('says of two anything-but in one list that one is enough', () => {
  const { matches, summary } = explain(
    { detail: { eventName: [{ 'anything-but': 'A' }, { 'anything-but': 'AuthorizeSecurityGroupIngress' }] } },
    event,
  );
  assert.equal(matches, true);
  assert.match(summary, /^matches, but one matcher of a list is enough/);
});

test('tells of every leaf what was wanted, what is there and where in the pattern it stands', () => {
  const { leaves } = explain('{\n "source": ["cloudtrail.ec2"],\n "detail": {"awsRegion": [{"prefix": "eu-"}]}\n}', event);
  assert.deepEqual(
    leaves.map(({ path, holds, wanted, got, line, column }) => ({ path, holds, wanted, got, line, column })),
    [
      { path: 'source', holds: true, wanted: '"cloudtrail.ec2"', got: [{ value: 'cloudtrail.ec2', at: 'source' }], line: 2, column: 2 },
      {
        path: 'detail.awsRegion',
        holds: false,
        wanted: 'prefix "eu-"',
        got: [{ value: 'us-east-1', at: 'detail.awsRegion' }],
        line: 3,
        column: 13,
      },
    ],
  );
});

test('takes the reasons from the arm of `$or` that comes nearest', () => {
  const { summary, leaves } = explain(
    {
      detail: {
        $or: [
          { eventName: ['A'], awsRegion: ['b'], readOnly: [true] },
          { eventName: ['authorizesecuritygroupingress'], readOnly: [false] },
        ],
      },
    },
    event,
  );
  assert.match(summary, /upper and lower case/);
  assert.ok(leaves.every(({ optional }) => optional));
});

test('marks a leaf that a later one of the same path replaces', () => {
  const { leaves, matches } = explain('{"source": ["a"], "source": ["cloudtrail.ec2"]}', event);
  assert.equal(matches, true);
  assert.deepEqual(
    leaves.map(({ replaced }) => replaced),
    [true, false],
  );
});

test('refuses what is no pattern and what is no event', () => {
  assert.throws(() => explain('{"source": "x"}', event), PatternError);
  assert.throws(() => explain({ source: ['x'] }, '[]'), EventError);
});

const scalar = fc.constantFrom('a', 'A', 'b', '', '10.0.0.1', 1, 2, true, null);
const matcher = fc.oneof(
  scalar,
  fc.constantFrom(
    { prefix: 'a' },
    { suffix: 'b' },
    { 'anything-but': 'a' },
    { 'anything-but': [1] },
    { exists: true },
    { exists: false },
    { numeric: ['>', 1] },
    { wildcard: '*a' },
    { cidr: '10.0.0.0/8' },
  ),
);
const list = fc.array(matcher, { minLength: 1, maxLength: 3 });
const key = fc.constantFrom('x', 'y', 'z');
const fields = fc.dictionary(key, list, { minKeys: 1, maxKeys: 3 });
const nested = fc.dictionary(key, fc.oneof(list, fields), { minKeys: 1, maxKeys: 3 });
const patterns = fc.oneof(
  nested,
  fc.tuple(nested, fc.array(fields, { minLength: 2, maxLength: 3 })).map(([rest, arms]) => ({ ...rest, $or: arms })),
);
const { value: value$ } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, scalar, fc.array(tie('value'), { maxLength: 3 }), fc.dictionary(key, tie('value'), { maxKeys: 3 })),
}));
const events = fc.dictionary(key, value$, { maxKeys: 3 });

test('its verdict is the engine’s, and a match has no failing branch', () => {
  fc.assert(
    fc.property(patterns, events, (pattern, given) => {
      const { matches, reasons, summary } = explain(pattern, given);
      assert.equal(matches, compile([{ name: 'r', pattern }]).match(given).length > 0);
      assert.equal(summary.startsWith('matches'), matches);
      if (!matches) assert.ok(reasons.length > 0 && reasons.every(({ text }) => text.length > 0));
    }),
    { numRuns: 2000, seed: 20261122 },
  );
});
