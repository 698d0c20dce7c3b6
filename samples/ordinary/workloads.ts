// Programs at work: functions and machines that read and write objects, rows, secrets and messages.
import { BUCKETS, backupUser, KEYS, keyArn, lambdaFunction, machine, SECRETS, secretArn, TABLES } from '../cast.ts';
import type { Activity, Call, Scene } from './activity.ts';

const FOLDERS = ['2026/10/05', 'incoming', 'thumbnails', 'export'];

/** The bucket and key a moment belongs to: request and resources of one call must agree. */
const objectAt = ({ at }: Scene): { bucket: string; key: string } => {
  const second = Math.floor(at / 1000);
  return { bucket: BUCKETS[second % BUCKETS.length]!, key: `${FOLDERS[second % FOLDERS.length]}/item-${second % 9973}.json` };
};

function objectCall(name: string, weight: number): Call {
  return {
    source: 's3',
    name,
    weight,
    category: 'Data',
    request: (scene) => {
      const { bucket, key } = objectAt(scene);
      return { bucketName: bucket, Host: `${bucket}.s3.${scene.place.region}.amazonaws.com`, key };
    },
    response: name === 'PutObject' ? () => ({ 'x-amz-server-side-encryption': 'AES256' }) : undefined,
    resources: (scene) => {
      const { bucket, key } = objectAt(scene);
      return [
        { type: 'AWS::S3::Object', ARN: `arn:aws:s3:::${bucket}/${key}` },
        { accountId: scene.place.account, type: 'AWS::S3::Bucket', ARN: `arn:aws:s3:::${bucket}` },
      ];
    },
    additional: ({ random }) => ({
      SignatureVersion: 'SigV4',
      CipherSuite: 'TLS_AES_128_GCM_SHA256',
      bytesTransferredIn: name === 'PutObject' ? random.below(90_000) : 0,
      AuthenticationMethod: 'AuthHeader',
      bytesTransferredOut: name === 'GetObject' ? random.below(90_000) : 0,
    }),
  };
}

const DECRYPT: Call = {
  source: 'kms',
  name: 'Decrypt',
  weight: 10,
  request: () => ({ encryptionAlgorithm: 'SYMMETRIC_DEFAULT', encryptionContext: { service: 'orders' } }),
  resources: ({ place, random }) => [{ accountId: place.account, type: 'AWS::KMS::Key', ARN: keyArn(place, random.pick(KEYS)) }],
};

const GET_SECRET: Call = {
  source: 'secretsmanager',
  name: 'GetSecretValue',
  weight: 3,
  request: ({ place, random }) => ({ secretId: secretArn(place, random.pick(SECRETS)), versionStage: 'AWSCURRENT' }),
};

const NEW_LOG_STREAM: Call = {
  source: 'logs',
  name: 'CreateLogStream',
  weight: 6,
  request: ({ random }) => ({
    logGroupName: `/aws/lambda/${random.pick(['orders-intake', 'image-resize'])}`,
    logStreamName: `2026/10/05/[$LATEST]${random.hex(32)}`,
  }),
};

const INVOKE: Call = {
  source: 'lambda',
  name: 'Invoke',
  weight: 3,
  category: 'Data',
  readOnly: false,
  request: ({ place }) => ({
    functionName: `arn:aws:lambda:${place.region}:${place.account}:function:token-refresh`,
    invocationType: 'RequestResponse',
  }),
  resources: ({ place }) => [
    {
      accountId: place.account,
      type: 'AWS::Lambda::Function',
      ARN: `arn:aws:lambda:${place.region}:${place.account}:function:token-refresh`,
    },
  ],
};

export const WORKLOADS: Activity[] = [
  {
    who: lambdaFunction,
    weight: 18,
    burst: 5,
    calls: [DECRYPT, GET_SECRET, NEW_LOG_STREAM, INVOKE, objectCall('GetObject', 6), objectCall('PutObject', 4)],
  },
  {
    who: machine,
    weight: 14,
    burst: 5,
    calls: [
      objectCall('GetObject', 8),
      objectCall('PutObject', 3),
      objectCall('HeadObject', 3),
      DECRYPT,
      GET_SECRET,
      {
        source: 'ssm',
        name: 'UpdateInstanceInformation',
        weight: 5,
        request: () => ({ agentName: 'amazon-ssm-agent', agentStatus: 'Active', platformType: 'Linux' }),
      },
      { source: 'dynamodb', name: 'DescribeTable', weight: 3, request: ({ random }) => ({ tableName: random.pick(TABLES) }) },
      { source: 'sts', name: 'GetCallerIdentity', weight: 1 },
      {
        source: 'sqs',
        name: 'GetQueueAttributes',
        weight: 2,
        request: () => ({ attributeNames: ['ApproximateNumberOfMessages'], queueUrl: 'orders' }),
      },
    ],
  },
  {
    who: backupUser,
    weight: 2,
    burst: 4,
    calls: [
      { source: 'ec2', name: 'DescribeVolumes', weight: 2, request: () => ({ volumeSet: {}, filterSet: {} }) },
      {
        source: 'ec2',
        name: 'DescribeSnapshots',
        weight: 2,
        request: ({ place }) => ({ ownersSet: { items: [{ owner: place.account }] }, filterSet: {} }),
      },
      {
        source: 'ec2',
        name: 'CreateSnapshot',
        weight: 1,
        request: ({ random }) => ({ volumeId: `vol-0${random.hex(16)}`, description: 'nightly' }),
        response: ({ random, place }) => ({
          requestId: random.uuid(),
          snapshotId: `snap-0${random.hex(16)}`,
          status: 'pending',
          ownerId: place.account,
          encrypted: true,
        }),
      },
      { source: 'rds', name: 'DescribeDBSnapshots', weight: 1, request: () => ({ snapshotType: 'automated' }) },
      objectCall('PutObject', 2),
    ],
  },
];
