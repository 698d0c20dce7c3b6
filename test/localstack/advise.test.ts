// `trailbus advise` on LocalStack, with the command that is shipped: what its services answer is judged, what they don't is not available.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { CreateUserCommand, DeleteUserCommand, DeleteUserPolicyCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { CreateBucketCommand, PutPublicAccessBlockCommand } from '@aws-sdk/client-s3';
import { trailbusProcess } from '../command.ts';
import { clients, ENDPOINT, STACK_REGION, VARIABLES, whyNoLocalStack } from './environment.ts';
import { RUN } from './stack.ts';

const { s3 } = clients();
const settings = { endpoint: ENDPOINT, region: STACK_REGION, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
const [ec2, iam] = [new EC2Client(settings), new IAMClient(settings)];

interface Told {
  checkId: string;
  status: string;
  resources: { id: string; status: string; metadata: string[]; reason: string }[];
}

const advised = (): Told[] => {
  const { stdout, stderr } = trailbusProcess(['advise', '--region', STACK_REGION, '--json', '--green'], '', VARIABLES);
  assert.ok(stdout.startsWith('['), stderr);
  return JSON.parse(stdout) as Told[];
};

describe('advise on LocalStack', { skip: await whyNoLocalStack() }, () => {
  test('judges what it finds, and says of what isn’t answered that it isn’t', async () => {
    const name = `open-${RUN}`;
    const { GroupId } = await ec2.send(new CreateSecurityGroupCommand({ GroupName: name, Description: 'open' }));
    const permission = { IpProtocol: 'tcp', FromPort: 3389, ToPort: 3389, IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
    await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [permission] }));
    await iam.send(new CreateUserCommand({ UserName: name }));
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] });
    await iam.send(new PutUserPolicyCommand({ UserName: name, PolicyName: 'p', PolicyDocument }));
    await s3.send(new CreateBucketCommand({ Bucket: name }));
    const blocked = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };
    await s3.send(new PutPublicAccessBlockCommand({ Bucket: name, PublicAccessBlockConfiguration: blocked }));
    const results = advised();
    const of = (checkId: string, id: string | undefined) =>
      results.find((each) => each.checkId === checkId)?.resources.find((each) => each.id === id);
    assert.deepEqual(of('HCP4007jGY', GroupId)?.metadata, [STACK_REGION, name, GroupId, 'tcp', 'Red', '3389']);
    assert.equal(of('trailbus-iam-user-policies', name)?.status, 'warning');
    assert.equal(of('Pfx0RwqBli', name)?.status, 'ok');
    const failed = results.flatMap(({ checkId, resources }) =>
      resources.filter(({ reason }) => /check failed/.test(reason)).map(({ reason }) => `${checkId}: ${reason}`),
    );
    assert.deepEqual(failed, []);
    for (const { checkId, status, resources } of results)
      if (status === 'not_available')
        assert.ok(
          resources.every(({ reason }) => reason.length > 20),
          checkId,
        );
    await ec2.send(new DeleteSecurityGroupCommand({ GroupId }));
    await iam.send(new DeleteUserPolicyCommand({ UserName: name, PolicyName: 'p' }));
    await iam.send(new DeleteUserCommand({ UserName: name }));
  });
});
