// Detections that travel with the process function.
import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type DetectionsInForce, readDetections } from '../../events/detect/index.ts';
import { toEntry } from '../../events/entry.ts';
import { TrailbusError } from '../../events/errors.ts';
import { PatternError } from '../../events/pattern/index.ts';
import { KEY, recordOf } from '../fakes/records.ts';

process.env['POWERTOOLS_METRICS_NAMESPACE'] = 'Trailbus';
const { askingShipped, ShippedEvaluators, shippedDetections } = await import('../../functions/detections.ts');
const { logger } = await import('../../functions/handler.ts');
logger.setLogLevel('SILENT');

const inForceOf = (file: string, more: Partial<DetectionsInForce> = {}): DetectionsInForce => ({
  ...{ detections: readDetections(file, 'rules.yaml'), lists: [], exclusions: [] },
  ...more,
});

const CREATED = 'id: created\npattern: { detail: { eventName: [CreateUser] } }\n';
const FOREIGN = 'id: foreign\npattern: { detail: { userIdentity: { accountId: [{ anything-but: [$accounts] }] } } }\n';

const entryIn = (account: string, record: object = {}) =>
  toEntry(recordOf({ eventName: 'CreateUser', userIdentity: { accountId: '111122223333' }, ...record }), {
    bucket: 'trail-logs',
    key: KEY.replaceAll('111122223333', account),
  });

const idsOf = (evaluators: InstanceType<typeof ShippedEvaluators>, entry: ReturnType<typeof entryIn>) =>
  evaluators
    .for(entry.ref)
    .ask(entry)
    .map(({ detection }) => detection);

test('reads the detections that were shipped beside the function, and says where they are missing', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'trailbus-task-'));
  process.env['LAMBDA_TASK_ROOT'] = folder;
  t.after(() => delete process.env['LAMBDA_TASK_ROOT']);
  assert.throws(
    () => shippedDetections('detections.json'),
    (error) => error instanceof TrailbusError && error.source === join(folder, 'detections.json') && /deploy again/.test(error.help ?? ''),
  );
  const inForce = inForceOf(CREATED);
  writeFileSync(join(folder, 'detections.json'), JSON.stringify(inForce));
  assert.deepEqual(idsOf(new ShippedEvaluators(shippedDetections('detections.json')), entryIn('111122223333')), ['created']);
});

test('where the configuration names no accounts, ours is the account of each file', () => {
  const evaluators = new ShippedEvaluators(inForceOf(FOREIGN));
  assert.deepEqual(idsOf(evaluators, entryIn('111122223333')), []);
  assert.deepEqual(idsOf(evaluators, entryIn('444455556666')), ['foreign']);
  assert.deepEqual(idsOf(evaluators, entryIn('111122223333')), []);
});

test('where it names accounts they are ours, whatever file tells of them', () => {
  const evaluators = new ShippedEvaluators(inForceOf(FOREIGN, { lists: [['accounts', ['111122223333']]] }));
  assert.deepEqual(idsOf(evaluators, entryIn('444455556666')), []);
});

test('files of many accounts keep the evaluators of few', () => {
  const evaluators = new ShippedEvaluators(inForceOf(FOREIGN));
  const accounts = Array.from({ length: 60 }, (_, at) => String(111122220000 + at));
  for (const account of accounts)
    assert.deepEqual(idsOf(evaluators, entryIn(account, { userIdentity: { accountId: account } })), [], account);
});

test('an exclusion ends with its day, though the function lives on', () => {
  let now = new Date('2026-11-28T23:59:59Z');
  const exclusions = [{ patterns: [{ detail: { eventName: ['CreateUser'] } }], until: '2026-11-28' }];
  const evaluators = new ShippedEvaluators(inForceOf(CREATED, { exclusions }), {}, () => now);
  assert.deepEqual(idsOf(evaluators, entryIn('111122223333')), []);
  now = new Date('2026-11-29T00:00:00Z');
  assert.deepEqual(idsOf(evaluators, entryIn('111122223333')), ['created']);
});

test('what does not compile is found before the first file', () => {
  const exclusions = [{ patterns: [{ detail: { eventName: [{ prefx: 'a' }] } }] }];
  assert.throws(() => new ShippedEvaluators(inForceOf(CREATED, { exclusions })), PatternError);
});

test('a detection that fails on a record is counted each time, and the record’s other hits stand', () => {
  const evaluators = new ShippedEvaluators(inForceOf(`${CREATED}---\n${CREATED.replace('created', 'again')}`));
  let faults = 0;
  const ask = askingShipped(evaluators, () => faults++);
  const failing = () => {
    const entry = entryIn('111122223333');
    let asked = 0;
    const caller = () => (asked++ === 0 ? assert.fail('broken') : entry.record.caller());
    return { ...entry, record: Object.assign(Object.create(entry.record) as typeof entry.record, { caller }) };
  };
  const hits = [...ask(failing()), ...ask(failing())];
  assert.deepEqual([faults, hits.map(({ detection }) => detection)], [2, ['again', 'again']]);
});
