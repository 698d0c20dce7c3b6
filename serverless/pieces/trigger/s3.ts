// S3 invokes the function itself.
import { getArn, mayInvoke, sub } from '../../cloudformation.ts';
import { PROCESS_FUNCTION } from '../../lambda.ts';
import { bucketArn } from '../../logbuckets.ts';
import type { StackPiece } from '../../piece.ts';

export const s3: StackPiece = {
  isPart: ({ parameters }) => parameters.trigger === 's3',
  resources: ({ buckets: [{ name, owner }] }) => ({
    BucketMayInvoke: mayInvoke(PROCESS_FUNCTION, 's3.amazonaws.com', { SourceAccount: sub(owner), SourceArn: bucketArn(name) }),
  }),
  outputs: () => ({
    NotifyArn: {
      Description: "Where the bucket's s3:ObjectCreated notification (suffix .json.gz) goes",
      Value: getArn(PROCESS_FUNCTION),
    },
  }),
};
