// One record as one EventBridge entry, not yet in any service's own type.
import { API_CALL, DETAIL_TYPE_BY_CATEGORY, DETAIL_TYPE_BY_EVENT_TYPE, INSIGHT_EVENT_TYPE, sourceFor, withoutHost } from './cloudtrail.ts';
import type { LogRecord } from './logfile/logfile.ts';
import type { ObjectRef } from './objectkey.ts';

/** An entry for PutEvents. `Detail` is the record's own text, never re-serialised. */
export interface Entry {
  /** `cloudtrail.<service>`: PutEvents refuses a Source that begins with `aws.`. */
  source: string;
  /** The native feed's detail-type, such as `AWS API Call via CloudTrail`. */
  detailType: string;
  /** eventTime, when it is a time EventBridge takes; else undefined. */
  time: string | undefined;
  /** The record's ARNs. */
  resources: string[];
  /** The record: its bytes (`record.bytes`), its text (`record.text()`), its place in the file (`record.index`). */
  record: LogRecord;
  /** The file it came from. */
  ref: ObjectRef;
}

/** An entry as PutEvents takes it. `Time` is RFC 3339 text; the door in aws/ turns it into a Date. */
export interface WireEntry {
  Source: string;
  DetailType: string;
  Time: string | undefined;
  Resources: string[];
  Detail: string;
}

export const toWire = ({ source, detailType, time, resources, record }: Entry): WireEntry => ({
  Source: source,
  DetailType: detailType,
  Time: time,
  Resources: resources,
  Detail: record.text(),
});

/** The JSON text of the wire form up to the record: `{"Source":…,"Detail":"`. Source, detail-type and time are of plain characters by construction. */
export function wireFront({ source, detailType, time, resources }: Entry): string {
  const arns = resources.length === 0 ? '[]' : JSON.stringify(resources);
  return `{"Source":"${source}","DetailType":"${detailType}",${time === undefined ? '' : `"Time":"${time}",`}"Resources":${arns},"Detail":"`;
}

/** The bus that entries are put on, as far as it is known: an event's `account` and `region` are the bus's, not the record's. */
export interface BusIdentity {
  account?: string;
  region?: string;
}

type EnvelopeFields = Pick<Entry, 'source' | 'time' | 'resources'> & { detailType: string | undefined };

/** The event that an entry becomes on the bus, without its `detail`. */
export function envelopeOf({ source, detailType, time, resources }: EnvelopeFields, bus: BusIdentity = {}): object {
  return { version: '0', source, 'detail-type': detailType, ...bus, time, resources };
}

/** An event of the bus as JSON text. */
export const eventText = (envelope: object, detail: string): string => `${JSON.stringify(envelope).slice(0, -1)},"detail":${detail}}`;

/** Makes the entry of a record. Every field of the record may be missing or of a wrong type. */
export function toEntry(record: LogRecord, ref: ObjectRef): Entry {
  const eventType = record.field('eventType');
  return {
    source: sourceOf(record.field('eventSource'), eventType),
    detailType: detailTypeOf(eventType, record),
    time: timeOf(record.field('eventTime')),
    resources: record.arns(),
    record,
    ref,
  };
}

/** What stands for a service that a record doesn't name, or names by something that is no name. */
const UNKNOWN_SERVICE = 'unknown';

const SOURCES = new Map<string, string>();

/**
 * The native feed says `aws.ec2` for `ec2.amazonaws.com`; we say `cloudtrail.ec2`. Insights events, which name no source of their own, come from `aws.cloudtrail` there.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
function sourceOf(eventSource: string | undefined, eventType: string | undefined): string {
  if (eventSource === undefined) return sourceFor(eventType === INSIGHT_EVENT_TYPE ? 'cloudtrail' : UNKNOWN_SERVICE);
  let source = SOURCES.get(eventSource);
  if (source === undefined) {
    const service = withoutHost(eventSource);
    source = sourceFor(/^[A-Za-z0-9._-]{1,200}$/.test(service) ? service : UNKNOWN_SERVICE);
    // Few services exist; text that isn't one must not fill the memory.
    if (SOURCES.size < 5000) SOURCES.set(eventSource, source);
  }
  return source;
}

function detailTypeOf(eventType: string | undefined, record: LogRecord): string {
  const known = eventType === undefined ? undefined : DETAIL_TYPE_BY_EVENT_TYPE.get(eventType);
  return known ?? DETAIL_TYPE_BY_CATEGORY.get(record.field('eventCategory') ?? '') ?? API_CALL;
}

/** CloudTrail writes whole seconds in UTC; milliseconds do no harm. Anything finer, a leap second, a day that isn't: sent without a Time. */
const TIME = /^(19[7-9]\d|2[01]\d\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,3})?Z$/;

/** eventTime when EventBridge takes it; a bad one would spoil its whole PutEvents call. */
function timeOf(eventTime: string | undefined): string | undefined {
  if (eventTime === undefined || !TIME.test(eventTime)) return undefined;
  const day = Number(eventTime.slice(8, 10));
  return day <= 28 || day <= daysIn(Number(eventTime.slice(0, 4)), Number(eventTime.slice(5, 7))) ? eventTime : undefined;
}

const daysIn = (year: number, month: number) => new Date(Date.UTC(year, month, 0)).getUTCDate();
