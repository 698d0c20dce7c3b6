// The byte scanner against JSON.parse, over generated files.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { toEntry } from '../../../events/entry.ts';
import { LogFileError } from '../../../events/errors.ts';
import { type LogFileLimits, readRecords } from '../../../events/logfile/logfile.ts';
import { EntryWriter } from '../../../local/emit.ts';
import { REF } from '../../fakes/records.ts';

const SEED = Number(process.env['SEED'] ?? 20261122);
console.log(`seed ${SEED} (another: SEED=… )`);
const RUNS = { seed: SEED, numRuns: 1000 };

async function textsOf(text: string | Buffer, limits: LogFileLimits): Promise<string[] | string> {
  const texts: string[] = [];
  try {
    for await (const records of readRecords(gzipSync(text, { level: 1 }), limits)) for (const record of records) texts.push(record.text());
    return texts;
  } catch (error) {
    if (error instanceof LogFileError) return error.reason;
    throw error;
  }
}

/** What JSON.parse makes of the file: its records, or nothing. */
function parsed(text: string): unknown[] | undefined {
  try {
    const root = JSON.parse(text) as { Records?: unknown };
    return typeof root === 'object' && root !== null && Array.isArray(root.Records) ? root.Records : undefined;
  } catch {
    return undefined;
  }
}

const json = fc.jsonValue({ maxDepth: 4, depthSize: 'small' });
const blank = fc.constantFrom('', ' ', '\n', '\t\r\n ', '  ');
/** JSON text with white space anywhere it may stand, and escapes where none are needed. */
const spaced = fc.tuple(json, fc.array(blank, { minLength: 1, maxLength: 5 })).map(([value, blanks]) => {
  let i = 0;
  return JSON.stringify(value).replace(/("(?:[^"\\]|\\.)*")|([[\]{},:])/g, (all, string: string | undefined) =>
    string === undefined ? `${blanks[i++ % blanks.length]}${all}` : string,
  );
});
const file = fc.array(spaced, { maxLength: 6 }).map((records) => `{"Records":[${records.join(',')}]}`);

/** One character dropped, doubled, swapped for a telling one, or everything after it cut. */
const damage = fc
  .tuple(fc.nat(), fc.constantFrom('drop', 'double', 'cut', ...'{}[]",:\\0eE+-.tfn\u0001 /'))
  .map(([place, how]) => (text: string) => {
    const at = place % text.length;
    if (how === 'drop') return text.slice(0, at) + text.slice(at + 1);
    if (how === 'double') return text.slice(0, at + 1) + text.slice(at);
    if (how === 'cut') return text.slice(0, at);
    return text.slice(0, at) + how + text.slice(at + 1);
  });

for (const [way, limits] of [
  ['whole', {}],
  ['streamed', { wholeLimitBytes: 1 }],
] as const) {
  test(`${way}: sound files give the records that JSON.parse finds, each as its own text`, () =>
    fc.assert(
      fc.asyncProperty(file, async (text) => {
        const texts = await textsOf(text, limits);
        assert.ok(Array.isArray(texts), String(texts));
        assert.deepEqual(
          texts.map((each) => JSON.parse(each) as unknown),
          parsed(text),
        );
        for (const each of texts) assert.ok(text.includes(each));
      }),
      RUNS,
    ));

  test(`${way}: a damaged file is taken or refused as JSON.parse does`, () =>
    fc.assert(
      fc.asyncProperty(file, fc.array(damage, { minLength: 1, maxLength: 3 }), async (sound, damages) => {
        const text = damages.reduce((before, hurt) => (before === '' ? before : hurt(before)), sound);
        const wanted = parsed(text);
        const texts = await textsOf(text, limits);
        if (wanted !== undefined && texts === 'DUPLICATE_RECORDS_KEY') return;
        assert.equal(Array.isArray(texts), wanted !== undefined, `${String(texts)} for ${text}`);
        if (Array.isArray(texts)) assert.equal(texts.length, wanted!.length);
      }),
      RUNS,
    ));
}

test('what is emitted is, read back, the record’s own text', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'trailbus-emit-'));
  let written = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        spaced.filter((text) => text.trimStart().startsWith('{')),
        { minLength: 1, maxLength: 4 },
      ),
      async (records) => {
        // A new file each time: emptying one that holds something waits for the disk.
        const path = join(folder, `${written++}`);
        const writer = new EntryWriter(path);
        const wanted: string[] = [];
        for await (const window of readRecords(gzipSync(`{"Records":[${records.join(',')}]}`)))
          for (const record of window) {
            wanted.push(record.text());
            writer.write(toEntry(record, REF));
          }
        writer.end();
        const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
        assert.deepEqual(
          lines.map((line) => (JSON.parse(line) as { Detail: string }).Detail),
          wanted,
        );
      },
    ),
    { ...RUNS, numRuns: 500 },
  );
});
