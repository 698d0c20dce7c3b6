// The frame around every Lambda handler: JSON logs, metrics in the log (EMF), tracing where it is on.
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';

/** One JSON object a line: whatever a key or a message holds, it can't start a line of its own. */
export const logger = new Logger();

/** Namespace and service come from POWERTOOLS_METRICS_NAMESPACE and POWERTOOLS_SERVICE_NAME. */
export const metrics = new Metrics();

const tracing = process.env['TRACING'] === 'on' ? await import('./tracing.ts') : undefined;

/** The client, traced where tracing is on. */
export const traced = <Client>(client: Client): Client => tracing?.withTracing(client) ?? client;

export type Run<Result> = (event: unknown, context: Context) => Promise<Result>;

/** A Lambda handler that runs `run`. Events are never logged: they hold what callers wrote. */
export function handler<Result>(run: Run<Result>) {
  const framed = middy<unknown, Result>()
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use(logMetrics(metrics, { captureColdStartMetric: true }));
  if (tracing) framed.use(tracing.traceHandler());
  return framed.handler(run);
}
