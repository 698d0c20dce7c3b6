// The state of findings in a file: saved whole or not at all, read again, forgotten in time.
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { UsageError } from '../../events/errors.ts';
import { FileFindingState, ForkedFindingState, MemoryFindingState } from '../../local/findingstate.ts';

const DAY = 86_400;
const NOW = Date.parse('2026-03-11T06:30:00Z') / 1_000;
const how = (expected?: number) => ({ expected, expiresAt: NOW + DAY, now: NOW });

const newPath = () => join(mkdtempSync(join(tmpdir(), 'trailbus-state-')), 'state.json');

test('what a run saved the next one finds', async () => {
  const path = newPath();
  const first = FileFindingState.open(path);
  await first.write('one', { text: 'ü\n"' }, how());
  await first.write('two', [1, 2], how());
  first.save();
  const next = FileFindingState.open(path);
  const found = await next.read(['one', 'two']);
  assert.deepEqual([found.get('one')?.value, found.get('two')?.value], [{ text: 'ü\n"' }, [1, 2]]);
  assert.notEqual(await next.write('one', {}, how(found.get('one')!.version)), undefined);
});

test('nothing is written before it is saved, and saving leaves no other file', async () => {
  const path = newPath();
  const state = FileFindingState.open(path);
  await state.write('one', {}, how());
  assert.deepEqual(readdirSync(dirname(path)), []);
  state.save();
  assert.deepEqual(readdirSync(dirname(path)), ['state.json']);
});

test('the file is for its owner alone, also where one with wider rights was there', async () => {
  const path = newPath();
  writeFileSync(path, '');
  chmodSync(path, 0o644);
  FileFindingState.open(path).save();
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test('an empty file is a new state', async () => {
  const path = newPath();
  writeFileSync(path, '\n');
  assert.equal(FileFindingState.open(path).size, 0);
});

for (const [what, text] of Object.entries({
  'cut short': '{"trailbus":"finding state","version":1,"items":[\n["one",{}',
  'other JSON': '{"items":[]}',
  'a number': '7',
  nothing: 'null',
  'a later version': '{"trailbus":"finding state","version":2,"items":[]}',
  'with an item that is none': '{"trailbus":"finding state","version":1,"items":[["one",null,1]]}',
}))
  test(`a file that is ${what} is refused by name, with what to do, and left as it is`, () => {
    const path = newPath();
    writeFileSync(path, text);
    assert.throws(
      () => FileFindingState.open(path),
      (error) => error instanceof UsageError && error.message.includes(`\`${path}\``) && /delete this one/.test(error.help ?? ''),
    );
    assert.equal(readFileSync(path, 'utf8'), text);
  });

test('a folder in the file’s place, and a folder that is not there, are named', () => {
  const path = newPath();
  assert.throws(() => FileFindingState.open(dirname(path)), UsageError);
  const inNoFolder = FileFindingState.open(join(dirname(path), 'no', 'state.json'));
  assert.throws(() => inNoFolder.save(), /can’t write the state/);
});

test('saving forgets what has expired by the newest time met', async () => {
  const path = newPath();
  const state = FileFindingState.open(path);
  await state.write('old', {}, { expected: undefined, expiresAt: NOW - 1, now: NOW - DAY });
  await state.write('new', {}, how());
  state.save();
  assert.deepEqual([...(await FileFindingState.open(path).read(['old', 'new'])).keys()], ['new']);
});

test('of many items those are forgotten that have expired, by the newest time met', async () => {
  const state = new MemoryFindingState();
  let most = 0;
  for (let at = 0; at < 100_000; at++) {
    const now = NOW + at * 60;
    await state.write(`item ${at}`, {}, { expected: undefined, expiresAt: now + 3 * DAY, now });
    most = Math.max(most, state.size);
  }
  assert.ok(most <= 11_000, `${most} items`);
  assert.equal((await state.read(['item 97000'])).size, 1);
});

test('few items are kept however old they are: logs may be read in any order of time', async () => {
  const state = new MemoryFindingState();
  for (let at = 9_000; at > 0; at--) await state.write(`${at}`, {}, { expected: undefined, expiresAt: at * DAY, now: at * DAY });
  assert.equal(state.size, 9_000);
});

test('what was written lately is kept though it has expired: one region’s month may follow another’s', async () => {
  const state = new MemoryFindingState();
  for (let at = 0; at < 30_000; at++) {
    await state.write(`${at}`, {}, { expected: undefined, expiresAt: NOW - 30 * DAY, now: NOW });
    assert.equal((await state.read([`${Math.max(0, at - 4_000)}`])).size, 1);
  }
});

test('a forked state reads what the other has, and what it writes itself the other never sees', async () => {
  const base = new MemoryFindingState();
  const how = { expected: undefined, expiresAt: 100, now: 0 };
  await base.write('a', { n: 1 }, how);
  const forked = new ForkedFindingState(base);
  const { version } = (await forked.read(['a'])).get('a')!;
  assert.notEqual(await forked.write('a', { n: 2 }, { ...how, expected: version }), undefined);
  assert.equal(await forked.write('a', { n: 3 }, { ...how, expected: undefined }), undefined);
  await base.write('b', { n: 4 }, how);
  const values = async (state: MemoryFindingState) => [...(await state.read(['a', 'b']))].map(([key, item]) => [key, item.value]).sort();
  assert.deepEqual(await values(forked), [
    ['a', { n: 2 }],
    ['b', { n: 4 }],
  ]);
  assert.deepEqual(await values(base), [
    ['a', { n: 1 }],
    ['b', { n: 4 }],
  ]);
});

test('where logs may come in any order of time nothing is forgotten for its age', async () => {
  const state = new MemoryFindingState({ isUnordered: true });
  await state.write('old', {}, { expected: undefined, expiresAt: NOW, now: NOW });
  for (let at = 0; at < 60_000; at++)
    await state.write(`${at}`, {}, { expected: undefined, expiresAt: NOW + 30 * DAY, now: NOW + 20 * DAY });
  assert.equal((await state.read(['old'])).size, 1);
});
