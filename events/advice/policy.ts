// The least IAM policy that calls need.
import type { ApiCall } from './asker.ts';

/** The IAM actions that calls need, each once. */
export const actionsOf = (calls: readonly ApiCall<object, object>[]): string[] => [...new Set(calls.map(({ action }) => action))].sort();

/** Reading has no resources to name in most services, and a check looks at all there are. */
export const leastPolicy = (calls: readonly ApiCall<object, object>[]) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'TrailbusAdvise',
      Effect: 'Allow',
      Action: actionsOf(calls),
      Resource: '*',
    },
  ],
});
