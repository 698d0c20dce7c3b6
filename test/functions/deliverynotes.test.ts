// Notes of files that came: how often the table is asked, and what happens when it doesn't answer.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeptDeliveries } from '../fakes/deliveries.ts';

process.env['POWERTOOLS_METRICS_NAMESPACE'] = 'Trailbus';
process.env['POWERTOOLS_DEV'] = 'false';
const { logger } = await import('../../functions/handler.ts');
const { DeliveryNotes } = await import('../../functions/deliverynotes.ts');
logger.setLogLevel('SILENT');

const HOUR_MS = 3_600_000;
const NOW = Date.parse('2026-03-11T06:30:00Z');
const HOUR = Math.floor(NOW / HOUR_MS);
const delivery = (hour: number, region = 'eu-west-1') => ({ account: '111122223333', region, hour });

function notesAt(start: number) {
  const log = new KeptDeliveries();
  const clock = { now: start };
  return { log, clock, notes: new DeliveryNotes(log, () => clock.now) };
}

test('each place and hour is noted once', async () => {
  const { log, notes } = notesAt(NOW);
  for (const hour of [HOUR, HOUR, HOUR - 1]) await notes.note(delivery(hour));
  await notes.note(delivery(HOUR, 'eu-west-2'));
  await notes.note(delivery(HOUR));
  assert.equal(log.updates, 3);
  assert.deepEqual(
    (await log.places()).map(({ region, spans }) => [region, spans]),
    [
      ['eu-west-1', [[HOUR - 1, HOUR]]],
      ['eu-west-2', [[HOUR, HOUR]]],
    ],
  );
});

test('a file of last week, or of tomorrow, is not noted', async () => {
  const { log, notes } = notesAt(NOW);
  await notes.note(delivery(HOUR - 7 * 24));
  await notes.note(delivery(HOUR + 24));
  assert.equal(log.updates, 0);
});

test('after a fault nothing is asked for a minute, then the same file is noted', async (context) => {
  const said = context.mock.method(logger, 'warn', () => undefined);
  const { log, clock, notes } = notesAt(NOW);
  log.fault = new Error('AccessDenied');
  await assert.rejects(notes.note(delivery(HOUR)), /AccessDenied/);
  assert.equal(said.mock.calls[0]!.arguments[0], 'delivery not noted');
  log.fault = undefined;
  clock.now += 59_000;
  await notes.note(delivery(HOUR));
  assert.deepEqual([log.updates, log.seen.size], [1, 0]);
  clock.now += 1_000;
  await notes.note(delivery(HOUR));
  assert.deepEqual([log.updates, log.seen.size], [2, 1]);
});
