// The bus in the cloud: one PutEvents call.
import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsCommandOutput,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import type { PutEntries, Waits } from '../events/bus/delivery.ts';
import type { WireEntry } from '../events/entry.ts';
import { TrailbusError } from '../events/errors.ts';

/** The waits of a running process: its timers, its random numbers. */
export const realWaits: Waits = {
  sleep: (waitMs) => new Promise((done) => setTimeout(done, waitMs)),
  random: Math.random,
};

/** A PutEvents call that failed as a whole: none of its entries was taken, as far as is known. */
export class PutCallError extends TrailbusError {
  /** Throttled, a fault of the service, or of the network: the same call may pass later. */
  readonly retryable: boolean;
  /** The request was over the service's size limit: smaller calls may pass. */
  readonly tooLarge: boolean;

  constructor(message: string, kind: { retryable: boolean; tooLarge: boolean }, place: { source: string; help?: string; cause: unknown }) {
    super(message, place);
    this.retryable = kind.retryable;
    this.tooLarge = kind.tooLarge;
  }
}

/** What the SDK adds to an error it throws; read as optional, since a network error has none of it. */
interface SdkError {
  name?: string;
  message?: string;
  code?: string;
  $fault?: 'client' | 'server';
  $retryable?: object;
  $metadata?: { httpStatusCode?: number };
}

/**
 * Errors of a whole call that pass by waiting. PutEvents itself declares only InternalException; the rest are the common errors.
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/CommonErrors.html
 */
const PASSING = new Set([
  'InternalException',
  'InternalFailure',
  'ThrottlingException',
  'ServiceUnavailable',
  'RequestTimeout',
  'TimeoutError',
  'AbortError',
]);

/** Node's and the SDK's names for a connection that failed. */
const isNetworkFault = (error: SdkError) =>
  error.$metadata?.httpStatusCode === undefined && (error.code !== undefined || error.name === 'TimeoutError');

const isRetryable = (error: SdkError, status: number) =>
  error.$retryable !== undefined ||
  error.$fault === 'server' ||
  status >= 500 ||
  status === 429 ||
  PASSING.has(error.name ?? '') ||
  isNetworkFault(error);

/** The service says it in words (`Total size of the entries in the request is over the limit.`), a proxy in front of it with status 413. */
const isTooLarge = (error: SdkError, status: number) =>
  status === 413 || (error.name === 'ValidationException' && /size.*(over|exceed)|(over|exceed).*size/i.test(error.message ?? ''));

const HELP: Record<string, string> = {
  AccessDeniedException: 'let the role call events:PutEvents on the bus',
  ResourceNotFoundException: 'create the bus, or correct BUS_NAME',
  ExpiredTokenException: 'renew the credentials',
};

function putCallError(thrown: unknown, busName: string): PutCallError {
  const error = thrown as SdkError;
  const status = error.$metadata?.httpStatusCode ?? 0;
  const kind = { retryable: isRetryable(error, status), tooLarge: isTooLarge(error, status) };
  const message = `PutEvents failed: ${error.name ?? 'Error'}: ${error.message ?? ''}`;
  const help = HELP[error.name ?? ''];
  return new PutCallError(message, kind, { source: `event bus ${busName}`, cause: thrown, ...(help ? { help } : {}) });
}

/**
 * `Time` as the SDK takes it: an invalid Date would be written as `NaN`, and the whole call would no longer be JSON.
 * A leap second (`:60`) is no Date either; the record's own eventTime stays in `Detail`.
 */
function dateOf(time: string | undefined): Date | undefined {
  const date = time === undefined ? undefined : new Date(time);
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date;
}

const toRequestEntry = (entry: WireEntry, busName: string): PutEventsRequestEntry => ({
  Source: entry.Source,
  DetailType: entry.DetailType,
  Detail: entry.Detail,
  Resources: entry.Resources,
  Time: dateOf(entry.Time),
  EventBusName: busName,
});

async function putEvents(client: EventBridgeClient, busName: string, entries: WireEntry[]): Promise<PutEventsCommandOutput> {
  try {
    return await client.send(new PutEventsCommand({ Entries: entries.map((entry) => toRequestEntry(entry, busName)) }));
  } catch (error) {
    throw putCallError(error, busName);
  }
}

/**
 * Makes the `PutEntries` that DeliveryBus sends with: answers stand in the entries' order, with EventBridge's ErrorCode where one was refused.
 *
 * @param busName  name or ARN of the bus
 * @throws PutCallError when the call as a whole failed
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html
 */
export function eventBridgePut(client: EventBridgeClient, busName: string): PutEntries {
  return async (entries) => {
    const answer = await putEvents(client, busName, entries);
    return entries.map((_, index) => {
      const result = answer.Entries?.[index];
      if (result === undefined) return { code: 'NoAnswer', message: 'PutEvents gave no result for this entry' };
      return { ...(result.ErrorCode ? { code: result.ErrorCode } : {}), ...(result.ErrorMessage ? { message: result.ErrorMessage } : {}) };
    });
  };
}
