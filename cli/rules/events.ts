// The events that a rules command is given: lines of JSON, one JSON document, CloudTrail log files, or the event itself.
import { createReadStream, statSync } from 'node:fs';
import { type Entry, envelopeOf, eventText, toEntry, type WireEntry } from '../../events/entry.ts';
import { UsageError } from '../../events/errors.ts';
import { type LogRecord, readRecords, recordsOfWhole } from '../../events/logfile/logfile.ts';
import { EventError } from '../../events/pattern/index.ts';

/** One event as it was given: a record, of which this bus makes an entry, or an event of some bus as text. */
export type GivenEvent = {
  /** What was given, on one line. */
  line: string;
  /** File and line, or record. */
  place: string;
} & ({ entry: Entry } | { event: string });

/** The event as the bus has it, as JSON text. */
export const eventTextOf = (given: GivenEvent): string =>
  'entry' in given ? eventText(envelopeOf(given.entry), given.entry.record.text()) : given.event;

/** What could not be read, in its place among the events. */
export interface BadEvent {
  place: string;
  error: Error;
}

export interface EventOptions {
  /** Take every event for a bare CloudTrail record. */
  record?: boolean;
}

const NEWLINE = 0x0a;

/** @throws UsageError when rule and events would both be read from standard input */
export function checkInputs(rule: string, events: readonly string[]): void {
  if (rule === '-' && (events.length === 0 || events.includes('-')))
    throw new UsageError('rule and events can’t both come from standard input', { help: 'name a file for one of them' });
}

/**
 * The events of the arguments, one after the other; what is no JSON object comes as a `BadEvent`, and the next line goes on.
 *
 * A CloudTrail log file (`{"Records": […]}`, gzip or not) gives the event of each record as this bus makes it; so does a line that
 * `trailbus run --emit` wrote.
 * @throws UsageError when there is no such file, LogFileError for a damaged log file
 */
export async function* eventsOf(sources: readonly string[], options: EventOptions = {}): AsyncGenerator<GivenEvent | BadEvent> {
  for (const source of sources.length === 0 ? ['-'] : sources) {
    if (/^\s*\{/.test(source)) yield* eventsIn(source, 'inline', options);
    else yield* eventsOfStream(streamOf(source), source === '-' ? 'standard input' : source, options);
  }
}

function streamOf(source: string): AsyncIterable<Buffer> {
  if (source === '-') return process.stdin;
  const stat = statSync(source, { throwIfNoEntry: false });
  if (stat === undefined || stat.isDirectory())
    throw new UsageError(`no such file: \`${source}\``, {
      help: 'name a file of events or a log file, - for standard input, or give the event itself in quotes',
    });
  return createReadStream(source, { highWaterMark: 1024 * 1024 });
}

/** Lines as they come, when the first one is a whole JSON text; else the whole of it is one. */
async function* eventsOfStream(stream: AsyncIterable<Buffer>, name: string, options: EventOptions): AsyncGenerator<GivenEvent | BadEvent> {
  let pending: Buffer[] = [];
  let lines: boolean | undefined;
  let number = 0;
  for await (const chunk of stream) {
    pending.push(lines === undefined && pending.length === 0 ? withoutMark(chunk) : chunk);
    if (lines === undefined) lines = beginsWithLine(Buffer.concat(pending));
    if (!lines || !chunk.includes(NEWLINE)) continue;
    const all = Buffer.concat(pending);
    const end = all.lastIndexOf(NEWLINE);
    pending = [all.subarray(end + 1)];
    for (const line of all.subarray(0, end).toString('utf8').split('\n')) yield* eventOfLine(line, `${name}:${++number}`, options);
  }
  const rest = Buffer.concat(pending);
  if (lines) yield* eventOfLine(rest.toString('utf8'), `${name}:${number + 1}`, options);
  else yield* eventsOfWhole(rest, name, options);
}

/** Editors on Windows put a byte order mark before a text. */
const withoutMark = (bytes: Buffer): Buffer => (bytes.subarray(0, 3).toString('hex') === 'efbbbf' ? bytes.subarray(3) : bytes);

/** Whether the first line is a JSON object by itself, and not a log file; undefined while it has not ended. */
function beginsWithLine(bytes: Buffer): boolean | undefined {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return false;
  const begin = bytes.findIndex((byte) => byte > 0x20);
  const end = begin < 0 ? -1 : bytes.indexOf(NEWLINE, begin);
  if (end < 0) return undefined;
  const line = bytes.subarray(begin, end).toString('utf8');
  return !isLogFile(line) && isJson(line);
}

const isLogFile = (text: string) => /^\s*\{\s*"Records"\s*:/.test(text);

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function* eventOfLine(line: string, place: string, options: EventOptions): Generator<GivenEvent | BadEvent> {
  if (line.trim() !== '') yield eventOf(line.replace(/\r$/, ''), place, options);
}

async function* eventsOfWhole(bytes: Buffer, name: string, options: EventOptions): AsyncGenerator<GivenEvent | BadEvent> {
  if ((bytes[0] === 0x1f && bytes[1] === 0x8b) || isLogFile(bytes.subarray(0, 1000).toString('utf8'))) yield* eventsOfLogFile(bytes, name);
  else yield* eventsIn(bytes.toString('utf8'), name, options);
}

async function* eventsIn(text: string, name: string, options: EventOptions): AsyncGenerator<GivenEvent | BadEvent> {
  if (isLogFile(text)) yield* eventsOfLogFile(Buffer.from(text), name);
  else if (text.trim() !== '') yield eventOf(text, name, options);
}

async function* eventsOfLogFile(bytes: Uint8Array, name: string): AsyncGenerator<GivenEvent | BadEvent> {
  for await (const records of readRecords(bytes)) for (const record of records) yield eventOfRecord(record, name);
}

/** Newlines can't stand in JSON strings, so they are mere space. */
const onOneLine = (text: string) => text.replace(/[\r\n]+\s*/g, ' ').trim();

function eventOfRecord(record: LogRecord, file: string): GivenEvent | BadEvent {
  const place = `${file} record ${record.index}`;
  if (!record.isObject) return { place, error: new EventError('the record is not an object') };
  return { entry: toEntry(record, { bucket: '', key: file }), line: onOneLine(record.text()), place };
}

/** An event as it came, the record or the entry in it made an event of the bus. */
function eventOf(text: string, place: string, { record }: EventOptions): GivenEvent | BadEvent {
  try {
    const parsed: unknown = JSON.parse(text);
    const fields = typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
    const line = onOneLine(text);
    if (isWireEntry(fields)) return { event: eventOfWire(fields), line, place };
    return record ? { entry: entryOfText(text, place), line, place } : { event: text, line, place };
  } catch (error) {
    return { place, error: error as Error };
  }
}

/** What `trailbus run --emit` writes, and PutEvents takes. */
const isWireEntry = (
  fields: Partial<Record<keyof WireEntry, unknown>>,
): fields is Partial<WireEntry> & Pick<WireEntry, 'Source' | 'Detail'> =>
  typeof fields.Detail === 'string' && typeof fields.Source === 'string';

const eventOfWire = ({
  Source,
  DetailType,
  Time,
  Resources = [],
  Detail,
}: Partial<WireEntry> & Pick<WireEntry, 'Source' | 'Detail'>): string =>
  eventText(envelopeOf({ source: Source, detailType: DetailType, time: Time, resources: Resources }), Detail);

/** The entry of the record in an event of a bus, or of the record that it is. */
export function entryIn(given: GivenEvent): Entry {
  if ('entry' in given) return given.entry;
  const fields = JSON.parse(given.event) as Record<string, unknown>;
  const isEvent = typeof fields['detail'] === 'object' && fields['detail'] !== null;
  return entryOfText(isEvent ? JSON.stringify(fields['detail']) : given.event, given.place);
}

/** A bare record as the corridor makes an entry of it. */
export function entryOfText(text: string, place: string): Entry {
  const [record] = recordsOfWhole(Buffer.from(`{"Records":[${text}]}`)) ?? [];
  if (record === undefined) throw new EventError('not a record');
  return toEntry(record, { bucket: '', key: place });
}
