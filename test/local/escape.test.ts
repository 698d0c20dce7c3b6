// Records as the inside of a JSON string: both ways write what JSON.stringify does.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { type EscapeBuffer, escapeBuffer, plainEscapeBuffer } from '../../local/escape.ts';
import { moduleFile } from '../../tools/wasm.ts';

const SIZE = 1024 * 1024;
const WAYS: [string, EscapeBuffer][] = [
  ['by WebAssembly', escapeBuffer(SIZE)],
  ['without it', plainEscapeBuffer(SIZE)],
];

function escaped(buffer: EscapeBuffer, record: Uint8Array, at: number): string {
  buffer.bytes[at - 1] = 0x7e;
  const end = buffer.write(record, at);
  assert.equal(buffer.bytes[at - 1], 0x7e, 'what stands before is left alone');
  return buffer.bytes.toString('utf8', at, end);
}

const inside = (text: string) => JSON.stringify(text).slice(1, -1);

/** A record somewhere in a file, after other bytes and before others. */
const within = (text: string | Uint8Array, before: string): Uint8Array => {
  const record = Buffer.from(text as string);
  return Buffer.concat([Buffer.from(before), record, Buffer.from('"\\\t')]).subarray(before.length, before.length + record.length);
};

const pieces = fc.constantFrom('"', '\\', '\\"', 'a', 'bc', '{"k":', '12345678', '\n', '\r\n', '\t', ' ', 'ä', '日本', '🐘', '\\u0000');
const texts = fc.array(pieces, { maxLength: 60 }).map((all) => all.join(''));

for (const [way, buffer] of WAYS) {
  test(`any record is escaped as JSON.stringify does it, ${way}`, () => {
    const property = fc.property(texts, fc.nat(9), fc.integer({ min: 1, max: 40 }), (text, before, at) => {
      assert.equal(escaped(buffer, within(text, 'x'.repeat(before)), at), inside(text));
    });
    fc.assert(property, { numRuns: 1_000 });
  });

  test(`records of every length up to 40 are escaped whole, ${way}`, () => {
    for (let length = 0; length <= 40; length++)
      for (const piece of ['a', '"']) assert.equal(escaped(buffer, within(piece.repeat(length), ''), 1), inside(piece.repeat(length)));
  });

  test(`bytes that are no UTF-8 become the replacement character, ${way}`, () => {
    const record = within(Uint8Array.of(0x22, 0xff, 0x61, 0x22), 'xyz');
    assert.equal(escaped(buffer, record, 1), '\\"\ufffda\\"');
  });

  test(`a record longer than the module's memory is escaped like others, ${way}`, () => {
    for (const length of [256 * 1024 - 1, 256 * 1024, 256 * 1024 + 1]) {
      const text = 'x"'.repeat(length / 2).padEnd(length, 'y');
      assert.equal(escaped(buffer, within(text, ''), 1), inside(text));
    }
  });

  test(`what one record held says nothing of the next, ${way}`, () => {
    escaped(buffer, within('ä\n'.repeat(20), ''), 1);
    assert.equal(escaped(buffer, within('{"a":1}', ''), 1), '{\\"a\\":1}');
  });
}

test('the module is what its source comes to', async () => {
  assert.equal(readFileSync(join(import.meta.dirname, '../../local/escapewasm.ts'), 'utf8'), await moduleFile());
});
