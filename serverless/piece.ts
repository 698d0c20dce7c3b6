// What a piece of the stack is: functions, resources and outputs that come and go together, made from a deployment.
import type { Outputs, Resources } from './cloudformation.ts';
import type { Deployment } from './deployment.ts';
import type { LambdaFunction } from './lambda.ts';

export interface StackPiece {
  /** Whether the deployment has this piece; without it, always. */
  isPart?: (deployment: Deployment) => boolean;
  functions?: (deployment: Deployment) => Record<string, LambdaFunction>;
  resources?: (deployment: Deployment) => Resources;
  outputs?: (deployment: Deployment) => Outputs;
}
