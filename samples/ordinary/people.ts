// People and what they set going: sign-ins, the console, the command line, the delivery pipeline, the nightly audit.
import {
  AGENTS,
  auditor,
  BUCKETS,
  DATABASES,
  FUNCTIONS,
  functionArn,
  iamUser,
  instanceId,
  MACHINES,
  OFFICE_IPS,
  PEOPLE,
  person,
  pipeline,
  roleArn,
  STACKS,
  TABLES,
} from '../cast.ts';
import { exampleId } from '../random.ts';
import type { Activity, Call, Scene } from './activity.ts';

const SIGN_IN: Call = {
  source: 'signin',
  name: 'ConsoleLogin',
  weight: 1,
  type: 'AwsConsoleSignIn',
  readOnly: false,
  response: () => ({ ConsoleLogin: 'Success' }),
  additional: () => ({
    LoginTo: 'https://console.aws.amazon.com/console/home',
    MobileVersion: 'No',
    MFAUsed: 'Yes',
    MFAIdentifier: 'authenticator',
  }),
};

const SSO_EVENTS: Call[] = ['Authenticate', 'Federate'].map((name) => ({
  source: 'sso',
  name,
  weight: 1,
  type: 'AwsServiceEvent',
  readOnly: false,
  serviceDetails: ({ place }) => ({ account_id: place.account, role_name: 'Developer', relayId: 'example' }),
}));

/** Console pages ask for everything that they show. */
const CONSOLE_READS: [source: string, names: string[]][] = [
  [
    'ec2',
    ['DescribeInstances', 'DescribeImages', 'DescribeSecurityGroups', 'DescribeVpcs', 'DescribeKeyPairs', 'DescribeAvailabilityZones'],
  ],
  ['s3', ['ListBuckets', 'GetBucketVersioning', 'GetBucketPolicyStatus']],
  ['lambda', ['ListFunctions20150331', 'GetFunction20150331v2', 'GetAccountSettings20160819']],
  ['rds', ['DescribeDBInstances', 'DescribeDBClusters']],
  ['iam', ['ListRoles', 'ListUsers', 'GetAccountSummary']],
  ['cloudformation', ['ListStacks', 'DescribeStackEvents']],
  ['monitoring', ['DescribeAlarms', 'ListDashboards']],
  ['logs', ['DescribeLogGroups', 'FilterLogEvents']],
  ['health', ['DescribeEventAggregates']],
  ['cloudtrail', ['LookupEvents', 'DescribeTrails', 'GetTrailStatus']],
  ['kms', ['ListKeys', 'ListAliases', 'DescribeKey']],
];

const consoleReads = (weight: number): Call[] =>
  CONSOLE_READS.flatMap(([source, names]) => names.map((name) => ({ source, name, weight, request: () => ({ maxResults: 100 }) })));

const tagged = ({ random }: Scene) => ({
  resourcesSet: { items: [{ resourceId: instanceId(random.pick(MACHINES)) }] },
  tagSet: { items: [{ key: 'team', value: random.pick(['orders', 'billing', 'größe ☃ 𝒳']) }] },
});

const DONE = ({ random }: Scene) => ({ requestId: random.uuid(), _return: true });

const TERMINAL_CALLS: Call[] = [
  ...consoleReads(1),
  { source: 'sts', name: 'GetCallerIdentity', weight: 3 },
  { source: 'ec2', name: 'CreateTags', weight: 2, request: tagged, response: DONE },
  {
    source: 'ec2',
    name: 'StartInstances',
    weight: 1,
    request: () => ({ instancesSet: { items: [{ instanceId: instanceId('worker-2') }] } }),
    response: ({ random }) => ({
      requestId: random.uuid(),
      instancesSet: {
        items: [
          { instanceId: instanceId('worker-2'), currentState: { code: 0, name: 'pending' }, previousState: { code: 80, name: 'stopped' } },
        ],
      },
    }),
  },
  {
    source: 'rds',
    name: 'CreateDBSnapshot',
    weight: 1,
    request: ({ random }) => ({ dBInstanceIdentifier: random.pick(DATABASES), dBSnapshotIdentifier: `before-${random.hex(6)}` }),
  },
  { source: 'ssm', name: 'GetParameter', weight: 2, request: () => ({ name: '/orders/feature-flags', withDecryption: false }) },
];

const stackArn = ({ place, random }: Scene): string => {
  const stack = random.pick(STACKS);
  return `arn:aws:cloudformation:${place.region}:${place.account}:stack/${stack}/0b5e2ad0-1111-2222-3333-0e1a2b3c4d5e`;
};

const PIPELINE_CALLS: Call[] = [
  ...['GetRole', 'ListRolePolicies', 'ListAttachedRolePolicies', 'ListInstanceProfilesForRole'].map((name) => ({
    source: 'iam',
    name,
    weight: 3,
    request: ({ random }: Scene) => ({ roleName: `${random.pick(FUNCTIONS)}-role` }),
  })),
  ...['GetBucketPolicy', 'GetBucketAcl', 'GetBucketLocation', 'GetBucketTagging'].map((name) => ({
    source: 's3',
    name,
    weight: 2,
    request: ({ random }: Scene) => ({ bucketName: random.pick(BUCKETS) }),
  })),
  { source: 'cloudformation', name: 'DescribeStacks', weight: 5, request: (scene) => ({ stackName: stackArn(scene) }) },
  {
    source: 'cloudformation',
    name: 'UpdateStack',
    weight: 1,
    request: () => ({ stackName: 'orders', capabilities: ['CAPABILITY_IAM'] }),
    response: (scene) => ({ stackId: stackArn(scene) }),
  },
  { source: 'lambda', name: 'GetFunction20150331v2', weight: 4, request: ({ random }) => ({ functionName: random.pick(FUNCTIONS) }) },
  {
    source: 'lambda',
    name: 'UpdateFunctionCode20150331v2',
    weight: 1,
    request: ({ random }) => ({ functionName: random.pick(FUNCTIONS), publish: true, dryRun: false }),
    response: ({ place, random }) => ({
      functionArn: functionArn(place, 'orders-intake'),
      runtime: 'nodejs20.x',
      codeSize: random.below(900_000),
      memorySize: 256,
      version: '41',
    }),
  },
  { source: 'dynamodb', name: 'DescribeTable', weight: 2, request: ({ random }) => ({ tableName: random.pick(TABLES) }) },
  { source: 'ec2', name: 'DescribeSecurityGroups', weight: 4, request: () => ({ filterSet: {}, securityGroupSet: {} }) },
];

const AUDIT_CALLS: Call[] = [
  ...consoleReads(2),
  ...['ListUsers', 'GenerateCredentialReport', 'GetCredentialReport', 'ListAccessKeys', 'ListMFADevices'].map((name) => ({
    source: 'iam',
    name,
    weight: 2,
  })),
  { source: 'guardduty', name: 'ListDetectors', weight: 2 },
  { source: 'config', name: 'DescribeConfigurationRecorderStatus', weight: 2 },
  { source: 'elasticloadbalancing', name: 'DescribeLoadBalancers', weight: 2, request: () => ({ pageSize: 400 }) },
];

const WEB_IDENTITY: Call = {
  source: 'sts',
  name: 'AssumeRoleWithWebIdentity',
  weight: 1,
  request: ({ place }) => ({ roleArn: roleArn(place.account, 'pipeline-deploy'), roleSessionName: 'deploy', durationSeconds: 3600 }),
  response: ({ place, at }) => ({
    credentials: { accessKeyId: exampleId('ASIA', `${place.account}deploy${at}`), sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLETOKEN' },
    provider: `arn:aws:iam::${place.account}:oidc-provider/token.actions.example.com`,
    audience: 'sts.amazonaws.com',
  }),
};

export const PERSONS: Activity[] = [
  { who: person('console'), weight: 12, burst: 9, calls: consoleReads(1) },
  { who: person('terminal'), weight: 6, burst: 4, calls: TERMINAL_CALLS },
  { who: pipeline, weight: 9, burst: 8, calls: PIPELINE_CALLS },
  { who: auditor, weight: 8, burst: 8, calls: AUDIT_CALLS },
  {
    who: ({ account }, _at, random) => ({
      identity: {
        type: 'WebIdentityUser',
        principalId: `token.actions.example.com:sts.amazonaws.com:repo:example/orders:ref:refs/heads/main`,
        userName: 'repo:example/orders:ref:refs/heads/main',
        identityProvider: `arn:aws:iam::${account}:oidc-provider/token.actions.example.com`,
      },
      ip: random.pick(['198.51.100.77', '198.51.100.78']),
      agent: 'aws-sdk-nodejs/2.1692.0 linux/v20.19.4 configure-aws-credentials',
      tls: true,
    }),
    weight: 2,
    burst: 1,
    calls: [WEB_IDENTITY],
  },
  {
    who: ({ account }, _at, random) => ({
      identity: iamUser(account, random.pick(['nadia', 'oscar'])),
      ip: random.pick(OFFICE_IPS),
      agent: AGENTS.BROWSER,
      tls: true,
    }),
    weight: 0.4,
    burst: 1,
    calls: [SIGN_IN],
  },
  {
    who: ({ account }, _at, random) => ({
      identity: { type: 'Unknown', principalId: account, accountId: account, userName: `${random.pick(PEOPLE)}@example.com` },
      ip: random.pick(OFFICE_IPS),
      agent: AGENTS.BROWSER,
      tls: false,
    }),
    weight: 1,
    burst: 2,
    calls: SSO_EVENTS,
  },
  {
    who: person('console'),
    weight: 0.1,
    burst: 1,
    calls: [
      {
        source: 'billingconsole',
        name: 'SetContactAddress',
        weight: 1,
        type: 'AwsConsoleAction',
        version: '1.05',
        readOnly: false,
        request: () => ({ company: 'AnyCompany', city: 'Anytown', countryCode: 'US', fullName: 'Jane Doe' }),
      },
    ],
  },
];
