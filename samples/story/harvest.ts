// Secrets are read in bulk and data is carried away: snapshots shared, buckets opened, doors opened in the network.
import { ACCOUNTS, FOREIGN_ACCOUNT, instanceId, MACHINES, REGIONS } from '../cast.ts';
import { idOf } from '../random.ts';
import { repeat, type Step, step } from './step.ts';

const [account] = ACCOUNTS;
const arnOfSecret = (turn: number) =>
  `arn:aws:secretsmanager:${REGIONS[0]}:${account}:secret:orders/tenant-${turn}-${idOf('', 6, `tenant-${turn}`)}`;
const worldOn = (port: number) => ({
  items: [
    {
      ipProtocol: 'tcp',
      fromPort: port,
      toPort: port,
      groups: {},
      ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] },
      ipv6Ranges: {},
      prefixListIds: {},
    },
  ],
});
const PUBLIC_READ = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::example-orders/*' }],
};
const OK = { _return: true };

const credentials: Step[] = [
  ...repeat(step('14:02:00', 'newUser', 'secretsmanager:GetSecretValue', 'secrets.mass-read'), 24, 6, (turn) => ({
    request: { secretId: arnOfSecret(turn) },
  })),
  ...repeat(step('14:05:00', 'newUser', 'secretsmanager:BatchGetSecretValue', 'secrets.batch-read'), 6, 9, () => ({
    request: { filters: [{ key: 'all', values: ['orders'] }] },
  })),
  ...repeat(step('14:06:10', 'newUser', 'ssm:GetParameter', 'ssm.securestring-mass'), 12, 4, (turn) => ({
    request: { name: `/orders/tenant-${turn}/password`, withDecryption: true },
  })),
  ...repeat(step('14:07:20', 'newUser', 'ec2:GetPasswordData', 'ec2.password-data'), 32, 3, (turn) => ({
    request: { instanceId: idOf('i-0', 16, `windows-${turn}`) },
    error: ['Client.UnauthorizedOperation', 'You are not authorized to perform this operation.'] as const,
  })),
  ...repeat(step('14:09:20', 'newUser', 'ec2:DescribeInstanceAttribute', 'ec2.userdata-read'), 12, 4, (turn) => ({
    request: {
      instanceId: turn < MACHINES.length ? instanceId(MACHINES[turn]!) : idOf('i-0', 16, `windows-${turn}`),
      attribute: 'userData',
    },
  })),
];

const network: Step[] = [
  step('14:11:05', 'newUser', 'ec2:AuthorizeSecurityGroupIngress', 'sg.open-world', {
    request: { groupId: 'sg-0123456789example', ipPermissions: worldOn(22) },
    response: {
      ...OK,
      securityGroupRuleSet: {
        items: [{ groupId: 'sg-0123456789example', isEgress: false, ipProtocol: 'tcp', fromPort: 22, toPort: 22, cidrIpv4: '0.0.0.0/0' }],
      },
    },
  }),
  step('14:11:28', 'newUser', 'ec2:AuthorizeSecurityGroupIngress', 'sg.open-world', {
    request: { groupId: 'sg-0123456789example', ipPermissions: worldOn(3389) },
    response: OK,
  }),
  step('14:11:59', 'newUser', 'ec2:CreateNetworkAclEntry', 'nacl.open-world', {
    request: { networkAclId: 'acl-0example', ruleNumber: 1, egress: false, ruleAction: 'allow', cidrBlock: '0.0.0.0/0', aclProtocol: '-1' },
    response: OK,
  }),
  step('14:12:20', 'newUser', 'ec2:AttachInternetGateway', 'gateway.changed', {
    request: { internetGatewayId: 'igw-0example', vpcId: 'vpc-0example' },
    response: OK,
  }),
  step('14:12:41', 'newUser', 'ec2:CreateRoute', 'route.changed', {
    request: { routeTableId: 'rtb-0example', destinationCidrBlock: '0.0.0.0/0', gatewayId: 'igw-0example' },
    response: OK,
  }),
  step('14:13:10', 'newUser', 'ec2:AcceptVpcPeeringConnection', 'vpc.changed', {
    request: { vpcPeeringConnectionId: 'pcx-0example' },
    response: { vpcPeeringConnection: { requesterVpcInfo: { ownerId: FOREIGN_ACCOUNT }, accepterVpcInfo: { ownerId: account } } },
  }),
  step('14:13:44', 'newUser', 'ec2:CreateTrafficMirrorSession', 'vpc.traffic-mirror', {
    request: {
      CreateTrafficMirrorSessionRequest: { NetworkInterfaceId: 'eni-0example', TrafficMirrorTargetId: 'tmt-0example', SessionNumber: 1 },
    },
  }),
  step('14:14:20', 'newUser', 'route53domains:DisableDomainTransferLock', 'route53.domain-transfer', {
    request: { domainName: 'example.com' },
  }),
];

const data: Step[] = [
  step('14:16:02', 'newUser', 'ec2:ModifySnapshotAttribute', 'ec2.snapshot-shared', {
    request: {
      snapshotId: 'snap-0123456789example',
      createVolumePermission: { add: { items: [{ userId: FOREIGN_ACCOUNT }] } },
      attributeType: 'CREATE_VOLUME_PERMISSION',
    },
    response: OK,
  }),
  step('14:16:30', 'newUser', 'ec2:ModifyImageAttribute', 'ec2.image-shared', {
    request: {
      imageId: 'ami-0123456789example',
      launchPermission: { add: { items: [{ group: 'all' }] } },
      attributeType: 'launchPermission',
    },
    response: OK,
  }),
  step('14:17:11', 'newUser', 'rds:ModifyDBSnapshotAttribute', 'rds.shared-or-public', {
    request: { dBSnapshotIdentifier: 'before-upgrade', attributeName: 'restore', valuesToAdd: [FOREIGN_ACCOUNT] },
  }),
  step('14:17:50', 'newUser', 'rds:ModifyDBInstance', 'rds.master-password', {
    request: { dBInstanceIdentifier: 'billing-db', masterUserPassword: '****', publiclyAccessible: true, applyImmediately: true },
    response: { dBInstanceIdentifier: 'billing-db', publiclyAccessible: true },
  }),
  step('14:18:24', 'newUser', 'dynamodb:ExportTableToPointInTime', 'data.exported', {
    request: {
      tableArn: `arn:aws:dynamodb:${REGIONS[0]}:${account}:table/customers`,
      s3Bucket: 'drop-zone',
      s3BucketOwner: FOREIGN_ACCOUNT,
      exportFormat: 'DYNAMODB_JSON',
    },
  }),
  step('14:19:03', 'newUser', 's3:PutBucketPublicAccessBlock', 's3.public-block-removed', {
    request: {
      bucketName: 'example-orders',
      publicAccessBlock: '',
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: false,
        IgnorePublicAcls: false,
        BlockPublicPolicy: false,
        RestrictPublicBuckets: false,
      },
    },
  }),
  step('14:19:20', 'newUser', 's3:PutBucketPolicy', 's3.made-public', {
    request: { bucketName: 'example-orders', policy: '', bucketPolicy: PUBLIC_READ },
  }),
  step('14:19:48', 'newUser', 's3:PutBucketAcl', 's3.made-public', {
    request: { bucketName: 'example-images', acl: '', 'x-amz-acl': ['public-read'] },
  }),
  step('14:20:31', 'newUser', 'codebuild:UpdateProjectVisibility', 'codebuild.public', {
    request: { projectArn: `arn:aws:codebuild:${REGIONS[0]}:${account}:project/orders`, projectVisibility: 'PUBLIC_READ' },
  }),
];

export const HARVEST: Step[] = [...credentials, ...network, ...data];
