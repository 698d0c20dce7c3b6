// The corridor between the services that a deployment names: its doors in the cloud, its policy.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import { eventBridgePut, realWaits } from '../aws/bus.ts';
import { DynamoDeliveryLog } from '../aws/deliverylog.ts';
import { DynamoDoneFiles } from '../aws/donefiles.ts';
import { S3ObjectStore } from '../aws/objects.ts';
import { S3Quarantine } from '../aws/quarantine.ts';
import { SqsHitQueue, SqsParkedEntries } from '../aws/sqs/index.ts';
import { DeliveryBus } from '../events/bus/delivery.ts';
import type { BusIdentity } from '../events/entry.ts';
import type { Ledger } from '../events/ledger.ts';
import type { ObjectRef } from '../events/objectkey.ts';
import type { OwnCalls } from '../events/owncall.ts';
import type { AskedDetections, Doors, Policy } from '../events/process.ts';
import type { Configuration } from './configuration.ts';
import { DeliveryNotes } from './deliverynotes.ts';
import { traced } from './handler.ts';
import { LoggedQuarantine } from './loggedquarantine.ts';
import { TimedDoneFiles } from './timeddonefiles.ts';

/** A connection that says nothing for so long is given up and the call tried again: without it one would hang until the function is killed. */
const PATIENCE = { requestHandler: { connectionTimeout: 3_000, socketTimeout: 20_000 } };

/** A file hardly waits for the note that it came. */
const NOTING = { requestHandler: { connectionTimeout: 1_000, requestTimeout: 1_000, throwOnRequestTimeout: true }, maxAttempts: 1 };

/** DeliveryBus tries again, and looks at the clock meanwhile; the SDK's own tries would multiply its. */
const TRIES_PER_PUT = 1;

export interface Corridor {
  /** Doors for one notification, with a ledger of its own: a bus is flushed, or fails, with the file it serves. */
  doors: (ledger: Ledger, context: Context) => Doors;
  policy: (context: Context) => Policy;
}

/** Opens the clients once, and reads rules and detections; they live as long as the function's environment. */
export async function openCorridor(configuration: Configuration): Promise<Corridor> {
  const wanted = await readWanted(configuration);
  const detections = await openDetections(configuration);
  const s3 = traced(new S3Client(PATIENCE));
  const sqs = traced(new SQSClient(PATIENCE));
  const dynamo = traced(new DynamoDBClient(PATIENCE));
  const put = eventBridgePut(traced(new EventBridgeClient({ ...PATIENCE, maxAttempts: TRIES_PER_PUT })), configuration.BUS_NAME);
  const owners = new Map([...configuration.LOG_BUCKETS].flatMap(([bucket, owner]) => (owner ? [[bucket, owner]] : [])));
  const buckets = new Set(configuration.LOG_BUCKETS.keys());
  const ownCalls = ownCallsOf(configuration);
  const quarantine = new S3Quarantine(s3, configuration.QUARANTINE_BUCKET, buckets, {
    quarantine: accountOf(configuration),
    logs: owners,
  });
  const notes = openNotes(configuration);
  const parkedEntries = new SqsParkedEntries(sqs, configuration.PARKED_ENTRIES_QUEUE_URL, quarantine);

  return {
    doors: (ledger, context) => {
      const timeLeftMs = () => context.getRemainingTimeInMillis();
      const arrivals = new WeakMap<ObjectRef, Date>();
      const onRead = (ref: ObjectRef, lastModified?: Date) => lastModified && arrivals.set(ref, lastModified);
      const bus = new DeliveryBus(put, parkedEntries, ledger, {
        ...realWaits,
        timeLeftMs,
        ...given({ maxCallBytes: configuration.MAX_CALL_BYTES }),
      });
      const store = new S3ObjectStore(s3, { owners, onRead, ...given({ maxStoredBytes: configuration.MAX_STORED_BYTES }) });
      const done = new DynamoDoneFiles(dynamo, configuration.DONE_TABLE, { timeLeftMs, ...given({ days: configuration.DONE_DAYS }) });
      return {
        ...{ ledger, bus, store, quarantine: new LoggedQuarantine(quarantine), done: new TimedDoneFiles(done, arrivals) },
        ...(detections && { detecting: detections(sqs, ledger, timeLeftMs) }),
        ...(notes && { noteDelivery: (delivery) => notes.note(delivery) }),
      };
    },
    policy: (context) => ({
      buckets,
      ownCalls,
      timeLeftMs: () => context.getRemainingTimeInMillis(),
      ...given({ maxInflatedBytes: configuration.MAX_INFLATED_BYTES }),
      ...(wanted && { wanted }),
    }),
  };
}

function openNotes({ DELIVERY_TABLE }: Configuration): DeliveryNotes | undefined {
  if (DELIVERY_TABLE === undefined) return undefined;
  return new DeliveryNotes(new DynamoDeliveryLog(traced(new DynamoDBClient(NOTING)), DELIVERY_TABLE));
}

const ownCallsOf = ({ OWN_ROLE_ARN, ALERT_ROLE_ARN, OWN_STORE_ARNS }: Configuration): OwnCalls => ({
  roleArns: new Set([OWN_ROLE_ARN, ...(ALERT_ROLE_ARN === undefined ? [] : [ALERT_ROLE_ARN])]),
  storeArns: new Set(OWN_STORE_ARNS),
});

/** The account that the stack lies in. */
const accountOf = ({ OWN_ROLE_ARN }: Pick<Configuration, 'OWN_ROLE_ARN'>) => OWN_ROLE_ARN.split(':')[4]!;

/** The bus as events on it name it. */
const busOf = ({ OWN_ROLE_ARN, AWS_REGION }: Configuration): BusIdentity => ({
  account: accountOf({ OWN_ROLE_ARN }),
  ...(AWS_REGION && { region: AWS_REGION }),
});

/**
 * What rules let through, with `emit: matched`: without rules nothing, where detections see every record all the same.
 * Their reader is loaded for them alone: it is a third as large as all the rest.
 */
async function readWanted(configuration: Configuration): Promise<Policy['wanted']> {
  const { EMIT, RULES } = configuration;
  if (EMIT === 'all') return undefined;
  if (RULES === undefined) return () => false;
  const { wantedByShipped } = await import('./rules.ts');
  return wantedByShipped(RULES, busOf(configuration));
}

type OpenDetections = (sqs: SQSClient, ledger: Ledger, timeLeftMs: () => number) => AskedDetections;

/** The detections that the function was shipped with, loaded where there are any. */
async function openDetections(configuration: Configuration): Promise<OpenDetections | undefined> {
  const { DETECTIONS, HIT_QUEUE_URL } = configuration;
  if (DETECTIONS === undefined || HIT_QUEUE_URL === undefined) return undefined;
  const { askingShipped, ShippedEvaluators, shippedDetections } = await import('./detections.ts');
  const evaluators = new ShippedEvaluators(shippedDetections(DETECTIONS), busOf(configuration));
  return (sqs, ledger, timeLeftMs) => ({
    ask: askingShipped(evaluators, () => ledger.detectionFaults++),
    queue: new SqsHitQueue(sqs, HIT_QUEUE_URL, { timeLeftMs }),
  });
}

/** The settings that are set: an absent one leaves the other side's default. */
function given<Name extends string>(settings: Record<Name, number | undefined>): Partial<Record<Name, number>> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as Partial<Record<Name, number>>;
}
