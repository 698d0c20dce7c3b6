// The corridor in Lambda: any trigger's payload in, entries on the bus out.
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { Duplicates } from '../events/duplicates.ts';
import { TrailbusError } from '../events/errors.ts';
import { Ledger, type ReasonCounts } from '../events/ledger.ts';
import { processNotification } from '../events/process.ts';
import type { AnyReason } from '../events/reasons.ts';
import { readConfiguration } from './configuration.ts';
import { type Corridor, openCorridor } from './corridor.ts';
import { handler, logger, metrics } from './handler.ts';
import { toldReason } from './loggedquarantine.ts';

/** Files of one SQS batch worked on at the same time: while one waits for PutEvents another one is inflated. Bounds memory to so many files. */
const FILES_AT_ONCE = 3;

const isSqsEvent = (event: unknown): event is SQSEvent => {
  const records = (event as { Records?: { eventSource?: unknown }[] } | null)?.Records;
  return Array.isArray(records) && records[0]?.eventSource === 'aws:sqs';
};

const errorPlaceOf = (error: unknown) =>
  error instanceof TrailbusError ? { source: error.source, path: error.path, help: error.help } : {};

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

/** Counts by reason over all ledgers, each with what the reason means. */
function reasonsOf(ledgers: Ledger[], column: (ledger: Ledger) => ReadonlyMap<AnyReason, number>): Record<string, object> {
  const total: ReasonCounts<AnyReason> = new Map();
  for (const ledger of ledgers) for (const [reason, count] of column(ledger)) total.set(reason, (total.get(reason) ?? 0) + count);
  return Object.fromEntries([...total].map(([reason, count]) => [reason, { count, ...toldReason(reason) }]));
}

/** Publishes what became of everything; a file given up half-way stands under FilesToRetry alone, so that the columns always add up. */
function publish(ledgers: Ledger[]): void {
  const sum = (column: (ledger: Ledger) => number) => ledgers.reduce((total, ledger) => total + column(ledger), 0);
  const counts = {
    RecordsRead: sum((ledger) => ledger.recordsRead),
    EntriesAccepted: sum((ledger) => ledger.entriesAccepted),
    EntriesParked: sum((ledger) => ledger.entriesParked),
    EntriesReduced: sum((ledger) => ledger.entriesReduced),
    RecordsOfNewVersion: sum((ledger) => ledger.recordsOfNewVersion),
    RecordsSkipped: sum((ledger) => ledger.recordsSkippedTotal),
    RecordsQuarantined: sum((ledger) => ledger.recordsQuarantinedTotal),
    HitsSent: sum((ledger) => ledger.hitsSent),
    DetectionFaults: sum((ledger) => ledger.detectionFaults),
    DeliveriesUnnoted: sum((ledger) => ledger.deliveriesUnnoted),
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
export function processHandler(open: () => Corridor | Promise<Corridor>) {
  let corridor: Corridor | undefined;
  return handler(async (event, context): Promise<SQSBatchResponse | undefined> => {
    corridor ??= await open();
    const { doors, policy } = corridor;
    const ledgers: Ledger[] = [];
    const duplicates = isSqsEvent(event) && event.Records.length > 1 ? new Duplicates(true) : undefined;
    const handle = async (payload: unknown) => {
      const ledger = new Ledger();
      ledgers.push(ledger);
      try {
        await processNotification(payload, doors(ledger, context), policy(context), duplicates);
      } catch (error) {
        logger.error('notification not done', { ...errorPlaceOf(error), error: error as Error });
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
