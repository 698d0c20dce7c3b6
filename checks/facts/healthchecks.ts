// The health checks of Route 53 that an account has.
import type { HealthCheck, ListHealthChecksCommandInput, ListHealthChecksCommandOutput } from '@aws-sdk/client-route-53';
import { type Asker, apiCall } from '../../events/advice/index.ts';

export const HEALTH_CHECKS = apiCall<ListHealthChecksCommandInput, ListHealthChecksCommandOutput>('route-53', 'ListHealthChecks');

export const healthChecks = async (asker: Asker): Promise<HealthCheck[]> =>
  (await asker.pages(HEALTH_CHECKS, {})).flatMap((page) => page.HealthChecks ?? []);
