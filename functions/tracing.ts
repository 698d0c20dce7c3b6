// X-Ray, loaded only where TRACING is on: its SDK is larger than everything else together.
import { Tracer } from '@aws-lambda-powertools/tracer';
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware';

const tracer = new Tracer();

export const traceHandler = () => captureLambdaHandler(tracer, { captureResponse: false });

export const withTracing = <Client>(client: Client): Client => tracer.captureAWSv3Client(client);
