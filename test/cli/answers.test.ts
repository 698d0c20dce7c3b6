// Answers to a reader that is slow, or has gone.
import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { AnswerWriter } from '../../cli/answers.ts';

const newStream = () => new PassThrough({ highWaterMark: 1_024 });

/** Whether the writer goes on, by the time that streams have had their turn. */
async function isDrained(writer: AnswerWriter, stream: PassThrough, then: () => void): Promise<[before: boolean, after: boolean]> {
  writer.write(() => 'x'.repeat(100_000));
  let drained = false;
  const waiting = writer.drained().then(() => {
    drained = true;
  });
  await setImmediate();
  const before = drained;
  then();
  await Promise.race([waiting, setImmediate().then(() => setImmediate())]);
  stream.destroy();
  return [before, drained];
}

test('who writes much waits until it is read', async () => {
  const stream = newStream();
  const writer = new AnswerWriter(stream as unknown as NodeJS.WriteStream);
  assert.deepEqual(await isDrained(writer, stream, () => stream.resume()), [false, true]);
});

test('nobody waits for a reader that has gone', async () => {
  const stream = newStream();
  const writer = new AnswerWriter(stream as unknown as NodeJS.WriteStream);
  const gone = Object.assign(new Error('gone'), { code: 'EPIPE' });
  assert.deepEqual(await isDrained(writer, stream, () => stream.destroy(gone)), [false, true]);
  await writer.drained();
});
