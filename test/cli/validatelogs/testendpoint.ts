// The endpoint that a test file asks in its own process.
import { mock } from 'node:test';
import { startEndpoint, type TestEndpoint } from './endpoint.ts';
import { environment } from './record.ts';
import { World } from './world.ts';

/** Starts an endpoint and points this process at it. No waiting between attempts: their number is what counts. */
export async function openEndpoint(): Promise<TestEndpoint> {
  mock.method(Math, 'random', () => 0);
  const endpoint = await startEndpoint(new World());
  Object.assign(process.env, environment(endpoint));
  return endpoint;
}
