// Stored bytes to records, whole and in windows: each record's own text, each fault under its reason.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { LogFileError } from '../../../events/errors.ts';
import { type FieldName, type LogFileLimits, readRecords } from '../../../events/logfile/logfile.ts';

interface Read {
  index: number;
  text: string;
  isObject: boolean;
  eventID: string | undefined;
}

async function read(stored: Uint8Array, limits: LogFileLimits = {}): Promise<Read[]> {
  const found: Read[] = [];
  for await (const records of readRecords(stored, limits))
    for (const record of records)
      found.push({ index: record.index, text: record.text(), isObject: record.isObject, eventID: record.field('eventID') });
  return found;
}
const texts = async (stored: Uint8Array, limits?: LogFileLimits) => (await read(stored, limits)).map(({ text }) => text);
const reasonOf = (work: Promise<unknown>) =>
  work.then(
    () => 'no fault',
    (error: unknown) => (error instanceof LogFileError ? error.reason : String(error)),
  );
const bytes = (text: string) => Buffer.from(text);
const file = (...records: string[]) => gzipSync(`{"Records":[${records.join(',')}]}`);
/** Any file is read whole, and streamed when its limit for whole files is small: both must agree. */
const WAYS: [string, LogFileLimits][] = [
  ['whole', {}],
  ['streamed', { wholeLimitBytes: 1 }],
];
const RECORD = '{"eventVersion":"1.08","eventID":"e1"}';

for (const [way, limits] of WAYS) {
  const same: [string, string[]][] = [
    ['no records', []],
    ['one record', [RECORD]],
    ['numbers that JSON.parse would change', ['{"a":1.0,"b":123456789012345678901,"c":1e400,"d":-0.10E+2}']],
    ['white space and line ends', ['{ "eventID" :\t"e1" ,\r\n "x" : [ 1 , 2 ] }']],
    ['escapes and braces in strings', ['{"a":"}]\\"{[\\\\","b":"\\u0041\\ud83d\\ude00"}']],
    ['prototype names as data', ['{"__proto__":{"x":1},"constructor":null,"toJSON":"y"}']],
    ['duplicate keys', ['{"eventID":"first","eventID":"second"}']],
    ['empty objects and arrays', ['{}', '{"a":{},"b":[],"c":[[],{}]}']],
    ['letters beyond ASCII', ['{"user":"Jürgen 東京 😀"}']],
  ];
  for (const [name, records] of same)
    test(`${way}: keeps each record's own text with ${name}`, async () => assert.deepEqual(await texts(file(...records), limits), records));

  const damaged: [string, string, Uint8Array][] = [
    ['a gzip cut in the middle', 'GZIP_TRUNCATED', file(RECORD).subarray(0, 30)],
    ['a gzip without its trailer', 'GZIP_TRUNCATED', file(RECORD).subarray(0, -8)],
    ['a gzip with a wrong checksum', 'GZIP_CORRUPT', flipped(file(RECORD), -6)],
    ['a gzip with a wrong length', 'GZIP_CORRUPT', flipped(file(RECORD), -2)],
    ['bytes after the gzip', 'GZIP_TRAILING_DATA', Buffer.concat([file(RECORD), bytes('extra')])],
    ['bytes after zero padding', 'GZIP_TRAILING_DATA', Buffer.concat([file(RECORD), Buffer.alloc(5), bytes('x')])],
    ['no bytes at all', 'EMPTY_FILE', new Uint8Array(0)],
    ['no inflated bytes', 'INVALID_JSON', gzipSync('')],
    ['cut text', 'INVALID_JSON', gzipSync('{"Records":[{"a":1},{"b":')],
    ['a trailing comma', 'INVALID_JSON', gzipSync('{"Records":[{"a":1},]}')],
    ['a trailing comma in a record', 'INVALID_JSON', gzipSync('{"Records":[{"a":1,}]}')],
    ['NaN', 'INVALID_JSON', gzipSync('{"Records":[{"a":NaN}]}')],
    ['a number with a leading zero', 'INVALID_JSON', gzipSync('{"Records":[{"a":01}]}')],
    ['a number that ends in a point', 'INVALID_JSON', gzipSync('{"Records":[{"a":1.}]}')],
    ['a raw control character in a string', 'INVALID_JSON', gzipSync('{"Records":[{"a":"x\u0001y"}]}')],
    ['a zero byte', 'INVALID_JSON', gzipSync('{"Records":[{"a":"x\u0000y"}]}')],
    ['an escape that is none', 'INVALID_JSON', gzipSync('{"Records":[{"a":"\\x41"}]}')],
    ['a short unicode escape', 'INVALID_JSON', gzipSync('{"Records":[{"a":"\\u00g1"}]}')],
    ['a key without quotes', 'INVALID_JSON', gzipSync('{"Records":[{a:1}]}')],
    ['a mismatched bracket', 'INVALID_JSON', gzipSync('{"Records":[{"a":[1}]}')],
    ['a missing colon', 'INVALID_JSON', gzipSync('{"Records":[{"a" 1}]}')],
    ['a word misspelt', 'INVALID_JSON', gzipSync('{"Records":[{"a":nul}]}')],
    ['one JSON object a line', 'INVALID_JSON', gzipSync(`${RECORD}\n${RECORD}\n`)],
    ['text after the root', 'INVALID_JSON', gzipSync('{"Records":[]} x')],
    ['plain words', 'INVALID_JSON', bytes('Not Found')],
    ['UTF-16 with a mark', 'INVALID_UTF8', gzipSync(Buffer.from('\ufeff{"Records":[]}', 'utf16le'))],
    ['UTF-16 without a mark', 'INVALID_UTF8', gzipSync(Buffer.from('{"Records":[]}', 'utf16le'))],
    ['a root array', 'ROOT_NOT_OBJECT', gzipSync('[{"a":1}]')],
    ['an empty root array', 'ROOT_NOT_OBJECT', gzipSync('[]')],
    ['an empty root object', 'RECORDS_MISSING', gzipSync('{}')],
    ['a root digit', 'INVALID_JSON', gzipSync('1')],
    ['a brace', 'INVALID_JSON', gzipSync('{')],
    ['a root string', 'ROOT_NOT_OBJECT', gzipSync('"Records"')],
    ['no Records', 'RECORDS_MISSING', gzipSync('{"awsAccountId":"111122223333","logFiles":[]}')],
    ['Records null', 'RECORDS_NOT_ARRAY', gzipSync('{"Records":null}')],
    ['Records an object', 'RECORDS_NOT_ARRAY', gzipSync('{"Records":{"a":1}}')],
    ['Records twice', 'DUPLICATE_RECORDS_KEY', gzipSync(`{"Records":[${RECORD}],"Records":[]}`)],
    ['Records twice, once spelt with an escape', 'DUPLICATE_RECORDS_KEY', gzipSync(`{"Records":[${RECORD}],"Rec\\u006frds":[]}`)],
  ];
  for (const [name, reason, stored] of damaged)
    test(`${way}: refuses ${name} as ${reason}`, async () => assert.equal(await reasonOf(read(stored, limits)), reason));

  test(`${way}: a fault in the last record gives no record at all`, async () => {
    const got: unknown[] = [];
    const reading = (async () => {
      for await (const records of readRecords(gzipSync(`{"Records":[${RECORD},${RECORD},{"a":tru}]}`), limits)) got.push(...records);
    })();
    assert.equal(await reasonOf(reading), 'INVALID_JSON');
    assert.equal(got.length, 0);
  });

  test(`${way}: reads several gzip members and ignores zero padding`, async () => {
    const stored = Buffer.concat([gzipSync('{"Records":['), gzipSync(`${RECORD}]}`), Buffer.alloc(9)]);
    assert.deepEqual(await texts(stored, limits), [RECORD]);
  });

  test(`${way}: reads a file that a proxy inflated, and one with a byte order mark`, async () => {
    assert.deepEqual(await texts(bytes(`{"Records":[${RECORD}]}`), limits), [RECORD]);
    assert.deepEqual(await texts(gzipSync(`\ufeff \n{"Records":[${RECORD}]}`), limits), [RECORD]);
  });

  test(`${way}: reads Records among other root keys`, async () => {
    assert.deepEqual(await texts(gzipSync(`{"a":[1,{"Records":2}],"Records":[${RECORD}],"z":{"b":null}}`), limits), [RECORD]);
  });

  test(`${way}: names elements that are not objects`, async () => {
    const got = await read(file('null', RECORD, '[1]', '"x"', '7'), limits);
    assert.deepEqual(
      got.map(({ isObject }) => isObject),
      [false, true, false, false, false],
    );
    assert.deepEqual(
      got.map(({ index, text }) => `${index} ${text}`),
      ['0 null', `1 ${RECORD}`, '2 [1]', '3 "x"', '4 7'],
    );
  });

  test(`${way}: a record a hundred thousand levels deep does not hurt its neighbours`, async () => {
    const deep = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    assert.deepEqual(await texts(file(RECORD, deep, RECORD), limits), [RECORD, deep, RECORD]);
  });

  test(`${way}: invalid UTF-8 in a value becomes U+FFFD in the text`, async () => {
    const stored = gzipSync(Buffer.concat([bytes('{"Records":[{"a":"x'), Buffer.from([0xff, 0xc3]), bytes('y"}]}')]));
    assert.deepEqual(await texts(stored, limits), ['{"a":"x\ufffd\ufffdy"}']);
  });

  test(`${way}: a file that inflates beyond the limit is TOO_LARGE`, async () => {
    const bomb = gzipSync(`{"Records":[{"a":"${'x'.repeat(3_000_000)}"}]}`);
    assert.equal(await reasonOf(read(bomb, { ...limits, maxInflatedBytes: 1_000_000 })), 'TOO_LARGE');
    assert.equal((await read(bomb, { ...limits, maxInflatedBytes: 4_000_000 })).length, 1);
  });

  test(`${way}: fields are read wherever they stand, decoded, the last of duplicates`, async () => {
    const records = [
      '{"x":{"eventID":"inner"},"eventID":"outer"}',
      '{"event\\u0049D":"esc\\u0061ped"}',
      '{"eventID":"1","eventID":"2"}',
      '{"eventID":5}',
      '{"eventIDs":"no"}',
    ];
    assert.deepEqual(
      (await read(file(...records), limits)).map(({ eventID }) => eventID),
      ['outer', 'escaped', '2', undefined, undefined],
    );
  });
}

test('records larger than a streaming window come out whole', async () => {
  const records = Array.from(
    { length: 40 },
    (_, i) => `{"eventID":"${i}","pad":"${String.fromCharCode(97 + (i % 26)).repeat(i % 7 === 0 ? 9_000_000 : 300_000)}"}`,
  );
  const got = await read(file(...records), { wholeLimitBytes: 1 });
  assert.deepEqual(
    got.map(({ index, eventID, text }) => [index, eventID, text.length]),
    records.map((text, i) => [i, String(i), text.length]),
  );
});

test('a length field that lies changes nothing', async () => {
  const stored = Buffer.concat([file(RECORD), gzipSync('')]);
  assert.deepEqual(await texts(stored), [RECORD]);
});

function flipped(stored: Uint8Array, at: number): Uint8Array {
  const copy = Buffer.from(stored);
  copy[copy.length + at]! ^= 1;
  return copy;
}

const wantedThere: [string, string][] = [
  ['{"Records":[{"a":1 "b":2}]}', 'wanted `,` or `}`, found `"` at byte 19'],
  ['{"Records":[{"a":[1 2]}]}', 'wanted `,` or `]`, found `2` at byte 20'],
  ['{"Records":[[{"a":1} {}]]}', 'wanted `,` or `]`, found `{` at byte 21'],
  ['{"Records":[[{"a":1 ]]}', 'wanted `,` or `}`, found `]` at byte 20'],
  ['{"Records":[{"a":"\\x41"}]}', 'wanted an escape, found `x` at byte 19'],
  ['{"Records":[{"a":"\\u00g1"}]}', 'wanted four hexadecimal digits, found `g` at byte 22'],
  ['{"Records":[{"a":-x}]}', 'wanted a digit, found `x` at byte 18'],
  ['{"Records":[{"a":1e+}]}', 'wanted a digit, found `}` at byte 20'],
];
for (const [text, message] of wantedThere) test(`says of ${text}: ${message}`, () => assert.rejects(read(gzipSync(text)), { message }));

const FIELDS: FieldName[] = [
  ...(['eventID', 'eventName', 'eventSource', 'eventTime', 'eventType', 'eventCategory', 'eventVersion', 'awsRegion'] as const),
  ...(['recipientAccountId', 'accountId', 'resources', 'userIdentity', 'requestParameters'] as const),
];
test('every field that can be asked for is found, the last ones and the only one too', async () => {
  const record = Object.fromEntries(FIELDS.map((name, index) => [name, `value ${index}`]));
  for await (const records of readRecords(file(JSON.stringify(record), '{"accountId":"1"}'))) {
    const [whole, small] = [...records];
    assert.deepEqual(
      FIELDS.map((name) => whole!.field(name)),
      Object.values(record),
    );
    assert.deepEqual(
      FIELDS.map((name) => small!.field(name)),
      FIELDS.map((name) => (name === 'accountId' ? '1' : undefined)),
    );
  }
});
