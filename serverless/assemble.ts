// From a deployment to what osls takes: the pieces that it has, put together.
import type { Outputs, Resources } from './cloudformation.ts';
import type { Deployment } from './deployment.ts';
import type { LambdaFunction } from './lambda.ts';
import type { StackPiece } from './piece.ts';
import { PIECES } from './pieces/index.ts';

export interface Assembled {
  functions: Record<string, LambdaFunction>;
  resources: { Resources: Resources; Outputs: Outputs };
}

/** @throws Error when two pieces make something of the same name: one of them would be lost */
function together<Item>(parts: (Record<string, Item> | undefined)[]): Record<string, Item> {
  const all: Record<string, Item> = {};
  for (const [name, item] of parts.flatMap((part) => Object.entries(part ?? {}))) {
    if (name in all) throw new Error(`two pieces of the stack make \`${name}\``);
    all[name] = item;
  }
  return all;
}

export function assemble(deployment: Deployment, pieces: readonly StackPiece[] = PIECES): Assembled {
  const present = pieces.filter(({ isPart }) => isPart?.(deployment) ?? true);
  return {
    functions: together(present.map(({ functions }) => functions?.(deployment))),
    resources: {
      Resources: together(present.map(({ resources }) => resources?.(deployment))),
      Outputs: together(present.map(({ outputs }) => outputs?.(deployment))),
    },
  };
}
