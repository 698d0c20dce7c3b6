// Hits in, findings on the bus out: what the process function's detections said, file by file, becomes what is told.
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import { eventBridgePut, realWaits } from '../aws/bus.ts';
import { DynamoFindingState } from '../aws/findingstate.ts';
import { findingTeller } from '../aws/findingteller.ts';
import { readHitMessage } from '../aws/sqs/index.ts';
import type { TellFindings } from '../events/detect/doors.ts';
import { type FindingMaker, findingMakerOf, type Hit, type TakenHits } from '../events/detect/index.ts';
import { DeliveryError, TrailbusError } from '../events/errors.ts';
import { FINDING_LINES, type Finding, findingFacts, SEVERITIES } from '../events/finding.ts';
import { shippedDetections } from './detections.ts';
import { handler, logger, metrics, traced } from './handler.ts';
import { readSettings } from './settings.ts';

const name = z.string().min(1);

const Settings = z.object({
  /** Name or ARN of the bus that findings go to. */
  BUS_NAME: name,
  /** DynamoDB table that remembers what was found. */
  STATE_TABLE: name,
  /** The file with the detections; packaging puts it there. */
  DETECTIONS: name,
  /** How long a function that tells findings has before it counts as dead: longer than its timeout, shorter than until its hits come again. */
  CLAIM_SECONDS: z.coerce.number().positive(),
});

export interface Alerting {
  /** Ids of the detections that the function has. */
  known: ReadonlySet<string>;
  maker: Pick<FindingMaker, 'take'>;
  /** Tells findings within an invocation. */
  teller: (context: Context) => TellFindings;
}

/** A connection that says nothing for so long is given up, well before the function's time is over. */
const PATIENCE = { requestHandler: { connectionTimeout: 2_000, socketTimeout: 8_000 } };

/** With less time left nothing more is begun. */
const TIME_MARGIN_MS = 3_000;

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;

/** Those who wrote the same item at the same time meet again by chance alone. */
const pause = (attempt: number) => realWaits.sleep(realWaits.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt));

function openAlerting({ BUS_NAME, STATE_TABLE, DETECTIONS, CLAIM_SECONDS }: z.output<typeof Settings>): Alerting {
  const state = new DynamoFindingState(traced(new DynamoDBClient(PATIENCE)), STATE_TABLE);
  const put = eventBridgePut(traced(new EventBridgeClient({ ...PATIENCE, maxAttempts: 1 })), BUS_NAME);
  const now = () => Date.now() / 1_000;
  const inForce = shippedDetections(DETECTIONS);
  return {
    known: new Set(inForce.detections.map(({ id }) => id)),
    maker: findingMakerOf(inForce, state, { now, claimSeconds: CLAIM_SECONDS, pause }),
    teller: (context) => findingTeller(put, { ...realWaits, timeLeftMs: () => context.getRemainingTimeInMillis() }),
  };
}

/** A message of the queue with its hits. */
interface HitMessage {
  id: string;
  hits: Hit[];
  /** Which delivery of it this is, from 1. */
  delivery: number;
}

/** Deliveries in which hits of unknown detections are waited for: a deployment may have changed the process function first. */
const WAITS_FOR_UNKNOWN = 2;

/** One invocation: what it took and told, and why messages have to come again. */
class AlertRun {
  /** By the message's id. */
  readonly failures = new Map<string, unknown>();
  private readonly alerting: Alerting;
  private readonly context: Context;
  private readonly told: Finding[] = [];
  private readonly counts = { HitsTaken: 0, HitsLate: 0, HitsUnknown: 0, FindingsOnTrial: 0 };

  constructor(alerting: Alerting, context: Context) {
    this.alerting = alerting;
    this.context = context;
  }

  /** All messages together, so that what they count for is written once; where that fails each alone, so that one alone comes again. */
  async take(records: readonly SQSRecord[]): Promise<void> {
    const messages = records.flatMap((record) => this.read(record));
    if (messages.length === 0) return;
    try {
      await this.takeHits(messages.flatMap(({ hits }) => hits));
      for (const message of messages) this.waitForUnknown(message);
    } catch (error) {
      if (messages.length === 1) return this.fail(messages[0]!.id, error);
      logger.warn('messages did not go together', { messages: messages.length, error: error as Error });
      for (const message of messages) await this.takeAlone(message);
    }
  }

  private read({ messageId, body, attributes }: SQSRecord): HitMessage[] {
    try {
      return [{ id: messageId, hits: readHitMessage(body), delivery: Number(attributes.ApproximateReceiveCount) }];
    } catch (error) {
      this.fail(messageId, error);
      return [];
    }
  }

  private async takeAlone(message: HitMessage): Promise<void> {
    const { id, hits } = message;
    if (this.context.getRemainingTimeInMillis() < TIME_MARGIN_MS) return this.fail(id, new DeliveryError('no time left to try it alone'));
    try {
      await this.takeHits(hits);
      this.waitForUnknown(message);
    } catch (error) {
      this.fail(id, error);
    }
  }

  /** What is known of the message is taken; for the rest it comes again, a while. */
  private waitForUnknown({ id, hits, delivery }: HitMessage): void {
    const unknown = hits.find(({ detection }) => !this.alerting.known.has(detection));
    if (unknown === undefined || delivery > WAITS_FOR_UNKNOWN) return;
    this.failures.set(id, new DeliveryError('hits of a detection that is not known here'));
    logger.warn('message waits for a detection', { messageId: id, detection: unknown.detection });
  }

  private async takeHits(hits: readonly Hit[]): Promise<void> {
    const taken = await this.alerting.maker.take(hits, (findings) => this.tell(findings));
    this.count(hits, taken);
  }

  private async tell(findings: readonly Finding[]): Promise<void> {
    await this.alerting.teller(this.context)(findings);
    for (const finding of findings) {
      this.told.push(finding);
      logger.info(FINDING_LINES.told, { finding: findingFacts(finding) });
    }
  }

  private count(hits: readonly Hit[], { late, unknown, dryRun }: TakenHits): void {
    this.counts.HitsTaken += hits.length;
    this.counts.HitsLate += late;
    this.counts.HitsUnknown += unknown;
    this.counts.FindingsOnTrial += dryRun.length;
    for (const finding of dryRun) logger.info(FINDING_LINES.onTrial, { finding: findingFacts(finding) });
  }

  private fail(id: string, error: unknown): void {
    this.failures.set(id, error);
    const place = error instanceof TrailbusError ? { source: error.source, path: error.path, help: error.help } : {};
    logger.error('message not done', { messageId: id, ...place, error: error as Error });
  }

  publish(): void {
    const counts = { ...this.counts, FindingsTold: this.told.length, MessagesToRetry: this.failures.size };
    for (const [metric, value] of Object.entries(counts)) metrics.addMetric(metric, MetricUnit.Count, value);
    for (const severity of SEVERITIES) this.publishSeverity(severity);
    logger.info('hits handled', counts);
  }

  /** The same number once more, in a dimension of its own. */
  private publishSeverity(severity: Finding['severity']): void {
    const count = this.told.filter((finding) => finding.severity === severity).length;
    if (count > 0) metrics.singleMetric().addDimension('severity', severity).addMetric('FindingsTold', MetricUnit.Count, count);
  }
}

function batchIn(event: unknown): SQSEvent {
  if (Array.isArray((event as SQSEvent | null)?.Records)) return event as SQSEvent;
  throw new TrailbusError('not a batch of messages', { source: 'event', help: 'let the hit queue alone invoke this function' });
}

/** The handler over an opened state and bus: answers which messages have to come again. */
export function alertHandler(open: () => Alerting) {
  let alerting: Alerting | undefined;
  return handler(async (event, context): Promise<SQSBatchResponse> => {
    const batch = batchIn(event);
    alerting ??= open();
    const run = new AlertRun(alerting, context);
    await run.take(batch.Records);
    run.publish();
    const answer = async ({ messageId }: SQSRecord) => {
      if (run.failures.has(messageId)) throw run.failures.get(messageId);
    };
    return processPartialResponse(batch, answer, new BatchProcessor(EventType.SQS), { context, throwOnFullBatchFailure: false });
  });
}

export const main = alertHandler(() => openAlerting(readSettings(Settings, process.env, 'serverless/pieces/alert.ts')));
