// Dates read as awscli reads them, refused in its words.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDate } from '../../../../events/digest/awscli/datetime.ts';
import { awscliMessage } from '../../../../events/digest/awscli/index.ts';
import { addSeconds, asUtc, type ClockTime, compactTime, compareTimes, displayTime } from '../../../../events/digest/clocktime.ts';

const NOW = new Date('2026-11-22T15:00:00Z');

/** What python-dateutil 2.9 makes of a text, with today 2026-11-22: clock time and offset in seconds. */
const READ: [text: string, clock: string, offset?: number][] = [
  ['2026-03-10T20:00:00Z', '2026-03-10T20:00:00Z', 0],
  ['20260310T200000Z', '2026-03-10T20:00:00Z', 0],
  ['20260310', '2026-03-10T00:00:00Z'],
  ['2026-03-10', '2026-03-10T00:00:00Z'],
  ['2026-03-10 20:00', '2026-03-10T20:00:00Z'],
  ['2026-03-10T20:00:00+02:00', '2026-03-10T20:00:00Z', 7_200],
  ['2026-03-10T20:00:00.999-0330', '2026-03-10T20:00:00Z', -12_600],
  ['10 Mar 2026 8pm', '2026-03-10T20:00:00Z'],
  ['March 10, 2026 8 pm', '2026-03-10T20:00:00Z'],
  ['Tue Mar 10 2026', '2026-03-10T00:00:00Z'],
  ['03/10/2026', '2026-03-10T00:00:00Z'],
  ['13/03/2026', '2026-03-13T00:00:00Z'],
  ['10/11/12', '2012-10-11T00:00:00Z'],
  ['Mar 2026', '2026-03-22T00:00:00Z'],
  ['Feb 2027', '2027-02-22T00:00:00Z'],
  ['20:30 UTC', '2026-11-22T20:30:00Z', 0],
  ['20h30m15s', '2026-11-22T20:30:15Z'],
  ['12.5h', '2026-11-22T12:30:00Z'],
  ['Tuesday', '2026-11-24T00:00:00Z'],
  ['2026', '2026-11-22T00:00:00Z'],
  ['260310', '2010-03-26T00:00:00Z'],
  ['20:00 GMT+3', '2026-11-22T20:00:00Z', -10_800],
  ['2024-02-29', '2024-02-29T00:00:00Z'],
];

for (const [text, clock, offset] of READ)
  test(`reads \`${text}\` as dateutil does`, () => {
    const time = parseDate(text, NOW);
    assert.equal(displayTime(time), clock);
    assert.equal(time.offsetSeconds, offset);
  });

const REFUSED: [text: string, message?: string][] = [
  ['yesterday'],
  [''],
  ['2026-02-30'],
  ['2026-02-29'],
  ['24:00'],
  ['1773172800'],
  ['2026-13-45'],
  ['1.2.3.4'],
  ['5 am pm x'],
  ['1773172800000', 'signed integer is greater than maximum'],
  ['99999999999999999999999', 'Python int too large to convert to C long'],
];

for (const [text, message = `Unable to parse date value: ${text}`] of REFUSED)
  test(`refuses \`${text}\` in awscli's words`, () =>
    assert.throws(
      () => parseDate(text, NOW),
      (thrown) => awscliMessage(thrown) === message,
    ));

test('a fraction of a second is kept to the microsecond and cut when shown', () => {
  const time = parseDate('2026-03-10T20:00:00.1234567Z', NOW);
  assert.equal(time.microseconds % 1_000_000n, 123_456n);
  assert.equal(compactTime(time), '20260310T200000Z');
});

test('times with and without zone cannot be compared; offsets count', () => {
  const [utc, naive, east] = ['2026-03-10T20:00Z', '2026-03-10T20:00', '2026-03-10T22:00+02:00'].map((text) => parseDate(text, NOW)) as [
    ClockTime,
    ClockTime,
    ClockTime,
  ];
  assert.equal(compareTimes(utc, east), 0);
  assert.equal(compareTimes(utc, asUtc(east)), -1);
  assert.throws(() => compareTimes(utc, naive), { fault: { code: 'DATES_NOT_COMPARABLE' } });
});

test('no time lies before year 1 or after year 9999', () => {
  assert.throws(() => addSeconds(parseDate('0001-01-01', NOW), -1), { fault: { code: 'DATE_OUT_OF_RANGE' } });
  assert.throws(() => addSeconds(parseDate('9999-12-31T23:59:59', NOW), 1), { fault: { code: 'DATE_OUT_OF_RANGE' } });
  assert.equal(displayTime(addSeconds(parseDate('2026-01-01', NOW), -60)), '2025-12-31T23:59:00Z');
});
