import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BatchResultErrorEntry, SendMessageBatchCommand, type SendMessageBatchRequestEntry, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { MAX_HITS_BYTES, readHitMessage, SqsHitQueue, type SqsHitQueueOptions } from '../../../aws/sqs/index.ts';
import type { Hit } from '../../../events/detect/index.ts';
import { DeliveryError, TrailbusError } from '../../../events/errors.ts';
import { hitQueueContract } from '../../contracts/hitqueue.ts';
import { hitOfRecord } from '../../fakes/hits.ts';

const QUEUE = 'https://sqs.us-east-1.amazonaws.com/111122223333/hits';

type Refuse = (messages: SendMessageBatchRequestEntry[], call: number) => BatchResultErrorEntry[];

/** A queue that has the limits of SQS. */
function makeQueue(refuse: Refuse = () => [], options: Partial<SqsHitQueueOptions> = {}) {
  const client = new SQSClient({ region: 'us-east-1' });
  const bodies: string[] = [];
  const calls: string[][] = [];
  mockClient(client)
    .on(SendMessageBatchCommand)
    .callsFake(({ QueueUrl, Entries }: { QueueUrl: string; Entries: SendMessageBatchRequestEntry[] }) => {
      assert.equal(QueueUrl, QUEUE);
      assert.ok(Entries.length > 0 && Entries.length <= 10);
      const bytes = Entries.reduce((sum, { MessageBody = '' }) => sum + Buffer.byteLength(MessageBody), 0);
      assert.ok(bytes <= 262_144, `${bytes} bytes`);
      const Failed = refuse(Entries, calls.length);
      const refused = new Set(Failed.map(({ Id }) => Id));
      calls.push(Entries.map(({ Id = '' }) => Id));
      bodies.push(...Entries.filter(({ Id }) => !refused.has(Id)).map(({ MessageBody = '' }) => MessageBody));
      return { Failed };
    });
  const queue = new SqsHitQueue(client, QUEUE, { sleep: async () => undefined, random: () => 1, ...options });
  return { queue, bodies, calls, hits: () => bodies.flatMap(readHitMessage) };
}

hitQueueContract('SqsHitQueue', async () => {
  let refusesNext = false;
  const { queue, hits } = makeQueue((messages) => {
    const Failed = refusesNext ? [{ Id: messages.at(-1)!.Id, SenderFault: true, Code: 'InvalidMessageContents' }] : [];
    refusesNext = false;
    return Failed;
  });
  return { queue, taken: async () => hits(), refuseNext: () => (refusesNext = true) };
});

const passing = (Id: string | undefined): BatchResultErrorEntry => ({ Id, SenderFault: false, Code: 'InternalError', Message: 'again' });
const many = Array.from({ length: 450 }, (_, at) => hitOfRecord(at));

test('few hits are one message, many as many as their number and size ask for', async () => {
  const few = makeQueue();
  await few.queue.send(many.slice(0, 100));
  assert.equal(few.bodies.length, 1);
  const large = makeQueue();
  await large.queue.send(many.map((hit) => ({ ...hit, resources: ['x'.repeat(2_000)] })));
  assert.ok(large.bodies.every((body) => Buffer.byteLength(body) < MAX_HITS_BYTES + 1_000));
  assert.ok(large.bodies.length > 7 && large.calls.length > 3);
});

test('of a call that was taken in part the rest alone is sent again', async () => {
  const { queue, calls, hits } = makeQueue((messages, call) => (call < 2 ? [passing(messages.at(-1)!.Id)] : []));
  await queue.send(many);
  assert.deepEqual(calls, [['0', '1', '2', '3', '4'], ['4'], ['4']]);
  assert.deepEqual(hits(), many);
});

test('gives up after five tries with the number and the reason', async () => {
  const { queue, calls } = makeQueue((messages) => messages.map(({ Id }) => passing(Id)));
  await assert.rejects(
    queue.send(many),
    (error: unknown) => error instanceof DeliveryError && error.message === '5 messages of hits not taken: InternalError: again',
  );
  assert.equal(calls.length, 5);
});

test('does not try again what is refused for good, nor when the time is nearly over', async () => {
  const final = makeQueue((messages) => [{ ...passing(messages[0]!.Id), SenderFault: true }]);
  await assert.rejects(final.queue.send(many), /1 message of hits not taken/);
  assert.equal(final.calls.length, 1);
  const late = makeQueue((messages) => [passing(messages[0]!.Id)], { timeLeftMs: () => 900 });
  await assert.rejects(late.queue.send(many), /no time left/);
  assert.equal(late.calls.length, 1);
});

test('a call that fails as a whole says what to do', async () => {
  const client = new SQSClient({ region: 'us-east-1' });
  mockClient(client)
    .on(SendMessageBatchCommand)
    .rejects(Object.assign(new Error('no'), { name: 'AccessDenied' }));
  await assert.rejects(
    new SqsHitQueue(client, QUEUE).send([hitOfRecord(0)]),
    (error: unknown) =>
      error instanceof DeliveryError && /AccessDenied: no/.test(error.message) && /sqs:SendMessage/.test(error.help ?? ''),
  );
});

test('a hit that a caller made too large for a message goes without resources and with fewer values, and is not lost', async () => {
  const marks = ['main', 'raise.0'].flatMap((window) =>
    Array.from({ length: 100 }, (_, at) => ({ window, key: ['\u0001'.repeat(256)], value: `${at}${'\u0001'.repeat(250)}` })),
  );
  const hostile: Hit = { ...hitOfRecord(0), resources: Array.from({ length: 20 }, () => '\u0001'.repeat(2_048)), marks };
  const { queue, hits, bodies } = makeQueue();
  await queue.send([hostile, hitOfRecord(1)]);
  const [first, second] = hits();
  assert.deepEqual([first!.event, first!.resources, second], [hostile.event, [], hitOfRecord(1)]);
  for (const window of ['main', 'raise.0']) {
    const kept = first!.marks.filter((mark) => mark.window === window);
    assert.ok(kept.length >= 10);
    assert.deepEqual(kept, marks.filter((mark) => mark.window === window).slice(0, kept.length));
  }
  assert.ok(bodies.every((body) => Buffer.byteLength(body) < 262_144));
});

test('resources alone go where that is enough', async () => {
  const { queue, hits } = makeQueue();
  const marks = Array.from({ length: 100 }, (_, at) => ({ window: 'main', key: ['a'], value: `${at}` }));
  await queue.send([{ ...hitOfRecord(0), resources: Array.from({ length: 20 }, () => '\u0001'.repeat(2_048)), marks }]);
  assert.equal(hits()[0]?.marks.length, 100);
});

const body = (hits: unknown) => JSON.stringify({ trailbus: 'hits', version: 1, hits });
const foreign: [string, string][] = [
  ['no JSON', '{"trailbus":"hits"'],
  ['a notification', '{"Records":[]}'],
  ['another version', '{"trailbus":"hits","version":2,"hits":[]}'],
  ['a hit without an event', body([{ ...hitOfRecord(0), event: undefined }])],
  ['a severity that is none', body([{ ...hitOfRecord(0), severity: '__proto__' }])],
  ['a time that is none', body([hitOfRecord(0, { event: { ...hitOfRecord(0).event, time: '2026-13-45T99:00:00Z' } })])],
  ['a time beyond reading', body([hitOfRecord(0, { event: { ...hitOfRecord(0).event, time: '1e99' } })])],
  ['a text of megabytes', body([hitOfRecord(0, { title: 'x'.repeat(200_000) })])],
  ['hits without end', body(Array.from({ length: 1_001 }, () => hitOfRecord(0)))],
];
for (const [name, text] of foreign)
  test(`${name} is no message of hits`, () =>
    assert.throws(
      () => readHitMessage(text),
      (error) => error instanceof TrailbusError && error.message === 'not a message of hits' && !/xxxx/.test(String(error.path)),
    ));

test('what a later version may add to a hit is left out', () =>
  assert.deepEqual(readHitMessage(body([{ ...hitOfRecord(0), colour: 'red', __proto__: null }])), [hitOfRecord(0)]));
