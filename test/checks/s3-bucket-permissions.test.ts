// Buckets: what is open and what blocks it, regions, buckets that vanish, refusals, many of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import bucketPermissions from '../../checks/s3-bucket-permissions.ts';
import { type Answer, type Answers, asked, judged } from './account.ts';

const EVERYBODY = 'http://acs.amazonaws.com/groups/global/AllUsers';
const SIGNED_IN = 'http://acs.amazonaws.com/groups/global/AuthenticatedUsers';
const acl = (Permission?: string, URI = EVERYBODY) => ({ Grants: Permission === undefined ? [] : [{ Grantee: { URI }, Permission }] });
const block = (...on: string[]) => ({ PublicAccessBlockConfiguration: Object.fromEntries(on.map((name) => [name, true])) });
const FULL = block('BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets');
const PUBLIC = { PolicyStatus: { IsPublic: true } };
const facts = (bucket: object, accountBlock?: object) => ({
  buckets: [{ name: 'b', region: 'eu-west-1', acl: acl(), ...bucket }],
  accountBlock,
});

const ALL_OFF = 'BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets off';
const cases: [string, object, string][] = [
  ['everybody may list: red', facts({ acl: acl('READ') }), 'error: bucket `b` is public: its ACL lets everybody list it'],
  ['everybody may write: red', facts({ acl: acl('WRITE') }), 'error: bucket `b` is public: its ACL lets everybody upload and delete'],
  [
    'everybody with an account may do all: red',
    facts({ acl: acl('FULL_CONTROL', SIGNED_IN) }),
    'error: bucket `b` is public: its ACL lets everybody list it, its ACL lets everybody upload and delete',
  ],
  ['a public policy: red', facts({ policy: PUBLIC }), 'error: bucket `b` is public: its policy lets everybody in'],
  [
    'a grant to log delivery is to nobody else',
    facts({ acl: acl('WRITE', 'http://acs.amazonaws.com/groups/s3/LogDelivery') }, FULL),
    'ok: bucket `b` is not public, and public access is blocked',
  ],
  [
    'ACLs are ignored where the bucket says so',
    facts({ acl: acl('READ'), block: block('IgnorePublicAcls') }),
    'warning: bucket `b` is not public, but nothing keeps it so: BlockPublicAcls, BlockPublicPolicy, RestrictPublicBuckets off',
  ],
  ['or where the account says so', facts({ acl: acl('WRITE') }, FULL), 'ok: bucket `b` is not public, and public access is blocked'],
  [
    'BlockPublicAcls alone leaves grants that stand',
    facts({ acl: acl('READ'), block: block('BlockPublicAcls') }),
    'error: bucket `b` is public: its ACL lets everybody list it',
  ],
  [
    'a public policy that is restricted: yellow',
    facts({ policy: PUBLIC, block: block('RestrictPublicBuckets') }),
    'warning: bucket `b` has a public policy, which only RestrictPublicBuckets keeps from working',
  ],
  [
    'BlockPublicPolicy alone leaves a policy that stands',
    facts({ policy: PUBLIC }, block('BlockPublicPolicy')),
    'error: bucket `b` is public: its policy lets everybody in',
  ],
  ['nothing public, nothing blocked: yellow', facts({}), `warning: bucket \`b\` is not public, but nothing keeps it so: ${ALL_OFF}`],
  [
    'bucket and account together block all: green',
    facts({ block: block('BlockPublicAcls', 'IgnorePublicAcls') }, block('BlockPublicPolicy', 'RestrictPublicBuckets')),
    'ok: bucket `b` is not public, and public access is blocked',
  ],
];
for (const [name, given, expected] of cases) test(name, () => assert.deepEqual(judged(bucketPermissions, given), [`b ${expected}`]));

const list = (names: string[], more = '', region = '') =>
  `<ListAllMyBucketsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Buckets>${names.map((name) => `<Bucket><Name>${name}</Name>${region}</Bucket>`).join('')}</Buckets>${more}</ListAllMyBucketsResult>`;
const location = (region: string) => `<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${region}</LocationConstraint>`;
const ACL = `<AccessControlPolicy><Owner><ID>o</ID></Owner><AccessControlList><Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="Group"><URI>${EVERYBODY}</URI></Grantee><Permission>READ</Permission></Grant></AccessControlList></AccessControlPolicy>`;
const failed = (status: number, Code: string): Answer => ({ status, body: `<Error><Code>${Code}</Code><Message>m</Message></Error>` });
const NO_BLOCK = 'NoSuchPublicAccessBlockConfiguration';
const BLOCKED =
  '<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>';

/** What is asked of a bucket, in one path. */
const bucket =
  (given: Record<string, Answer>) =>
  ({ input }: { input: Readonly<Record<string, unknown>> }) =>
    Object.entries(given).find(([name]) => name in input)?.[1] ?? failed(404, 'NoSuchKey');
const open = bucket({
  location: location('eu-central-1'),
  acl: ACL,
  policyStatus: failed(404, 'NoSuchBucketPolicy'),
  publicAccessBlock: failed(404, NO_BLOCK),
});
const ACCOUNT = 'GET /v20180820/configuration/publicAccessBlock';
const NONE: Answers = { [ACCOUNT]: failed(404, NO_BLOCK) };
const lines = async (answers: Answers) =>
  (await asked(bucketPermissions, answers)).flaggedResources.map(({ resourceId, status, reason }) => `${resourceId} ${status}: ${reason}`);

test('a bucket is asked in its own region, and stands there', async () => {
  const { flaggedResources, calls } = await asked(bucketPermissions, { 'GET /': list(['b']), 'GET /b/': open, ...NONE });
  assert.deepEqual(
    flaggedResources.map(({ region, metadata }) => [region, ...metadata]),
    [['eu-central-1', 'eu-central-1', 'eu-central-1', 'b', 'Yes', 'No', 'Red', 'No', '']],
  );
  assert.deepEqual(new Set(calls.filter(({ input }) => 'acl' in input).map(({ region }) => region)), new Set(['eu-central-1']));
});

test('the account’s block is asked once and holds for each bucket', async () => {
  const { status, calls } = await asked(bucketPermissions, {
    ...{ 'GET /': list(['a', 'b']), 'GET /a/': open, 'GET /b/': open },
    [ACCOUNT]: BLOCKED,
  });
  assert.equal(status, 'ok');
  assert.equal(calls.filter(({ operation }) => operation === ACCOUNT).length, 1);
});

test('old names of regions are today’s', async () => {
  for (const [said, region] of [
    ['', 'us-east-1'],
    ['EU', 'eu-west-1'],
  ] as const) {
    const there = bucket({ location: location(said), acl: ACL, policyStatus: failed(404, 'NoSuchBucketPolicy') });
    const { flaggedResources } = await asked(bucketPermissions, { 'GET /': list(['b']), 'GET /b/': there, ...NONE });
    assert.equal(flaggedResources[0]!.region, region);
  }
});

test('a bucket that vanishes after it was listed has no line', async () => {
  const gone = failed(404, 'NoSuchBucket');
  const half = bucket({ location: location('eu-west-1'), acl: gone, policyStatus: gone, publicAccessBlock: gone });
  const answers = { 'GET /': list(['a', 'b']), 'GET /a/': gone, 'GET /b/': half, ...NONE };
  assert.deepEqual(await lines(answers), []);
});

test('a bucket that the role may not look at is red, as documented, and hides no other', async () => {
  const denied = failed(403, 'AccessDenied');
  const shut = bucket({ location: location('eu-west-1'), acl: denied, policyStatus: denied, publicAccessBlock: denied });
  const answers = { 'GET /': list(['a', 'b']), 'GET /a/': shut, 'GET /b/': open, ...NONE };
  assert.deepEqual(await lines(answers), [
    'a error: bucket `a` can’t be judged: not asked: the role may not call s3:GetBucketAcl in eu-west-1',
    'b error: bucket `b` is public: its ACL lets everybody list it',
  ]);
});

test('where the role may not ask where a bucket lies, it is red without a region', async () => {
  const { flaggedResources } = await asked(bucketPermissions, { 'GET /': list(['a']), ...NONE });
  assert.deepEqual(
    flaggedResources.map(({ status, region, reason }) => [status, region, reason]),
    [['error', undefined, 'bucket `a` can’t be judged: not asked: the role may not call s3:GetBucketLocation in us-east-1']],
  );
});

test('a block that can’t be asked for counts as off, and is named', async () => {
  const closed = bucket({
    ...{ location: location('eu-west-1'), acl: ACL.replace(/<Grant>.*<\/Grant>/, ''), policyStatus: failed(404, 'NoSuchBucketPolicy') },
    publicAccessBlock: failed(404, NO_BLOCK),
  });
  assert.deepEqual(await lines({ 'GET /': list(['b']), 'GET /b/': closed }), [
    `b warning: bucket \`b\` is not public, but nothing keeps it so: ${ALL_OFF}; taken as off: not asked: the role may not call s3:GetAccountPublicAccessBlock in us-east-1`,
  ]);
});

test('500 buckets in pages are all judged, each call once; those whose region is listed aren’t asked for it', async () => {
  const names = Array.from({ length: 500 }, (_, at) => `b${at}`);
  const answers: Answers = {
    'GET /': ({ input }) => {
      const from = Number(input['continuation-token'] ?? 0);
      return list(
        names.slice(from, from + 200),
        from + 200 < 500 ? `<ContinuationToken>${from + 200}</ContinuationToken>` : '',
        '<BucketRegion>eu-west-1</BucketRegion>',
      );
    },
    ...Object.fromEntries(names.map((name) => [`GET /${name}/`, open])),
    ...NONE,
  };
  const { resourcesSummary, calls } = await asked(bucketPermissions, answers);
  assert.equal(resourcesSummary.resourcesFlagged, 500);
  assert.equal(calls.length, 3 + 1 + 500 * 3);
});

test('where a service knows no status of policies, the policy itself is read', async () => {
  const policy = (Principal: unknown) =>
    JSON.stringify({ Statement: { Effect: 'Allow', Principal, Action: 's3:GetObject', Resource: '*' } });
  const knowing = (policyStatus: Answer, text: string) =>
    bucket({
      location: location('eu-west-1'),
      acl: ACL.replace(/<Grant>.*<\/Grant>/, ''),
      policyStatus,
      policy: text,
      publicAccessBlock: failed(404, NO_BLOCK),
    });
  const answers = {
    'GET /': list(['a', 'b']),
    'GET /a/': knowing(failed(501, 'NotImplemented'), policy('*')),
    'GET /b/': knowing('<PolicyStatus/>', policy({ AWS: 'arn:aws:iam::111122223333:root' })),
    [ACCOUNT]: BLOCKED,
  };
  assert.deepEqual(await lines(answers), [
    'a warning: bucket `a` has a public policy, which only RestrictPublicBuckets keeps from working',
    'b ok: bucket `b` is not public, and public access is blocked',
  ]);
});

test('who may not list buckets is told so', async () => {
  assert.deepEqual(await lines(NONE), ['111122223333 not_available: not asked: the role may not call s3:ListAllMyBuckets in us-east-1']);
});
