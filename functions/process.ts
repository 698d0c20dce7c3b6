// The corridor in Lambda: any trigger's payload in, entries on the bus out.
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { eventBridgePut } from '../aws/bus.ts';
import { SqsDeadLetters } from '../aws/deadletters.ts';
import { DynamoDoneFiles } from '../aws/donefiles.ts';
import { S3ObjectStore } from '../aws/objects.ts';
import { S3Quarantine } from '../aws/quarantine.ts';
import { DeliveryBus } from '../events/delivery.ts';
import { TrailbusError } from '../events/errors.ts';
import { Ledger, type Reasons } from '../events/ledger.ts';
import type { DoneFiles, ObjectRef, Quarantine } from '../events/ports.ts';
import { type Doors, type Policy, processNotification } from '../events/process.ts';
import { type Configuration, readConfiguration } from './configuration.ts';
import { handler, logger, metrics, traced } from './handler.ts';

/** Files of one SQS batch worked on at the same time: while one waits for PutEvents another one is inflated. Bounds memory to so many files. */
const FILES_AT_ONCE = 3;

/** A connection that says nothing for so long is given up and the call tried again: without it one would hang until the function is killed. */
const PATIENCE = { requestHandler: { connectionTimeout: 3_000, socketTimeout: 20_000 } };

export interface Corridor {
  /** Doors for one notification, with a ledger of its own: a bus is flushed, or fails, with the file it serves. */
  doors: (ledger: Ledger, context: Context) => Doors;
  policy: (context: Context) => Policy;
}

/** The corridor between the services that `configuration` names. Clients live as long as the environment. */
function openCorridor(configuration: Configuration): Corridor {
  const s3 = traced(new S3Client(PATIENCE));
  const sqs = traced(new SQSClient(PATIENCE));
  const dynamo = traced(new DynamoDBClient(PATIENCE));
  const put = eventBridgePut(traced(new EventBridgeClient(PATIENCE)), configuration.BUS_NAME);
  const owners = new Map([...configuration.LOG_BUCKETS].flatMap(([bucket, owner]) => (owner ? [[bucket, owner]] : [])));
  const buckets = new Set(configuration.LOG_BUCKETS.keys());
  const quarantine = new S3Quarantine(s3, configuration.QUARANTINE_BUCKET, buckets);
  const deadLetters = new SqsDeadLetters(sqs, configuration.DEAD_LETTER_QUEUE_URL, quarantine);

  return {
    doors: (ledger, context) => {
      const timeLeftMs = () => context.getRemainingTimeInMillis();
      const arrivals = new WeakMap<ObjectRef, Date>();
      const onRead = (ref: ObjectRef, lastModified?: Date) => lastModified && arrivals.set(ref, lastModified);
      const bus = new DeliveryBus(put, deadLetters, ledger, { timeLeftMs, ...given({ maxCallBytes: configuration.MAX_CALL_BYTES }) });
      const store = new S3ObjectStore(s3, { owners, onRead, ...given({ maxStoredBytes: configuration.MAX_STORED_BYTES }) });
      const done = new DynamoDoneFiles(dynamo, configuration.DONE_TABLE, { timeLeftMs, ...given({ days: configuration.DONE_DAYS }) });
      return { ledger, bus, store, quarantine: logged(quarantine), done: timed(done, arrivals) };
    },
    // `emit: matched` comes in here, as `wanted`.
    policy: (context) => ({
      buckets,
      ownRoleArn: configuration.OWN_ROLE_ARN,
      timeLeftMs: () => context.getRemainingTimeInMillis(),
      ...given({ maxInflatedBytes: configuration.MAX_INFLATED_BYTES }),
    }),
  };
}

/** The settings that are set: an absent one leaves the other side's default. */
function given<Name extends string>(settings: Record<Name, number | undefined>): Partial<Record<Name, number>> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as Partial<Record<Name, number>>;
}

/** A quarantine that also says in the log what it keeps. */
const logged = (quarantine: Quarantine): Quarantine => ({
  keepFile: async (ref, reason, why, bytes) => {
    await quarantine.keepFile(ref, reason, why, bytes);
    logger.warn('file quarantined', { reason, why, bucket: ref.bucket, key: ref.key });
  },
  keepRecord: async (ref, index, reason, bytes) => {
    await quarantine.keepRecord(ref, index, reason, bytes);
    logger.warn('record quarantined', { reason, index, bucket: ref.bucket, key: ref.key });
  },
});

/** Done files that also measure how long a file took from its arrival in S3 (LastModified, whole seconds) to its last entry on the bus. */
const timed = (done: DoneFiles, arrivals: WeakMap<ObjectRef, Date>): DoneFiles => ({
  once: async (ref, work) => {
    const result = await done.once(ref, work);
    const arrival = arrivals.get(ref);
    if (arrival) metrics.addMetric('DeliverySeconds', MetricUnit.Seconds, Math.max(0, (Date.now() - arrival.getTime()) / 1000));
    return result;
  },
});

const isSqsEvent = (event: unknown): event is SQSEvent => {
  const records = (event as { Records?: { eventSource?: unknown }[] } | null)?.Records;
  return Array.isArray(records) && records[0]?.eventSource === 'aws:sqs';
};

const placeOf = (error: unknown) => (error instanceof TrailbusError ? { source: error.source, path: error.path, help: error.help } : {});

/** At most `limit` runs of `run` at a time; the others wait their turn. */
function atMost<Item>(limit: number, run: (item: Item) => Promise<void>): (item: Item) => Promise<void> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (item) => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    running++;
    await run(item).finally(() => {
      running--;
      waiting.shift()?.();
    });
  };
}

/** Counts by reason over all ledgers. */
function reasonsOf(ledgers: Ledger[], column: (ledger: Ledger) => Reasons): Record<string, number> {
  const total: Record<string, number> = {};
  for (const ledger of ledgers) for (const [reason, count] of column(ledger)) total[reason] = (total[reason] ?? 0) + count;
  return total;
}

/** Publishes what became of everything; a file given up half-way stands under FilesToRetry alone, so that the columns always add up. */
function publish(ledgers: Ledger[]): void {
  const sum = (column: (ledger: Ledger) => number) => ledgers.reduce((total, ledger) => total + column(ledger), 0);
  const counts = {
    RecordsRead: sum((ledger) => ledger.recordsRead),
    EntriesAccepted: sum((ledger) => ledger.entriesAccepted),
    EntriesParked: sum((ledger) => ledger.entriesParked),
    EntriesReduced: sum((ledger) => ledger.entriesReduced),
    RecordsSkipped: sum((ledger) => ledger.recordsSkippedTotal),
    RecordsQuarantined: sum((ledger) => ledger.recordsQuarantinedTotal),
    FilesDone: sum((ledger) => ledger.filesDone),
    FilesSkipped: sum((ledger) => ledger.filesSkippedTotal),
    FilesQuarantined: sum((ledger) => ledger.filesQuarantinedTotal),
    FilesToRetry: sum((ledger) => ledger.filesToRetry),
  };
  for (const [name, value] of Object.entries(counts)) metrics.addMetric(name, MetricUnit.Count, value);
  const reasons = {
    recordsSkipped: reasonsOf(ledgers, (ledger) => ledger.recordsSkipped),
    recordsQuarantined: reasonsOf(ledgers, (ledger) => ledger.recordsQuarantined),
    filesSkipped: reasonsOf(ledgers, (ledger) => ledger.filesSkipped),
    filesQuarantined: reasonsOf(ledgers, (ledger) => ledger.filesQuarantined),
  };
  logger.info('notifications handled', { ...counts, reasons });
}

/**
 * The handler over a corridor. A batch from SQS answers which messages to give again; any other trigger's failure is thrown,
 * so that Lambda retries the invocation and then hands it to the on-failure destination.
 */
export function processHandler(open: () => Corridor) {
  let corridor: Corridor | undefined;
  return handler(async (event, context): Promise<SQSBatchResponse | undefined> => {
    corridor ??= open();
    const { doors, policy } = corridor;
    const ledgers: Ledger[] = [];
    const handle = async (payload: unknown) => {
      const ledger = new Ledger();
      ledgers.push(ledger);
      try {
        await processNotification(payload, doors(ledger, context), policy(context));
      } catch (error) {
        logger.error('notification not done', { ...placeOf(error), error: error as Error });
        throw error;
      }
    };
    try {
      if (!isSqsEvent(event)) return void (await handle(event));
      const processor = new BatchProcessor(EventType.SQS);
      const options = { context, throwOnFullBatchFailure: false };
      return await processPartialResponse(event, atMost<SQSRecord>(FILES_AT_ONCE, handle), processor, options);
    } finally {
      publish(ledgers);
    }
  });
}

export const main = processHandler(() => openCorridor(readConfiguration(process.env)));
