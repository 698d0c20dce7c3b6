// What a deployed stack says of itself: where log files go, where it stands.
import { type CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { ReadError, UsageError } from '../events/errors.ts';

export interface DeployedStack {
  name: string;
  /** The bucket that log files are read from; undefined where the stack is older than its output. */
  bucket: string | undefined;
  account: string;
  region: string;
}

/** @throws UsageError where there is no such stack of ours, ReadError where it can't be asked */
export async function deployedStack(client: CloudFormationClient, name: string): Promise<DeployedStack> {
  const outputs = await outputsOf(client, name);
  const [, , , region = '', account = ''] = (outputs.get('BusArn') ?? '').split(':');
  if (account === '')
    throw new UsageError(`\`${name}\` is no stack of Trailbus, or not yet deployed: it has no output \`BusArn\``, {
      help: 'name the stack: trailbus-STAGE',
    });
  return { name, bucket: outputs.get('LogBucketName') ?? outputs.get('TrailBucketName'), account, region };
}

async function outputsOf(client: CloudFormationClient, name: string): Promise<Map<string, string>> {
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: name }));
    return new Map((Stacks?.[0]?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
  } catch (cause) {
    const { name: code, message } = cause as Error;
    if (/does not exist/.test(message))
      throw new UsageError(`no stack is called \`${name}\` here`, {
        help: 'name it (--stack), its region (--region), and your account',
        cause,
      });
    throw new ReadError(`can’t ask for the stack: ${code}: ${message}`, true, {
      source: name,
      help: 'check region and credentials; you need cloudformation:DescribeStacks',
      cause,
    });
  }
}
