// Many things at once, their results in order.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ExpectedReads, inOrder, limiter, type PendingResult } from '../../../events/digest/inorder.ts';

const turns = async (count: number) => {
  for (let turn = 0; turn < count; turn++) await null;
};

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of source) all.push(one);
  return all;
}

test('results come in order, however they arrive', async () => {
  async function* source(): AsyncGenerator<PendingResult<number>> {
    for (let i = 0; i < 50; i++) yield { settled: turns((i * 7) % 13).then(() => i) };
  }
  assert.deepEqual(
    await collect(inOrder(source(), 8)),
    Array.from({ length: 50 }, (_, i) => i),
  );
});

test('never more results are under way than the limit', async () => {
  let [begun, taken, most] = [0, 0, 0];
  async function* source(): AsyncGenerator<PendingResult<number>> {
    for (let i = 0; i < 200; i++) {
      begun++;
      most = Math.max(most, begun - taken);
      yield { settled: turns(i % 5).then(() => i) };
    }
  }
  for await (const _ of inOrder(source(), 16)) {
    taken++;
    await turns(3);
  }
  assert.ok(most <= 17, `${most} under way`);
  assert.ok(most >= 16, 'reads ahead at all');
});

test('a failure is thrown at its own place, after all that came before', async () => {
  async function* source(): AsyncGenerator<PendingResult<number>> {
    yield { settled: turns(20).then(() => 1) };
    yield { settled: Promise.reject(new Error('second')) };
    yield { settled: Promise.resolve(3) };
  }
  const seen: number[] = [];
  await assert.rejects(
    async () => {
      for await (const one of inOrder(source(), 8)) seen.push(one);
    },
    { message: 'second' },
  );
  assert.deepEqual(seen, [1]);
});

test('a source that fails does so after its results', async () => {
  async function* source(): AsyncGenerator<PendingResult<number>> {
    yield { settled: turns(20).then(() => 1) };
    throw new Error('source');
  }
  const seen: number[] = [];
  await assert.rejects(
    async () => {
      for await (const one of inOrder(source(), 8)) seen.push(one);
    },
    { message: 'source' },
  );
  assert.deepEqual(seen, [1]);
});

test('the limiter keeps its limit and its order, also when work fails', async () => {
  const limit = limiter(3);
  let [running, most] = [0, 0];
  const begun: number[] = [];
  const works = Array.from({ length: 20 }, (_, i) =>
    limit(async () => {
      begun.push(i);
      most = Math.max(most, ++running);
      await turns(i % 4);
      running--;
      if (i % 5 === 0) throw new Error(String(i));
      return i;
    }).catch(() => -1),
  );
  await Promise.all(works);
  assert.equal(most, 3);
  assert.deepEqual(
    begun,
    Array.from({ length: 20 }, (_, i) => i),
  );
});

test('things expected are read before they are asked for, at most so many, each once', async () => {
  const read: string[] = [];
  const reads = new ExpectedReads(async (_, key) => {
    read.push(key);
    return key;
  }, 3);
  reads.expect('b', ['k1', 'k2', 'k3', 'k4', 'k5', 'k6', 'k7']);
  assert.deepEqual(read, ['k7', 'k6', 'k5']);
  assert.equal(await reads.take('b', 'k7'), 'k7');
  assert.deepEqual(read, ['k7', 'k6', 'k5', 'k4']);
  assert.equal(await reads.take('b', 'k4'), 'k4');
  assert.deepEqual(read, ['k7', 'k6', 'k5', 'k4', 'k3', 'k2', 'k1']);
  assert.equal(await reads.take('other', 'k1'), 'k1', 'a bucket not listed is read when asked');
  assert.equal(await reads.take('b', 'unlisted'), 'unlisted');
  assert.equal(read.length, 9);
});
