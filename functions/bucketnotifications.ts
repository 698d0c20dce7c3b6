// A CloudFormation custom resource: adds the stack's notification to an existing bucket's settings, and takes it away with the stack.
import { S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { setListener } from './bucketlistener.ts';
import { handler, logger } from './handler.ts';

const Settings = z.object({
  Bucket: z.string().min(1),
  Owner: z
    .string()
    .regex(/^\d{12}$/)
    .optional(),
  Listener: z.union([
    z.object({ kind: z.enum(['function', 'topic', 'queue']), arn: z.string().startsWith('arn:') }),
    z.object({ kind: z.literal('eventbus') }),
  ]),
});

/** What CloudFormation sends. Source: CloudFormation user guide, "Custom resource request objects". */
const Request = z.object({
  RequestType: z.enum(['Create', 'Update', 'Delete']),
  ResponseURL: z.url(),
  StackId: z.string(),
  RequestId: z.string(),
  LogicalResourceId: z.string(),
  PhysicalResourceId: z.string().optional(),
  ResourceProperties: z.unknown(),
});
type Request = z.infer<typeof Request>;

/** The name the notification has in the bucket's settings: the stack's, so that stacks don't touch each other's. */
const idOf = (request: Request) => request.StackId.split('/')[1] ?? 'trailbus';

const client = new S3Client({});

/** Who owns the bucket that a deletion is about: its settings come with the request, and are those it was set with. */
const ownerOf = ({ ResourceProperties }: Request) => Settings.safeParse(ResourceProperties).data?.Owner;

/** The bucket's name as physical id: when the parameter changes, CloudFormation asks to delete at the old bucket. */
async function apply(request: Request): Promise<string> {
  if (request.RequestType === 'Delete') {
    if (request.PhysicalResourceId?.startsWith('notifications-of-'))
      await setListener(client, request.PhysicalResourceId.slice('notifications-of-'.length), idOf(request), undefined, ownerOf(request));
    return request.PhysicalResourceId ?? 'none';
  }
  const settings = Settings.parse(request.ResourceProperties);
  await setListener(client, settings.Bucket, idOf(request), settings.Listener, settings.Owner);
  return `notifications-of-${settings.Bucket}`;
}

/** CloudFormation waits an hour for this answer, so a failure answers too. */
async function answer(
  request: Request,
  result: { Status: 'SUCCESS' | 'FAILED'; PhysicalResourceId: string; Reason?: string },
): Promise<void> {
  const { StackId, RequestId, LogicalResourceId } = request;
  const body = JSON.stringify({ StackId, RequestId, LogicalResourceId, ...result });
  const response = await fetch(request.ResponseURL, { method: 'PUT', body });
  if (!response.ok) throw new Error(`CloudFormation refused the answer with status ${response.status}`);
}

export const main = handler(async (event) => {
  const request = Request.parse(event);
  try {
    await answer(request, { Status: 'SUCCESS', PhysicalResourceId: await apply(request) });
  } catch (error) {
    logger.error('bucket notifications not set', error as Error);
    const Reason = `the bucket's notifications could not be set: ${(error as Error).message}`.slice(0, 1000);
    await answer(request, { Status: 'FAILED', PhysicalResourceId: request.PhysicalResourceId ?? 'none', Reason });
  }
});
