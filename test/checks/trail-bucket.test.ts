// Buckets of trails: who may write, who gets in, what is kept, and what can't be asked.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import trailBucketCheck from '../../checks/trail-bucket.ts';
import { type Answer, type Answers, type AskedCall, asked, s3Failure } from './account.ts';
import { trail } from './trailanswers.ts';

const ARN = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/main';
const statement = (more: object = {}) => ({ Effect: 'Allow', Principal: { Service: 'cloudtrail.amazonaws.com' }, ...more });
const policy = (...statements: object[]): string => JSON.stringify({ Version: '2012-10-17', Statement: statements });

/** As CloudTrail documents it. */
const documented = (condition: object = { StringEquals: { 'aws:SourceArn': ARN } }, key = 'AWSLogs/111122223333/*') => [
  statement({ Action: 's3:GetBucketAcl', Resource: 'arn:aws:s3:::main-logs', Condition: condition }),
  statement({
    Action: 's3:PutObject',
    Resource: `arn:aws:s3:::main-logs/${key}`,
    Condition: {
      ...condition,
      StringEquals: { ...(condition as { StringEquals?: object }).StringEquals, 's3:x-amz-acl': 'bucket-owner-full-control' },
    },
  }),
];

const switches = (...on: string[]) =>
  `<PublicAccessBlockConfiguration>${['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets']
    .map((flag) => `<${flag}>${on.includes(flag) || on.includes('all')}</${flag}>`)
    .join('')}</PublicAccessBlockConfiguration>`;
const isPublic = (said: boolean) => `<PolicyStatus><IsPublic>${said}</IsPublic></PolicyStatus>`;
const acl = (grants = '') => `<AccessControlPolicy><AccessControlList>${grants}</AccessControlList></AccessControlPolicy>`;
const grant = (group: string, permission: string) =>
  `<Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="Group"><URI>http://acs.amazonaws.com/groups/global/${group}</URI></Grantee><Permission>${permission}</Permission></Grant>`;

interface BucketAnswers {
  location?: Answer;
  policy?: Answer;
  policyStatus?: Answer;
  acl?: Answer;
  logging?: Answer;
  versioning?: Answer;
  publicAccessBlock?: Answer;
  account?: Answer;
}

const GOOD: Required<BucketAnswers> = {
  location: '<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>',
  policy: policy(...documented()),
  policyStatus: isPublic(false),
  acl: acl(),
  logging: '<BucketLoggingStatus><LoggingEnabled><TargetBucket>access</TargetBucket><TargetPrefix/></LoggingEnabled></BucketLoggingStatus>',
  versioning: '<VersioningConfiguration><Status>Enabled</Status><MfaDelete>Enabled</MfaDelete></VersioningConfiguration>',
  publicAccessBlock: switches('all'),
  account: s3Failure('NoSuchPublicAccessBlockConfiguration'),
};

/** A bucket that is well kept but for what is given. */
function account(given: BucketAnswers, described: object = trail('main')): Answers {
  const { account: accountBlock, ...bucket } = { ...GOOD, ...given };
  const answer = ({ input }: AskedCall): Answer =>
    Object.entries(bucket).find(([asks]) => asks in input)?.[1] ?? s3Failure(`nothing stands for ${Object.keys(input).join()}`);
  return {
    DescribeTrails: JSON.stringify({ trailList: [described] }),
    'GET /main-logs/': answer,
    'GET /v20180820/configuration/publicAccessBlock': accountBlock,
  };
}

const FINE = 'bucket `main-logs` of main: CloudTrail alone writes into it, and nobody else gets in';
const NOT_LET = 'bucket `main-logs` of main: its policy does not let CloudTrail write for trail `main`';
const ANYBODYS = 'bucket `main-logs` of main: its policy lets CloudTrail write for anybody’s trail: it has no condition on aws:SourceArn';
const prefixed = trail('main', { S3KeyPrefix: 'audit' });
const organizations = trail('main', { IsOrganizationTrail: true });
const NOTHING_BLOCKED = 'public access is not blocked: BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets';

const cases: [string, Answers, string, string][] = [
  ['a bucket as CloudTrail documents it is green', account({}), 'ok', FINE],
  [
    'a bucket that is gone is red',
    account({ location: s3Failure('NoSuchBucket') }),
    ...(['error', 'bucket `main-logs` of main does not exist: whoever makes one of that name gets the files'] as const),
  ],
  [
    'a bucket of another account that refuses is not red',
    account({ location: s3Failure('AccessDenied', 403) }),
    ...(['not_available', 'not asked: the role may not call s3:GetBucketLocation in us-east-1'] as const),
  ],
  ['a bucket without policy lets nobody write', account({ policy: s3Failure('NoSuchBucketPolicy') }), 'error', NOT_LET],
  ['a policy without the ACL’s action is red', account({ policy: policy(documented()[1]!) }), 'error', NOT_LET],
  [
    'a policy for another account’s files is red',
    account({ policy: policy(...documented(undefined, 'AWSLogs/999988887777/*')) }),
    'error',
    NOT_LET,
  ],
  [
    'a policy for another trail is red',
    account({ policy: policy(...documented({ StringEquals: { 'aws:SourceArn': `${ARN}-other` } })) }),
    ...(['error', NOT_LET] as const),
  ],
  [
    'a denial is red',
    account({
      policy: policy(...documented(), { Effect: 'Deny', Principal: '*', Action: 's3:Put*', Resource: 'arn:aws:s3:::main-logs/*' }),
    }),
    ...(['error', NOT_LET] as const),
  ],
  [
    'a denial of what isn’t encrypted on its way concerns nobody here',
    account({
      policy: policy(...documented(), {
        ...{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::main-logs/*' },
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    }),
    ...(['ok', FINE] as const),
  ],
  ['a policy without condition is yellow', account({ policy: policy(...documented({})) }), 'warning', ANYBODYS],
  [
    'a condition on the account is one, in any operator and spelling',
    account({ policy: policy(...documented({ StringLike: { 'AWS:sourceaccount': ['111122223333'] } })) }),
    ...(['ok', FINE] as const),
  ],
  [
    'a condition that holds for every ARN is none',
    account({ policy: policy(...documented({ ArnLike: { 'aws:SourceArn': '*' } })) }),
    'warning',
    ANYBODYS,
  ],
  [
    'a condition with a wildcard in its ARN is one',
    account({ policy: policy(...documented({ ArnLike: { 'aws:SourceArn': 'arn:aws:cloudtrail:*:111122223333:trail/*' } })) }),
    ...(['ok', FINE] as const),
  ],
  [
    'wildcards in actions and resources are read',
    account({
      policy: policy(
        statement({
          Action: ['S3:get*', 's3:PutObject*'],
          Resource: ['arn:aws:s3:::main-logs', 'arn:aws:s3:::main-logs/*'],
          Condition: { StringEquals: { 'aws:SourceArn': ARN } },
        }),
      ),
    }),
    ...(['ok', FINE] as const),
  ],
  ['a prefix that the policy lacks is red', account({}, prefixed), 'error', NOT_LET],
  [
    'a prefix that the policy has is green',
    account({ policy: policy(...documented(undefined, 'audit/AWSLogs/111122223333/*')) }, prefixed),
    'ok',
    FINE,
  ],
  ['a trail of an organization needs the organization’s folder', account({}, organizations), 'error', NOT_LET],
  [
    'a trail of an organization with it is green',
    account({ policy: policy(...documented(undefined, 'AWSLogs/o-exampleorgid/*')) }, organizations),
    ...(['ok', FINE] as const),
  ],
  [
    'a public policy that nothing restricts is red',
    account({ policyStatus: isPublic(true), publicAccessBlock: s3Failure('NoSuchPublicAccessBlockConfiguration') }),
    ...(['error', `bucket \`main-logs\` of main: its policy lets everybody in; ${NOTHING_BLOCKED}`] as const),
  ],
  [
    'a public policy that is restricted is yellow',
    account({ policyStatus: isPublic(true) }),
    ...(['warning', 'bucket `main-logs` of main: its policy would let everybody in, were public buckets not restricted'] as const),
  ],
  [
    'a policy is read where nobody says whether it is public',
    account({
      policy: policy(...documented(), { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::main-logs/*' }),
      policyStatus: '<ListBucketResult/>',
      publicAccessBlock: switches(),
    }),
    ...(['error', `bucket \`main-logs\` of main: its policy lets everybody in; ${NOTHING_BLOCKED}`] as const),
  ],
  [
    'a public ACL is red',
    account({
      acl: acl(grant('AuthenticatedUsers', 'READ')),
      publicAccessBlock: switches('RestrictPublicBuckets', 'BlockPublicPolicy', 'BlockPublicAcls'),
    }),
    ...(['error', 'bucket `main-logs` of main: its ACL lets everybody in: READ; public access is not blocked: IgnorePublicAcls'] as const),
  ],
  ['a public ACL that is ignored is fine', account({ acl: acl(grant('AllUsers', 'WRITE')) }), 'ok', FINE],
  [
    'what lets S3 write its access logs is not public',
    account({ acl: acl(grant('../s3/LogDelivery', 'WRITE')), publicAccessBlock: switches(), account: switches('all') }),
    'ok',
    FINE,
  ],
  ['the account’s block counts for the bucket', account({ publicAccessBlock: switches(), account: switches('all') }), 'ok', FINE],
  [
    'a block that is not whole is yellow',
    account({ publicAccessBlock: switches('BlockPublicAcls', 'IgnorePublicAcls') }),
    ...(['warning', 'bucket `main-logs` of main: public access is not blocked: BlockPublicPolicy, RestrictPublicBuckets'] as const),
  ],
  [
    'an account’s block that can’t be asked for is said, where the bucket’s is not whole',
    account({ publicAccessBlock: switches(), account: s3Failure('AccessDenied', 403) }),
    ...([
      'not_available',
      'bucket `main-logs` of main: not asked: the role may not call s3:GetAccountPublicAccessBlock in us-east-1',
    ] as const),
  ],
  [
    'no access logging is yellow',
    account({ logging: '<BucketLoggingStatus/>' }),
    ...(['warning', 'bucket `main-logs` of main: who reads it is not logged'] as const),
  ],
  [
    'no versions are yellow',
    account({ versioning: '<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>' }),
    ...(['warning', 'bucket `main-logs` of main: it keeps no versions: what is deleted or overwritten is lost'] as const),
  ],
  [
    'a policy whose status is refused is not called private',
    account({ policyStatus: s3Failure('AccessDenied', 403) }),
    ...(['not_available', 'bucket `main-logs` of main: not asked: the role may not call s3:GetBucketPolicyStatus in us-east-1'] as const),
  ],
  [
    'a policy that can’t be asked for is not red',
    account({ policy: s3Failure('AccessDenied', 403) }),
    ...(['not_available', 'bucket `main-logs` of main: not asked: the role may not call s3:GetBucketPolicy in us-east-1'] as const),
  ],
];
for (const [name, answers, status, reason] of cases)
  test(name, async () => {
    const { flaggedResources } = await asked(trailBucketCheck, answers);
    assert.deepEqual(
      flaggedResources.map((line) => [line.status, line.reason]),
      [[status, reason]],
    );
  });

test('a bucket is asked where it lies, and says it in the columns', async () => {
  const { flaggedResources, calls } = await asked(
    trailBucketCheck,
    account({ location: '<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">EU</LocationConstraint>' }),
  );
  const asking = calls
    .filter(({ operation }) => operation === 'GET /main-logs/')
    .map(({ region, input }) => [Object.keys(input)[0], region]);
  assert.deepEqual(asking[0], ['location', 'us-east-1']);
  assert.ok(asking.slice(1).every(([, region]) => region === 'eu-west-1') && asking.length > 5, String(asking));
  assert.deepEqual(flaggedResources[0]!.metadata, [
    ...['Green', 'us-east-1', 'main-logs', 'main', 'Yes', 'Yes', 'No', 'No', 'Yes', 'Yes', 'Yes', 'Yes', FINE],
  ]);
});

test('trails of one bucket are one line', async () => {
  const other = { ...trail('other'), S3BucketName: 'main-logs' };
  const answers = { ...account({}), DescribeTrails: JSON.stringify({ trailList: [trail('main'), other] }) };
  const { flaggedResources } = await asked(trailBucketCheck, answers);
  assert.deepEqual(
    flaggedResources.map(({ resourceId, reason }) => [resourceId, reason]),
    [['main-logs', 'bucket `main-logs` of main, other: its policy does not let CloudTrail write for trail `other`']],
  );
});

test('in China a bucket’s ARN is another, and what is global is asked in Beijing', async () => {
  const trailArn = 'arn:aws-cn:cloudtrail:cn-north-1:111122223333:trail/main';
  const chinese = { ...trail('main'), TrailARN: trailArn, HomeRegion: 'cn-north-1' };
  const text = policy(...documented())
    .replaceAll(ARN, trailArn)
    .replaceAll('arn:aws:s3', 'arn:aws-cn:s3');
  const { flaggedResources, calls } = await asked(trailBucketCheck, account({ policy: text }, chinese), {
    partition: 'aws-cn',
    regions: ['cn-north-1'],
  });
  assert.deepEqual(
    flaggedResources.map(({ status, reason }) => [status, reason]),
    [['ok', FINE]],
  );
  assert.ok(calls.every(({ region }) => region === 'cn-north-1'));
});
