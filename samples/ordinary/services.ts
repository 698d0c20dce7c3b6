// AWS services at work for the account: roles assumed, keys used, machines counted, log streams made.
import { DATABASES, FUNCTIONS, KEYS, keyArn, roleArn, SECRETS, secretArn, service, serviceRole } from '../cast.ts';
import { exampleId } from '../random.ts';
import { secondOf } from '../record.ts';
import type { Activity, Call, Scene } from './activity.ts';

const awsInternal = ({ account }: { account: string }) => ({
  identity: { accountId: account, invokedBy: 'AWS Internal' },
  ip: 'AWS Internal',
  agent: 'AWS Internal',
  tls: false,
});

function assumed(role: (scene: Scene) => string, session: (scene: Scene) => string): Call {
  return {
    source: 'sts',
    name: 'AssumeRole',
    weight: 1,
    request: (scene) => ({ roleArn: roleArn(scene.place.account, role(scene)), roleSessionName: session(scene) }),
    response: (scene) => ({
      credentials: {
        accessKeyId: exampleId(
          'ASIA',
          `${scene.place.account}${role(scene)}${session(scene)}${Math.floor(scene.at / 3_600_000) * 3_600_000}`,
        ),
        sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLETOKEN',
        expiration: new Date(scene.at + 3_600_000).toISOString(),
      },
      assumedRoleUser: {
        assumedRoleId: `${exampleId('AROA', scene.place.account + role(scene))}:${session(scene)}`,
        arn: `arn:aws:sts::${scene.place.account}:assumed-role/${role(scene)}/${session(scene)}`,
      },
    }),
    resources: ({ place, ...scene }) => [
      { accountId: place.account, type: 'AWS::IAM::Role', ARN: roleArn(place.account, role({ place, ...scene })) },
    ],
  };
}

/** Which function a moment belongs to: the builders of one call must agree. */
const functionAt = ({ at }: Scene): string => FUNCTIONS[Math.floor(at / 1000) % FUNCTIONS.length]!;
const keyAt = ({ place, at }: Scene): string => keyArn(place, KEYS[Math.floor(at / 1000) % KEYS.length]!);
const keyResource = (scene: Scene) => [{ accountId: scene.place.account, type: 'AWS::KMS::Key', ARN: keyAt(scene) }];

const SECRET_ROTATED: Call[] = ['RotationStarted', 'RotationSucceeded'].map((name) => ({
  source: 'secretsmanager',
  name,
  weight: 1,
  type: 'AwsServiceEvent',
  readOnly: false,
  additional: ({ place, at }) => ({ SecretId: secretArn(place, SECRETS[Math.floor(at / 60_000) % SECRETS.length]!) }),
}));

export const SERVICES: Activity[] = [
  {
    who: service('lambda'),
    weight: 10,
    burst: 2,
    calls: [assumed((scene) => `${functionAt(scene)}-role`, functionAt)],
  },
  {
    who: service('ec2'),
    weight: 5,
    burst: 2,
    calls: [
      assumed(
        () => 'web-server',
        () => 'i-0a1b2c3d4e5f60718',
      ),
    ],
  },
  {
    who: service('rds'),
    weight: 3,
    burst: 3,
    calls: [
      {
        source: 'kms',
        name: 'GenerateDataKey',
        weight: 2,
        request: (scene) => ({
          keyId: keyAt(scene),
          keySpec: 'AES_256',
          encryptionContext: { 'aws:rds:db-id': scene.random.pick(DATABASES) },
        }),
        resources: keyResource,
      },
      {
        source: 'kms',
        name: 'Decrypt',
        weight: 3,
        request: ({ random }) => ({
          encryptionAlgorithm: 'SYMMETRIC_DEFAULT',
          encryptionContext: { 'aws:rds:db-id': random.pick(DATABASES) },
        }),
        resources: keyResource,
      },
    ],
  },
  {
    who: serviceRole('autoscaling', 'AWSServiceRoleForAutoScaling'),
    weight: 4,
    burst: 4,
    calls: [
      {
        source: 'ec2',
        name: 'DescribeInstanceStatus',
        weight: 6,
        request: () => ({ instancesSet: {}, filterSet: {}, includeAllInstances: true }),
      },
      { source: 'elasticloadbalancing', name: 'DescribeTargetHealth', weight: 4, request: () => ({ targetGroupArn: 'web' }) },
      {
        source: 'ec2',
        name: 'RunInstances',
        weight: 1,
        request: () => ({
          instancesSet: { items: [{ minCount: 1, maxCount: 1 }] },
          instanceType: 't3.medium',
          monitoring: { enabled: false },
        }),
        response: ({ random, place }) => ({
          requestId: random.uuid(),
          ownerId: place.account,
          instancesSet: {
            items: [{ instanceId: `i-0${random.hex(16)}`, instanceType: 't3.medium', instanceState: { code: 0, name: 'pending' } }],
          },
        }),
      },
    ],
  },
  {
    who: serviceRole('config', 'AWSServiceRoleForConfig'),
    weight: 6,
    burst: 6,
    calls: [
      ...['DescribeVpcs', 'DescribeSubnets', 'DescribeSecurityGroups', 'DescribeVolumes', 'DescribeNetworkInterfaces'].map((name) => ({
        source: 'ec2',
        name,
        weight: 2,
        request: () => ({ filterSet: {}, maxResults: 1000 }),
      })),
      { source: 'rds', name: 'DescribeDBInstances', weight: 2, request: () => ({ maxRecords: 100 }) },
      { source: 'lambda', name: 'ListFunctions20150331', weight: 2, request: () => ({ maxItems: 50 }) },
      { source: 'iam', name: 'GetAccountAuthorizationDetails', weight: 1, request: () => ({ maxItems: 1000 }) },
      { source: 's3', name: 'GetBucketEncryption', weight: 2, request: () => ({ bucketName: 'example-orders', encryption: '' }) },
    ],
  },
  {
    who: awsInternal,
    weight: 0.3,
    burst: 1,
    calls: [
      {
        source: 'kms',
        name: 'RotateKey',
        weight: 2,
        type: 'AwsServiceEvent',
        readOnly: false,
        resources: keyResource,
        serviceDetails: (scene) => ({ rotationType: 'AUTOMATIC', keyOrigin: 'AWS_KMS', keyId: keyAt(scene) }),
      },
      ...SECRET_ROTATED,
      {
        source: 'backup',
        name: 'BackupJobCompleted',
        weight: 3,
        type: 'AwsServiceEvent',
        readOnly: false,
        serviceDetails: ({ random, at }) => ({ backupJobId: random.uuid(), state: 'COMPLETED', completionDate: { seconds: at / 1000 } }),
      },
    ],
  },
  {
    who: service('cloudtrail'),
    weight: 2,
    burst: 1,
    calls: [
      {
        source: 's3',
        name: 'GetBucketAcl',
        weight: 1,
        request: ({ place }) => ({
          bucketName: 'example-trail-logs',
          acl: '',
          Host: `example-trail-logs.s3.${place.region}.amazonaws.com`,
        }),
        resources: ({ place }) => [{ accountId: place.account, type: 'AWS::S3::Bucket', ARN: 'arn:aws:s3:::example-trail-logs' }],
      },
      {
        source: 'kms',
        name: 'GenerateDataKey',
        weight: 2,
        request: (scene) => ({
          keyId: keyAt(scene),
          keySpec: 'AES_256',
          encryptionContext: { 'aws:cloudtrail:until': secondOf(scene.at) },
        }),
        resources: keyResource,
      },
    ],
  },
];
