// Silence in Lambda: looks on a schedule which accounts and regions deliver no longer, and puts findings on the bus.
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { eventBridgePut, realWaits } from '../aws/bus.ts';
import { DynamoDeliveryLog } from '../aws/deliverylog.ts';
import { findingTeller } from '../aws/findingteller.ts';
import type { SeenPlace, SilenceRule } from '../events/deliveries.ts';
import type { TellFindings } from '../events/detect/doors.ts';
import type { DeliveryLog } from '../events/doors.ts';
import { judgePlaces, type PlaceChange, type SilenceChange } from '../events/silences.ts';
import { handler, logger, metrics, traced } from './handler.ts';
import { readSettings } from './settings.ts';

const name = z.string().min(1);

const SilenceSettings = z.object({
  /** Name or ARN of the bus that findings go to. */
  BUS_NAME: name,
  /** DynamoDB table that remembers which places deliver. */
  DELIVERY_TABLE: name,
  /** Hours without a file that count as silence anywhere. */
  SILENT_AFTER: z.coerce.number().int().positive(),
});
type SilenceSettings = z.output<typeof SilenceSettings>;

/** The environment as settings. @throws TrailbusError that names every fault */
export const readSilenceSettings = (environment: Record<string, string | undefined>): SilenceSettings =>
  readSettings(SilenceSettings, environment, 'serverless/pieces/silence.ts');

export interface Listening {
  log: DeliveryLog;
  rule: SilenceRule;
  /** Tells findings within an invocation. */
  teller: (context: Context) => TellFindings;
}

function openListening({ BUS_NAME, DELIVERY_TABLE, SILENT_AFTER }: SilenceSettings): Listening {
  const put = eventBridgePut(traced(new EventBridgeClient({ maxAttempts: 1 })), BUS_NAME);
  return {
    log: new DynamoDeliveryLog(traced(new DynamoDBClient({})), DELIVERY_TABLE),
    rule: { atLeastHours: SILENT_AFTER },
    teller: (context) => findingTeller(put, { ...realWaits, timeLeftMs: () => context.getRemainingTimeInMillis() }),
  };
}

/** Findings told together, and places remembered together: a function that is killed between tells them again, by the same ids. */
const TOGETHER = 50;

/** With less time left nothing more is begun: the next run goes on. */
const RESERVED_MS = 20_000;

interface SilenceTally {
  places: number;
  silent: number;
  told: number;
}

/** @returns how many findings were told */
async function tellChanges(changes: readonly SilenceChange[], { log, teller }: Listening, context: Context): Promise<number> {
  const tell = teller(context);
  const isTimeUp = () => context.getRemainingTimeInMillis() < RESERVED_MS;
  for (let at = 0; at < changes.length; at += TOGETHER) {
    if (isTimeUp()) return at;
    const some = changes.slice(at, at + TOGETHER);
    await tell(some.map(({ finding }) => finding));
    for (const { finding } of some) logger.info('finding told', factsOf(finding));
    await rememberTold(
      some.flatMap(({ places }) => places),
      log,
      isTimeUp,
    );
  }
  return changes.length;
}

/** What there is no time for is told again at the next look, as part of the storm it was told in. */
async function rememberTold(places: readonly PlaceChange[], log: DeliveryLog, isTimeUp: () => boolean): Promise<void> {
  for (let at = 0; at < places.length && (at === 0 || !isTimeUp()); at += TOGETHER) {
    const some = places.slice(at, at + TOGETHER);
    await Promise.all(some.map(({ place, told }) => log.update(place, (seen) => seen && withTold(seen, told))));
  }
}

function withTold({ told: _, ...seen }: SeenPlace, told: PlaceChange['told']): SeenPlace {
  return told === undefined ? seen : { ...seen, told };
}

const factsOf = ({ id, rule, severity, state, account, region }: SilenceChange['finding']) => ({
  finding: { id, rule, severity, state, account, region },
});

function publish({ places, silent, told }: SilenceTally): void {
  metrics.addMetric('PlacesSeen', MetricUnit.Count, places);
  metrics.addMetric('PlacesSilent', MetricUnit.Count, silent);
  metrics.addMetric('SilencesTold', MetricUnit.Count, told);
  logger.info('places looked at', { places, silent, told });
}

/** The handler over an opened log and bus. */
export function silenceHandler(open: () => Listening, now: () => number = Date.now) {
  let listening: Listening | undefined;
  return handler(async (_event, context): Promise<SilenceTally> => {
    listening ??= open();
    const places = await listening.log.places();
    const { silent, changes } = judgePlaces(places, now(), listening.rule);
    const tally = { places: places.length, silent, told: await tellChanges(changes, listening, context) };
    publish(tally);
    return tally;
  });
}

export const main = silenceHandler(() => openListening(readSilenceSettings(process.env)));
